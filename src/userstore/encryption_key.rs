//! [`EncryptionKey`]: an RSA key pair or an AES key, whichever the server encrypts with.

use std::fmt;

use super::ciphertext::{Ciphertext, Content, Gcm, SelfContained};
use super::error::CiphertextError;
use super::form::{Form, Layout};
use super::key_pair::KeyPair;
use super::symmetric_key::{SymmetricKey, new_iv};
use super::transformation::Cipher;
use crate::Secret;

/// The digest of every thumbprint.
const THUMBPRINT_DIGEST: &str = "SHA-1";

/// A key that encrypts values. Its text says where it is from, never what it is.
pub enum EncryptionKey {
    /// RSA, from a keystore.
    KeyPair(Box<KeyPair>),
    /// AES, from `[encryption] key`.
    Symmetric(SymmetricKey),
}

impl EncryptionKey {
    /// Encrypts `secret`.
    ///
    /// # Errors
    /// When the form is for the other kind of key, or the secret does not fit into an RSA block.
    pub fn encrypt(&self, secret: &Secret, form: &Form) -> Result<Ciphertext, CiphertextError> {
        match self {
            Self::KeyPair(pair) if form.cipher().is_rsa() => encrypt_rsa(pair, secret, form),
            Self::Symmetric(key) if form.cipher() == Cipher::AesGcm => {
                encrypt_gcm(key, secret, form)
            }
            Self::Symmetric(key) if form.cipher() == Cipher::AesEcb => {
                encrypt_ecb(key, secret, form)
            }
            _ => Err(CiphertextError::OtherTransformation {
                transformation: form.transformation.clone(),
                key: self.to_string(),
            }),
        }
    }

    /// Whether both decrypt the same values.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::KeyPair(one), Self::KeyPair(other)) => one.is_same_as(other),
            (Self::Symmetric(one), Self::Symmetric(other)) => one.is_same_as(other),
            _ => false,
        }
    }

    /// Whether `ciphertext` names this key.
    #[must_use]
    pub fn is_named_by(&self, ciphertext: &Ciphertext) -> bool {
        match self {
            Self::KeyPair(pair) => ciphertext
                .thumbprint()
                .is_some_and(|named| named.eq_ignore_ascii_case(pair.thumbprint())),
            Self::Symmetric(key) => ciphertext.key_id() == Some(key.id()),
        }
    }
}

impl fmt::Display for EncryptionKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyPair(pair) => write!(
                formatter,
                "the key <{}> of {}",
                pair.alias(),
                pair.keystore().display()
            ),
            Self::Symmetric(_) => formatter.write_str("the symmetric key"),
        }
    }
}

fn encrypt_rsa(
    pair: &KeyPair,
    secret: &Secret,
    form: &Form,
) -> Result<Ciphertext, CiphertextError> {
    let unknown = || CiphertextError::UnknownTransformation(form.transformation.to_string());
    let padding = form.rsa_padding().ok_or_else(unknown)?;
    let bare = pair
        .seal(secret, padding)
        .ok_or_else(|| CiphertextError::TooLong {
            length: secret.len(),
            transformation: form.transformation.clone(),
            most: padding.longest_secret(pair.block()),
        })?;
    if form.layout == Layout::Bare {
        return Ok(Ciphertext::bare(bare));
    }
    let content = Content::SelfContained(SelfContained {
        bare,
        transformation: form
            .names_transformation
            .then(|| form.transformation.clone()),
        thumbprint: Some(pair.thumbprint().to_owned()),
        thumbprint_digest: Some(THUMBPRINT_DIGEST.to_owned()),
    });
    Ok(Ciphertext { content })
}

fn encrypt_gcm(
    key: &SymmetricKey,
    secret: &Secret,
    form: &Form,
) -> Result<Ciphertext, CiphertextError> {
    let iv = new_iv(form.iv_length).ok_or(CiphertextError::NoRandomNumbers)?;
    let sealed = key.seal_gcm(&iv, secret);
    let sealed = sealed.ok_or_else(|| {
        super::ciphertext::malformed("its nonce has a length that WSO2 does not use")
    })?;
    let id = |written: bool| written.then(|| key.id().to_owned());
    let content = Content::Gcm(Gcm {
        sealed,
        iv,
        transformation: form.transformation.clone(),
        key_ids: form.key_ids.map(id),
    });
    Ok(Ciphertext { content })
}

fn encrypt_ecb(
    key: &SymmetricKey,
    secret: &Secret,
    form: &Form,
) -> Result<Ciphertext, CiphertextError> {
    let sealed = key.seal_ecb(secret);
    let bare = sealed.ok_or(CiphertextError::NoRandomNumbers)?;
    if form.layout == Layout::Bare {
        return Ok(Ciphertext::bare(bare));
    }
    let content = Content::SelfContained(SelfContained {
        bare,
        transformation: Some(form.transformation.clone()),
        thumbprint: None,
        thumbprint_digest: None,
    });
    Ok(Ciphertext { content })
}
