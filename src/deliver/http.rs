//! HTTP/1.1 over a Unix socket.
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
//! The kernel says which user is at the other end; an [`AccessPolicy`] says what that user may read. An alias
//! that the peer may not read answers 403 whether it exists or not. Errors are JSON too:
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
mod limits;
mod metrics;
mod negotiation;
mod places;
mod query;
mod reply;
mod request_path;
mod watch;

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch as signal;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::warn;

pub use error::HttpError;
pub use limits::HttpLimits;

use crate::deliver::unix_socket::UnixSocket;
use crate::service::{AccessPolicy, SecretService};
use change_log::ChangeLog;
use endpoints::Endpoints;
use metrics::Counters;
use places::Places;

/// How long to wait when the system has no file descriptor for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How many who are refused may be told so at the same time.
const MOST_REFUSALS: usize = 128;

/// A Unix socket that answers for a [`SecretService`].
pub struct HttpServer {
    socket: UnixSocket,
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
        Ok(Self::answering_at(
            UnixSocket::bind(path, mode)?,
            policy,
            service,
        ))
    }

    /// Answers at a socket that is there already: bound, listening and not blocking.
    #[must_use]
    pub fn answering_at(socket: UnixSocket, policy: AccessPolicy, service: SecretService) -> Self {
        if policy.is_empty() {
            warn!(
                "{}: no rule allows anything, so that nobody can read a secret here",
                socket.path().display()
            );
        }
        let limits = HttpLimits::default();
        let endpoints = Endpoints {
            changes: ChangeLog::of(&service),
            counters: Counters::default(),
            connections: Places::new(limits.connections, limits.connections_of_one_peer),
            subscribers: Places::new(limits.subscribers, limits.subscribers_of_one_peer),
            service,
            policy,
            limits,
        };
        Self { socket, endpoints }
    }

    /// The same with other limits than the usual ones.
    #[must_use]
    pub fn with_limits(mut self, limits: HttpLimits) -> Self {
        let endpoints = &mut self.endpoints;
        endpoints.connections = Places::new(limits.connections, limits.connections_of_one_peer);
        endpoints.subscribers = Places::new(limits.subscribers, limits.subscribers_of_one_peer);
        endpoints.limits = limits;
        self
    }

    /// The socket file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.socket.path()
    }

    /// Answers until `shutdown` completes, then finishes the requests that are being answered and removes
    /// the socket file. To be called in a tokio runtime.
    ///
    /// # Errors
    /// When the runtime cannot take over the socket.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<(), HttpError> {
        let Self { socket, endpoints } = self;
        let (listener, socket) = socket.listen()?;
        let endpoints = Arc::new(endpoints);
        let (ending, end) = signal::channel(());
        let mut connections = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                () = shutdown.as_mut() => break,
                Some(_ended) = connections.join_next() => {}
                stream = accept(&listener) => admit(stream, &endpoints, &end, &mut connections),
            }
        }
        // Nobody new finds the socket while the last requests are answered.
        drop(socket);
        drop(listener);
        drop(ending);
        while connections.join_next().await.is_some() {}
        Ok(())
    }
}

async fn accept(listener: &UnixListener) -> UnixStream {
    loop {
        match listener.accept().await {
            Ok((stream, _address)) => return stream,
            Err(reason) => {
                warn!("cannot accept a connection: {reason}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves the connection if there is a place for it, and says so if there is none.
fn admit(
    stream: UnixStream,
    endpoints: &Arc<Endpoints>,
    end: &signal::Receiver<()>,
    connections: &mut JoinSet<()>,
) {
    let Some(peer) = connection::peer_of(&stream) else {
        return;
    };
    match endpoints.connections.take(peer.uid) {
        Ok(place) => {
            let (endpoints, end) = (Arc::clone(endpoints), end.clone());
            connections.spawn(connection::serve(stream, peer, place, endpoints, end));
        }
        Err(crowded) => {
            endpoints.counters.note_refused();
            if connections.len() < endpoints.connections.taken() + MOST_REFUSALS {
                connections.spawn(connection::refuse(stream, crowded));
            }
        }
    }
}
