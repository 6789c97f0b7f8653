//! [`Hall`]: what the listeners of a server share, whatever it answers; and [`Answering`], what answers.

use std::io;
use std::net::{SocketAddr, TcpListener};
#[cfg(feature = "migrate")]
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;

use hyper::Request;
use hyper::body::Incoming;
use tokio::sync::watch as signal;
use tokio::task::JoinSet;
use tracing::warn;

use super::change_log::ChangeLog;
use super::endpoints::Entrance;
use super::error::HttpError;
use super::limits::HttpLimits;
use super::listener::Listener;
use super::metrics::Counters;
use super::places::Places;
use super::reply::Reply;
use super::tls::{TlsIdentity, TlsSettings};
use crate::document::OnStart;
use crate::service::{Peer, SecretService};

/// What the listeners of a server share.
pub(super) struct Hall {
    pub(super) service: SecretService,
    pub(super) limits: HttpLimits,
    pub(super) changes: ChangeLog,
    pub(super) counters: Counters,
    pub(super) connections: Arc<Places>,
    pub(super) handshakes: Arc<Places>,
    /// How each TLS listener shows itself.
    pub(super) tls: Vec<Arc<TlsIdentity>>,
}

/// Who asks, on a connection that ends some time.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) peer: Peer,
    pub(super) entrance: Arc<Entrance>,
    /// Becomes true when the connection is to end.
    pub(super) closed: signal::Receiver<bool>,
}

/// What answers the requests that come in.
pub(super) trait Answering: Send + Sync + 'static {
    fn hall(&self) -> &Hall;

    fn answer(
        self: &Arc<Self>,
        asker: &Asker,
        request: Request<Incoming>,
    ) -> impl Future<Output = Reply> + Send;
}

impl Hall {
    pub(super) fn new(service: SecretService) -> Self {
        let limits = HttpLimits::default();
        Self {
            changes: ChangeLog::of(&service),
            counters: Counters::default(),
            connections: Places::new(limits.connections, limits.connections_of_one_peer),
            handshakes: Places::new(limits.handshakes, limits.handshakes_of_one_address),
            tls: Vec::new(),
            service,
            limits,
        }
    }

    pub(super) fn set_limits(&mut self, limits: HttpLimits) {
        self.connections = Places::new(limits.connections, limits.connections_of_one_peer);
        self.handshakes = Places::new(limits.handshakes, limits.handshakes_of_one_address);
        self.limits = limits;
    }

    /// Listens at a TCP address. `line` is that of the element that says so, `entrance` what holds there.
    pub(super) fn listen(
        &mut self,
        address: SocketAddr,
        settings: TlsSettings,
        line: usize,
        entrance: Entrance,
    ) -> Result<Listener, HttpError> {
        let configuration = self.service.configuration();
        let document = configuration.path.clone();
        let on_start = configuration.on_start;
        let (listener, address) = listen(address).map_err(|reason| HttpError::Address {
            document: document.clone(),
            line,
            address,
            reason,
        })?;
        let identity = Arc::new(TlsIdentity::new(self.service.clone(), settings, address));
        if let Some(reason) = identity.problem() {
            let error = HttpError::Tls {
                document,
                line,
                address,
                reason: Box::new(reason),
            };
            if on_start == OnStart::Fail {
                return Err(error);
            }
            warn!("{error}. It is looked at again when the keystore changes");
        }
        self.tls.push(Arc::clone(&identity));
        Ok(Listener::tls(listener, identity, entrance))
    }

    /// The TCP addresses, with the ports that the system chose.
    pub(super) fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        self.tls.iter().map(|identity| identity.address())
    }

    /// The document that says who may do what.
    #[cfg(feature = "migrate")]
    pub(super) fn document(&self) -> &Path {
        &self.service.configuration().path
    }
}

/// Answers until `shutdown` completes; then calls `closing`, and finishes the requests that are being answered.
pub(super) async fn run_until<A: Answering>(
    listeners: Vec<Listener>,
    answering: &Arc<A>,
    shutdown: impl Future<Output = ()>,
    closing: impl FnOnce(),
) -> Result<(), HttpError> {
    let (ending, end) = signal::channel(());
    let mut started = JoinSet::new();
    for listener in listeners {
        let serving = listener.start(answering, end.clone());
        started.spawn(serving.map_err(HttpError::runtime)?);
    }
    pin!(shutdown).await;
    closing();
    drop(ending);
    while started.join_next().await.is_some() {}
    Ok(())
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
