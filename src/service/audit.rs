//! [`AuditTrail`]: one line for each read, denial and reload. Never a value.
//!
//! ```text
//! {"time":"2026-11-21T18:42:07.123Z","action":"read","outcome":"served","uid":1000,"gid":1000,"alias":"db1pass",
//!  "keystore":"main","generation":3,"state":"fresh"}
//! ```
//! Over TLS there are `certificate`, its subject, and `fingerprint` in place of `uid` and `gid`.
//!
//! Each is written with one call, so that lines do not mix. A file that was renamed (logrotate) is left and a new
//! one begun.

mod audit_file;

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde::Serialize;
use tracing::{error, info};

use audit_file::AuditFile;

#[cfg(unix)]
use super::error::GetError;
use super::options::AuditSink;
#[cfg(unix)]
use super::peer::Peer;
use super::reload::ReloadOutcome;
#[cfg(unix)]
use super::served_keystore::Served;
use super::timestamp::rfc3339;
use crate::document::{AuditDuty, AuditSettings};

/// Where a library's audit events go, in the field `line`.
const TARGET: &str = "keyward::audit";

/// Writes audit lines.
pub(crate) struct AuditTrail {
    sink: Sink,
    duty: AuditDuty,
    lost: AtomicU64,
    is_failing: AtomicBool,
}

enum Sink {
    Events,
    StandardError,
    File(Mutex<AuditFile>),
}

/// A line that had to be written could not be.
#[derive(Debug)]
pub(crate) struct NotRecorded;

/// What is recorded of a login. Never a password.
#[cfg(all(unix, feature = "migrate"))]
pub(crate) struct LoginRecord<'a> {
    pub(crate) client: &'a str,
    pub(crate) user: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) source: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
}

#[derive(Default, Serialize)]
struct Line<'a> {
    time: String,
    action: &'a str,
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gid: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keystore: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    generation: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

#[cfg(unix)]
impl<'a> Line<'a> {
    /// A line that says who asked.
    fn of(peer: &'a Peer) -> Self {
        match peer {
            Peer::Process(process) => Self {
                uid: Some(process.uid),
                gid: Some(process.gid),
                ..Self::default()
            },
            Peer::Certificate(certificate) => Self {
                certificate: Some(certificate.subject()),
                fingerprint: Some(certificate.fingerprint()),
                ..Self::default()
            },
            Peer::Address(address) => Self {
                address: Some(address.to_string().into()),
                ..Self::default()
            },
        }
    }
}

impl AuditTrail {
    /// # Errors
    /// When the file that the settings name cannot be opened for appending.
    pub(super) fn open(settings: &AuditSettings, sink: AuditSink) -> io::Result<Self> {
        let sink = match (&settings.path, sink) {
            (Some(path), _) => Sink::File(Mutex::new(AuditFile::open(path)?)),
            (None, AuditSink::Events) => Sink::Events,
            (None, AuditSink::StandardError) => Sink::StandardError,
        };
        Ok(Self {
            sink,
            duty: settings.duty,
            lost: AtomicU64::new(0),
            is_failing: AtomicBool::new(false),
        })
    }

    /// Someone asked for a secret and was allowed to.
    #[cfg(unix)]
    pub(crate) fn read(
        &self,
        peer: &Peer,
        alias: &str,
        result: &Result<Served, GetError>,
    ) -> Result<(), NotRecorded> {
        let reason = result.as_ref().err().map(GetError::problem);
        let served = result.as_ref().ok();
        self.record(Line {
            action: "read",
            outcome: if served.is_some() { "served" } else { "failed" },
            alias: Some(alias),
            keystore: served.map(|served| &*served.keystore),
            generation: served.map(|served| served.generation),
            state: served.map(|served| served.freshness.as_str()),
            reason: reason.as_deref(),
            ..Line::of(peer)
        })
    }

    /// Someone asked for what no rule allows.
    #[cfg(unix)]
    pub(crate) fn denied(&self, peer: &Peer, action: &str, alias: &str) {
        // Nothing is handed out, whether it is recorded or not.
        let _ = self.record(Line {
            action,
            outcome: "denied",
            alias: Some(alias),
            ..Line::of(peer)
        });
    }

    /// Someone connected over TCP without a certificate that is trusted.
    #[cfg(unix)]
    pub(crate) fn refused(&self, address: &str, reason: &str) {
        let _ = self.record(Line {
            action: "connect",
            outcome: "denied",
            address: Some(address.into()),
            reason: Some(reason),
            ..Line::default()
        });
    }

