//! [`DirectoryKeysError`]: why no key of a directory can be had, and what to do.

use std::path::PathBuf;

use thiserror::Error;

use crate::document::{Place, RowError};
use crate::keystore::KeystoreFileError;

/// Why there are no keys.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DirectoryKeysError {
    /// The admin data cannot be read.
    #[error(transparent)]
    AdminData(#[from] RowError),
    /// The truststore cannot be opened.
    #[error(transparent)]
    Truststore(#[from] KeystoreFileError),
    /// The admin data has no keys.
    #[error("{}: there is no key in it. Is it cn=admin data of OpenDJ, config/admin-backend.ldif? A server makes its keys when it encrypts the first password", path.display())]
    NoKeys {
        /// The admin data.
        path: PathBuf,
    },
    /// Not one of the keys can be opened.
    #[error("{}: none of its keys can be opened: {}", path.display(), reasons.join("; "))]
    NoneOpened {
        /// The admin data.
        path: PathBuf,
        /// Each key, and why not.
        reasons: Vec<String>,
    },
    /// The truststore has no key to open others with.
    #[error("{}: it has no RSA private key. The ads-truststore of a server has one, <ads-certificate>", path.display())]
    NoInstanceKey {
        /// The truststore.
        path: PathBuf,
    },
    /// An attribute of a key is not of its form.
    #[error("{at}: {attribute} is not {form}. Compare it with a backup")]
    Malformed {
        /// The line.
        at: Place,
        /// The attribute.
        attribute: &'static str,
        /// What it should be.
        form: &'static str,
    },
}
