//! [`Listener`]: one place where connections come in, a Unix socket or a TCP address with TLS.

use std::net::{SocketAddr, TcpListener as StdTcpListener};
use std::os::unix::net::UnixListener as StdUnixListener;
use std::sync::Arc;
use std::time::Duration;
use std::{io, mem};

use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::watch as signal;
use tokio::task::{JoinSet, yield_now};
use tokio::time::sleep;
use tracing::{debug, warn};

use super::connection::{self, Stream};
use super::endpoints::Entrance;
use super::hall::{Answering, Hall};
use super::places::{Holder, Place};
use super::tls::{Refusal, TlsIdentity, shake_hands};
use crate::service::Peer;

/// How long to wait when the system has no file descriptor for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How many who are refused may be told so at the same time.
const MOST_REFUSALS: usize = 128;

/// One place where connections come in.
pub(super) struct Listener {
    bound: Bound,
    entrance: Arc<Entrance>,
}

enum Bound {
    Unix(StdUnixListener),
    Tls(StdTcpListener, Arc<TlsIdentity>),
}

/// The same in a runtime.
enum Accepting {
    Unix(UnixListener),
    Tls(TcpListener, Arc<TlsIdentity>),
}

/// A connection that nothing is known of yet.
enum Newcomer {
    Unix(UnixStream),
    Tcp(TcpStream, SocketAddr),
}

impl Listener {
    pub(super) fn unix(listener: StdUnixListener, entrance: Entrance) -> Self {
        Self {
            bound: Bound::Unix(listener),
            entrance: Arc::new(entrance),
        }
    }

    pub(super) fn tls(
        listener: StdTcpListener,
        identity: Arc<TlsIdentity>,
        entrance: Entrance,
    ) -> Self {
        Self {
            bound: Bound::Tls(listener, identity),
            entrance: Arc::new(entrance),
        }
    }

    /// Begins to listen in the runtime that this is called in. What it gives serves until `end` comes, and
    /// finishes the requests that are being answered then.
    pub(super) fn start<A: Answering>(
        self,
        answering: &Arc<A>,
        end: signal::Receiver<()>,
    ) -> io::Result<impl Future<Output = ()> + Send + use<A>> {
        let accepting = match self.bound {
            Bound::Unix(listener) => Accepting::Unix(UnixListener::from_std(listener)?),
            Bound::Tls(listener, identity) => {
                Accepting::Tls(TcpListener::from_std(listener)?, identity)
            }
        };
        let desk = Desk {
            answering: Arc::clone(answering),
            entrance: self.entrance,
            end,
        };
        Ok(desk.serve(accepting))
    }
}

/// Where connections are admitted.
struct Desk<A> {
    answering: Arc<A>,
    entrance: Arc<Entrance>,
    end: signal::Receiver<()>,
}

impl<A> Clone for Desk<A> {
    fn clone(&self) -> Self {
        Self {
            answering: Arc::clone(&self.answering),
            entrance: Arc::clone(&self.entrance),
            end: self.end.clone(),
        }
    }
}

impl<A: Answering> Desk<A> {
    fn hall(&self) -> &Hall {
        self.answering.hall()
    }

    async fn serve(mut self, accepting: Accepting) {
        let mut connections = JoinSet::new();
        let mut reloads = self.hall().changes.follow();
        loop {
            let newcomer = tokio::select! {
                _ = self.end.changed() => break,
                Some(_ended) = connections.join_next() => continue,
                Ok(()) = reloads.changed() => {
                    accepting.renew(&mut connections);
                    continue;
                }
                newcomer = accepting.accept() => newcomer,
            };
            match (newcomer, &accepting) {
                (Newcomer::Unix(stream), _) => self.admit_process(stream, &mut connections),
                (Newcomer::Tcp(stream, address), Accepting::Tls(_, identity)) => {
                    self.admit_stranger(stream, address, identity, &mut connections);
                }
                (Newcomer::Tcp(..), Accepting::Unix(_)) => {}
            }
            // Those who were let in are served, or told that they cannot be, before the next one comes.
            yield_now().await;
        }
        // Nobody new is let in while the last requests are answered.
        drop(accepting);
        while connections.join_next().await.is_some() {}
    }

    /// Serves the connection if there is a place for it, and says so if there is none.
    fn admit_process(&self, stream: UnixStream, connections: &mut JoinSet<()>) {
        let Some(peer) = connection::peer_of(&stream) else {
            return;
        };
        match self.hall().connections.take(Holder::of(&peer)) {
            Ok(place) => {
                connections.spawn(self.clone().converse(stream, peer, place));
            }
            Err(crowded) => {
                self.hall().counters.note_refused();
                if connections.len() < self.hall().connections.taken() + MOST_REFUSALS {
                    connections.spawn(connection::refuse(stream, crowded));
                }
            }
        }
    }

    /// Does the handshake first, if there is a place for one; only then is known who it is.
    fn admit_stranger(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        identity: &Arc<TlsIdentity>,
        connections: &mut JoinSet<()>,
    ) {
        let holder = Holder::of_address(address.ip());
        let Ok(place) = self.hall().handshakes.take(holder) else {
            self.hall().counters.note_refused();
            return;
        };
        let (desk, identity) = (self.clone(), Arc::clone(identity));
        connections.spawn(desk.welcome(stream, address, identity, place));
    }

    async fn welcome(
        mut self,
        stream: TcpStream,
        address: SocketAddr,
        identity: Arc<TlsIdentity>,
        handshake: Place,
    ) {
        let longest = self.hall().limits.handshake_timeout;
        let shaken = tokio::select! {
            _ = self.end.changed() => return,
            shaken = shake_hands(stream, identity, longest) => shaken,
        };
        let (stream, peer) = match shaken {
            Ok(shaken) => shaken,
            Err(refusal) => return self.note(&refusal, address),
        };
        match self.hall().connections.take(Holder::of(&peer)) {
            Ok(place) => {
                drop(handshake);
                self.converse(stream, peer, place).await;
            }
            Err(crowded) => {
                self.hall().counters.note_refused();
                connection::refuse(stream, crowded).await;
            }
        }
    }

    fn note(&self, refusal: &Refusal, address: SocketAddr) {
        self.hall().counters.note_failed_handshake();
        match refusal {
            Refusal::Certificate(reason) => {
                let audit = self.hall().service.audit();
                audit.refused(&address.to_string(), reason);
            }
            Refusal::Protocol(reason) => debug!("no TLS with {address}: {reason}"),
            Refusal::Unavailable => debug!("no TLS with {address}: there is no key to show"),
        }
    }

    async fn converse(self, stream: impl Stream, peer: Peer, place: Place) {
        connection::serve(stream, peer, self.entrance, place, self.answering, self.end).await;
    }
}

impl Accepting {
    async fn accept(&self) -> Newcomer {
        loop {
            let accepted = match self {
                Self::Unix(listener) => {
                    let accepted = listener.accept().await;
                    accepted.map(|(stream, _address)| Newcomer::Unix(stream))
                }
                Self::Tls(listener, _) => {
                    let accepted = listener.accept().await;
                    accepted.map(|(stream, address)| Newcomer::Tcp(stream, address))
                }
            };
            match accepted {
                Ok(newcomer) => return newcomer,
                Err(reason) => {
                    warn!("cannot accept a connection: {reason}");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    /// Looks at the keystores of TLS now, so that what is wrong with them is said at once.
    fn renew(&self, tasks: &mut JoinSet<()>) {
        let Self::Tls(_, identity) = self else {
            return;
        };
        let identity = Arc::clone(identity);
        tasks.spawn_blocking(move || mem::drop(identity.renew()));
    }
}
