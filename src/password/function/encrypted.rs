//! [`Encrypted`]: a password that is not hashed, but encrypted under a key that is kept elsewhere.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::Secret;
use crate::password::{CipherKey, CipherKeys, KeyId, PasswordCipher, Refusal};

/// Encryption with its initialization vector, and its key if that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encrypted {
    cipher: PasswordCipher,
    key_id: KeyId,
    iv: Vec<u8>,
    /// Or where it is.
    key: Result<Arc<CipherKey>, String>,
}

impl Encrypted {
    /// With the key of that ID out of `keys`.
    pub(in crate::password) fn new(
        cipher: PasswordCipher,
        key_id: KeyId,
        iv: &[u8],
        keys: &CipherKeys,
    ) -> Result<Self, Refusal> {
        let key = keys.get(key_id).ok_or_else(|| keys.whereabouts(key_id));
        if let Ok(key) = &key
            && key.cipher() != cipher
        {
            return Err(Refusal::malformed(format!(
                "its key {key_id} is one of {}, not of {}",
                key.cipher().transformation(),
                cipher.transformation()
            )));
        }
        Ok(Self {
            cipher,
            key_id,
            iv: iv.to_vec(),
            key,
        })
    }

    /// The key that it is encrypted under.
    #[must_use]
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    /// The ciphertext of `password`, which is always the same under one key and vector.
    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let mut text = Zeroizing::new(password.to_vec());
        let encrypted = self.key()?.encrypt(&self.iv, &mut text);
        encrypted.ok_or_else(wrong_vector)?;
        Ok(text)
    }

    pub(in crate::password) fn decrypt(&self, ciphertext: &[u8]) -> Result<Secret, Refusal> {
        let mut text = Zeroizing::new(ciphertext.to_vec());
        let decrypted = self.key()?.decrypt(&self.iv, &mut text);
        decrypted.ok_or_else(wrong_vector)?;
        Ok(Secret::copied_from(&text))
    }

    fn key(&self) -> Result<&CipherKey, Refusal> {
        self.key
            .as_deref()
            .map_err(|whereabouts| Refusal::KeyMissing {
                key_id: self.key_id,
                whereabouts: whereabouts.clone(),
            })
    }
}

fn wrong_vector() -> Refusal {
    Refusal::malformed("its initialization vector has not the length of a block")
}

impl fmt::Display for Encrypted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (cipher, key_id) = (self.cipher.transformation(), self.key_id);
        let presence = if self.key.is_ok() {
            ""
        } else {
            ", which is not here"
        };
        write!(
            formatter,
            "encrypted with {cipher} under the key {key_id}{presence}"
        )
    }
}
