//! [`ActivatedSockets`]: the sockets that a service manager opened and handed over (`sd_listen_fds(3)`).
//!
//! A `.socket` unit and the configuration name the same path; that decides which socket is which, so that no
//! `FileDescriptorName=` is needed.

use std::env;
use std::io;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use listenfd::ListenFd;

use super::UnixSocket;
use super::error::SocketError;

/// The sockets that were handed over and nobody has taken yet.
pub struct ActivatedSockets {
    sockets: Vec<(PathBuf, UnixListener)>,
}

impl ActivatedSockets {
    /// The sockets that this process was started with; to be asked once.
    ///
    /// # Errors
    /// When something was handed over that is not a Unix socket with a path, listening.
    pub fn of_process() -> Result<Self, SocketError> {
        let mut handed_over = ListenFd::from_env();
        let mut sockets = Vec::new();
        for index in 0..handed_over.len() {
            let refused = |reason| SocketError::NotActivatable { index, reason };
            let listener = handed_over.take_unix_listener(index).map_err(refused)?;
            let Some(listener) = listener else { continue };
            listener.set_nonblocking(true).map_err(refused)?;
            let address = listener.local_addr().map_err(refused)?;
            let Some(path) = address.as_pathname() else {
                return Err(refused(io::Error::other(
                    "it has no path in the file system",
                )));
            };
            sockets.push((absolute(path), listener));
        }
        Ok(Self { sockets })
    }

    /// The socket at `path`, if it was handed over.
    pub fn take(&mut self, path: &Path) -> Option<UnixSocket> {
        let path = absolute(path);
        let index = self.sockets.iter().position(|(taken, _)| *taken == path)?;
        Some(opened(self.sockets.swap_remove(index)))
    }

    /// That nothing is left which nobody would answer at.
    ///
    /// # Errors
    /// When a socket was not taken.
    pub fn refuse_the_rest(self) -> Result<(), SocketError> {
        match self.sockets.into_iter().next() {
            None => Ok(()),
            Some((path, _)) => Err(SocketError::NotConfigured { path }),
        }
    }
}

fn opened((path, listener): (PathBuf, UnixListener)) -> UnixSocket {
    UnixSocket {
        listener,
        path,
        file: None,
    }
}

/// The same path without `.`, `..` and links in its directory, however it was written.
fn absolute(path: &Path) -> PathBuf {
    let whole = env::current_dir().unwrap_or_default().join(path);
    let (Some(directory), Some(name)) = (whole.parent(), whole.file_name()) else {
        return whole;
    };
    match directory.canonicalize() {
        Ok(directory) => directory.join(name),
        Err(_) => whole,
    }
}
