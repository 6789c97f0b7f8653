//! [`Secret`]: the one way that a secret is held in memory.
//!
//! Bytes that are wiped when dropped. There is no `Debug`, `Display`, `Serialize` or `Clone`;
//! reading one is a call named `expose…`, easy to search for.

mod source;

use secrecy::{ExposeSecret, SecretBox};
use subtle::ConstantTimeEq;
use zeroize::Zeroize;

pub use source::{SecretSource, SecretSourceError};

/// Secret bytes: a password, a stored value, a derived key. Wiped when dropped.
pub struct Secret(SecretBox<[u8]>);

impl Secret {
    /// Takes over `bytes`. The vector's own memory is wiped before it is freed, spare capacity
    /// included.
    #[must_use]
    pub fn new(mut bytes: Vec<u8>) -> Self {
        let secret = Self::copied_from(&bytes);
        bytes.zeroize();
        secret
    }

    /// A copy of `bytes`; whoever owns them remains responsible for wiping them.
    #[must_use]
    pub fn copied_from(bytes: &[u8]) -> Self {
        Self(SecretBox::new(Box::from(bytes)))
    }

    /// The bytes themselves.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }

    /// The bytes as text.
    ///
    /// # Errors
    /// When they are not UTF-8.
    pub fn expose_text(&self) -> Result<&str, std::str::Utf8Error> {
        std::str::from_utf8(self.expose_bytes())
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.expose_bytes().len()
    }

    /// Whether there is not one byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose_bytes().is_empty()
    }

    /// Whether both hold the same bytes, compared in constant time for equal lengths.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.expose_bytes().ct_eq(other.expose_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_gives_back_its_bytes() {
        let mut spare = Vec::with_capacity(64);
        spare.extend_from_slice(b"x34!2axf");
        let secret = Secret::new(spare);
        assert_eq!(secret.expose_bytes(), b"x34!2axf");
        assert_eq!(secret.expose_text(), Ok("x34!2axf"));
        assert_eq!(secret.len(), 8);
    }

    #[test]
    fn comparison_sees_every_byte_and_the_length() {
        let one = Secret::copied_from(b"sqluser");
        assert!(one.is_same_as(&Secret::copied_from(b"sqluser")));
        assert!(!one.is_same_as(&Secret::copied_from(b"sqluseR")));
        assert!(!one.is_same_as(&Secret::copied_from(b"sqluser ")));
    }
}
