//! [`MigrateError`]: why a file of users is not changed.

use std::path::PathBuf;

use thiserror::Error;

use crate::document::{DocumentError, RowError};
use crate::safe_file::SafeFileError;

/// Why a file of users is not changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// A row cannot be read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// A document cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The file cannot be read or replaced.
    #[error(transparent)]
    File(#[from] SafeFileError),
    /// There is no file.
    #[error("{}: there is no such file. Check the path", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// A credential store answers with an error, or what it was asked for cannot be done there.
    #[error("{store}: {reason}")]
    Store {
        /// Its name.
        store: String,
        /// What is wrong, and the next step.
        reason: String,
    },
    /// A credential store cannot be reached, or not now: what was begun may be tried again.
    #[error("{store}: {reason}")]
    Unavailable {
        /// Its name.
        store: String,
        /// What is wrong, and the next step.
        reason: String,
    },
    /// What was written does not say what was meant.
    #[error("{}: what was written does not read as it was meant; the old file stays. This is a defect of keyward, or of the disk", path.display())]
    NotWrittenRight {
        /// The file.
        path: PathBuf,
    },
}
