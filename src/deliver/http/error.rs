//! [`HttpError`]: why there is no socket or address to answer at.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use thiserror::Error;

use super::tls::TlsError;
use crate::deliver::unix_socket::SocketError;

/// Why there is no socket or address to answer at.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HttpError {
    /// There is no Unix socket.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// The system does not let the address be listened at.
    #[error("{}:{line}: https://{address} cannot be listened at: {reason}. Choose another address or port, or stop the process that has it", document.display())]
    Address {
        /// The configuration.
        document: PathBuf,
        /// The line of its https element, from 1.
        line: usize,
        /// The address.
        address: SocketAddr,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// There is nothing to show to clients, or to know them by.
    #[error("{}:{line}: https://{address}: {reason}", document.display())]
    Tls {
        /// The configuration.
        document: PathBuf,
        /// The line of its https element, from 1.
        line: usize,
        /// The address.
        address: SocketAddr,
        /// What is wrong with the key or with the trusted certificates.
        #[source]
        reason: Box<TlsError>,
    },
    /// The runtime does not take over a socket.
    #[error("a socket cannot be listened at: {reason}. Raise the limit on open files (ulimit -n)")]
    Runtime {
        /// What the system said.
        #[source]
        reason: io::Error,
    },
}

impl HttpError {
    pub(super) fn runtime(reason: io::Error) -> Self {
        Self::Runtime { reason }
    }
}
