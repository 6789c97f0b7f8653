//! Secure Vault: the secrets of a WSO2 server's own configuration.
//!
//! ```text
//! deployment.toml                 [secrets] alias = "[plain]" or "Base64"; the server copies it at its start to
//! security/cipher-text.properties alias=[plain] or alias=Base64: where older packs keep them
//! security/cipher-tool.properties alias=file//xpath,flag: where older packs use them
//! security/secret-conf.properties which keystore, which algorithm, whether Secure Vault is on
//! HOME/password[-tmp|-persist]    store password, and on a second line the key password
//!
//! Base64 = RSA block | AES blocks | {"cipherText":"Base64(ciphertext | tag)","iv":"Base64"}
//! ```
//! The server's own reader gives the alias itself for a secret that it cannot decrypt; here that is an error. Source:
//! `SecretManager`, `FileBaseSecretRepository` of wso2/carbon-secvault; `CipherTool` of wso2/cipher-tool.

mod cipher_tool;
mod error;
mod key_source;
mod open_vault;
mod password_file;
mod secret_conf;
mod secret_file;
mod stored;
mod vault_cipher;

use std::path::Path;

use super::home::Wso2Home;
use crate::Secret;
use crate::safe_file::FileEdit;

pub use cipher_tool::CipherToolEntry;
pub use error::VaultError;
pub use key_source::{KeySource, PasswordCandidate, VaultKeystore};
pub use open_vault::{OpenVault, OpenVaultError};
pub use secret_conf::{EncryptionMode, SecretConf};
use secret_file::SecretFile;
pub use stored::{Stored, VaultSecret};
pub use vault_cipher::{Decrypted, VaultCipher};

/// The secrets of one home, as they are stored.
pub struct SecureVault {
    file: SecretFile,
    secrets: Vec<VaultSecret>,
}

impl SecureVault {
    /// Reads where `home` keeps its secrets: `[secrets]` of `deployment.toml`, or without one the properties file that
    /// `conf` names.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(home: &Wso2Home, conf: &SecretConf) -> Result<Self, VaultError> {
        let file = if home.has_deployment_toml() {
            SecretFile::read_toml(home.configuration())?
        } else {
            SecretFile::read_properties(&conf.repository(home))?
        };
        let secrets = file.secrets();
        Ok(Self { file, secrets })
    }

    /// The file that holds the secrets.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Every secret in the order of the file.
    #[must_use]
    pub fn secrets(&self) -> &[VaultSecret] {
        &self.secrets
    }

    /// The secret of that alias; case matters.
    ///
    /// # Errors
    /// When there is none.
    pub fn secret(&self, alias: &str) -> Result<&VaultSecret, VaultError> {
        let mut secrets = self.secrets.iter();
        let found = secrets.find(|secret| secret.alias == alias);
        found.ok_or_else(|| VaultError::NoSuchAlias {
            file: self.path().to_path_buf(),
            alias: alias.to_owned(),
        })
    }

    /// Stores these ciphertexts, by alias, in one write: the bytes of their values are replaced, aliases that are not
    /// there are added, everything else stays.
    ///
    /// # Errors
    /// When the file cannot be replaced, or another program changed one of these secrets since it was read.
    pub fn write(&self, values: &[(&str, &str)]) -> Result<(), VaultError> {
        let edit = FileEdit::begin(self.path())?;
        let now = self.file.parsed_again(edit.current().unwrap_or_default())?;
        let mut changed = values
            .iter()
            .filter(|(alias, _)| now.value(alias) != self.file.value(alias));
        if let Some((alias, _)) = changed.next() {
            return Err(VaultError::Conflict {
                file: self.path().to_path_buf(),
                alias: (*alias).to_owned(),
            });
        }
        let bytes = now.with_values(values)?;
        edit.commit(&bytes, |written| now.verify_written(written, values))
    }
}

impl VaultSecret {
    /// What the secret is, if it is not encrypted yet.
    ///
    /// # Errors
    /// When it is empty, or Java would read another text than the editor wrote.
    pub fn without_key(&self) -> Result<Option<Secret>, VaultError> {
        if let Stored::Encrypted(_) = self.stored {
            return Ok(None);
        }
        let plain = self.plain()?;
        Ok(Some(Secret::copied_from(plain.expose_bytes())))
    }

    fn plain(&self) -> Result<&Secret, VaultError> {
        let (at, alias) = (self.at.clone(), self.alias.clone());
        match &self.stored {
            Stored::Plain(text) if self.is_unambiguous => Ok(text),
            Stored::Plain(_) => Err(VaultError::AmbiguousText { at, alias }),
            Stored::Encrypted(_) | Stored::Empty => Err(VaultError::Empty { at, alias }),
        }
    }

    /// What the secret is. One that is still plain needs no decryption.
    ///
    /// # Errors
    /// When it is empty or cannot be decrypted, or when Java would read another text than the editor wrote.
    pub fn decrypted(&self, cipher: &VaultCipher) -> Result<Decrypted, VaultError> {
        let Stored::Encrypted(text) = &self.stored else {
            let secret = Secret::copied_from(self.plain()?.expose_bytes());
            return Ok(Decrypted::as_configured(secret));
        };
        let decrypted = cipher.decrypt(text);
        decrypted.map_err(|error| VaultError::Undecryptable {
            at: self.at.clone(),
            alias: self.alias.clone(),
            error,
        })
    }
}
