//! The text of crypt(3) with SHA-1.
//!
//! ```text
//! $sha1$rounds$salt$digest
//! ```
//! The digest's 20 bytes and its first again are written in threes, each three with its last byte first. Others leave the
//! 21st byte zero. Source: crypt(5) and `crypt-pbkdf1-sha1.c` of libxcrypt.

use super::{Notation, Parts, Reading, decimal, fields, not_base64};
use crate::password::radix64::CRYPT;
use crate::password::{Dialect, HashFunction, Refusal, Scheme, Sha1Crypt, Soundness};

pub(super) struct Sha1CryptText;

impl Notation for Sha1CryptText {
    fn read(&self, text: &str) -> Reading {
        // Ory Kratos has the same mark before `pf=`.
        let rest = text.strip_prefix("$sha1$")?;
        rest.starts_with(|first: char| first.is_ascii_digit())
            .then(|| parts(rest))
    }
}

fn parts(rest: &str) -> Result<Parts, Refusal> {
    let [rounds, salt, encoded] = fields(rest)?;
    let rounds = decimal(rounds, "the number of rounds")?;
    let mut digest = CRYPT.decode(encoded).ok_or_else(not_base64)?;
    if digest.len() != 21 {
        return Err(Refusal::malformed("its digest does not have 28 characters"));
    }
    digest.chunks_mut(3).for_each(<[u8]>::reverse);
    digest.truncate(20);
    let function = Sha1Crypt::new(salt.as_bytes().to_vec(), rounds)?;
    Ok(Parts::new(HashFunction::Sha1Crypt(function), &digest))
}

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    name: "sha1-crypt",
    dialects: &[Dialect::Crypt],
    salt: "1 to 64 characters",
    cost: "rounds",
    soundness: Soundness::Obsolete,
    judge: Some("libxcrypt, passlib"),
    notation: &Sha1CryptText,
}];
