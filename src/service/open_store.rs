//! [`OpenStore`]: what a served file holds, whichever format it has.

use std::path::Path;

use thiserror::Error;

use crate::document::StoreFormat;
use crate::keystore::{Alias, EntryKind, Keystore, KeystoreError, PrivateKey, StoreType};
use crate::secret::Secret;
#[cfg(feature = "wso2")]
use crate::userstore::{OpenVault, OpenVaultError};

/// An open keystore, or the open Secure Vault of a WSO2 server.
pub(super) enum OpenStore {
    Keystore(Box<Keystore>),
    #[cfg(feature = "wso2")]
    Vault(Box<Vault>),
}

/// The secrets of a vault, by folded alias. Where two differ in case alone, the first in the file counts.
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
        if let Self::Keystore(keystore) = self {
            keystore.derive_ahead(aliases);
        }
    }

    pub(super) fn forget_derived_keys(&mut self) {
        if let Self::Keystore(keystore) = self {
            keystore.forget_derived_keys();
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
        let secrets = self.aliases.iter().zip(self.opened.secrets());
        let mut seen = std::collections::HashSet::new();
        let first = secrets.filter(|(alias, _)| seen.insert(alias.as_str().to_owned()));
        let entry = first.map(|(alias, secret)| StoredEntry {
            alias: alias.clone(),
            kind: EntryKind::Secret,
            fingerprint: Sha256::digest(secret.stored.expose_bytes()).into(),
        });
        entry.collect()
    }

    fn secret(&self, alias: &Alias) -> Result<Secret, StoreError> {
        let mut secrets = self.aliases.iter().zip(self.opened.secrets());
        let Some((_, secret)) = secrets.find(|(known, _)| *known == alias) else {
            return Err(no_such(alias).into());
        };
        let opened = self.opened.decrypt(secret);
        Ok(opened.map_err(OpenVaultError::from)?)
    }
}

#[cfg(feature = "wso2")]
fn no_such(alias: &Alias) -> KeystoreError {
    KeystoreError::NoSuchAlias {
        alias: alias.clone(),
    }
}
