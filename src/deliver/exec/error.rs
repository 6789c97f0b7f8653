//! [`ExecError`]: why a program does not run.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::deliver::tree::{FileNameError, TreeError};

/// Why a program does not run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExecError {
    /// Two secrets are to have one name.
    #[error("{name}: is given twice. Each variable and each file needs a name of its own")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// A file cannot have this name.
    #[error("--file {name}: the name {reason}. Choose another")]
    FileName {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: FileNameError,
    },
    /// An environment variable ends at its first NUL.
    #[error(
        "alias {alias}: the secret holds a NUL byte, which no environment variable can. Use --file {name}={alias} instead"
    )]
    NulInVariable {
        /// The variable.
        name: String,
        /// The alias.
        alias: String,
    },
    /// There is nowhere in memory to put files.
    #[error(
        "there is no memory file system for the files of --file: XDG_RUNTIME_DIR is not set and /dev/shm is not there. Set XDG_RUNTIME_DIR to a directory of this user's"
    )]
    NoMemoryFileSystem,
    /// The private directory cannot be made.
    #[error("{}: cannot be made: {reason}. Set XDG_RUNTIME_DIR to a directory of this user's", path.display())]
    PrivateDirectory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// The files cannot be written.
    #[error(transparent)]
    Files(#[from] TreeError),
    /// There is no such program.
    #[error("{}: no such program. Check its name, or PATH", program.display())]
    NotFound {
        /// The program.
        program: OsString,
    },
    /// The program is there and cannot be run.
    #[error("{}: cannot be run: {reason}", program.display())]
    NotExecutable {
        /// The program.
        program: OsString,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// The running program can no longer be supervised.
    #[error("the running program cannot be supervised: {reason}")]
    Supervision {
        /// What the system said.
        #[source]
        reason: io::Error,
    },
}

impl ExecError {
    pub(super) fn not_started(program: &OsStr, reason: io::Error) -> Self {
        let program = program.to_owned();
        match reason.kind() {
            io::ErrorKind::NotFound => Self::NotFound { program },
            _ => Self::NotExecutable { program, reason },
        }
    }
}
