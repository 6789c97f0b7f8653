//! [`OpenStore`]: what a served file holds, whichever format it has.

#[cfg(feature = "wso2")]
use std::collections::HashMap;
use std::path::Path;

use thiserror::Error;

use crate::document::StoreFormat;
use crate::keystore::{Alias, EntryKind, Keystore, KeystoreError, PrivateKey, StoreType};
use crate::secret::Secret;
#[cfg(feature = "wso2")]
use crate::userstore::{OpenVault, OpenVaultError, VaultSecret};

/// An open keystore, or the open Secure Vault of a WSO2 server.
pub(super) enum OpenStore {
    Keystore(Box<Keystore>),
    #[cfg(feature = "wso2")]
    Vault(Box<Vault>),
}

/// The secrets of a vault, by folded alias. Of those that differ in case alone none is handed out.
#[cfg(feature = "wso2")]
pub(super) struct Vault {
    opened: OpenVault,
    aliases: Vec<Alias>,
}

/// An entry as the service sees it.
pub(super) struct StoredEntry {
    pub(super) alias: Alias,
    pub(super) kind: EntryKind,
    /// SHA-256 of the stored bytes.
    pub(super) fingerprint: [u8; 32],
}

/// Why a served file, or a secret in it, cannot be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It is a Java keystore.
    #[error(transparent)]
    Keystore(#[from] KeystoreError),
    /// It is the Secure Vault of a WSO2 server; the message names the file.
    #[cfg(feature = "wso2")]
    #[error(transparent)]
    SecureVault(Box<OpenVaultError>),
    /// Secrets of a vault whose aliases differ in case alone. Who asks for one could get another.
    #[error(
        "the secrets {} differ in case alone, which whoever asks for one does not; none of them is served",
        aliases.join(" and ")
    )]
    SameButForCase {
        /// As they are written, each with its line.
        aliases: Vec<String>,
    },
    /// This keyward was built without the feature that reads it.
    #[error(
        "is the Secure Vault of a WSO2 server, which this keyward was built without. Build it with the feature wso2"
    )]
    NotBuilt,
}

#[cfg(feature = "wso2")]
impl From<OpenVaultError> for StoreError {
    fn from(error: OpenVaultError) -> Self {
        Self::SecureVault(Box::new(error))
    }
}

impl StoreError {
    /// The message, with the file that it is about.
    #[must_use]
    pub fn about(&self, path: &Path) -> String {
        match self {
            #[cfg(feature = "wso2")]
            Self::SecureVault(error) => error.to_string(),
            _ => format!("{}: {self}", path.display()),
        }
    }
}

impl OpenStore {
    pub(super) fn open(
        format: &StoreFormat,
        path: &Path,
        bytes: &[u8],
        password: &Secret,
    ) -> Result<Self, StoreError> {
        match format {
            StoreFormat::Keystore => {
                let keystore = Keystore::open(bytes, password)?;
                Ok(Self::Keystore(Box::new(keystore)))
            }
            #[cfg(feature = "wso2")]
            StoreFormat::SecureVault { home } => {
                let vault = Vault::of(OpenVault::open(home, path, bytes, password)?);
                Ok(Self::Vault(Box::new(vault)))
            }
            #[cfg(not(feature = "wso2"))]
            StoreFormat::SecureVault { .. } => {
                let _ = path;
                Err(StoreError::NotBuilt)
            }
        }
    }

    /// All entries, in the file's order.
    pub(super) fn entries(&self) -> Vec<StoredEntry> {
        match self {
            Self::Keystore(keystore) => {
                let entries = keystore.entries().into_iter();
                let entry = entries.map(|entry| StoredEntry {
                    alias: entry.alias,
                    kind: entry.kind,
                    fingerprint: entry.fingerprint,
                });
                entry.collect()
            }
            #[cfg(feature = "wso2")]
            Self::Vault(vault) => vault.entries(),
        }
    }

    /// Derives the keys of these entries side by side, where keys are derived.
    pub(super) fn derive_ahead(&mut self, aliases: &[Alias]) {
        match self {
            Self::Keystore(keystore) => keystore.derive_ahead(aliases),
            #[cfg(feature = "wso2")]
            Self::Vault(_) => {}
        }
    }

