//! [`Entry`]: what can be said of one entry without decrypting it.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::alias::Alias;
use crate::kdf::Iterations;

/// One entry of a keystore.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// Its name, folded.
    pub alias: Alias,
    /// What it holds.
    pub kind: EntryKind,
    /// When it was made, where the file says so; to the millisecond.
    pub created: Option<SystemTime>,
    /// How it is encrypted, where the file says so and keyward knows it.
    pub protection: Option<Protection>,
    /// SHA-256 of the entry's own bytes in the file: it changes when the entry does.
    pub fingerprint: [u8; 32],
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryKind {
    /// A private key with its certificates.
    PrivateKey,
    /// A secret: a password that `keytool -importpass` stored, or a secret key.
    Secret,
    /// A trusted certificate.
    TrustedCertificate,
    /// Something that keyward keeps as it is without understanding it, and why.
    Opaque(String),
}

/// The password-based encryption of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Protection {
    /// Java's name of the algorithm, such as `PBEWithHmacSHA256AndAES_256`.
    pub algorithm: String,
    /// How often the derivation of its key repeats its inner step.
    pub iterations: Iterations,
}

impl fmt::Display for EntryKind {
    /// The words of `keytool -list`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::PrivateKey => "PrivateKeyEntry",
            Self::Secret => "SecretKeyEntry",
            Self::TrustedCertificate => "trustedCertEntry",
            Self::Opaque(_) => "opaque",
        })
    }
}

/// Milliseconds since 1970 as a point in time; `None` beyond what the system can hold.
pub(super) fn from_java_time(milliseconds: u64) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_millis(milliseconds))
}

/// A point in time as Java's milliseconds since 1970.
pub(super) fn java_time(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
