//! phpass and Drupal 7.
//!
//! ```text
//! $P$ | log2 of the rounds, 1 character | salt of 8 | MD5, 22 characters      $H$: phpBB
//! $S$ | log2 of the rounds, 1 character | salt of 8 | SHA-512, its first 43   U before $S$ or $P$: over the hexadecimal MD5
//! ```
//! Source: `PasswordHash.php` of phpass 0.5; Drupal 7's `includes/password.inc` and `user_update_7000`.

use super::{Notation, Parts, Reading, not_base64};
use crate::password::radix64::CRYPT;
use crate::password::{
    Dialect, HashFunction, MessageDigest, Phpass, PhpassInner, Refusal, Scheme, Soundness,
};

struct PhpassText {
    marks: &'static [&'static str],
    digest: MessageDigest,
    /// In bytes; Drupal's 43 characters have two bits more.
    length: usize,
    inner: PhpassInner,
}

impl Notation for PhpassText {
    fn read(&self, text: &str) -> Reading {
        let rest = self.marks.iter().find_map(|mark| text.strip_prefix(mark))?;
        Some(self.parts(rest))
    }
}

impl PhpassText {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let fields = rest.split_at_checked(1).and_then(|(log_rounds, rest)| {
            let (salt, encoded) = rest.split_at_checked(8)?;
            Some((log_rounds, salt, encoded))
        });
        let too_short = || Refusal::malformed("it ends within its salt");
        let (log_rounds, salt, encoded) = fields.ok_or_else(too_short)?;
        let log_rounds = CRYPT.number(log_rounds.as_bytes()).ok_or_else(not_base64)?;
        let beyond = || Refusal::beyond(format!("2^{log_rounds} rounds are more than 2^24"));
        let rounds = 1_u32.checked_shl(log_rounds).ok_or_else(beyond)?;
        let digest = CRYPT.decode(encoded).ok_or_else(not_base64)?;
        if digest.len() != self.length {
            return Err(Refusal::malformed(format!(
                "its digest has {} bytes, not {}",
                digest.len(),
                self.length
            )));
        }
        let salt = salt.as_bytes().to_vec();
        let function = Phpass::new(self.digest, salt, rounds, self.length)?.over(self.inner);
        Ok(Parts::new(HashFunction::Phpass(function), &digest))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme(
        "phpass",
        &[Dialect::Phpass, Dialect::Passwap],
        Some("passlib"),
        &PhpassText {
            marks: &["$P$", "$H$"],
            digest: MessageDigest::Md5,
            length: 16,
            inner: PhpassInner::Password,
        },
    ),
    scheme(
        "drupal7",
        &[Dialect::Drupal, Dialect::Passwap],
        None,
        &PhpassText {
            marks: &["$S$"],
            digest: MessageDigest::Sha512,
            length: 32,
            inner: PhpassInner::Password,
        },
    ),
    scheme(
        "drupal7-of-md5",
        &[Dialect::Drupal],
        None,
        &PhpassText {
            marks: &["U$S$"],
            digest: MessageDigest::Sha512,
            length: 32,
            inner: PhpassInner::HexMd5,
        },
    ),
    scheme(
        "phpass-of-md5",
        &[Dialect::Drupal],
        None,
        &PhpassText {
            marks: &["U$P$", "U$H$"],
            digest: MessageDigest::Md5,
            length: 16,
            inner: PhpassInner::HexMd5,
        },
    ),
];

const fn scheme(
    name: &'static str,
    dialects: &'static [Dialect],
    judge: Option<&'static str>,
    notation: &'static PhpassText,
) -> Scheme {
    Scheme {
        name,
        dialects,
        salt: "8 characters",
        cost: "rounds",
        soundness: Soundness::Obsolete,
        judge,
        notation,
    }
}
