//! One connection: who is at the other end, its requests, and its end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::AsyncWrite as _;
use tokio::net::UnixStream;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tracing::warn;

use super::bounded_stream::BoundedStream;
use super::endpoints::{Asker, Endpoints};
use super::places::{Crowded, Place};
use super::reply;
use crate::service::{AccessPolicy, Peer};

/// A head beyond these is answered 431 or 414.
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 16 * 1024;
/// How long a request that is being answered may still take when the connection or the service ends.
const GRACE: Duration = Duration::from_secs(5);
/// How long, and for how many bytes, a peer that was refused may go on sending.
const FAREWELL: Duration = Duration::from_millis(500);
const LARGEST_FAREWELL: usize = 64 * 1024;

/// Answers the requests of one connection.
pub(super) async fn serve(
    stream: UnixStream,
    peer: Peer,
    _place: Place,
    endpoints: Arc<Endpoints>,
    mut end: watch::Receiver<()>,
) {
    let Some(peer) = with_groups(peer, &endpoints.policy).await else {
        return;
    };
    let limits = &endpoints.limits;
    let (closing, closed) = watch::channel(false);
    let asker = Asker { peer, closed };
    let answer = service_fn(|request| {
        let (endpoints, asker) = (&endpoints, &asker);
        async move { Ok::<_, Infallible>(endpoints.answer(asker, request).await) }
    });
    let stream = BoundedStream::new(stream, limits.write_timeout);
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), answer);
    tokio::select! {
        ended = &mut connection => {
            if ended.is_err_and(|error| error.is_timeout()) {
                say_timeout(&connection.into_parts().io.into_inner());
            }
            // A peer that breaks off, or sends what is not HTTP, has had its answer from hyper.
            return;
        }
        _ = end.changed() => {}
        () = sleep(limits.connection_age) => {}
    }
    // Who waits for changes is answered now.
    let _ = closing.send(true);
    Pin::new(&mut connection).graceful_shutdown();
    let _ = timeout(GRACE, connection).await;
}

/// A request that has begun and does not go on is answered; an idle connection is closed without a word.
fn say_timeout(stream: &BoundedStream) {
    if !stream.is_asked() {
        return;
    }
    let answer = reply::raw(
        StatusCode::REQUEST_TIMEOUT,
        "the head of the request did not arrive in time",
        "Send the whole request at once",
    );
    stream.say(&answer);
}

/// Says that there is no place, and why.
pub(super) async fn refuse(mut stream: UnixStream, crowded: Crowded) {
    let (status, error) = reply::crowded(crowded);
    let answer = reply::raw(
        status,
        error,
        "Close connections, or come again in a second",
    );
    // A new socket has room for it.
    if stream.try_write(&answer).is_err() {
        return;
    }
    let _ = poll_fn(|context| Pin::new(&mut stream).poll_shutdown(context)).await;
    // Closed before the request is read, the connection would be reset and the answer lost.
    let mut bytes = vec![0; LARGEST_FAREWELL];
    let _ = timeout(FAREWELL, async {
        while stream.readable().await.is_ok() {
            match stream.try_read(&mut bytes) {
                Ok(1..) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                _ => return,
            }
        }
    })
    .await;
}

/// Who is at the other end, from the kernel.
pub(super) fn peer_of(stream: &UnixStream) -> Option<Peer> {
    let credentials = stream
        .peer_cred()
        .inspect_err(|reason| warn!("the kernel does not say who connected: {reason}"))
        .ok()?;
    Some(Peer {
        uid: credentials.uid(),
        gid: credentials.gid(),
        groups: Vec::new(),
    })
}

async fn with_groups(peer: Peer, policy: &AccessPolicy) -> Option<Peer> {
    if !policy.asks_for_groups() {
        return Some(peer);
    }
    // The user database may be a directory server far away.
    spawn_blocking(move || peer.with_groups()).await.ok()
}
