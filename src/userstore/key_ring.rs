//! [`KeyRing`]: the keys that values may be under, and the one that opens each.
//!
//! The key that a value names is tried first. The others follow, since nothing in WSO2's products checks the name: a
//! renewed certificate has another thumbprint and the same key. What no key opens to a text is opened with the key that is
//! known to be right, if there is one: the one that the value names, or the only one that it can be under.

use super::ciphertext::{Ciphertext, Content};
use super::encryption_key::EncryptionKey;
use super::error::CiphertextError;
use super::key_choice::KeyChoice;
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
        self.open_beside(ciphertext, provider, None)
    }

    /// As [`Self::open`], where the value may be under `rival` as well, which is not tried, and is to be written anew: for
    /// that a padding of AES-ECB alone, which may be a single byte, proves too little.
    pub(super) fn open_beside(
        &self,
        ciphertext: &Ciphertext,
        provider: Provider,
        rival: Option<&EncryptionKey>,
    ) -> Result<Opened<'_>, CiphertextError> {
        let named = self.keys.iter().filter(|key| key.is_named_by(ciphertext));
        let others = self.keys.iter().filter(|key| !key.is_named_by(ciphertext));
        let mut opened = named
            .chain(others)
            .filter_map(|key| key.open(ciphertext, provider));
        let opened = opened.next().or_else(|| {
            let key = self.known_key(ciphertext, rival)?;
            key.open_as(ciphertext, provider, KeyChoice::Known)
        });
        opened.ok_or_else(|| self.failure(ciphertext))
    }

    /// The key that a value names, or the only one that it can be under.
    fn known_key(
        &self,
        ciphertext: &Ciphertext,
        rival: Option<&EncryptionKey>,
    ) -> Option<&EncryptionKey> {
        let named = self.keys.iter().find(|key| key.is_named_by(ciphertext));
        if named.is_some() {
            return named;
        }
        let mut fitting = self.keys.iter().filter(|key| key.fits(ciphertext));
        let only = fitting.next()?;
        if let Some(rival) = rival
            && (rival.fits(ciphertext) || matches!(only, EncryptionKey::Symmetric(_)))
        {
            return None;
        }
        fitting.all(|key| key.is_same_as(only)).then_some(only)
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
    /// Decrypts a value that may be under another key; `None` when it is, or nothing like a password comes out.
    #[must_use]
    pub fn open(&self, ciphertext: &Ciphertext, provider: Provider) -> Option<Opened<'_>> {
        self.open_as(ciphertext, provider, KeyChoice::Tried)
    }

    /// Whether a value can be under this key by its kind and length.
    pub(super) fn fits(&self, ciphertext: &Ciphertext) -> bool {
        let of_rsa = ciphertext.transformation().map(|t| t.cipher().is_rsa());
        let bare = match &ciphertext.content {
            Content::Bare(bare) => bare,
            Content::SelfContained(value) => &value.bare,
            Content::Gcm(_) => return matches!(self, Self::Symmetric(_)),
        };
        match self {
            Self::KeyPair(pair) => of_rsa != Some(false) && bare.len() == pair.block(),
            Self::Symmetric(_) => of_rsa != Some(true) && bare.len().is_multiple_of(16),
        }
    }

    pub(super) fn open_as(
        &self,
        ciphertext: &Ciphertext,
        provider: Provider,
        choice: KeyChoice,
    ) -> Option<Opened<'_>> {
        match self {
            Self::KeyPair(pair) => {
                let (secret, padding) = open_rsa(pair, ciphertext, provider, choice)?;
                Some(Opened {
                    secret,
                    key: self,
                    padding: Some(padding),
                    is_certain: padding.tells_a_wrong_key(),
                })
            }
            Self::Symmetric(key) => {
                let secret = open_aes(key, ciphertext, choice)?;
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
    choice: KeyChoice,
) -> Option<(Secret, RsaPadding)> {
    match &ciphertext.content {
        Content::Bare(block) => pair.open(block, &RsaPadding::ALL, choice),
        Content::SelfContained(value) => {
            let paddings = value.transformation().cipher().paddings(provider);
            pair.open(&value.bare, &paddings, choice)
        }
        Content::Gcm(_) => None,
    }
}

fn open_aes(key: &SymmetricKey, ciphertext: &Ciphertext, choice: KeyChoice) -> Option<Secret> {
    match &ciphertext.content {
        Content::Bare(blocks) => key.open_ecb(blocks, choice),
        Content::SelfContained(value) if value.transformation().cipher() == Cipher::AesEcb => {
            key.open_ecb(&value.bare, choice)
        }
        Content::SelfContained(_) => None,
        Content::Gcm(value) => key.open_gcm(&value.iv, &value.sealed),
    }
}
