//! [`ServiceStatus`]: how a service stands, for people and for monitoring. The field names are stable.

use std::sync::atomic::Ordering;

use serde::Serialize;

use super::hardening::Hardening;
use super::held::Hold;
use super::served_keystore::ServedKeystore;
use super::state::Freshness;
use super::timestamp::rfc3339;
use crate::hexadecimal::hexadecimal;

/// How a service stands. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ServiceStatus {
    /// When the service started.
    pub started_at: String,
    /// A random name of this run: generations of another run mean something else.
    pub instance: String,
    /// What stands around the secrets in memory.
    pub hardening: Hardening,
    /// Its keystores, in the configuration's order.
    pub keystores: Vec<KeystoreStatus>,
}

/// How one keystore stands.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct KeystoreStatus {
    /// Its name in the configuration.
    pub name: String,
    /// The file.
    pub path: String,
    /// What the file's bytes are, not its extension: `PKCS12`, `JCEKS`, `JKS`.
    pub store_type: Option<String>,
    /// Grows with whatever is served anew.
    pub generation: Option<u64>,
    /// How well what is served agrees with the file.
    pub state: Freshness,
    /// Why it is not fresh.
    pub reason: Option<String>,
    /// Since when it is in this state.
    pub since: String,
    /// How long it has been in this state, in seconds.
    pub state_seconds: u64,
    /// When what is served was loaded.
    pub loaded_at: Option<String>,
    /// How old what is served is, in seconds.
    pub age_seconds: Option<u64>,
    /// How many contents of the file were loaded since the start.
    pub loads: u64,
    /// How many contents of the file, or passwords, did not do since the start.
    pub failures: u64,
    /// How many aliases are served although the file has them no more.
    pub vanished: usize,
    /// How many aliases have a new value that waits for the rest of their group.
    pub held_back: usize,
    /// SHA-256 of the file that is served, in hexadecimal.
    pub digest: Option<String>,
    /// How many entries it has, of whatever kind.
    pub entries: usize,
    /// When the file was last looked at.
    pub last_check: Option<String>,
    /// `events` when the kernel tells of changes, `poll` when it does not.
    pub watcher: &'static str,
    /// The poll's interval, in milliseconds.
    pub retry_delay_ms: u64,
}

impl KeystoreStatus {
    pub(super) fn of(keystore: &ServedKeystore) -> Self {
        let published = keystore.published.load();
        let snapshot = published.snapshot.as_ref();
        let retry_delay = keystore.settings().retry_delay.as_millis();
        Self {
            name: published.identity.name.to_string(),
            path: keystore.path().display().to_string(),
            store_type: snapshot.map(|snapshot| snapshot.type_name()),
            generation: snapshot.map(|_| published.generation),
            state: published.state.freshness,
            reason: published.state.reason.as_deref().map(str::to_owned),
            since: rfc3339(published.state.since),
            state_seconds: published.state.entered.elapsed().as_secs(),
            loaded_at: snapshot.map(|snapshot| rfc3339(snapshot.loaded_at)),
            age_seconds: snapshot.map(|snapshot| snapshot.loaded.elapsed().as_secs()),
            loads: keystore.loads.load(Ordering::Relaxed),
            failures: keystore.failures.load(Ordering::Relaxed),
            vanished: published.held.count(Hold::Vanished),
            held_back: published.held.count(Hold::HeldBack),
            digest: snapshot.map(|snapshot| hexadecimal(&snapshot.digest).to_string()),
            entries: snapshot.map_or(0, |snapshot| snapshot.aliases().len()),
            last_check: keystore.last_check().map(rfc3339),
            watcher: if keystore.has_events() {
                "events"
            } else {
                "poll"
            },
            retry_delay_ms: u64::try_from(retry_delay).unwrap_or(u64::MAX),
        }
    }
}
