//! The secret service: loads keystores, looks aliases up, and keeps in step with the files.
//!
//! ```text
//!              every retryDelay, or woken by the kernel
//! file --read, SHA-256, settled--> Watcher --opened, decrypted--> Snapshot --one swap--> readers
//!                                     |
//!                                     `--failed--> the last good Snapshot stays; State says why and since when
//! ```
//!
//! There is one [`SecretService`] for a configuration, one thread for each of its keystores, and no async
//! runtime. A reader never waits for a file, and never sees half of one.
//!
//! ```no_run
//! use keyward::document::Configuration;
//! use keyward::service::SecretService;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let configuration = Configuration::load("xml-examples/secret-service.xml".as_ref())?;
//! let service = SecretService::start(configuration)?;
//! let view = service.view(); // a user name and its password of one generation
//! let (user, password) = (view.get("db1")?, view.get("db1pass")?);
//! connect(user.secret.expose_text()?, password.secret.expose_bytes());
//! # Ok(())
//! # }
//! # fn connect(_user: &str, _password: &[u8]) {}
//! ```

#[cfg(unix)]
mod access;
mod alarm;
#[cfg(unix)]
mod alias_pattern;
#[cfg_attr(not(unix), allow(dead_code))]
mod audit;
#[cfg(unix)]
mod client_certificate;
mod confinement;
mod error;
mod file_content;
mod generations;
mod hardening;
mod held;
mod link_chain;
mod memory_lock;
mod open_store;
mod options;
mod path_events;
#[cfg(unix)]
mod peer;
#[cfg(unix)]
mod private_key;
mod reload;
mod resolution;
mod revocation;
mod served_keystore;
mod settling;
mod snapshot;
mod state;
mod status;
mod subscription;
mod timestamp;
#[cfg(unix)]
mod unit_policy;
mod view;
mod watcher;
#[cfg(unix)]
mod wildcard;

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

#[cfg(unix)]
pub use access::{AccessError, AccessPolicy};
#[cfg(unix)]
pub use client_certificate::ClientCertificate;
pub use confinement::Confinement;
pub use error::{GetError, LoadError, ServiceError};
pub use hardening::{Hardening, Sandbox};
pub use memory_lock::{MemoryLockError, lock_memory};
pub use open_store::StoreError;
pub use options::{AuditSink, OnStart, ServiceOptions, WatchMode};
#[cfg(unix)]
pub use peer::{Peer, Process};
#[cfg(unix)]
pub use private_key::PrivateKeyError;
pub use reload::{ReloadOutcome, ReloadReport};
pub use resolution::{Outcome, Resolution, ResolvedKeystore, resolve};
pub use revocation::note_revocation;
pub use served_keystore::Served;
pub use state::{Freshness, State};
pub use status::{KeystoreStatus, ServiceStatus};
pub use subscription::{Change, Subscription};
#[cfg(unix)]
pub use unit_policy::UnitPolicy;
pub use view::{ServedAlias, View};

use crate::Secret;
use crate::document::Configuration;
use crate::hexadecimal::hexadecimal;
use audit::AuditTrail;
#[cfg(all(unix, feature = "migrate"))]
pub(crate) use audit::LoginRecord;
use generations::Generations;
#[cfg(unix)]
pub(crate) use private_key::TrustedCertificate;
use served_keystore::ServedKeystore;
#[cfg(unix)]
pub(crate) use subscription::Listener;
#[cfg(unix)]
pub(crate) use timestamp::rfc3339;
use watcher::Watcher;

/// How long a reload that was asked for is waited for.
const LONGEST_RELOAD: Duration = Duration::from_secs(30);

/// Serves the secrets of a configuration's keystores. A clone is another handle to the same service; its
/// threads end when the last handle is dropped.
#[derive(Clone)]
pub struct SecretService(Arc<RunningService>);

