//! [`KeySource`]: the keystore of Secure Vault, and the passwords that may open it.

use std::path::PathBuf;

use super::error::VaultError;
use super::password_file;
use super::secret_conf::{EncryptionMode, SecretConf};
use super::vault_cipher::VaultCipher;
use crate::Secret;
use crate::keystore::{Alias, Keystore, KeystoreError, KeystoreFile, KeystoreFileError};
use crate::userstore::encryption_key::EncryptionKey;
use crate::userstore::error::KeyError;
use crate::userstore::home::{HomeKeystore, Wso2Home};
use crate::userstore::key_pair::KeyPair;
use crate::userstore::symmetric_key::SymmetricKey;
use crate::userstore::transformation::Transformation;

/// A keystore with the key of Secure Vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultKeystore {
    /// The file.
    pub path: PathBuf,
    /// The entry, as it is written.
    pub alias: String,
    /// The store type as written; a file's own type counts.
    pub store_type: String,
    /// Who names it, for messages.
    pub named_by: String,
}

/// A password, and where it is from.
pub struct PasswordCandidate {
    /// Of the password, for messages.
    pub origin: String,
    /// The store password.
    pub store: Secret,
    /// The key password, if it differs.
    pub key: Option<Secret>,
}

/// Where the key is, and what may open it.
pub struct KeySource {
    /// The keystore.
    pub keystore: VaultKeystore,
    /// What the user should know about the choice.
    pub note: Option<String>,
    mode: EncryptionMode,
    transformation: Transformation,
    candidates: Vec<PasswordCandidate>,
}

impl KeySource {
    /// The key of `home`: the keystore that `conf` names, as the server takes it; without one the internal keystore, as
    /// WSO2's cipher tool does.
    ///
    /// # Errors
    /// When `conf` contradicts itself.
    pub fn of(home: &Wso2Home, conf: &SecretConf) -> Result<Self, VaultError> {
        let configured = of_home(&home.internal, home);
        let mut note = None;
        let keystore = match conf.keystore(home) {
            Some(named) if named.path.exists() || !configured.path.exists() => named,
            Some(named) => {
                note = Some(format!(
                    "{}: the keystore {} is not there; {} is used instead",
                    named.named_by,
                    named.path.display(),
                    configured.path.display()
                ));
                configured
            }
            None => configured,
        };
        let mut candidates = password_file::candidates(home.root());
        for of_home in [&home.internal, &home.primary] {
            if is_same_file(&of_home.path, &keystore.path) {
                candidates.extend(configured_passwords(of_home, home));
            }
        }
        Ok(Self {
            keystore,
            note,
            mode: conf.mode()?,
            transformation: conf.transformation()?,
            candidates,
        })
    }

    /// Another keystore with an RSA key, under `password` alone.
    #[must_use]
    pub fn of_keystore(
        keystore: VaultKeystore,
        password: PasswordCandidate,
        transformation: Transformation,
    ) -> Self {
        Self {
            keystore,
            note: None,
            mode: EncryptionMode::Asymmetric,
            transformation,
            candidates: vec![password],
        }
    }

    /// How the secrets are encrypted.
    #[must_use]
    pub fn mode(&self) -> EncryptionMode {
        self.mode
    }

    /// Whether there is a password to try.
    #[must_use]
    pub fn has_passwords(&self) -> bool {
        !self.candidates.is_empty()
    }

    /// Tries `password` alone.
    pub fn only(&mut self, password: PasswordCandidate) {
        self.candidates = vec![password];
    }

    /// The cipher with the key that is typed in.
    ///
    /// # Errors
    /// When the text is no AES key.
    pub fn typed(&self, key: &Secret) -> Result<VaultCipher, VaultError> {
        let key = EncryptionKey::Symmetric(SymmetricKey::from_text(key)?);
        Ok(VaultCipher::new(key, self.transformation.clone()))
    }

    /// The cipher with the key of the keystore, under the first password that opens it.
    ///
    /// # Errors
    /// When none does, or the entry holds no such key.
    pub fn open(&self) -> Result<VaultCipher, VaultError> {
        let path = &self.keystore.path;
        let bytes = KeystoreFile::at(path).read().map_err(KeyError::from)?;
        let mut failure = None;
        for candidate in &self.candidates {
            match self.open_with(&bytes, candidate) {
                Ok(key) => return Ok(VaultCipher::new(key, self.transformation.clone())),
                Err(error) if is_of_password(&error) => failure = Some(error),
                Err(error) => return Err(error.into()),
            }
        }
        let Some(error) = failure else {
            let keystore = path.clone();
            return Err(VaultError::PasswordNeeded { keystore });
        };
        let tried = self.candidates.iter().map(|it| it.origin.as_str());
        let tried = tried.collect::<Vec<_>>().join(", ");
        Err(VaultError::NoPassword { error, tried })
    }

    fn open_with(
        &self,
        bytes: &[u8],
        candidate: &PasswordCandidate,
    ) -> Result<EncryptionKey, KeyError> {
        let path = &self.keystore.path;
        let of_keystore = |error| KeystoreFileError::Keystore {
            path: path.clone(),
            error,
        };
        let store = Keystore::open(bytes, &candidate.store).map_err(of_keystore)?;
        let alias = Alias::new(&self.keystore.alias);
        let key_password = candidate.key.as_ref().unwrap_or(&candidate.store);
        if self.mode == EncryptionMode::Asymmetric {
            let pair = KeyPair::of_entry(path, &store, &alias, key_password)?;
            return Ok(EncryptionKey::KeyPair(Box::new(pair)));
        }
        let key = store.secret_key(&alias, key_password);
        let key = key.map_err(of_keystore)?.secret;
        Ok(EncryptionKey::Symmetric(SymmetricKey::from_text(&key)?))
    }
}

fn of_home(keystore: &HomeKeystore, home: &Wso2Home) -> VaultKeystore {
    VaultKeystore {
        path: keystore.path.clone(),
        alias: keystore.alias.as_str().to_owned(),
        store_type: keystore.store_type.clone(),
        named_by: home.configuration().display().to_string(),
    }
}

fn configured_passwords(keystore: &HomeKeystore, home: &Wso2Home) -> Option<PasswordCandidate> {
    let copied = |secret: &Secret| Secret::copied_from(secret.expose_bytes());
    Some(PasswordCandidate {
        origin: home.configuration().display().to_string(),
        store: keystore.store_password.text().map(copied)?,
        key: keystore.key_password.text().map(copied),
    })
}

/// `secret-conf.properties` has absolute paths, the home may have been named by a relative one.
fn is_same_file(one: &PathBuf, other: &PathBuf) -> bool {
    one == other
        || matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Whether another password could help.
fn is_of_password(error: &KeyError) -> bool {
    matches!(
        error,
        KeyError::Keystore(KeystoreFileError::Keystore {
            error: KeystoreError::WrongPassword { .. } | KeystoreError::WrongKeyPassword { .. },
            ..
        })
    )
}
