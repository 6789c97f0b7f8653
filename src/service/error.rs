//! What can go wrong in this room: [`ServiceError`] at start, [`LoadError`] for one keystore file,
//! [`GetError`] for one alias.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

use super::open_store::StoreError;
use crate::secret::SecretSourceError;

/// Why a secret service does not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ServiceError {
    /// There is nothing to serve.
    #[error("{}: names no keystore. Add a <keystore> element, or a bean with the path of one", document.display())]
    NoKeystore {
        /// The configuration.
        document: PathBuf,
    },
    /// A keystore cannot be loaded.
    #[error("{reason}{}", place(name, document, *line))]
    Keystore {
        /// The keystore's name in the configuration.
        name: String,
        /// The document that names it.
        document: PathBuf,
        /// The line in that document, from 1; 0 where no document names it.
        line: usize,
        /// What is wrong with the file or its password.
        #[source]
        reason: Box<LoadError>,
    },
    /// The file for audit lines cannot be opened.
    #[error("{}: audit lines cannot be written there: {reason}. Name another file in auditFile of {}, or see to its directory", path.display(), document.display())]
    Audit {
        /// The file.
        path: PathBuf,
        /// The configuration.
        document: PathBuf,
        /// What the system said.
        #[source]
        reason: std::io::Error,
    },
    /// The system gives no random bytes.
    #[error("cannot get random bytes: {reason}. Let keyward use getrandom(2) or /dev/urandom")]
    Random {
        /// What the system said.
        #[source]
        reason: std::io::Error,
    },
    /// The system gives no thread to watch a keystore.
    #[error(
        "cannot start the thread that watches a keystore: {reason}. Raise the limit on processes (ulimit -u)"
    )]
    Thread {
        /// What the system said.
        #[source]
        reason: std::io::Error,
    },
}

impl ServiceError {
    /// Whether the file of a keystore does not exist.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        match self {
            Self::Keystore { reason, .. } => matches!(**reason, LoadError::Missing { .. }),
            _ => false,
        }
    }
}

/// Where a keystore is named; the command line needs no such hint.
fn place(name: &str, document: &Path, line: usize) -> String {
    if line == 0 {
        return String::new();
    }
    format!(" (keystore {name} of {}:{line})", document.display())
}

/// Why one keystore file could not be loaded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no file at the path.
    #[error("{0}: no such file. Correct the path, or create it: keyward importpass -alias ALIAS -keystore {0}", path.display())]
    Missing {
        /// The keystore file.
        path: PathBuf,
    },
    /// The system does not let the file be read.
    #[error("{}: cannot be read: {reason}. Let the user who runs keyward read it", path.display())]
    Unreadable {
        /// The keystore file.
        path: PathBuf,
        /// What the system said.
        #[source]
        reason: std::io::Error,
    },
    /// The path leads to a directory, a pipe or a device.
    #[error("{}: is not a regular file. Name the keystore file itself", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file is larger than any keystore.
    #[error("{}: has more than {limit} bytes. Is it a keystore?", path.display())]
    TooLarge {
        /// The keystore file.
        path: PathBuf,
        /// How many bytes are read at most.
        limit: u64,
    },
    /// The store password cannot be had.
    #[error("{}: no store password: {reason}", path.display())]
    Password {
        /// The keystore file.
        path: PathBuf,
        /// What is wrong with its source.
        #[source]
        reason: SecretSourceError,
    },
    /// The content is not a keystore that this password opens.
    #[error("{}", reason.about(path))]
    Keystore {
        /// The keystore file.
        path: PathBuf,
        /// What the engine found.
        #[source]
        reason: StoreError,
    },
    /// An alias that a document names could be read in the content before, and cannot in this one.
    #[error("{}; it could be read before", reason.about(path))]
    Entry {
        /// The keystore file.
        path: PathBuf,
        /// What the engine found; it names the alias.
        #[source]
        reason: Arc<StoreError>,
    },
    /// A text file with secrets has none any more.
    #[error("{}: there is no secret in it any more, and there were {before}: was it truncated? Restore its last good copy; if all are meant to be gone, restart keyward", path.display())]
    Emptied {
        /// The file.
        path: PathBuf,
        /// How many secrets the content before had.
        before: usize,
    },
    /// The keystore engine failed on this content where it should have said what is wrong with it.
    #[error("{}: the keystore engine failed on this content, which is a defect of keyward. Report it, and restore the file's last good copy", path.display())]
    Defect {
        /// The keystore file.
        path: PathBuf,
    },
}