    /// A service manager asked for a unit's credential and was allowed to.
    pub(crate) fn credential(
        &self,
        uid: u32,
        unit: &str,
        alias: &str,
        served: &Served,
    ) -> Result<(), NotRecorded> {
        self.record(Line {
            action: "read",
            outcome: "served",
            uid: Some(uid),
            unit: Some(unit),
            alias: Some(alias),
            keystore: Some(&served.keystore),
            generation: Some(served.generation),
            state: Some(served.freshness.as_str()),
            ..Line::default()
        })
    }

    /// Someone asked for a credential that no rule allows, or under a unit's name that is not to be believed.
    pub(crate) fn credential_denied(&self, uid: u32, unit: &str, alias: &str, reason: &str) {
        // Nothing is handed out, whether it is recorded or not.
        let _ = self.record(Line {
            action: "read",
            outcome: "denied",
            uid: Some(uid),
            unit: Some(unit),
            alias: Some(alias),
            reason: Some(reason),
            ..Line::default()
        });
    }

    /// A secret is written into a tree, for whoever may read the file.
    pub(crate) fn delivered(
        &self,
        file: &Path,
        alias: &str,
        served: &Served,
    ) -> Result<(), NotRecorded> {
        self.record(Line {
            action: "tree",
            outcome: "served",
            file: Some(&file.to_string_lossy()),
            alias: Some(alias),
            keystore: Some(&served.keystore),
            generation: Some(served.generation),
            state: Some(served.freshness.as_str()),
            ..Line::default()
        })
    }

    /// A client of a migration service asked whether a password is right.
    #[cfg(all(unix, feature = "migrate"))]
    pub(crate) fn login(&self, peer: &Peer, login: &LoginRecord<'_>) -> Result<(), NotRecorded> {
        self.record(Line {
            action: "login",
            outcome: login.outcome,
            client: Some(login.client),
            user: Some(login.user),
            source: login.source,
            reason: login.reason,
            ..Line::of(peer)
        })
    }

    /// Someone asked a migration service and is none of its clients.
    #[cfg(all(unix, feature = "migrate"))]
    pub(crate) fn no_client(&self, peer: &Peer, reason: &str) {
        // Nothing is told, whether it is recorded or not.
        let _ = self.record(Line {
            action: "login",
            outcome: "denied",
            reason: Some(reason),
            ..Line::of(peer)
        });
    }

    /// Someone asked for what the service has or how it stands, or for a reload.
    #[cfg(unix)]
    pub(crate) fn asked(&self, peer: &Peer, action: &str) -> Result<(), NotRecorded> {
        self.record(Line {
            action,
            outcome: "served",
            ..Line::of(peer)
        })
    }

    /// A keystore was loaded, or could not be.
    pub(super) fn reload(&self, keystore: &str, outcome: &ReloadOutcome) {
        let mut line = Line {
            action: "reload",
            keystore: Some(keystore),
            ..Line::default()
        };
        match outcome {
            ReloadOutcome::Reloaded { generation } => {
                line.outcome = "loaded";
                line.generation = Some(*generation);
            }
            ReloadOutcome::Failed { state, reason } => {
                line.outcome = "failed";
                line.state = Some(state.as_str());
                line.reason = Some(reason);
            }
            ReloadOutcome::Unchanged { .. } | ReloadOutcome::Unfinished => return,
        }
        let _ = self.record(line);
    }

    /// An alias is served from an older load, or is so no more.
    pub(super) fn held(&self, keystore: &str, alias: &str, state: &str, outcome: &str) {
        let _ = self.record(Line {
            action: "hold",
            outcome,
            alias: Some(alias),
            keystore: Some(keystore),
            state: Some(state),
            ..Line::default()
        });
    }

    /// How many lines could not be written.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    fn record(&self, mut line: Line<'_>) -> Result<(), NotRecorded> {
        line.time = rfc3339(SystemTime::now());
        let Err(reason) = self.sink.write(&line) else {
            self.is_failing.store(false, Ordering::Relaxed);
            return Ok(());
        };
        self.lost.fetch_add(1, Ordering::Relaxed);
        if !self.is_failing.swap(true, Ordering::Relaxed) {
            error!(
                "audit lines cannot be written: {reason}. Make room, or see to the file's permissions"
            );
        }
        match self.duty {
            AuditDuty::BestEffort => Ok(()),
            AuditDuty::Required => Err(NotRecorded),
        }
    }
}

impl Sink {
    fn write(&self, line: &Line<'_>) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        match self {
            Self::Events => {
                info!(target: TARGET, line = %String::from_utf8_lossy(&text));
                Ok(())
            }
            Self::StandardError => {
                text.push(b'\n');
                io::stderr().lock().write_all(&text)
            }
            Self::File(file) => {
                text.push(b'\n');
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.append(&text)
            }
        }
    }
}