struct RunningService {
    configuration: Arc<Configuration>,
    keystores: Vec<Arc<ServedKeystore>>,
    generations: Arc<Generations>,
    threads: Vec<JoinHandle<()>>,
    started_at: SystemTime,
    instance: String,
    hardening: Hardening,
}

impl SecretService {
    /// Loads every keystore and starts to watch their files.
    ///
    /// # Errors
    /// When the configuration names no keystore, or one of them cannot be loaded.
    pub fn start(configuration: Configuration) -> Result<Self, ServiceError> {
        let options = ServiceOptions::of(&configuration);
        Self::start_with(configuration, &options)
    }

    /// As [`start`](Self::start), with other options than the usual ones.
    ///
    /// # Errors
    /// As [`start`](Self::start); with [`OnStart::Wait`] not for a keystore that cannot be loaded.
    pub fn start_with(
        configuration: Configuration,
        options: &ServiceOptions,
    ) -> Result<Self, ServiceError> {
        if configuration.keystores.is_empty() {
            return Err(ServiceError::NoKeystore {
                document: configuration.path,
            });
        }
        let mut service = RunningService::new(configuration, options)?;
        let mut watchers = Vec::new();
        for keystore in &service.keystores {
            watchers.push(service.first_load(keystore, options)?);
        }
        for watcher in watchers {
            service.threads.push(spawn(watcher)?);
        }
        Ok(Self(Arc::new(service)))
    }

    /// The secret under `alias` (case does not matter), from what is served now.
    ///
    /// The first keystore, in the configuration's order, that has the alias decides. Two secrets that belong
    /// together are to be read through one [`view`](Self::view).
    ///
    /// # Errors
    /// When no keystore has the alias, it is not a secret, or it cannot be read.
    pub fn get(&self, alias: &str) -> Result<Served, GetError> {
        for keystore in &self.0.keystores {
            if let Some(found) = keystore.published.load().look_up(alias) {
                return found;
            }
        }
        Err(self.view().no_such_alias(alias))
    }

    /// What `read` makes of the secret under `alias`, which is lent to it. No reference is counted, so that any number of
    /// processors do this side by side without waiting for each other. `read` should be short: what it reads is not freed
    /// meanwhile.
    ///
    /// ```no_run
    /// # use keyward::{Secret, service::SecretService};
    /// # fn example(service: &SecretService, shown: &Secret) -> Result<(), Box<dyn std::error::Error>> {
    /// let is_the_token = service.with("token", |token| token.is_same_as(shown))?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub fn with<R>(&self, alias: &str, read: impl FnOnce(&Secret) -> R) -> Result<R, GetError> {
        for keystore in &self.0.keystores {
            if let Some(found) = keystore.published.load().find(alias) {
                return found.map(|found| read(found.secret));
            }
        }
        Err(self.view().no_such_alias(alias))
    }

    /// All keystores as they are served now.
    #[must_use]
    pub fn view(&self) -> View {
        let published = |keystore: &Arc<ServedKeystore>| keystore.published.load_full();
        View {
            keystores: self.0.keystores.iter().map(published).collect(),
        }
    }

    /// What every alias that the documents name comes to now.
    #[must_use]
    pub fn resolve(&self) -> Vec<Resolution> {
        resolution::resolve_in(&self.view(), &self.0.configuration.references)
    }

    /// How the service stands.
    #[must_use]
    pub fn status(&self) -> ServiceStatus {
        let keystores = self.0.keystores.iter();
        ServiceStatus {
            started_at: timestamp::rfc3339(self.0.started_at),
            instance: self.0.instance.clone(),
            hardening: self.0.hardening,
            keystores: keystores
                .map(|keystore| KeystoreStatus::of(keystore))
                .collect(),
        }
    }

    /// Looks at every file now, and waits for what comes of it: at least the settle time if one has changed,
    /// at most half a minute.
    #[must_use]
    pub fn reload(&self) -> Vec<ReloadReport> {
        let ask = |keystore: &Arc<ServedKeystore>| keystore.alarm.request();
        let requests: Vec<u64> = self.0.keystores.iter().map(ask).collect();
        let asked = self.0.keystores.iter().zip(requests);
        let deadline = Instant::now() + LONGEST_RELOAD;
        asked
            .map(|(keystore, request)| ReloadReport {
                keystore: keystore.settings().name.clone(),
                outcome: keystore
                    .alarm
                    .wait_for_answer(request, deadline.saturating_duration_since(Instant::now()))
                    .unwrap_or(ReloadOutcome::Unfinished),
            })
            .collect()
    }

    /// Looks at every file soon, without waiting (for signal handlers).
    pub fn wake(&self) {
        for keystore in &self.0.keystores {
            keystore.alarm.ring();
        }
    }

    /// Hears of every change from now on.
    #[must_use]
    pub fn subscribe(&self) -> Subscription {
        self.0.generations.subscribers.subscribe()
    }

    /// A random name of this run of the service: generations of another run mean something else.
    #[must_use]
    pub fn instance(&self) -> &str {
        &self.0.instance
    }

    /// `listener` hears of changes until it is dropped; it must not wait for anything.
    #[cfg(unix)]
    pub(crate) fn listen(&self, listener: &Arc<Listener>) {
        self.0.generations.subscribers.listen(listener);
    }

    #[cfg(unix)]
    pub(crate) fn audit(&self) -> &AuditTrail {
        &self.0.generations.audit
    }

    /// The configuration that the service was started with.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.0.configuration
    }
}

