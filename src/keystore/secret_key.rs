//! [`SecretKey`]: what a secret entry holds.

use crate::Secret;

/// The label that `keytool -importpass` gives: a password as a PBE key.
pub(super) const PBE_LABEL: &str = "PBEWithMD5AndDES";
/// The label under which bytes of every kind are kept.
pub(super) const AES_LABEL: &str = "AES";

/// A secret and the algorithm that the keystore names for it.
pub struct SecretKey {
    /// Java's name of the algorithm, such as `PBEWithMD5AndDES` for a password, or `AES`.
    pub algorithm: String,
    /// The bytes.
    pub secret: Secret,
}

/// What a new store password does to the entries of a JCEKS or JKS store, which have passwords of
/// their own. In a PKCS12 store they always follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPasswords {
    /// Entries under the old store password go under the new one.
    Follow,
    /// They keep theirs, as with `keytool -storepasswd`.
    Keep,
}

/// How a secret was stored, which decides who can read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredAs {
    /// As `keytool -importpass` does it: a PBE key of printable ASCII.
    Password,
    /// As bytes under the label AES, since Java's PBE keys hold nothing but printable ASCII.
    /// `KeyStore.getKey(…).getEncoded()` gives them back; a `PBEKeySpec` does not.
    Bytes,
}

impl StoredAs {
    /// The way that keeps `secret` whole.
    #[must_use]
    pub fn for_secret(secret: &Secret) -> Self {
        let printable = |byte: &u8| (0x20..=0x7e).contains(byte);
        if secret.expose_bytes().iter().all(printable) {
            return Self::Password;
        }
        Self::Bytes
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Password => PBE_LABEL,
            Self::Bytes => AES_LABEL,
        }
    }
}
