//! One connection: who is at the other end, its requests, and its end.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::StatusCode;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use tracing::warn;

use super::bounded_stream::BoundedStream;
use super::endpoints::Entrance;
use super::hall::{Answering, Asker};
use super::places::{Crowded, Place};
use super::reply;
use crate::service::{AccessPolicy, Peer, Process};

/// A head beyond these is answered 431 or 414.
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 16 * 1024;
/// How long a request that is being answered may still take when the connection or the service ends.
const GRACE: Duration = Duration::from_secs(5);
/// How long a peer that was refused may go on sending, and how many bytes are read at once.
const FAREWELL: Duration = Duration::from_millis(500);
const LARGEST_FAREWELL: usize = 64 * 1024;

/// What carries a connection.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// Answers the requests of one connection.
pub(super) async fn serve<A: Answering>(
    stream: impl Stream,
    peer: Peer,
    entrance: Arc<Entrance>,
    _place: Place,
    answering: Arc<A>,
    mut end: watch::Receiver<()>,
) {
    let Some(peer) = with_groups(peer, &entrance.policy).await else {
        return;
    };
    let limits = &answering.hall().limits;
    let (closing, closed) = watch::channel(false);
    let asker = Asker {
        peer,
        entrance,
        closed,
    };
    let answer = service_fn(|request| {
        let (answering, asker) = (&answering, &asker);
        async move { Ok::<_, Infallible>(answering.answer(asker, request).await) }
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
                say_timeout(connection.into_parts().io.into_inner()).await;
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
async fn say_timeout(mut stream: BoundedStream<impl Stream>) {
    if !stream.is_asked() {
        return;
    }
    let answer = reply::raw(
        StatusCode::REQUEST_TIMEOUT,
        "the head of the request did not arrive in time",
        "Send the whole request at once",
    );
    let _ = timeout(FAREWELL, last_words(&mut stream, &answer)).await;
}

/// Says that there is no place, and why.
pub(super) async fn refuse(mut stream: impl Stream, crowded: Crowded) {
    let (status, error) = reply::crowded(crowded);
    let answer = reply::raw(
        status,
        error,
        "Close connections, or come again in a second",
    );
    let _ = timeout(FAREWELL, async {
        if last_words(&mut stream, &answer).await.is_err() {
            return;
        }
        // Closed before the request is read, the connection would be reset and the answer lost.
        let mut bytes = vec![0; LARGEST_FAREWELL];
        while matches!(stream.read(&mut bytes).await, Ok(1..)) {}
    })
    .await;
}

async fn last_words(stream: &mut impl Stream, answer: &[u8]) -> io::Result<()> {
    stream.write_all(answer).await?;
    stream.shutdown().await
}

/// Who is at the other end, from the kernel.
pub(super) fn peer_of(stream: &UnixStream) -> Option<Peer> {
    let credentials = stream
        .peer_cred()
        .inspect_err(|reason| warn!("the kernel does not say who connected: {reason}"))
        .ok()?;
    Some(Peer::Process(Process {
        uid: credentials.uid(),
        gid: credentials.gid(),
        groups: Vec::new(),
    }))
}

async fn with_groups(peer: Peer, policy: &AccessPolicy) -> Option<Peer> {
    match peer {
        Peer::Process(process) if policy.asks_for_groups() => {
            // The user database may be a directory server far away.
            let process = spawn_blocking(move || process.with_groups()).await.ok()?;
            Some(Peer::Process(process))
        }
        peer => Some(peer),
    }
}