    pub(super) fn forget_derived_keys(&mut self) {
        match self {
            Self::Keystore(keystore) => keystore.forget_derived_keys(),
            #[cfg(feature = "wso2")]
            Self::Vault(_) => {}
        }
    }

    pub(super) fn secret(&self, alias: &Alias) -> Result<Secret, StoreError> {
        match self {
            Self::Keystore(keystore) => Ok(keystore.secret(alias)?),
            #[cfg(feature = "wso2")]
            Self::Vault(vault) => vault.secret(alias),
        }
    }

    /// A vault has no private keys.
    pub(super) fn private_key(
        &self,
        alias: &Alias,
        password: &Secret,
    ) -> Result<PrivateKey, KeystoreError> {
        match self {
            Self::Keystore(keystore) => keystore.private_key(alias, password),
            #[cfg(feature = "wso2")]
            Self::Vault(_) => Err(no_such(alias)),
        }
    }

    /// A vault has no certificates.
    pub(super) fn certificates(&self, alias: &Alias) -> Result<Vec<Vec<u8>>, KeystoreError> {
        match self {
            Self::Keystore(keystore) => keystore.certificates(alias),
            #[cfg(feature = "wso2")]
            Self::Vault(_) => Err(no_such(alias)),
        }
    }

    /// The store type of a keystore.
    pub(super) fn store_type(&self) -> Option<StoreType> {
        match self {
            Self::Keystore(keystore) => Some(keystore.store_type()),
            #[cfg(feature = "wso2")]
            Self::Vault(_) => None,
        }
    }

    /// The name of the format.
    pub(super) fn type_name(&self) -> String {
        let store_type = self.store_type();
        store_type.map_or_else(|| "SecureVault".to_owned(), |known| known.to_string())
    }
}

#[cfg(feature = "wso2")]
impl Vault {
    fn of(opened: OpenVault) -> Self {
        let aliases = opened.secrets().iter();
        let aliases = aliases.map(|secret| Alias::new(&secret.alias)).collect();
        Self { opened, aliases }
    }

    fn entries(&self) -> Vec<StoredEntry> {
        use sha2::{Digest as _, Sha256};
        let mut digests: Vec<(&Alias, Sha256)> = Vec::new();
        let mut positions = HashMap::new();
        for (alias, secret) in self.aliases.iter().zip(self.opened.secrets()) {
            let position = *positions.entry(alias.as_str()).or_insert(digests.len());
            if position == digests.len() {
                digests.push((alias, Sha256::new()));
            } else {
                // No value of one of several is taken over from when it was alone.
                digests[position].1.update([0]);
            }
            digests[position].1.update(secret.stored.expose_bytes());
        }
        let entry = digests.into_iter().map(|(alias, digest)| StoredEntry {
            alias: alias.clone(),
            kind: EntryKind::Secret,
            fingerprint: digest.finalize().into(),
        });
        entry.collect()
    }

    fn secret(&self, alias: &Alias) -> Result<Secret, StoreError> {
        let secrets = self.aliases.iter().zip(self.opened.secrets());
        let found = secrets.filter(|(known, _)| *known == alias);
        let found: Vec<&VaultSecret> = found.map(|(_, secret)| secret).collect();
        match found[..] {
            [] => Err(no_such(alias).into()),
            [secret] => {
                let opened = self.opened.decrypt(secret);
                Ok(opened.map_err(OpenVaultError::from)?)
            }
            _ => Err(StoreError::SameButForCase {
                aliases: found.into_iter().map(with_line).collect(),
            }),
        }
    }
}

#[cfg(feature = "wso2")]
fn with_line(secret: &VaultSecret) -> String {
    format!("{} (line {})", secret.alias, secret.at.line)
}

#[cfg(feature = "wso2")]
fn no_such(alias: &Alias) -> KeystoreError {
    KeystoreError::NoSuchAlias {
        alias: alias.clone(),
    }
}
