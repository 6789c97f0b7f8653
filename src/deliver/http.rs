//! HTTP/1.1 over a Unix socket, and over TCP with mutual TLS.
//!
//! | request | answer |
//! |---|---|
//! | `GET /v1/secrets/{alias}` | the secret: its bytes and nothing else |
//! | the same with `Accept: application/json` | JSON: alias, value, generation, keystore, state |
//! | the same with `If-None-Match` | 304 if the value is still that one |
//! | `GET /v1/aliases` | JSON: the aliases that the peer may read |
//! | `GET /v1/watch?after=GENERATION` | JSON: the aliases that changed, as soon as some have; with `Accept: text/event-stream` as events |
//! | `GET /v1/status` | JSON: how each keystore stands |
//! | `POST /v1/reload` | JSON: what looking at every file now has come to; 503 if one cannot be loaded |
//! | `GET /metrics` | Prometheus' text format |
//!
//! The kernel says which user is at the other end of a Unix socket, a certificate who is at the other end of a TLS
//! connection; an [`AccessPolicy`] says what they may read. An alias that the peer may not read answers 403 whether it exists or not. Errors are JSON too:
//! `{"error": what is wrong, "next": what to do}`.
//!
//! ```text
//! curl --unix-socket keyward.sock http://localhost/v1/secrets/db1pass
//! ```

mod body;
mod bounded_stream;
mod change_log;
mod connection;
mod endpoints;
mod error;
mod hall;
mod limits;
mod listener;
mod metrics;
#[cfg(feature = "migrate")]
mod migration;
mod negotiation;
mod places;
mod query;
mod reply;
mod request_path;
mod tls;
mod watch;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::warn;

pub use error::HttpError;
pub use limits::HttpLimits;
#[cfg(feature = "migrate")]
pub use migration::MigrationServer;
pub use tls::TlsError;

use crate::deliver::unix_socket::{SocketFile, UnixSocket};
use crate::document::HttpsSettings;
use crate::service::{AccessPolicy, SecretService};
use endpoints::{Endpoints, Entrance};
use hall::Hall;
use listener::Listener;
use places::Places;
use tls::TlsSettings;

/// Answers for a [`SecretService`], on a Unix socket, at TCP addresses with mutual TLS, or both.
pub struct HttpServer {
    /// The path of the Unix socket.
    path: Option<PathBuf>,
    file: Option<SocketFile>,
    listeners: Vec<Listener>,
    endpoints: Endpoints,
}

impl HttpServer {
    /// Puts a socket of this `mode` at `path`. A socket file that nobody answers at is replaced.
    ///
    /// # Errors
    /// When a running process answers there, something else than a socket is there, the path is too long
    /// for a socket, or the system refuses.
    pub fn bind(
        path: &Path,
        mode: u32,
        policy: AccessPolicy,
        service: SecretService,
    ) -> Result<Self, HttpError> {
        let socket = UnixSocket::bind(path, mode)?;
        Ok(Self::without_socket(service).with_socket(socket, policy))
    }

    /// A server that has no Unix socket, and listens nowhere before [`Self::with_socket`] or [`Self::with_https`].
    #[must_use]
    pub fn without_socket(service: SecretService) -> Self {
        let limits = HttpLimits::default();
        let endpoints = Endpoints {
            subscribers: Places::new(limits.subscribers, limits.subscribers_of_one_peer),
            hall: Hall::new(service),
        };
        Self {
            path: None,
            file: None,
            listeners: Vec::new(),
            endpoints,
        }
    }

    /// Listens at a Unix socket.
    #[must_use]
    pub fn with_socket(mut self, socket: UnixSocket, policy: AccessPolicy) -> Self {
        warn_of_silence(&policy, &socket.path().display().to_string());
        self.path = Some(socket.path().to_owned());
        let (listener, file) = socket.into_parts();
        self.file = file;
        let entrance = Entrance {
            policy,
            element: "<socket>".to_owned(),
        };
        self.listeners.push(Listener::unix(listener, entrance));
        self
    }

    /// Listens at a TCP address as well, with mutual TLS: the key and the trusted certificates are those of
    /// keystores of the service, as they are at each handshake.
    ///
    /// # Errors
    /// When the system does not give the address; or when the key or the trusted certificates cannot be used,
    /// unless the configuration says `start="wait"`.
    pub fn with_https(mut self, settings: &HttpsSettings) -> Result<Self, HttpError> {
        let policy = AccessPolicy::of_https(settings);
        warn_of_silence(&policy, &format!("https://{}", settings.address));
        let entrance = Entrance {
            policy,
            element: format!("<https address=\"{}\">", settings.address),
        };
        let listener = self.endpoints.hall.listen(
            settings.address,
            TlsSettings::of_https(settings),
            settings.line,
            entrance,
        )?;
        self.listeners.push(listener);
        Ok(self)
    }

    /// The same with other limits than the usual ones.
    #[must_use]
    pub fn with_limits(mut self, limits: HttpLimits) -> Self {
        let endpoints = &mut self.endpoints;
        endpoints.subscribers = Places::new(limits.subscribers, limits.subscribers_of_one_peer);
        endpoints.hall.set_limits(limits);
        self
    }

    /// The path of the Unix socket, if there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The TCP addresses, in the order in which they were added, with the ports that the system chose.
    pub fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.endpoints.hall.addresses()
    }

    /// Answers until `shutdown` completes, then finishes the requests that are being answered and removes
    /// the socket file. To be called in a tokio runtime.
    ///
    /// # Errors
    /// When the runtime cannot take over a socket.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<(), HttpError> {
        let Self {
            file,
            listeners,
            endpoints,
            ..
        } = self;
        // Nobody new finds the socket while the last requests are answered.
        let closing = || drop(file);
        hall::run_until(listeners, &Arc::new(endpoints), shutdown, closing).await
    }
}

fn warn_of_silence(policy: &AccessPolicy, place: &str) {
    if policy.is_empty() {
        warn!("{place}: no rule allows anything, so that nobody can read a secret here");
    }
}