/// Why the service has no secret for an alias.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
#[error("{}. {}", self.problem(), self.next_step())]
pub enum GetError {
    /// No keystore has the alias.
    NoSuchAlias {
        /// The alias as it was asked for.
        alias: String,
        /// The keystore files that were looked in.
        looked_in: Vec<PathBuf>,
    },
    /// The entry under this alias is a certificate or a private key.
    NotASecret {
        /// The alias as it was asked for.
        alias: String,
        /// The keystore file.
        path: PathBuf,
        /// What the entry is.
        kind: String,
    },
    /// The entry is there and its secret cannot be had.
    Unreadable {
        /// The alias as it was asked for.
        alias: String,
        /// The keystore file.
        path: PathBuf,
        /// What the engine found.
        reason: Arc<StoreError>,
    },
    /// A keystore that might have the alias has not been loaded since the service started.
    NotLoaded {
        /// The alias as it was asked for.
        alias: String,
        /// The keystore file.
        path: PathBuf,
        /// Why it is not loaded.
        reason: Arc<str>,
    },
}

impl GetError {
    /// What is wrong, without the next step.
    #[must_use]
    pub fn problem(&self) -> String {
        match self {
            Self::NoSuchAlias { alias, looked_in } => {
                format!(
                    "no keystore has alias {alias}; looked in {}",
                    listed(looked_in)
                )
            }
            Self::NotASecret { alias, path, kind } => {
                format!(
                    "{}: alias {alias} is a {kind}, not a secret",
                    path.display()
                )
            }
            Self::Unreadable { path, reason, .. } => reason.about(path),
            Self::NotLoaded {
                alias,
                path,
                reason,
            } => format!(
                "alias {alias} is not available: keystore {} has not been loaded: {reason}",
                path.display()
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn next_step(&self) -> String {
        match self {
            Self::NoSuchAlias { alias, looked_in } => {
                let path = looked_in.first().map(PathBuf::as_path);
                match path {
                    Some(path) if is_secure_vault(path) => {
                        format!("Add it: keyward wso2 secrets set {alias} --home DIR")
                    }
                    _ => {
                        let path = path.unwrap_or(Path::new("FILE")).display();
                        format!("Add it: keyward importpass -alias {alias} -keystore {path}")
                    }
                }
            }
            Self::NotASecret { path, .. } => {
                format!(
                    "See what the keystore holds: keyward list -keystore {}",
                    path.display()
                )
            }
            Self::Unreadable { reason, .. }
                if matches!(**reason, StoreError::SameButForCase { .. }) =>
            {
                "Rename all but one of them, also where they are named".to_owned()
            }
            Self::Unreadable { alias, path, .. } if is_secure_vault(path) => {
                format!("Store it anew: keyward wso2 secrets set {alias} --home DIR")
            }
            Self::Unreadable { alias, path, .. } => {
                format!(
                    "Delete it and import it anew: keyward delete -alias {alias} -keystore {}",
                    path.display()
                )
            }
            Self::NotLoaded { .. } => {
                "Mend the file or its password; the service loads it by itself".to_owned()
            }
        }
    }
}

/// Whether the file is one of a WSO2 server, whose secrets other commands store.
fn is_secure_vault(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    matches!(ending, Some("toml" | "properties"))
}

fn listed(paths: &[PathBuf]) -> String {
    let names: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    names.join(", ")
}
