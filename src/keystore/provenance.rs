//! [`Provenance`]: what an entry has besides its name and its value.

use std::time::SystemTime;

/// When an entry was made, and its attributes that mean nothing to a keystore.
pub(super) struct Provenance {
    pub(super) created: SystemTime,
    /// Attributes of a PKCS12 bag, as they are encoded.
    pub(super) attributes: Vec<Vec<u8>>,
}

impl Provenance {
    /// That of an entry which is made now.
    pub(super) fn now() -> Self {
        Self::at(SystemTime::now())
    }

    pub(super) fn at(created: SystemTime) -> Self {
        Self {
            created,
            attributes: Vec::new(),
        }
    }
}
