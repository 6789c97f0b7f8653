//! [`Phpass`]: Solar Designer's portable hashes, and Drupal's form of them.
//!
//! ```text
//! digest = D( salt | password ), then D( digest | password ) as often as the text says
//! ```
//! D is MD5, or SHA-512 for Drupal 7. A value that Drupal 7 made of an older one has the hexadecimal MD5 of the password in
//! place of the password. Source: `PasswordHash.php` of phpass 0.5; Drupal 7's `includes/password.inc`.

use std::fmt;

use zeroize::Zeroizing;

use super::pbkdf2::SHORTEST_KEY;
use crate::hexadecimal::hexadecimal;
use crate::password::{MessageDigest, Refusal};

/// phpass's own bound on the logarithm is 30; 2^24 of SHA-512 take ten seconds.
const MOST_ROUNDS: u32 = 1 << 24;
/// Rounds times bytes of the password, which are hashed in each round.
const MOST_WORK: u64 = 2_000_000_000;

/// phpass with its salt and cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phpass {
    pub(in crate::password) digest: MessageDigest,
    pub(in crate::password) salt: Vec<u8>,
    pub(in crate::password) rounds: u32,
    /// Bytes of the digest that are kept.
    pub(in crate::password) length: usize,
    pub(in crate::password) inner: PhpassInner,
}

/// What is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhpassInner {
    /// The password.
    Password,
    /// The hexadecimal MD5 of the password.
    HexMd5,
}

impl Phpass {
    pub(in crate::password) fn new(
        digest: MessageDigest,
        salt: Vec<u8>,
        rounds: u32,
        length: usize,
    ) -> Result<Self, Refusal> {
        if rounds > MOST_ROUNDS {
            return Err(Refusal::beyond(format!(
                "{rounds} rounds are more than {MOST_ROUNDS}"
            )));
        }
        if !(SHORTEST_KEY..=digest.output_length()).contains(&length) {
            return Err(Refusal::malformed(format!(
                "its digest has {length} bytes, and those of {} have {SHORTEST_KEY} to {}",
                digest.name(),
                digest.output_length()
            )));
        }
        Ok(Self {
            digest,
            salt,
            rounds,
            length,
            inner: PhpassInner::Password,
        })
    }

    pub(in crate::password) fn over(self, inner: PhpassInner) -> Self {
        Self { inner, ..self }
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        match self.inner {
            PhpassInner::Password => self.raw(password),
            PhpassInner::HexMd5 => {
                let digest = MessageDigest::Md5.of(&[password]);
                self.raw(hexadecimal(&digest).as_bytes())
            }
        }
    }

    fn raw(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        if u64::from(self.rounds) * password.len() as u64 > MOST_WORK {
            return Err(Refusal::beyond(format!(
                "{} rounds over a password of {} bytes are too much",
                self.rounds,
                password.len()
            )));
        }
        let mut digest = self.digest.of(&[&self.salt, password]);
        for _ in 0..self.rounds {
            digest = self.digest.of(&[&digest, password]);
        }
        digest.truncate(self.length);
        Ok(digest)
    }
}

impl fmt::Display for Phpass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let over = match self.inner {
            PhpassInner::Password => "",
            PhpassInner::HexMd5 => " of the hexadecimal MD5",
        };
        let (name, rounds, salt) = (self.digest.name(), self.rounds, self.salt.len());
        write!(
            formatter,
            "phpass with {name}{over}, {rounds} rounds, salt of {salt} bytes"
        )
    }
}
