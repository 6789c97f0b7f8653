//! [`Argon2`]: RFC 9106, of a crate, with a bound on memory and work.

use std::fmt;

use ::argon2::{Algorithm, Params, Version};
use zeroize::Zeroizing;

use crate::password::Refusal;

/// One GiB, in KiB.
const MOST_MEMORY: u32 = 1024 * 1024;
/// Passes times memory, in KiB: sixteen passes over a GiB.
const MOST_WORK: u64 = 16 * 1024 * 1024;
/// Far beyond the 64 bytes that are in use.
const LONGEST_DIGEST: usize = 512;

/// Argon2 with its salt, memory, passes and lanes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argon2 {
    pub(in crate::password) kind: Argon2Type,
    /// 0x10 or 0x13.
    pub(in crate::password) version: u32,
    /// In KiB.
    pub(in crate::password) memory: u32,
    pub(in crate::password) passes: u32,
    pub(in crate::password) lanes: u32,
    pub(in crate::password) salt: Vec<u8>,
    /// Length of the digest in bytes.
    pub(in crate::password) length: usize,
}

/// Which of the three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argon2Type {
    /// Argon2d.
    D,
    /// Argon2i.
    I,
    /// Argon2id.
    Id,
}

impl Argon2 {
    /// Itself, if it is within its bounds.
    pub(in crate::password) fn bounded(self) -> Result<Self, Refusal> {
        let work = u64::from(self.passes) * u64::from(self.memory);
        if self.memory > MOST_MEMORY || work > MOST_WORK {
            return Err(Refusal::beyond(format!(
                "{} KiB of memory in {} passes are more than {MOST_MEMORY} KiB, or than {MOST_WORK} KiB in all",
                self.memory, self.passes
            )));
        }
        if self.length > LONGEST_DIGEST {
            return Err(Refusal::malformed("its digest is longer than 512 bytes"));
        }
        if self.salt.len() < ::argon2::MIN_SALT_LEN {
            return Err(Refusal::malformed(
                "its salt is shorter than Argon2's 8 bytes",
            ));
        }
        self.context()?;
        Ok(self)
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let mut digest = Zeroizing::new(vec![0; self.length]);
        let context = self.context()?;
        let hashed = context.hash_password_into(password, &self.salt, &mut digest);
        hashed.map_err(|error| Refusal::beyond(format!("Argon2 cannot be computed: {error}")))?;
        Ok(digest)
    }

    fn context(&self) -> Result<::argon2::Argon2<'static>, Refusal> {
        let version = Version::try_from(self.version)
            .map_err(|_| Refusal::malformed(format!("Argon2 has no version {}", self.version)))?;
        // The crate multiplies the lanes by eight in 32 bits.
        if self.lanes > self.memory / 8 {
            return Err(Refusal::malformed(
                "it has less than 8 KiB of memory a lane",
            ));
        }
        let parameters = Params::new(self.memory, self.passes, self.lanes, Some(self.length))
            .map_err(|error| Refusal::malformed(format!("its parameters: {error}")))?;
        let algorithm = match self.kind {
            Argon2Type::D => Algorithm::Argon2d,
            Argon2Type::I => Algorithm::Argon2i,
            Argon2Type::Id => Algorithm::Argon2id,
        };
        Ok(::argon2::Argon2::new(algorithm, version, parameters))
    }
}

impl Argon2Type {
    /// The name in PHC strings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::D => "argon2d",
            Self::I => "argon2i",
            Self::Id => "argon2id",
        }
    }
}

impl fmt::Display for Argon2 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = if self.version == 0x10 { "1.0" } else { "1.3" };
        write!(
            formatter,
            "{} version {version}, {} KiB, {} passes, {} lanes, salt of {} bytes, digest of {} bytes",
            self.kind.name(),
            self.memory,
            self.passes,
            self.lanes,
            self.salt.len(),
            self.length
        )
    }
}
