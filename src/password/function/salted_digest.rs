//! [`SaltedDigest`]: a message digest over the password and a salt before or after it.
//!
//! ```text
//! D( before | password | after ), then D( digest ) until D was applied `times` times
//! ```

use std::fmt;

use zeroize::Zeroizing;

use crate::password::MessageDigest;

/// A message digest with what surrounds the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaltedDigest {
    pub(in crate::password) digest: MessageDigest,
    pub(in crate::password) before: Vec<u8>,
    pub(in crate::password) after: Vec<u8>,
    /// How often it is applied, at least once; fixed by the scheme.
    pub(in crate::password) times: u32,
}

impl SaltedDigest {
    pub(super) fn apply(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut digest = self.digest.of(&[&self.before, password, &self.after]);
        for _ in 1..self.times {
            digest = self.digest.of(&[&digest]);
        }
        digest
    }
}

impl fmt::Display for SaltedDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.digest.name();
        match self.before.len() + self.after.len() {
            0 => write!(formatter, "{name} without salt")?,
            length => write!(formatter, "{name}, salt of {length} bytes")?,
        }
        if self.times > 1 {
            write!(formatter, ", applied {} times", self.times)?;
        }
        Ok(())
    }
}
