//! [`ShaCrypt`]: Ulrich Drepper's crypt(3) with SHA-256 and SHA-512, of a crate.
//!
//! Source: "Unix crypt using SHA-256 and SHA-512", version 0.6.

use std::fmt;

use zeroize::Zeroizing;

use super::without_zero_byte;
use crate::password::{MessageDigest, Refusal};

/// The salt's longest length in bytes.
pub(in crate::password) const LONGEST_SHA_SALT: usize = 16;
/// Half a minute for a short password.
const MOST_ROUNDS: u32 = 20_000_000;
/// Rounds times bytes of the password, which are hashed in each round.
const MOST_WORK: u64 = 2_000_000_000;

/// crypt(3) with SHA-256 or SHA-512.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShaCrypt {
    /// SHA-256 or SHA-512.
    pub(in crate::password) digest: MessageDigest,
    /// At most 16 bytes.
    pub(in crate::password) salt: Vec<u8>,
    pub(in crate::password) rounds: u32,
}

impl ShaCrypt {
    pub(in crate::password) fn new(
        digest: MessageDigest,
        salt: Vec<u8>,
        rounds: u32,
    ) -> Result<Self, Refusal> {
        if !(1000..=MOST_ROUNDS).contains(&rounds) {
            return Err(Refusal::beyond(format!(
                "{rounds} rounds are outside of 1000 to {MOST_ROUNDS}"
            )));
        }
        if salt.len() > LONGEST_SHA_SALT {
            return Err(Refusal::malformed("its salt has more than 16 bytes"));
        }
        Ok(Self {
            digest,
            salt,
            rounds,
        })
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        without_zero_byte(password)?;
        let work = u64::from(self.rounds) * password.len() as u64;
        if work > MOST_WORK {
            return Err(Refusal::beyond(format!(
                "{} rounds over a password of {} bytes are too much",
                self.rounds,
                password.len()
            )));
        }
        let parameters = ::sha_crypt::Params::new(self.rounds);
        let parameters = parameters.map_err(|error| Refusal::beyond(error.to_string()))?;
        let digest = match self.digest {
            MessageDigest::Sha256 => {
                ::sha_crypt::sha256_crypt(password, &self.salt, parameters).to_vec()
            }
            _ => ::sha_crypt::sha512_crypt(password, &self.salt, parameters).to_vec(),
        };
        Ok(Zeroizing::new(digest))
    }
}

impl fmt::Display for ShaCrypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}-crypt, {} rounds, salt of {} bytes",
            self.digest.name(),
            self.rounds,
            self.salt.len()
        )
    }
}