impl RunningService {
    fn new(configuration: Configuration, options: &ServiceOptions) -> Result<Self, ServiceError> {
        let audit = AuditTrail::open(&configuration.audit, options.audit).map_err(|reason| {
            ServiceError::Audit {
                path: configuration.audit.path.clone().unwrap_or_default(),
                document: configuration.path.clone(),
                reason,
            }
        })?;
        let configuration = Arc::new(configuration);
        let served = |index| Arc::new(ServedKeystore::new(&configuration, index));
        Ok(Self {
            keystores: (0..configuration.keystores.len()).map(served).collect(),
            generations: Arc::new(Generations::new(audit)),
            threads: Vec::new(),
            started_at: SystemTime::now(),
            instance: random_name()?,
            hardening: options.hardening,
            configuration,
        })
    }

    fn first_load(
        &self,
        keystore: &Arc<ServedKeystore>,
        options: &ServiceOptions,
    ) -> Result<Watcher, ServiceError> {
        let generations = Arc::clone(&self.generations);
        let mut watcher = Watcher::new(Arc::clone(keystore), generations, options.clone());
        let Err(reason) = watcher.load_first() else {
            return Ok(watcher);
        };
        if options.on_start == OnStart::Fail {
            let settings = keystore.settings();
            return Err(ServiceError::Keystore {
                name: settings.name.clone(),
                document: settings.document.clone(),
                line: settings.line,
                reason: Box::new(reason),
            });
        }
        watcher.wait_for_first(&reason);
        Ok(watcher)
    }
}

fn random_name() -> Result<String, ServiceError> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|reason| ServiceError::Random {
        reason: std::io::Error::other(reason.to_string()),
    })?;
    Ok(hexadecimal(&random).to_string())
}

fn spawn(watcher: Watcher) -> Result<JoinHandle<()>, ServiceError> {
    let thread = thread::Builder::new().name("keystore-watcher".to_owned());
    let spawned = thread.spawn(move || watcher.run());
    spawned.map_err(|reason| ServiceError::Thread { reason })
}

impl Drop for RunningService {
    fn drop(&mut self) {
        for keystore in &self.keystores {
            keystore.alarm.stop();
        }
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so itself.
            let _ = thread.join();
        }
        self.generations.subscribers.close();
    }
}
