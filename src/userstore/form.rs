//! [`Form`]: the layout and transformation that a value is written in.

use super::ciphertext::{Ciphertext, Content};
use super::encryption_key::EncryptionKey;
use super::key_ring::Opened;
use super::rsa_padding::RsaPadding;
use super::symmetric_key::SERVER_IV;
use super::transformation::{Cipher, Provider, Transformation};

/// Whether a value says what it was encrypted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The ciphertext alone.
    Bare,
    /// JSON with the transformation and, for RSA, the certificate's thumbprint.
    SelfContained,
}

/// How a value is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Its layout; AES-GCM is always JSON.
    pub layout: Layout,
    /// Its cipher, mode and padding.
    pub transformation: Transformation,
    /// Whose reading of the transformation counts.
    pub provider: Provider,
    /// The padding that a value had, where it was found out, instead of the provider's.
    pub(super) padding: Option<RsaPadding>,
    /// Of AES-GCM, in bytes.
    pub(super) iv_length: usize,
    /// Which key ids of AES-GCM are written: inside, and outside.
    pub(super) key_ids: [bool; 2],
    /// Whether JSON has `t`.
    pub(super) names_transformation: bool,
}

impl Form {
    /// What WSO2's console writes with `transformation`, in WSO2's spelling.
    #[must_use]
    pub fn new(layout: Layout, transformation: Transformation, provider: Provider) -> Self {
        Self {
            layout,
            transformation: transformation.in_wso2s_spelling(),
            provider,
            padding: None,
            iv_length: SERVER_IV,
            // A server with key ids opens a value without one with its old key, and one without ids ignores it.
            key_ids: [true, false],
            names_transformation: true,
        }
    }

    /// What WSO2's products use for `key` unless they are configured otherwise: JSON, with OAEP and SHA-1 or AES-GCM.
    #[must_use]
    pub fn default_of(key: &EncryptionKey) -> Self {
        let transformation = match key {
            EncryptionKey::KeyPair(_) => Transformation::oaep_sha1(),
            EncryptionKey::Symmetric(_) => Transformation::aes_gcm(),
        };
        Self::new(Layout::SelfContained, transformation, Provider::default())
    }

    /// What `ciphertext`, which was `opened`, has; where `key` is of the other kind, that key's default.
    #[must_use]
    pub fn of(ciphertext: &Ciphertext, opened: &Opened<'_>, key: &EncryptionKey) -> Self {
        let is_rsa = matches!(key, EncryptionKey::KeyPair(_));
        if opened.padding.is_some() != is_rsa {
            return Self::default_of(key);
        }
        let (layout, transformation) = match &ciphertext.content {
            Content::Bare(_) => (Layout::Bare, of_padding(opened.padding)),
            Content::SelfContained(value) => (Layout::SelfContained, value.transformation()),
            Content::Gcm(value) => (Layout::SelfContained, value.transformation.clone()),
        };
        let mut form = Self::new(layout, transformation.clone(), Provider::default());
        form.transformation = transformation;
        form.padding = opened.padding;
        match &ciphertext.content {
            Content::SelfContained(value) => {
                form.names_transformation = value.transformation.is_some();
            }
            Content::Gcm(value) => {
                form.iv_length = value.iv.len();
                form.key_ids = [true, value.key_ids[1].is_some()];
            }
            Content::Bare(_) => {}
        }
        form
    }

    /// The same layout with another transformation.
    #[must_use]
    pub fn with_transformation(
        mut self,
        transformation: Transformation,
        provider: Provider,
    ) -> Self {
        self.transformation = transformation.in_wso2s_spelling();
        self.provider = provider;
        self.padding = None;
        self.names_transformation = true;
        self
    }

    /// The padding to write.
    pub(super) fn rsa_padding(&self) -> Option<RsaPadding> {
        let paddings = self.transformation.cipher().paddings(self.provider);
        self.padding.or_else(|| paddings.first().copied())
    }

    pub(super) fn cipher(&self) -> Cipher {
        self.transformation.cipher()
    }
}

/// A name for what a bare value was found to be; it is not written anywhere.
fn of_padding(padding: Option<RsaPadding>) -> Transformation {
    let name = match padding {
        Option::None => "AES",
        Some(RsaPadding::None) => "RSA/ECB/NoPadding",
        Some(RsaPadding::Pkcs1) => "RSA/ECB/PKCS1Padding",
        Some(RsaPadding::Oaep { .. }) => return Transformation::oaep_sha1(),
    };
    name.parse().unwrap_or_else(|_| Transformation::unnamed())
}
