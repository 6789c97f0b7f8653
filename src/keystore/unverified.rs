//! [`UnverifiedKeystore`]: what can be seen of a keystore without its password.

use super::alias::Alias;
use super::entry::Entry;
use super::error::KeystoreError;
use super::jceks::Jceks;
use super::pkcs12::Pkcs12;
use super::store_type::StoreType;
use super::{Format, Keystore};

/// A keystore read without its password: its integrity is not checked, and what is encrypted stays
/// closed. In a PKCS12 store these are mostly all the certificates; JCEKS and JKS encrypt none.
pub struct UnverifiedKeystore(Keystore);

impl UnverifiedKeystore {
    /// Takes the bytes of a keystore file apart.
    ///
    /// # Errors
    /// When the bytes are no keystore, or damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, KeystoreError> {
        let format = match StoreType::of_file(bytes)? {
            StoreType::Pkcs12 => Format::Pkcs12(Pkcs12::open_unverified(bytes)?),
            store_type => Format::Jceks(Jceks::open_unverified(store_type, bytes)?),
        };
        let no_password = crate::Secret::copied_from(&[]);
        Ok(Self(Keystore::of(format, &no_password)))
    }

    /// The store's type, as its bytes say.
    #[must_use]
    pub fn store_type(&self) -> StoreType {
        self.0.store_type()
    }

    /// The entries in the order of the file; an encrypted container is one opaque entry.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.0.entries()
    }

    /// The certificates (DER) of the entry under `alias` that are not encrypted, a private key's
    /// own first; none where there is no such entry.
    #[must_use]
    pub fn certificates(&self, alias: &Alias) -> Vec<Vec<u8>> {
        self.0.certificates(alias).unwrap_or_default()
    }
}
