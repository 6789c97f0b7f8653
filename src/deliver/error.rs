//! [`FetchError`]: why a consumer's secrets cannot be had.

use std::path::PathBuf;

use thiserror::Error;

use crate::keystore::{KeystoreError, KeystoreFileError};
use crate::secret::SecretSourceError;
use crate::service::{GetError, ServiceError};

/// Why a consumer's secrets cannot be had.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FetchError {
    /// No keystore has the alias.
    #[error("{reason}")]
    Missing {
        /// The alias as it was asked for.
        alias: String,
        /// Where it was looked for, and the next step.
        reason: String,
    },
    /// The alias is there, or may be, and its secret cannot be read.
    #[error("{reason}")]
    Unreadable {
        /// The alias as it was asked for.
        alias: String,
        /// Why, and the next step.
        reason: String,
    },
    /// The keystore file cannot be opened.
    #[error(transparent)]
    Keystore(#[from] KeystoreFileError),
    /// The store password cannot be had.
    #[error(transparent)]
    Password(#[from] SecretSourceError),
    /// The service that is to watch the keystores does not start.
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl FetchError {
    /// The alias that it is about, if it is about one.
    #[must_use]
    pub fn alias(&self) -> Option<&str> {
        match self {
            Self::Missing { alias, .. } | Self::Unreadable { alias, .. } => Some(alias),
            Self::Keystore(_) | Self::Password(_) | Self::Service(_) => None,
        }
    }

    /// Whether something that was asked for does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Missing { .. } | Self::Keystore(KeystoreFileError::Missing { .. }) => true,
            Self::Service(error) => error.is_missing(),
            _ => false,
        }
    }

    pub(super) fn of_alias(alias: &str, path: PathBuf, error: KeystoreError) -> Self {
        let alias = alias.to_owned();
        let is_missing = matches!(error, KeystoreError::NoSuchAlias { .. });
        let reason = KeystoreFileError::Keystore { path, error }.to_string();
        if is_missing {
            return Self::Missing { alias, reason };
        }
        Self::Unreadable { alias, reason }
    }
}

impl From<GetError> for FetchError {
    fn from(error: GetError) -> Self {
        let reason = error.to_string();
        match error {
            GetError::NoSuchAlias { alias, .. } => Self::Missing { alias, reason },
            GetError::NotASecret { alias, .. }
            | GetError::Unreadable { alias, .. }
            | GetError::NotLoaded { alias, .. } => Self::Unreadable { alias, reason },
        }
    }
}
