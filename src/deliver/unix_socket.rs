//! [`UnixSocket`]: a Unix socket that is listened at; keyward's own, or one that a service manager has opened.

mod activation;
mod error;
mod file;

use std::os::unix::net::UnixListener as StdListener;
use std::path::{Path, PathBuf};

use tokio::net::UnixListener;

pub use activation::ActivatedSockets;
pub use error::SocketError;
use file::SocketFile;

/// A Unix socket that is listened at.
pub struct UnixSocket {
    listener: StdListener,
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

    /// The listener for a tokio runtime, and the file, which goes when it is dropped.
    pub(super) fn listen(self) -> Result<(UnixListener, Option<SocketFile>), SocketError> {
        let Self {
            listener,
            path,
            file,
        } = self;
        match UnixListener::from_std(listener) {
            Ok(listener) => Ok((listener, file)),
            Err(reason) => Err(SocketError::io(&path, "be listened at", reason)),
        }
    }
}
