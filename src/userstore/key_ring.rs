//! [`KeyRing`]: the keys that values may be under, and the one that opens each.
//!
//! The key that a value names is tried first. The others follow, since nothing in WSO2's products checks the name: a
//! renewed certificate has another thumbprint and the same key.

use super::ciphertext::{Ciphertext, Content};
use super::encryption_key::EncryptionKey;
use super::error::CiphertextError;
use super::key_pair::KeyPair;
use super::rsa_padding::RsaPadding;
use super::symmetric_key::SymmetricKey;
use super::transformation::{Cipher, Provider};
use crate::Secret;

/// Keys to decrypt with.
pub struct KeyRing {
    keys: Vec<EncryptionKey>,
}

/// A decrypted value.
pub struct Opened<'a> {
    /// What was encrypted.
    pub secret: Secret,
    /// The key that it was under.
    pub key: &'a EncryptionKey,
    /// Of RSA.
    pub(super) padding: Option<RsaPadding>,
    /// Whether a wrong key would have been noticed in any case.
    pub(super) is_certain: bool,
}

impl KeyRing {
    /// The keys in the order in which they are tried.
    #[must_use]
    pub fn new(keys: Vec<EncryptionKey>) -> Self {
        Self { keys }
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[EncryptionKey] {
        &self.keys
    }

    /// Decrypts a value; names that providers read differently are tried in both readings, that of `provider` first.
    ///
    /// # Errors
    /// When no key opens it.
    pub fn open(
        &self,
        ciphertext: &Ciphertext,
        provider: Provider,
    ) -> Result<Opened<'_>, CiphertextError> {
        let named = self.keys.iter().filter(|key| key.is_named_by(ciphertext));
        let others = self.keys.iter().filter(|key| !key.is_named_by(ciphertext));
        let mut opened = named
            .chain(others)
            .filter_map(|key| key.open(ciphertext, provider));
        opened.next().ok_or_else(|| self.failure(ciphertext))
    }

    fn failure(&self, ciphertext: &Ciphertext) -> CiphertextError {
        let keys: Vec<String> = self.keys.iter().map(ToString::to_string).collect();
        let keys = keys.join(" or ");
        if let Content::Bare(bytes) = &ciphertext.content
            && !bytes.len().is_multiple_of(16)
        {
            let reason = format!(
                "its {} bytes are neither an RSA block nor AES blocks",
                bytes.len()
            );
            return CiphertextError::Malformed { reason };
        }
        let wanted = ciphertext.transformation().map(|t| t.cipher().is_rsa());
        let has_pair = self
            .keys
            .iter()
            .any(|key| matches!(key, EncryptionKey::KeyPair(_)));
        let has_symmetric = self
            .keys
            .iter()
            .any(|key| matches!(key, EncryptionKey::Symmetric(_)));
        let needed = match wanted {
            Some(true) if !has_pair => Some("an RSA key of a keystore"),
            Some(false) if !has_symmetric => Some("a symmetric key"),
            _ => None,
        };
        if let Some(needed) = needed {
            return CiphertextError::OtherKind {
                needed,
                given: keys,
            };
        }
        let thumbprint = ciphertext.thumbprint();
        let thumbprint = thumbprint.map(|thumbprint| format!("the certificate {thumbprint}"));
        let key_id = ciphertext.key_id().map(|id| format!("the key id {id}"));
        CiphertextError::WrongKey {
            keys,
            named: thumbprint.or(key_id),
        }
    }
}

impl EncryptionKey {
    /// Decrypts a value; `None` when it is not under this key.
    #[must_use]
    pub fn open(&self, ciphertext: &Ciphertext, provider: Provider) -> Option<Opened<'_>> {
        match self {
            Self::KeyPair(pair) => {
                let (secret, padding) = open_rsa(pair, ciphertext, provider)?;
                Some(Opened {
                    secret,
                    key: self,
                    padding: Some(padding),
                    is_certain: padding.tells_a_wrong_key(),
                })
            }
            Self::Symmetric(key) => {
                let secret = open_aes(key, ciphertext)?;
                Some(Opened {
                    secret,
                    key: self,
                    padding: None,
                    is_certain: matches!(ciphertext.content, Content::Gcm(_)),
                })
            }
        }
    }
}

fn open_rsa(
    pair: &KeyPair,
    ciphertext: &Ciphertext,
    provider: Provider,
) -> Option<(Secret, RsaPadding)> {
    match &ciphertext.content {
        Content::Bare(block) => pair.open(block, &RsaPadding::ALL),
        Content::SelfContained(value) => {
            let paddings = value.transformation().cipher().paddings(provider);
            pair.open(&value.bare, &paddings)
        }
        Content::Gcm(_) => None,
    }
}

fn open_aes(key: &SymmetricKey, ciphertext: &Ciphertext) -> Option<Secret> {
    match &ciphertext.content {
        Content::Bare(blocks) => key.open_ecb(blocks),
        Content::SelfContained(value) if value.transformation().cipher() == Cipher::AesEcb => {
            key.open_ecb(&value.bare)
        }
        Content::SelfContained(_) => None,
        Content::Gcm(value) => key.open_gcm(&value.iv, &value.sealed),
    }
}
