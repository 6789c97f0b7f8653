//! [`StoreType`]: which of Java's formats a keystore has.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::ber::tag;
use super::error::KeystoreError;

/// The first four bytes of a JKS store.
pub(super) const JKS_MAGIC: u32 = 0xFEED_FEED;
/// The first four bytes of a JCEKS store.
pub(super) const JCEKS_MAGIC: u32 = 0xCECE_CECE;

/// A keystore's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreType {
    /// RFC 7292, the JDK's default since 9.
    Pkcs12,
    /// SunJCE's format, which holds secrets under `PBEWithMD5AndTripleDES`.
    Jceks,
    /// Sun's first format: private keys and certificates only.
    Jks,
}

/// No store type has that name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} is not a store type that keyward knows: use PKCS12, JCEKS or JKS")]
pub struct UnknownStoreType(pub String);

impl StoreType {
    /// Tells the format from a file's first bytes; its name says nothing.
    #[must_use]
    pub fn sniff(bytes: &[u8]) -> Option<Self> {
        if bytes.first() == Some(&tag::SEQUENCE) {
            return Some(Self::Pkcs12);
        }
        match u32::from_be_bytes(*bytes.first_chunk()?) {
            JKS_MAGIC => Some(Self::Jks),
            JCEKS_MAGIC => Some(Self::Jceks),
            _ => None,
        }
    }

    /// The type of a keystore file.
    pub(super) fn of_file(bytes: &[u8]) -> Result<Self, KeystoreError> {
        if bytes.is_empty() {
            return Err(KeystoreError::Empty);
        }
        Self::sniff(bytes).ok_or(KeystoreError::UnknownFormat)
    }

    /// The name that Java gives to it: `PKCS12`, `JCEKS`, `JKS`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pkcs12 => "PKCS12",
            Self::Jceks => "JCEKS",
            Self::Jks => "JKS",
        }
    }

    /// The name of the JDK's provider for it.
    #[must_use]
    pub fn provider(self) -> &'static str {
        match self {
            Self::Pkcs12 | Self::Jks => "SUN",
            Self::Jceks => "SunJCE",
        }
    }
}

impl fmt::Display for StoreType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for StoreType {
    type Err = UnknownStoreType;

    /// Java's names in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Pkcs12, Self::Jceks, Self::Jks]
            .into_iter()
            .find(|store_type| store_type.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownStoreType(text.to_owned()))
    }
}
