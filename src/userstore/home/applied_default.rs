//! [`AppliedDefault`]: a setting that is not there.

use std::fmt;

/// A setting that the configuration does not have, and what the product takes instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedDefault {
    /// `keystore.primary.file_name`.
    pub setting: String,
    /// What is taken; of a password only that it is the product's.
    pub instead: String,
}

impl fmt::Display for AppliedDefault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} is not set: {}", self.setting, self.instead)
    }
}
