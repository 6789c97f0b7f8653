//! Private keys and trusted certificates for the service's own use: it shows itself with them, and knows others by
//! them. Consumers never get a private key.

use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use super::served_keystore::{Published, kind_word};
use super::view::View;
use crate::keystore::{Alias, EntryKind, KeystoreError, PrivateKey};

/// A certificate that an entry of its own says to trust.
pub(crate) struct TrustedCertificate {
    /// As it is in the file.
    pub(crate) alias: Alias,
    pub(crate) der: Vec<u8>,
}

/// Why there is no private key, or no trusted certificate.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum PrivateKeyError {
    /// The service has no keystore of this name.
    #[error("there is no keystore named {keystore}. Add a <keystore name=\"{keystore}\" …>")]
    NoSuchKeystore {
        /// The name.
        keystore: String,
    },
    /// The keystore has not been loaded since the service started.
    #[error("{}: has not been loaded: {reason}", path.display())]
    NotLoaded {
        /// The keystore file.
        path: PathBuf,
        /// Why it is not loaded.
        reason: Arc<str>,
    },
    /// The keystore has nothing under this alias.
    #[error("{0}: has no alias {alias}. See what it holds: keyward list -keystore {0}", path.display())]
    NoSuchAlias {
        /// The alias as it was asked for.
        alias: String,
        /// The keystore file.
        path: PathBuf,
    },
    /// The entry is not a private key.
    #[error("{0}: alias {alias} is a {kind}, not a private key. See what it holds: keyward list -keystore {0}", path.display())]
    NotAPrivateKey {
        /// The alias as it was asked for.
        alias: String,
        /// The keystore file.
        path: PathBuf,
        /// What the entry is.
        kind: String,
    },
    /// The entry cannot be read with the store password.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The keystore file.
        path: PathBuf,
        /// What the engine found; it names the alias.
        reason: Arc<KeystoreError>,
    },
}

impl View {
    /// The private key that the keystore of this name serves under `alias`. Costs one key derivation.
    pub(crate) fn private_key(
        &self,
        keystore: &str,
        alias: &str,
    ) -> Result<PrivateKey, PrivateKeyError> {
        let published = self.loaded(keystore)?;
        let path = || published.identity.path.clone();
        let stored = published.identity.stored_alias(alias);
        let held = published.held.get(&stored).map(|held| &held.from);
        let snapshot = held.or(published.snapshot.as_ref());
        let found = snapshot.and_then(|snapshot| Some((snapshot, snapshot.kind(&stored)?)));
        match found {
            None => Err(PrivateKeyError::NoSuchAlias {
                alias: alias.to_owned(),
                path: path(),
            }),
            Some((snapshot, EntryKind::PrivateKey)) => {
                let unreadable = |reason| PrivateKeyError::Unreadable {
                    path: path(),
                    reason: Arc::new(reason),
                };
                snapshot.private_key(&stored).map_err(unreadable)
            }
            Some((_, kind)) => Err(PrivateKeyError::NotAPrivateKey {
                alias: alias.to_owned(),
                path: path(),
                kind: kind_word(kind).replace('-', " "),
            }),
        }
    }

    /// The trusted certificates that are in the file of the keystore of this name now: one that was removed is
    /// not held for `vanishGrace`.
    pub(crate) fn trusted_certificates(
        &self,
        keystore: &str,
    ) -> Result<Vec<TrustedCertificate>, PrivateKeyError> {
        let published = self.loaded(keystore)?;
        let Some(snapshot) = &published.snapshot else {
            return Ok(Vec::new());
        };
        let is_trusted = |alias: &&Alias| {
            let kind = snapshot.kind(alias.as_str());
            matches!(kind, Some(EntryKind::TrustedCertificate))
                && published.identity.asked_alias(alias).is_some()
        };
        let certificate = |alias: &Alias| {
            let certificates = snapshot.certificates(alias.as_str());
            let certificates = certificates.map_err(|reason| PrivateKeyError::Unreadable {
                path: published.identity.path.clone(),
                reason: Arc::new(reason),
            })?;
            let alias = alias.clone();
            let first = certificates.into_iter().next();
            Ok(first.map(|der| TrustedCertificate { alias, der }))
        };
        let trusted = snapshot.aliases().iter().filter(is_trusted);
        trusted
            .filter_map(|alias| certificate(alias).transpose())
            .collect()
    }

    /// The generation of the keystore of this name; 0 before anything of it is served.
    pub(crate) fn generation_of(&self, keystore: &str) -> u64 {
        self.named(keystore)
            .map_or(0, |published| published.generation)
    }

    /// The file of the keystore of this name.
    pub(crate) fn path_of(&self, keystore: &str) -> PathBuf {
        let published = self.named(keystore);
        published.map_or_else(PathBuf::new, |published| published.identity.path.clone())
    }

    fn named(&self, keystore: &str) -> Option<&Published> {
        let mut all = self.keystores.iter();
        let found = all.find(|published| &*published.identity.name == keystore)?;
        Some(&**found)
    }

    fn loaded(&self, keystore: &str) -> Result<&Published, PrivateKeyError> {
        let no_such = || PrivateKeyError::NoSuchKeystore {
            keystore: keystore.to_owned(),
        };
        let published = self.named(keystore).ok_or_else(no_such)?;
        if published.snapshot.is_some() {
            return Ok(published);
        }
        Err(PrivateKeyError::NotLoaded {
            path: published.identity.path.clone(),
            reason: published.state.reason.clone().unwrap_or_default(),
        })
    }
}
