//! [`KeyDerivation`]: how one key comes from a password.

use zeroize::Zeroizing;

use super::jceks_pbe::{self, JCEKS_KEY_LENGTH};
use super::{DigestAlgorithm, Iterations, batch, pbkdf2};

/// How a key is derived from a password.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum KeyDerivation {
    /// PBKDF2 (RFC 8018 section 5.2).
    Pbkdf2 {
        /// The hash function of its HMAC.
        prf: DigestAlgorithm,
        /// The salt.
        salt: Vec<u8>,
        /// The iteration count.
        iterations: Iterations,
        /// Length of the key in bytes.
        length: usize,
    },
    /// That of JCEKS entries: a 3DES key (24 bytes), then an initialization vector (8 bytes).
    Jceks {
        /// What the two chains begin with, see [`super::jceks_halves`].
        halves: [[u8; 4]; 2],
        /// The iteration count.
        iterations: Iterations,
    },
}

impl KeyDerivation {
    /// The key of `password`.
    #[must_use]
    pub fn derive(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; self.key_length()]);
        self.derive_into(password, &mut key);
        key
    }

    /// The keys of `password` for all `derivations`, in their order: on all processors, and
    /// several at a time in vector registers where the processor has them.
    #[must_use]
    pub fn derive_all(password: &[u8], derivations: &[Self]) -> Vec<Zeroizing<Vec<u8>>> {
        batch::derive_all(password, derivations)
    }

    /// Fills `key`, which has the length of the key.
    pub(super) fn derive_into(&self, password: &[u8], key: &mut [u8]) {
        match self {
            Self::Pbkdf2 {
                prf,
                salt,
                iterations,
                ..
            } => pbkdf2(*prf, password, salt, *iterations, key),
            Self::Jceks { halves, iterations } => {
                jceks_pbe::derive(password, *halves, *iterations, key);
            }
        }
    }

    pub(super) fn key_length(&self) -> usize {
        match self {
            Self::Pbkdf2 { length, .. } => *length,
            Self::Jceks { .. } => JCEKS_KEY_LENGTH,
        }
    }

    pub(super) fn iterations(&self) -> Iterations {
        match self {
            Self::Pbkdf2 { iterations, .. } | Self::Jceks { iterations, .. } => *iterations,
        }
    }
}
