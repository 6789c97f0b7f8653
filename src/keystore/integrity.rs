//! [`Integrity`]: what guards a keystore file as a whole.

use super::entry::Protection;
use super::{Format, Keystore};
use crate::kdf::{DigestAlgorithm, Iterations};

/// The check over a whole keystore file: the MAC of a PKCS12 store, the digest of a JCEKS or JKS
/// store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Integrity {
    /// Java's name of a MAC, such as `HmacPBESHA256`; otherwise what it is in words.
    pub algorithm: String,
    /// The hash function in it.
    pub digest: DigestAlgorithm,
    /// How often the derivation of the MAC's key repeats its inner step. `None` where no key is
    /// derived: the digest of JCEKS and JKS hashes the password once.
    pub iterations: Option<Iterations>,
}

impl Keystore {
    /// What guards the file against changes; `None` for a PKCS12 store without a MAC.
    #[must_use]
    pub fn integrity(&self) -> Option<Integrity> {
        match &self.format {
            Format::Pkcs12(store) => store.integrity(),
            Format::Jceks(_) => Some(Integrity {
                algorithm: "SHA-1 digest".to_owned(),
                digest: DigestAlgorithm::Sha1,
                iterations: None,
            }),
        }
    }

    /// How the parts of the file that are encrypted as a whole are: in a PKCS12 store mostly one
    /// container with all certificates. None in the other store types.
    #[must_use]
    pub fn container_protections(&self) -> Vec<Protection> {
        match &self.format {
            Format::Pkcs12(store) => store.container_protections(),
            Format::Jceks(_) => Vec::new(),
        }
    }
}
