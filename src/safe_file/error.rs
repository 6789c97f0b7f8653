//! [`SafeFileError`]: why a file was not replaced.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a file was not replaced. But for [`Self::NotSynced`] the old file is as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SafeFileError {
    /// A step failed.
    #[error("{}: nothing was changed: cannot {step}: {reason}", path.display())]
    Step {
        /// What was tried.
        step: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// It is a directory or a device.
    #[error("{}: is not a regular file", path.display())]
    NotAFile {
        /// What was to be replaced.
        path: PathBuf,
    },
    /// Another program wrote the file meanwhile.
    #[error(
        "{}: nothing was changed: another program has changed the file meanwhile. Run the command again",
        path.display()
    )]
    Conflict {
        /// The file.
        path: PathBuf,
    },
    /// The file was replaced, but the directory could not be written to the disk.
    #[error(
        "{}: the new file is in place, but a power failure now may bring the old one back: \
         cannot write its directory to the disk: {reason}",
        path.display()
    )]
    NotSynced {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
}

impl SafeFileError {
    pub(super) fn step(step: &'static str, path: &Path, reason: io::Error) -> Self {
        Self::Step {
            step,
            path: path.to_owned(),
            reason,
        }
    }

    pub(super) fn not_a_file(path: &Path) -> Self {
        Self::NotAFile {
            path: path.to_owned(),
        }
    }
}
