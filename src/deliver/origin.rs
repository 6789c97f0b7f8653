//! [`Origin`]: where the secrets of one consumer come from: a configuration, or one keystore file.
//!
//! ```text
//! Origin --fetch----> Secrets                  once: read, open, derive side by side, close
//!        `-watch----> (Secrets, Changes)       a SecretService that goes on looking
//! ```

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::changes::Changes;
use super::error::FetchError;
use super::secrets::Secrets;
use crate::document::{AliasReference, Configuration, Dialect, KeystoreSettings, StoreFormat};
use crate::keystore::{Alias, Keystore, KeystoreFile, KeystoreFileError};
use crate::secret::SecretSource;
use crate::service::{self, Outcome, Resolution};

/// How often a keystore of the command line is looked at; the kernel's events come earlier.
const RETRY_DELAY: Duration = Duration::from_secs(10);

/// Where the secrets of one consumer come from.
pub enum Origin {
    /// The keystores that a configuration names; the first one that has an alias decides.
    Configuration(Box<Configuration>),
    /// One keystore file.
    Keystore {
        /// The file.
        path: PathBuf,
        /// Where its password comes from.
        password: SecretSource,
    },
}

impl Origin {
    /// The secrets under these aliases, as the files hold them now. Each keystore is read once.
    ///
    /// # Errors
    /// When a keystore cannot be opened, or an alias is not there or cannot be read.
    pub fn fetch(self, aliases: &[&str]) -> Result<Secrets, FetchError> {
        match self {
            Self::Configuration(configuration) => fetch_configured(*configuration, aliases),
            Self::Keystore { path, password } => fetch_from_file(path, &password, aliases),
        }
    }

    /// The same, and what hears when one of them changes.
    ///
    /// # Errors
    /// As [`fetch`](Self::fetch).
    pub fn watch(self, aliases: &[&str]) -> Result<(Secrets, Changes), FetchError> {
        let configuration = match self {
            Self::Configuration(configuration) => *configuration,
            Self::Keystore { path, password } => configuration_of(path, password),
        };
        Changes::start(referring_to(configuration, aliases), aliases)
    }

    /// The environment variables that hold a store password: no consumer should inherit them.
    #[must_use]
    pub fn password_variables(&self) -> Vec<String> {
        let sources: Vec<&SecretSource> = match self {
            Self::Configuration(configuration) => {
                let keystores = configuration.keystores.iter();
                keystores.map(|keystore| &keystore.password).collect()
            }
            Self::Keystore { password, .. } => vec![password],
        };
        let variable = |source: &SecretSource| match source {
            SecretSource::Environment(name) => Some(name.clone()),
            SecretSource::Inline(_) | SecretSource::File(_) => None,
        };
        sources.into_iter().filter_map(variable).collect()
    }
}

fn fetch_from_file(
    path: PathBuf,
    password: &SecretSource,
    aliases: &[&str],
) -> Result<Secrets, FetchError> {
    let bytes = KeystoreFile::at(&path).read()?;
    let password = password.read()?;
    let wanted: Vec<Alias> = aliases.iter().map(|alias| Alias::new(alias)).collect();
    let store = match Keystore::open_expecting(&bytes, &password, &wanted) {
        Ok(store) => store,
        Err(error) => return Err(KeystoreFileError::Keystore { path, error }.into()),
    };
    let mut secrets = Secrets::default();
    for (alias, stored) in aliases.iter().zip(&wanted) {
        match store.secret(stored) {
            Ok(secret) => secrets.insert(alias, Arc::new(secret)),
            Err(error) => return Err(FetchError::of_alias(alias, path, error)),
        }
    }
    Ok(secrets)
}

fn fetch_configured(configuration: Configuration, aliases: &[&str]) -> Result<Secrets, FetchError> {
    let mut secrets = Secrets::default();
    for resolution in service::resolve(&referring_to(configuration, aliases)) {
        let Resolution {
            alias,
            outcome,
            secret,
            ..
        } = resolution;
        match (outcome, secret) {
            (Outcome::Missing(reason), _) => return Err(FetchError::Missing { alias, reason }),
            (Outcome::Unreadable(reason), _) => {
                return Err(FetchError::Unreadable { alias, reason });
            }
            (Outcome::Readable, Some(secret)) => secrets.insert(&alias, secret),
            (Outcome::Readable, None) => {}
        }
    }
    Ok(secrets)
}

/// The configuration with these aliases in the place of those that its documents name, so that
/// nothing else is decrypted.
fn referring_to(mut configuration: Configuration, aliases: &[&str]) -> Configuration {
    let reference = |alias: &&str| AliasReference {
        document: configuration.path.clone(),
        line: 0,
        setting: String::new(),
        alias: (*alias).to_owned(),
        keystore: None,
    };
    configuration.references = aliases.iter().map(reference).collect();
    configuration
}

/// A service with this one keystore.
fn configuration_of(path: PathBuf, password: SecretSource) -> Configuration {
    let keystore = KeystoreSettings {
        name: "command line".to_owned(),
        format: StoreFormat::Keystore,
        document: path.clone(),
        line: 0,
        store_type: None,
        password,
        retry_delay: RETRY_DELAY,
        vanish_grace: RETRY_DELAY * 3,
        alias_prefix: String::new(),
        path: path.clone(),
    };
    Configuration::of_keystores(path, Dialect::Keyward, vec![keystore])
}
