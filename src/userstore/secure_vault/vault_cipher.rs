//! [`VaultCipher`]: encrypts and decrypts secrets as Secure Vault does.
//!
//! ```text
//! RSA, AES  Base64( block… )
//! AES-GCM   Base64( {"cipherText":"Base64(ciphertext | tag)","iv":"Base64(iv)"} )
//! ```
//! The nonce has 128 bytes in what WSO2's cipher tool writes; there is no associated data. Unlike in user stores plain
//! `RSA` is the JDK's own, with PKCS#1 v1.5. Source: `FileBaseSecretRepository`, `BaseCipher`; `SymmetricCipher` of
//! wso2/cipher-tool.

use serde::{Deserialize, Serialize};

use crate::Secret;
use crate::userstore::base64;
use crate::userstore::ciphertext::{Ciphertext, Content, malformed};
use crate::userstore::encryption_key::EncryptionKey;
use crate::userstore::error::CiphertextError;
use crate::userstore::form::{Form, Layout};
use crate::userstore::key_choice::KeyChoice;
use crate::userstore::key_pair::KeyPair;
use crate::userstore::rsa_padding::RsaPadding;
use crate::userstore::symmetric_key::{SERVER_IV, SymmetricKey, new_iv};
use crate::userstore::transformation::{Cipher, Provider, Transformation};

/// A key with the algorithm that it is used with.
pub struct VaultCipher {
    key: EncryptionKey,
    transformation: Transformation,
}

/// A secret that could be decrypted.
pub struct Decrypted {
    /// The secret.
    pub secret: Secret,
    /// Whether a server can decrypt it too: the value is under the configured algorithm.
    pub is_as_configured: bool,
}

/// The JSON of an AES-GCM value.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sealed {
    cipher_text: String,
    iv: String,
}

impl Decrypted {
    pub(super) fn as_configured(secret: Secret) -> Self {
        Self {
            secret,
            is_as_configured: true,
        }
    }
}

impl VaultCipher {
    pub(super) fn new(key: EncryptionKey, transformation: Transformation) -> Self {
        Self {
            key,
            transformation,
        }
    }

    /// Decrypts the text of a value.
    ///
    /// # Errors
    /// When it is none, is under another key, or comes to nothing.
    pub fn decrypt(&self, text: &str) -> Result<Decrypted, CiphertextError> {
        let is_gcm = self.transformation.cipher() == Cipher::AesGcm;
        let decrypted = match &self.key {
            EncryptionKey::KeyPair(pair) => self.open_rsa(pair, text)?,
            EncryptionKey::Symmetric(key) if is_gcm => {
                open_gcm(key, text)?.map(Decrypted::as_configured)
            }
            EncryptionKey::Symmetric(key) => key
                .open_ecb(&base64::decode(text), KeyChoice::Tried)
                .map(Decrypted::as_configured),
        };
        // A server would take the alias for an empty secret.
        let decrypted = decrypted.filter(|decrypted| !decrypted.secret.is_empty());
        decrypted.ok_or_else(|| CiphertextError::WrongKey {
            keys: self.key.to_string(),
            named: None,
        })
    }

    /// Encrypts `secret`: the text of a value.
    ///
    /// # Errors
    /// When it is too long for an RSA block.
    pub fn encrypt(&self, secret: &Secret) -> Result<String, CiphertextError> {
        if let EncryptionKey::Symmetric(key) = &self.key
            && self.transformation.cipher() == Cipher::AesGcm
        {
            return seal_gcm(key, secret);
        }
        let form = Form::new(Layout::Bare, self.transformation.clone(), Provider::SunJce);
        Ok(self.key.encrypt(secret, &form)?.to_string())
    }

    fn open_rsa(&self, pair: &KeyPair, text: &str) -> Result<Option<Decrypted>, CiphertextError> {
        let Content::Bare(block) = Ciphertext::parse(text)?.content else {
            return Err(malformed(
                "it is JSON, which user stores have, not Secure Vault",
            ));
        };
        let paddings = self.transformation.cipher().paddings(Provider::SunJce);
        let configured = paddings.get(..1).unwrap_or_default();
        if let Some((secret, _)) = pair.open(&block, configured, KeyChoice::Known) {
            return Ok(Some(Decrypted::as_configured(secret)));
        }
        let other = pair.open(&block, &RsaPadding::ALL, KeyChoice::Tried);
        Ok(other.map(|(secret, _)| Decrypted {
            secret,
            is_as_configured: false,
        }))
    }
}

fn open_gcm(key: &SymmetricKey, text: &str) -> Result<Option<Secret>, CiphertextError> {
    let sealed: Sealed = serde_json::from_slice(&base64::decode(text)).map_err(|_| {
        malformed("it is not the JSON of an AES-GCM value: {\"cipherText\",\"iv\"}")
    })?;
    let iv = base64::decode(&sealed.iv);
    Ok(key.open_gcm(&iv, &base64::decode(&sealed.cipher_text)))
}

fn seal_gcm(key: &SymmetricKey, secret: &Secret) -> Result<String, CiphertextError> {
    let iv = new_iv(SERVER_IV).ok_or(CiphertextError::NoRandomNumbers)?;
    let sealed = key.seal_gcm(&iv, secret);
    let sealed =
        sealed.ok_or_else(|| malformed("its nonce has a length that WSO2 does not use"))?;
    let json = Sealed {
        cipher_text: base64::encode(&sealed),
        iv: base64::encode(&iv),
    };
    // Two texts always have a JSON form.
    let json = serde_json::to_string(&json).unwrap_or_default();
    Ok(base64::encode(json.as_bytes()))
}
