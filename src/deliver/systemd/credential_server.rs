//! [`CredentialServer`]: the socket that `LoadCredential=` reads from.
//!
//! systemd connects, and takes what comes until the end of the stream as the credential. So there is no way to say no:
//! a stream that ends without a byte is an empty password. A request that cannot be granted is held open instead; the
//! unit's start waits until it can be (the alias appears, the keystore is readable), or fails when its `TimeoutStartSec=`
//! is over. The log says why.
//!
//! Only the manager is believed: root's, or, where the configuration says so, the one of the user who runs the service.
//! When the service is to end, nobody new is heard, and it goes on until those whose requests are held have gone: an end
//! before that would be an empty credential.

use std::collections::{BTreeMap, BTreeSet};
use std::os::fd::AsFd as _;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{sleep, timeout};
use tracing::{info, warn};

use super::credential_request::CredentialRequest;
use crate::deliver::bell::Bell;
use crate::deliver::unix_socket::{SocketError, UnixSocket};
use crate::document::{CredentialSocketSettings, Manager};
use crate::service::{Process, SecretService, Served, UnitPolicy};

/// How many requests are held at a time; more wait in the kernel's queue.
const MOST_HELD: usize = 256;
/// A request that is held is looked at this often, whether something has changed or not.
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// How often it is looked whether a manager that waits is still there.
const LISTEN_PERIOD: Duration = Duration::from_millis(250);
/// How long to wait when the system has no file descriptor for a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// systemd takes a mebibyte for all credentials of a unit.
const LARGEST: usize = 1024 * 1024;

/// The socket that `LoadCredential=` reads from.
pub struct CredentialServer {
    socket: UnixSocket,
    desk: Desk,
}

/// What answers requests.
struct Desk {
    service: SecretService,
    manager: Manager,
    policy: UnitPolicy,
    /// Aliases by the names of credentials that are not their alias.
    aliases: BTreeMap<String, String>,
    /// What was said of requests that are held, so that it is said once.
    said: Mutex<BTreeSet<String>>,
    document: PathBuf,
}

impl CredentialServer {
    /// Answers at `socket` by these settings.
    #[must_use]
    pub fn new(
        socket: UnixSocket,
        settings: &CredentialSocketSettings,
        service: SecretService,
    ) -> Self {
        let names = settings.names.iter();
        let desk = Desk {
            manager: settings.manager,
            policy: UnitPolicy::of(&settings.rules),
            aliases: names
                .map(|named| (named.name.clone(), named.alias.clone()))
                .collect(),
            said: Mutex::default(),
            document: service.configuration().path.clone(),
            service,
        };
        Self { socket, desk }
    }

