//! [`TreeError`]: why a directory does not hold the new secrets.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::file_name::FileNameError;

/// Why a directory does not hold the new secrets. The old ones are there as they were.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TreeError {
    /// What is there is a file.
    #[error("{}: is not a directory. Choose another path", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// Something has the name that keyward did not put there.
    #[error(
        "{}: is there already and is not a link of keyward's; nothing was changed. Move it away, or choose another name or directory",
        path.display()
    )]
    Taken {
        /// What has the name.
        path: PathBuf,
    },
    /// Another user could put links into the directory.
    #[error(
        "{}: the directory is to be of the user who runs keyward, and nobody else may write to it; nothing was changed. Correct its owner and mode, or let keyward make it",
        path.display()
    )]
    NotOurs {
        /// The directory.
        path: PathBuf,
    },
    /// The configuration names an owner that does not exist.
    #[error("{}:{line}: this system has no user {owner}. Correct the name in <tree owner=\"{owner}\">, or create the user", document.display())]
    UnknownOwner {
        /// The configuration.
        document: PathBuf,
        /// The tree's line, from 1.
        line: usize,
        /// The name.
        owner: String,
    },
    /// The configuration names a file that cannot be.
    #[error("{}:{line}: the name of a file {reason}. Choose another name in <file name=\"{name}\">", document.display())]
    FileName {
        /// The configuration.
        document: PathBuf,
        /// The file's line, from 1.
        line: usize,
        /// The name.
        name: String,
        /// What is wrong with it.
        #[source]
        reason: FileNameError,
    },
    /// The system refuses.
    #[error("{}: cannot {action}: {reason}. See to the directory's owner, mode and free space, or choose another", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What it cannot, as an infinitive.
        action: &'static str,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
}

impl TreeError {
    pub(super) fn io(path: &Path, action: &'static str, reason: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            action,
            reason,
        }
    }
}
