//! [`HttpError`]: why nobody answers.

use thiserror::Error;

use crate::deliver::unix_socket::SocketError;

/// Why nobody answers.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HttpError {
    /// There is no Unix socket.
    #[error(transparent)]
    Socket(#[from] SocketError),
}
