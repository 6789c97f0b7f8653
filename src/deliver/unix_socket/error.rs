//! [`SocketError`]: why there is no socket at a path.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why there is no socket at a path.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SocketError {
    /// The path does not fit into a socket address.
    #[error("{}: has {length} bytes; the path of a Unix socket can have {limit}. Choose a shorter one in the configuration, or with --socket", path.display())]
    PathTooLong {
        /// The path.
        path: PathBuf,
        /// Its length in bytes.
        length: usize,
        /// How many bytes it can have here.
        limit: usize,
    },
    /// The directory that the socket is to be in does not exist.
    #[error("{}: there is no directory {} to put the socket in. Create it, or choose another place in the configuration or with --socket", path.display(), directory.display())]
    NoDirectory {
        /// The path of the socket.
        path: PathBuf,
        /// The missing directory.
        directory: PathBuf,
    },
    /// A process listens there.
    #[error("{}: already in use by a running process. Stop that process, or choose another socket in the configuration or with --socket", path.display())]
    InUse {
        /// The path of the socket.
        path: PathBuf,
    },
    /// What is there is not a socket.
    #[error("{}: is there and is not a socket; it is left as it is. Choose another path in the configuration or with --socket", path.display())]
    NotASocket {
        /// The path.
        path: PathBuf,
    },
    /// A service manager handed over what cannot be listened at.
    #[error(
        "the service manager's file descriptor {index} (counted from 0) is no Unix socket to listen at: {reason}. Write ListenStream= with an absolute path in its .socket unit"
    )]
    NotActivatable {
        /// Which one.
        index: usize,
        /// What is wrong with it.
        #[source]
        reason: io::Error,
    },
    /// A service manager handed over a socket that the configuration does not name.
    #[error("{}: the service manager listens there, and the configuration has no <socket> or <credentials> of this path. Write the same path in both", path.display())]
    NotConfigured {
        /// The socket's path.
        path: PathBuf,
    },
    /// The system refuses.
    #[error("{}: the socket cannot {action}: {reason}. Choose another place in the configuration or with --socket, or see to its directory", path.display())]
    Io {
        /// The path of the socket.
        path: PathBuf,
        /// What it cannot, as an infinitive.
        action: &'static str,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
}

impl SocketError {
    pub(in crate::deliver) fn io(path: &Path, action: &'static str, reason: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            action,
            reason,
        }
    }
}