    /// Answers until `shutdown` completes, and then until no request is held any more. To be called in a tokio runtime.
    ///
    /// # Errors
    /// When the runtime cannot take over the socket.
    pub async fn run_until(self, shutdown: impl Future<Output = ()>) -> Result<(), SocketError> {
        let Self { socket, desk } = self;
        let path = socket.path().to_owned();
        let (listener, file) = socket.into_parts();
        let listener = UnixListener::from_std(listener)
            .map_err(|reason| SocketError::io(&path, "be listened at", reason))?;
        let bell = Bell::of(&desk.service);
        let desk = Arc::new(desk);
        let places = Arc::new(Semaphore::new(MOST_HELD));
        let mut requests = JoinSet::new();
        let mut shutdown = pin!(shutdown);
        loop {
            let place = Arc::clone(&places).acquire_owned();
            let come = async { (place.await, accept(&listener).await) };
            let (place, stream) = tokio::select! {
                () = shutdown.as_mut() => break,
                come = come => come,
            };
            let (desk, rung) = (Arc::clone(&desk), bell.rung());
            requests.spawn(async move {
                desk.answer(stream, rung).await;
                drop(place);
            });
            while requests.try_join_next().is_some() {}
        }
        drop(listener);
        drop(file);
        while requests.try_join_next().is_some() {}
        if !requests.is_empty() {
            warn!(
                "{}: the service ends when {} units that wait for a credential have given up: an end before that would give them empty ones",
                path.display(),
                requests.len()
            );
        }
        while requests.join_next().await.is_some() {}
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

impl Desk {
    async fn answer(&self, stream: UnixStream, rung: watch::Receiver<()>) {
        let Ok(credentials) = stream.peer_cred() else {
            return;
        };
        let uid = credentials.uid();
        let is_manager = self.manager.is(uid);
        let Some(request) = request_of(&stream) else {
            self.say_once(format!(
                "uid {uid} connected to the socket for credentials and is not LoadCredential= of systemd. Ask at the <socket> for HTTP"
            ));
            if is_manager {
                gone(&stream).await;
            }
            return;
        };
        let alias = self.aliases.get(&request.credential);
        let alias = alias.unwrap_or(&request.credential);
        // Whoever is at the other end chose the name of the unit.
        if !is_manager {
            let reason = "only the service manager may ask for credentials";
            self.deny(uid, &request, alias, reason);
            return;
        }
        if !self.policy.may_read(&request.unit, alias) {
            let reason = "no rule allows the unit to get this alias";
            self.deny(uid, &request, alias, reason);
            warn!(
                "{request}: {reason}; the unit's start waits until its timeout. Add <allow unit=\"{}\" aliases=\"{alias}\"/> to the <credentials> of {}; it counts from the next start of the service",
                request.unit,
                self.document.display()
            );
            gone(&stream).await;
            return;
        }
        if let Some(served) = self.wait_for(&request, alias, &stream, rung).await {
            self.hand_over(uid, &request, alias, stream, served).await;
        }
    }

    fn deny(&self, uid: u32, request: &CredentialRequest, alias: &str, reason: &str) {
        let audit = self.service.audit();
        audit.credential_denied(uid, &request.unit, alias, reason);
    }

    /// The secret, as soon as it can be served; `None` if the manager does not wait any longer.
    async fn wait_for(
        &self,
        request: &CredentialRequest,
        alias: &str,
        stream: &UnixStream,
        mut rung: watch::Receiver<()>,
    ) -> Option<Served> {
        loop {
            rung.mark_unchanged();
            let (service, asked) = (self.service.clone(), alias.to_owned());
            // What no document names is decrypted now: not on this thread.
            let found = spawn_blocking(move || service.get(&asked)).await.ok()?;
            let reason = match found {
                Ok(served) if served.secret.len() <= LARGEST => return Some(served),
                Ok(_) => {
                    format!("the secret {alias} is larger than systemd takes. Store a smaller one")
                }
                Err(error) => error.to_string(),
            };
            self.say_once(format!("{request}: the unit's start waits: {reason}"));
            tokio::select! {
                () = gone(stream) => return None,
                _ = timeout(LONGEST_WAIT, rung.changed()) => {}
            }
        }
    }

    async fn hand_over(
        &self,
        uid: u32,
        request: &CredentialRequest,
        alias: &str,
        mut stream: UnixStream,
        served: Served,
    ) {
        let audit = self.service.audit();
        if audit
            .credential(uid, &request.unit, alias, &served)
            .is_err()
        {
            self.say_once(format!(
                "{request}: is not handed over, because its audit line cannot be written and audit=\"required\""
            ));
            gone(&stream).await;
            return;
        }
        let secret = served.secret.expose_bytes();
        // Without a limit: what breaks off in the middle would count as whole.
        match stream.write_all(secret).await {
            Ok(()) => info!("{request}: handed over, alias {alias}"),
            Err(reason) => warn!("{request}: {reason}"),
        }
    }

    fn say_once(&self, what: String) {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        // Forgetting everything now and then keeps it small; a line too many does no harm.
        if said.len() >= MOST_HELD {
            said.clear();
        }
        if !said.contains(&what) {
            warn!("{what}");
            said.insert(what);
        }
    }
}

impl Manager {
    /// Whether a process of this user may be the manager.
    fn is(self, uid: u32) -> bool {
        match self {
            Self::System => uid == 0,
            Self::User => uid == unistd::geteuid().as_raw() && !Process::stands_for_many(uid),
        }
    }
}

/// Completes when the other end has been closed. systemd closes its direction of the connection at once, so that
/// reading says nothing of that.
async fn gone(stream: &UnixStream) {
    while !has_hung_up(stream) {
        sleep(LISTEN_PERIOD).await;
    }
}

fn has_hung_up(stream: &UnixStream) -> bool {
    let mut asked = [PollFd::new(stream.as_fd(), PollFlags::empty())];
    let closed = PollFlags::POLLHUP | PollFlags::POLLERR;
    let answered = poll(&mut asked, PollTimeout::ZERO).is_ok();
    answered
        && asked[0]
            .revents()
            .is_some_and(|events| events.intersects(closed))
}

/// What the name of the other end states. (The address that `accept` gives has no abstract name.)
#[cfg(target_os = "linux")]
fn request_of(stream: &UnixStream) -> Option<CredentialRequest> {
    use std::os::linux::net::SocketAddrExt as _;
    let address = std::os::unix::net::SocketAddr::from(stream.peer_addr().ok()?);
    CredentialRequest::parse(address.as_abstract_name()?)
}

/// Only Linux has the abstract namespace.
#[cfg(not(target_os = "linux"))]
fn request_of(_stream: &UnixStream) -> Option<CredentialRequest> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_manager_is_root_s_and_a_user_s_own_is_nobody_else_s() {
        let own = unistd::geteuid().as_raw();
        assert!(Manager::System.is(0) && !Manager::System.is(1000));
        assert!(Manager::User.is(own) && !Manager::User.is(own + 1));
        // Whoever the kernel cannot name.
        assert!(!Manager::System.is(65_534) && !Manager::User.is(65_534));
    }
}
