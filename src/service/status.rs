//! [`ServiceStatus`]: how a service stands, for people and for monitoring. The field names are stable.

use std::fmt::Write as _;

use serde::Serialize;

use super::served_keystore::ServedKeystore;
use super::state::Freshness;
use super::timestamp::rfc3339;

/// How a service stands. Times are RFC 3339 in UTC.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ServiceStatus {
    /// When the service started.
    pub started_at: String,
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
    /// The load that is served.
    pub generation: Option<u64>,
    /// How well what is served agrees with the file.
    pub state: Freshness,
    /// Why it is not fresh.
    pub reason: Option<String>,
    /// Since when it is in this state.
    pub since: String,
    /// When what is served was loaded.
    pub loaded_at: Option<String>,
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
            store_type: snapshot.map(|snapshot| snapshot.store_type().to_string()),
            generation: snapshot.map(|snapshot| snapshot.generation),
            state: published.state.freshness,
            reason: published.state.reason.as_deref().map(str::to_owned),
            since: rfc3339(published.state.since),
            loaded_at: snapshot.map(|snapshot| rfc3339(snapshot.loaded_at)),
            digest: snapshot.map(|snapshot| hexadecimal(&snapshot.digest)),
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

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
