//! [`Pbkdf2Sha3`]: PBKDF2 whose HMAC is over SHA-3, which is what Ory Kratos has behind `sha224` and `sha384`.

use std::fmt;

use hmac::SimpleHmac;
use sha3::{Sha3_224, Sha3_384};
use zeroize::Zeroizing;

use super::pbkdf2::SHORTEST_KEY;
use crate::kdf::Iterations;
use crate::password::Refusal;

/// Iterations times blocks of the key.
const MOST_WORK: usize = 20_000_000;

/// In bytes, as of scrypt.
const LONGEST_KEY: usize = 512;

/// PBKDF2 with HMAC-SHA3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pbkdf2Sha3 {
    pub(in crate::password) digest: Sha3,
    pub(in crate::password) salt: Vec<u8>,
    pub(in crate::password) iterations: Iterations,
    pub(in crate::password) length: usize,
}

/// Those of SHA-3 that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sha3 {
    /// SHA3-224, 28 bytes.
    Sha3_224,
    /// SHA3-384, 48 bytes.
    Sha3_384,
}

impl Pbkdf2Sha3 {
    pub(in crate::password) fn new(
        digest: Sha3,
        salt: Vec<u8>,
        iterations: u32,
        length: usize,
    ) -> Result<Self, Refusal> {
        let iterations = Iterations::new(iterations.into())
            .map_err(|error| Refusal::beyond(error.to_string()))?;
        if !(SHORTEST_KEY..=LONGEST_KEY).contains(&length) {
            return Err(Refusal::malformed(format!(
                "its key has {length} bytes, and keys have {SHORTEST_KEY} to {LONGEST_KEY}"
            )));
        }
        let blocks = length.div_ceil(digest.output_length());
        if blocks.saturating_mul(iterations.get() as usize) > MOST_WORK {
            return Err(Refusal::beyond(format!(
                "{iterations} iterations for a key of {length} bytes are more than {MOST_WORK} steps of PBKDF2"
            )));
        }
        Ok(Self {
            digest,
            salt,
            iterations,
            length,
        })
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let mut key = Zeroizing::new(vec![0; self.length]);
        let rounds = self.iterations.get();
        let derived = match self.digest {
            Sha3::Sha3_224 => {
                ::pbkdf2::pbkdf2::<SimpleHmac<Sha3_224>>(password, &self.salt, rounds, &mut key)
            }
            Sha3::Sha3_384 => {
                ::pbkdf2::pbkdf2::<SimpleHmac<Sha3_384>>(password, &self.salt, rounds, &mut key)
            }
        };
        derived.map_err(|error| Refusal::beyond(format!("PBKDF2 cannot be computed: {error}")))?;
        Ok(key)
    }
}

impl Sha3 {
    pub(in crate::password) fn output_length(self) -> usize {
        match self {
            Self::Sha3_224 => 28,
            Self::Sha3_384 => 48,
        }
    }
}

impl fmt::Display for Pbkdf2Sha3 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "PBKDF2-HMAC-SHA3-{}, {} iterations, salt of {} bytes, key of {} bytes",
            8 * self.digest.output_length(),
            self.iterations,
            self.salt.len(),
            self.length
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_cut_off_or_have_no_end_are_refused() {
        let new = |length| Pbkdf2Sha3::new(Sha3::Sha3_224, vec![], 1, length);
        for length in [0, 9, 513, usize::MAX] {
            assert!(
                matches!(new(length), Err(Refusal::Malformed(_))),
                "{length}"
            );
        }
        assert!(new(10).is_ok() && new(512).is_ok());
    }
}
