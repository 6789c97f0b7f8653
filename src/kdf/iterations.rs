//! [`Iterations`]: how often a derivation repeats its inner step.

use std::fmt;

use thiserror::Error;

/// An iteration count that Java accepts: 1 to 5,000,000.
///
/// Source of the ceiling: `sun.security.pkcs12.PKCS12KeyStore.MAX_ITERATION_COUNT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Iterations(u32);

/// The iteration count is 0 or above [`Iterations::MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the iteration count {0} is outside of 1 to {max}", max = Iterations::MAX)]
pub struct IterationsOutOfRange(pub u64);

impl Iterations {
    /// The largest count, Java's own.
    pub const MAX: u32 = 5_000_000;

    /// A count from 1 to [`Self::MAX`].
    ///
    /// # Errors
    /// When it is outside of that range.
    pub fn new(count: u64) -> Result<Self, IterationsOutOfRange> {
        match u32::try_from(count) {
            Ok(small @ 1..=Self::MAX) => Ok(Self(small)),
            _ => Err(IterationsOutOfRange(count)),
        }
    }

    /// A count known when the program is compiled; out of range does not compile.
    pub(crate) const fn constant(count: u32) -> Self {
        assert!(count >= 1 && count <= Self::MAX);
        Self(count)
    }

    /// The count.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Iterations {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_is_that_of_java() {
        assert!(Iterations::new(0).is_err());
        assert!(Iterations::new(1).is_ok());
        assert!(Iterations::new(5_000_000).is_ok());
        assert_eq!(
            Iterations::new(5_000_001),
            Err(IterationsOutOfRange(5_000_001))
        );
        assert!(Iterations::new(u64::from(u32::MAX) + 2).is_err());
    }
}
