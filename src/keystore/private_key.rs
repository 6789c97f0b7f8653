//! [`PrivateKey`]: what a private key entry holds.

use crate::Secret;

/// A private key and the certificates that go with it.
pub struct PrivateKey {
    /// The key as a PKCS#8 PrivateKeyInfo (RFC 5208), DER.
    pub key_info: Secret,
    /// X.509 certificates (DER), the key's own first, then its issuers.
    pub certificates: Vec<Vec<u8>>,
}
