//! [`OpenVault`]: the secrets of a home with the key that opens them.

use std::path::{Path, PathBuf};

use thiserror::Error;

use super::error::VaultError;
use super::key_source::{KeySource, PasswordCandidate};
use super::secret_conf::{EncryptionMode, SecretConf};
use super::secret_file::SecretFile;
use super::stored::VaultSecret;
use super::vault_cipher::VaultCipher;
use crate::Secret;
use crate::userstore::home::{HomeError, StartOptions, Wso2Home};

/// The secrets of a home with the key that opens them.
pub struct OpenVault {
    secrets: Vec<VaultSecret>,
    cipher: VaultCipher,
}

/// Why the secrets of a home cannot be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OpenVaultError {
    /// The home's configuration.
    #[error(transparent)]
    Home(Box<HomeError>),
    /// Its secrets or their key.
    #[error(transparent)]
    Vault(Box<VaultError>),
}

impl From<HomeError> for OpenVaultError {
    fn from(error: HomeError) -> Self {
        Self::Home(Box::new(error))
    }
}

impl From<VaultError> for OpenVaultError {
    fn from(error: VaultError) -> Self {
        Self::Vault(Box::new(error))
    }
}

impl OpenVault {
    /// Opens the secrets of the server in `root`, which are those in `bytes`, the content of the file at `path`. `password`
    /// is that of the keystore with the key, or the key itself where the server has it typed in; an empty one stands for
    /// those that the home has.
    ///
    /// # Errors
    /// When the home's configuration or the file cannot be read, or no password opens the keystore.
    pub fn open(
        root: &Path,
        path: &Path,
        bytes: &[u8],
        password: &Secret,
    ) -> Result<Self, OpenVaultError> {
        let home = Wso2Home::load(root, &StartOptions::default())?;
        let conf = SecretConf::read(&home)?;
        let secrets = SecretFile::parse(path, bytes).map_err(VaultError::from)?;
        let mut source = KeySource::of(&home, &conf)?;
        let is_typed = source.mode() == EncryptionMode::TypedKey;
        let cipher = if is_typed {
            source.typed(password)?
        } else {
            if !password.is_empty() {
                source.only(PasswordCandidate {
                    origin: "the configured password".to_owned(),
                    store: Secret::copied_from(password.expose_bytes()),
                    key: None,
                });
            }
            source.open()?
        };
        Ok(Self {
            secrets: secrets.secrets(),
            cipher,
        })
    }

    /// The keystore with the key of the server in `root`, where its configuration can be read.
    #[must_use]
    pub fn keystore_of(root: &Path) -> Option<PathBuf> {
        let home = Wso2Home::load(root, &StartOptions::default()).ok()?;
        let conf = SecretConf::read(&home).ok()?;
        let source = KeySource::of(&home, &conf).ok()?;
        Some(source.keystore.path)
    }

    /// Every secret in the order of the file.
    #[must_use]
    pub fn secrets(&self) -> &[VaultSecret] {
        &self.secrets
    }

    /// What a secret is.
    ///
    /// # Errors
    /// When it is empty, or cannot be decrypted.
    pub fn decrypt(&self, secret: &VaultSecret) -> Result<Secret, VaultError> {
        Ok(secret.decrypted(&self.cipher)?.secret)
    }
}
