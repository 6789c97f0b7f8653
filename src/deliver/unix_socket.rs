//! [`UnixSocket`]: a Unix socket that is listened at; keyward's own, or one that a service manager has opened.

mod activation;
mod error;
mod file;

use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

pub use activation::ActivatedSockets;
pub use error::SocketError;
pub(super) use file::SocketFile;

/// A Unix socket that is listened at.
pub struct UnixSocket {
    listener: UnixListener,
    path: PathBuf,
    /// Who opened it removes it.
    file: Option<SocketFile>,
}

impl UnixSocket {
    /// Puts a socket of this `mode` at `path`. A socket file that nobody answers at is replaced.
    ///
    /// # Errors
    /// When a running process answers there, something else than a socket is there, the path is too long
    /// for a socket, or the system refuses.
    pub fn bind(path: &Path, mode: u32) -> Result<Self, SocketError> {
        let (listener, file) = SocketFile::bind(path, mode)?;
        Ok(Self {
            listener,
            path: path.to_owned(),
            file: Some(file),
        })
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The listener, and the file, which goes when it is dropped.
    pub(super) fn into_parts(self) -> (UnixListener, Option<SocketFile>) {
        (self.listener, self.file)
    }
}
