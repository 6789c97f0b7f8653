//! [`FirebaseScrypt`]: Firebase's own form of scrypt.
//!
//! ```text
//! digest = AES-256-CTR( key: first 32 bytes of scrypt( password, salt | separator ), counter from zero, signer key )
//! ```
//! The signer key is the project's, and the same for all its users. Source: github.com/firebase/scrypt.

use std::fmt;

use aes::Aes256;
use aes::cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

use super::Scrypt;
use crate::password::Refusal;

/// Length of the key of AES-256 in bytes: what scrypt has to make.
pub(in crate::password) const FIREBASE_KEY_LENGTH: usize = 32;

/// Firebase's scrypt with its salt, cost and signer key.
#[derive(Clone, PartialEq, Eq)]
pub struct FirebaseScrypt {
    /// Of [`FIREBASE_KEY_LENGTH`] bytes.
    pub(in crate::password) scrypt: Scrypt,
    pub(in crate::password) signer_key: Zeroizing<Vec<u8>>,
}

impl FirebaseScrypt {
    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let key = self.scrypt.apply(password)?;
        let cipher = Aes256::new_from_slice(&key)
            .map_err(|_| Refusal::malformed("its key does not have 32 bytes"))?;
        let mut digest = self.signer_key.clone();
        for (counter, block) in (0_u128..).zip(digest.chunks_mut(16)) {
            let mut stream = Zeroizing::new(counter.to_be_bytes());
            cipher.encrypt_block((&mut *stream).into());
            for (byte, key) in block.iter_mut().zip(stream.iter()) {
                *byte ^= key;
            }
        }
        Ok(digest)
    }
}

/// The signer key is one for all users.
impl fmt::Debug for FirebaseScrypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for FirebaseScrypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Firebase's form of {}", self.scrypt)
    }
}
