//! [`Sha1Crypt`]: NetBSD's crypt(3) with SHA-1, by Simon Gerraty.
//!
//! ```text
//! digest = HMAC( password, salt | "$sha1$" | rounds ), then HMAC( password, digest ) until there were `rounds`
//! ```

use std::fmt;

use zeroize::Zeroizing;

use super::without_zero_byte;
use crate::kdf::DigestAlgorithm;
use crate::password::Refusal;

/// The salt's longest length in bytes.
const LONGEST_SALT: usize = 64;
/// As for PBKDF2, whose step is the same.
const MOST_ROUNDS: u32 = 20_000_000;

/// crypt(3) with HMAC-SHA1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sha1Crypt {
    /// 1 to 64 characters.
    salt: Vec<u8>,
    rounds: u32,
}

impl Sha1Crypt {
    pub(in crate::password) fn salt(&self) -> &[u8] {
        &self.salt
    }

    pub(in crate::password) fn rounds(&self) -> u32 {
        self.rounds
    }

    pub(in crate::password) fn new(salt: Vec<u8>, rounds: u32) -> Result<Self, Refusal> {
        if !(1..=MOST_ROUNDS).contains(&rounds) {
            return Err(Refusal::beyond(format!(
                "{rounds} rounds are outside of 1 to {MOST_ROUNDS}"
            )));
        }
        if !(1..=LONGEST_SALT).contains(&salt.len()) {
            return Err(Refusal::malformed("its salt does not have 1 to 64 bytes"));
        }
        Ok(Self { salt, rounds })
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        without_zero_byte(password)?;
        // A long password is not hashed in each round anew.
        let key = DigestAlgorithm::Sha1.hmac_key(password);
        let hmac = |message: &[u8]| Zeroizing::new(DigestAlgorithm::Sha1.hmac(&key, message));
        let rounds = self.rounds.to_string();
        let mut digest = hmac(&[&self.salt, "$sha1$".as_bytes(), rounds.as_bytes()].concat());
        for _ in 1..self.rounds {
            digest = hmac(&digest);
        }
        Ok(digest)
    }
}

impl fmt::Display for Sha1Crypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (rounds, salt) = (self.rounds, self.salt.len());
        write!(
            formatter,
            "SHA1-crypt, {rounds} rounds, salt of {salt} bytes"
        )
    }
}
