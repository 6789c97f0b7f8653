//! [`Sha1Crypt`]: NetBSD's crypt(3) with SHA-1, by Simon Gerraty.
//!
//! ```text
//! digest = HMAC( password, salt | "$sha1$" | rounds ), then HMAC( password, digest ) until there were `rounds`
//! ```

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use zeroize::{Zeroize, Zeroizing};

use super::without_zero_byte;
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
        // The key is set once: each round is two blocks of SHA-1 then, whatever the password's length.
        let keyed = Hmac::<Sha1>::new_from_slice(password);
        let keyed = keyed.map_err(|_| Refusal::malformed("HMAC takes no such key"))?;
        let hmac = |message: &[u8]| {
            let mut hmac = keyed.clone();
            hmac.update(message);
            hmac.finalize().into_bytes()
        };
        let rounds = self.rounds.to_string();
        let mut digest = hmac(&[&self.salt, "$sha1$".as_bytes(), rounds.as_bytes()].concat());
        for _ in 1..self.rounds {
            digest = hmac(&digest);
        }
        let result = Zeroizing::new(digest.to_vec());
        digest.zeroize();
        Ok(result)
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
