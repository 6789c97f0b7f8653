//! HTTP/1.1 over a Unix socket.
//!
//! | request | answer |
//! |---|---|
//! | `GET /v1/secrets/{alias}` | the secret: its bytes and nothing else |
//! | `GET /v1/aliases` | JSON: the aliases that the peer may read |
//! | `GET /v1/status` | JSON: how each keystore stands |
//! | `POST /v1/reload` | JSON: what looking at every file now has come to; 503 if one cannot be loaded |
//!
//! The kernel says which user is at the other end; an [`AccessPolicy`] says what that user may read. An alias
//! that the peer may not read answers 403 whether it exists or not. Errors are JSON too:
//! `{"error": what is wrong, "next": what to do}`.
//!
//! ```text
//! curl --unix-socket keyward.sock http://localhost/v1/secrets/db1pass
//! ```

mod endpoints;
mod error;
mod reply;
mod request_path;
mod socket_file;

use std::convert::Infallible;
use std::os::unix::net::UnixListener as StdListener;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};
use tracing::warn;

pub use error::HttpError;

use crate::service::{AccessPolicy, Peer, SecretService};
use endpoints::Endpoints;
use socket_file::SocketFile;

/// Who comes when as many are connected waits.
const MOST_CONNECTIONS: usize = 256;
/// How long a peer may take to send the head of a request, from the end of the one before.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// A head beyond these is answered 431 or 414.
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 16 * 1024;
/// How long one connection may last; then the peer connects again, and its user is looked up again.
const LONGEST_CONNECTION: Duration = Duration::from_secs(60);
/// How long a request that is being answered may still take when the connection or the service ends.
const GRACE: Duration = Duration::from_secs(5);
/// How long to wait when the system has no file descriptor for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// A Unix socket that answers for a [`SecretService`].
pub struct HttpServer {
    listener: StdListener,
    socket: SocketFile,
    endpoints: Arc<Endpoints>,
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
        if policy.is_empty() {
            warn!(
                "{}: no rule allows anything, so that nobody can read a secret here",
                path.display()
            );
        }
        let (listener, socket) = SocketFile::bind(path, mode)?;
        let endpoints = Arc::new(Endpoints { service, policy });
        Ok(Self {
            listener,
            socket,
            endpoints,
        })
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
        let Self {
            listener,
            socket,
            endpoints,
        } = self;
        let listener = UnixListener::from_std(listener)
            .map_err(|reason| HttpError::io(socket.path(), "be listened at", reason))?;
        let (ending, end) = watch::channel(());
        let mut connections = JoinSet::new();
        let permits = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        let mut shutdown = pin!(shutdown);
        loop {
            tokio::select! {
                () = shutdown.as_mut() => break,
                Some(_ended) = connections.join_next() => {}
                (stream, permit) = accept(&listener, &permits) => {
                    connections.spawn(serve(stream, permit, Arc::clone(&endpoints), end.clone()));
                }
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

async fn accept(
    listener: &UnixListener,
    permits: &Arc<Semaphore>,
) -> (UnixStream, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed: an error would only lift the limit.
    let permit = Arc::clone(permits).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _address)) => return (stream, permit),
            Err(reason) => {
                warn!("cannot accept a connection: {reason}");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Answers the requests of one connection.
async fn serve(
    stream: UnixStream,
    _permit: Option<OwnedSemaphorePermit>,
    endpoints: Arc<Endpoints>,
    mut end: watch::Receiver<()>,
) {
    let Some(peer) = peer_of(&stream, &endpoints.policy).await else {
        return;
    };
    let answer = service_fn(|request| {
        let (endpoints, peer) = (&endpoints, &peer);
        async move { Ok::<_, Infallible>(endpoints.answer(peer, request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), answer);
    let mut connection = pin!(connection);
    tokio::select! {
        // A peer that breaks off, or sends what is not HTTP, has had its answer from hyper.
        _ = connection.as_mut() => return,
        _ = end.changed() => {}
        () = sleep(LONGEST_CONNECTION) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(GRACE, connection).await;
}

/// Who is at the other end, from the kernel.
async fn peer_of(stream: &UnixStream, policy: &AccessPolicy) -> Option<Peer> {
    let credentials = stream
        .peer_cred()
        .inspect_err(|reason| warn!("the kernel does not say who connected: {reason}"))
        .ok()?;
    let peer = Peer {
        uid: credentials.uid(),
        gid: credentials.gid(),
        groups: Vec::new(),
    };
    if !policy.asks_for_groups() {
        return Some(peer);
    }
    // The user database may be a directory server far away.
    spawn_blocking(move || peer.with_groups()).await.ok()
}
