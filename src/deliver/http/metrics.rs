//! `GET /metrics`: how the service stands, in Prometheus' text format 0.0.4.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use hyper::StatusCode;

use super::endpoints::Endpoints;
use super::hall::Hall;
use crate::service::{Freshness, Hardening, KeystoreStatus, Sandbox};

/// Counts what the server did.
#[derive(Default)]
pub(super) struct Counters {
    requests: Mutex<BTreeMap<u16, u64>>,
    denials: AtomicU64,
    refused: AtomicU64,
    failed_handshakes: AtomicU64,
}

impl Counters {
    pub(super) fn note_answer(&self, status: StatusCode) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry(status.as_u16()).or_default() += 1;
    }

    pub(super) fn note_denial(&self) {
        self.denials.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_refused(&self) {
        self.refused.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn note_failed_handshake(&self) {
        self.failed_handshakes.fetch_add(1, Ordering::Relaxed);
    }

    fn requests(&self) -> BTreeMap<u16, u64> {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.clone()
    }
}

/// One number of each keystore.
struct KeystoreMetric {
    name: &'static str,
    kind: Kind,
    help: &'static str,
    value: fn(&KeystoreStatus) -> u64,
}

#[derive(Clone, Copy)]
pub(super) enum Kind {
    Counter,
    Gauge,
}

const OF_KEYSTORES: [KeystoreMetric; 9] = [
    KeystoreMetric {
        name: "keyward_keystore_generation",
        kind: Kind::Gauge,
        help: "Grows with whatever is served anew",
        value: |keystore| keystore.generation.unwrap_or_default(),
    },
    KeystoreMetric {
        name: "keyward_keystore_state_seconds",
        kind: Kind::Gauge,
        help: "How long the keystore is in its state",
        value: |keystore| keystore.state_seconds,
    },
    KeystoreMetric {
        name: "keyward_keystore_age_seconds",
        kind: Kind::Gauge,
        help: "How long ago what is served was loaded",
        value: |keystore| keystore.age_seconds.unwrap_or_default(),
    },
    KeystoreMetric {
        name: "keyward_keystore_entries",
        kind: Kind::Gauge,
        help: "Entries of whatever kind",
        value: |keystore| keystore.entries as u64,
    },
    KeystoreMetric {
        name: "keyward_keystore_vanished",
        kind: Kind::Gauge,
        help: "Aliases that are served although the file has them no more",
        value: |keystore| keystore.vanished as u64,
    },
    KeystoreMetric {
        name: "keyward_keystore_held_back",
        kind: Kind::Gauge,
        help: "Aliases whose new value waits for the rest of their group",
        value: |keystore| keystore.held_back as u64,
    },
    KeystoreMetric {
        name: "keyward_keystore_events",
        kind: Kind::Gauge,
        help: "1 if the kernel tells of changes, 0 if the file is only polled",
        value: |keystore| u64::from(keystore.watcher == "events"),
    },
    KeystoreMetric {
        name: "keyward_keystore_loads_total",
        kind: Kind::Counter,
        help: "Contents that were loaded",
        value: |keystore| keystore.loads,
    },
    KeystoreMetric {
        name: "keyward_keystore_load_failures_total",
        kind: Kind::Counter,
        help: "Attempts to load that failed",
        value: |keystore| keystore.failures,
    },
];

/// The text.
pub(super) fn text(endpoints: &Endpoints) -> String {
    let mut metrics = Metrics::of(&endpoints.hall);
    metrics.single(
        "keyward_http_subscribers",
        Kind::Gauge,
        "Requests that wait for changes",
        endpoints.subscribers.taken() as u64,
    );
    metrics.text
}

#[derive(Default)]
pub(super) struct Metrics {
    pub(super) text: String,
}

impl Metrics {
    /// What every server has.
    pub(super) fn of(hall: &Hall) -> Self {
        let mut metrics = Self::default();
        let status = hall.service.status();
        metrics.keystores(&status.keystores);
        metrics.hardening(status.hardening);
        metrics.server(hall);
        metrics
    }

    fn keystores(&mut self, keystores: &[KeystoreStatus]) {
        for metric in &OF_KEYSTORES {
            self.head(metric.name, metric.kind, metric.help);
            for keystore in keystores {
                let labels = format!("keystore=\"{}\"", Escaped(&keystore.name));
                self.sample(metric.name, &labels, (metric.value)(keystore));
            }
        }
        let name = "keyward_keystore_state";
        self.head(name, Kind::Gauge, "1 for the state that the keystore is in");
        for keystore in keystores {
            for state in Freshness::OF_KEYSTORES {
                let labels = format!("keystore=\"{}\",state=\"{state}\"", Escaped(&keystore.name));
                self.sample(name, &labels, u64::from(keystore.state == state));
            }
        }
    }

    fn hardening(&mut self, hardening: Hardening) {
        self.single(
            "keyward_memory_locked",
            Kind::Gauge,
            "1 if no memory of the service is written to swap",
            u64::from(hardening.memory_locked),
        );
        let is_confined = matches!(hardening.sandbox, Sandbox::Enforced | Sandbox::Partial);
        self.single(
            "keyward_sandboxed",
            Kind::Gauge,
            "1 if the kernel confines the service to the files that it needs",
            u64::from(is_confined),
        );
    }

    fn server(&mut self, hall: &Hall) {
        let name = "keyward_http_requests_total";
        self.head(name, Kind::Counter, "Answered requests by status");
        for (status, count) in hall.counters.requests() {
            self.sample(name, &format!("status=\"{status}\""), count);
        }
        let counters = &hall.counters;
        self.single(
            "keyward_http_denials_total",
            Kind::Counter,
            "Requests that no rule allows",
            counters.denials.load(Ordering::Relaxed),
        );
        self.single(
            "keyward_http_refused_connections_total",
            Kind::Counter,
            "Connections beyond the limits",
            counters.refused.load(Ordering::Relaxed),
        );
        self.single(
            "keyward_https_failed_handshakes_total",
            Kind::Counter,
            "TLS handshakes that failed, for want of a trusted certificate or otherwise",
            counters.failed_handshakes.load(Ordering::Relaxed),
        );
        self.single(
            "keyward_http_connections",
            Kind::Gauge,
            "Open connections",
            hall.connections.taken() as u64,
        );
        self.single(
            "keyward_audit_lost_total",
            Kind::Counter,
            "Audit lines that could not be written",
            hall.service.audit().lost(),
        );
    }

    pub(super) fn head(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
        };
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "# HELP {name} {help}.\n# TYPE {name} {kind}");
    }

    pub(super) fn sample(&mut self, name: &str, labels: &str, value: u64) {
        let _ = match labels {
            "" => writeln!(self.text, "{name} {value}"),
            labels => writeln!(self.text, "{name}{{{labels}}} {value}"),
        };
    }

    pub(super) fn single(&mut self, name: &str, kind: Kind, help: &str, value: u64) {
        self.head(name, kind, help);
        self.sample(name, "", value);
    }
}

/// A label's value: `\`, `"` and line ends escaped.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '\\' => formatter.write_str("\\\\")?,
                '"' => formatter.write_str("\\\"")?,
                '\n' => formatter.write_str("\\n")?,
                other => formatter.write_char(other)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_cannot_end_its_quotes() {
        assert_eq!(Escaped("a\"b\\c\nd").to_string(), "a\\\"b\\\\c\\nd");
    }
}
