//! [`NewProtection`]: how a new key or secret is encrypted.

use crate::Secret;
use crate::kdf::Iterations;

/// How a new key or secret is encrypted; the JDK's present defaults where nothing is said.
#[derive(Clone, Copy, Default)]
pub struct NewProtection<'a> {
    /// The password, where it is not that of the store. keytool knows such entries in JCEKS and
    /// JKS stores alone.
    pub key_password: Option<&'a Secret>,
    /// Java's name of the algorithm, such as `PBEWithHmacSHA512AndAES_256`; PKCS12 only.
    pub algorithm: Option<&'a str>,
    /// The iteration count.
    pub iterations: Option<Iterations>,
}
