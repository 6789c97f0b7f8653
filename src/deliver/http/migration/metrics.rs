//! `GET /metrics` of a migration service, and [`LoginCounters`].

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::endpoints::MigrationEndpoints;
use super::outcome::Outcome;
use crate::deliver::http::metrics::{Escaped, Kind, Metrics};

/// Counts logins by client and outcome; clients are those of the configuration, so that it stays small.
#[derive(Default)]
pub(super) struct LoginCounters {
    logins: Mutex<BTreeMap<(String, Outcome), u64>>,
    work: AtomicU64,
}

impl LoginCounters {
    pub(super) fn note(&self, client: &str, outcome: Outcome) {
        let mut logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        *logins.entry((client.to_owned(), outcome)).or_default() += 1;
    }

    pub(super) fn note_work(&self, work: u64) {
        self.work.fetch_add(work, Ordering::Relaxed);
    }

    /// How many came to each outcome, whichever client asked.
    pub(super) fn by_outcome(&self) -> BTreeMap<&'static str, u64> {
        let mut sums = BTreeMap::new();
        for ((_, outcome), count) in self.logins() {
            *sums.entry(outcome.name()).or_default() += count;
        }
        sums
    }

    fn logins(&self) -> BTreeMap<(String, Outcome), u64> {
        let logins = self.logins.lock().unwrap_or_else(PoisonError::into_inner);
        logins.clone()
    }
}

/// The text.
pub(super) fn text(endpoints: &MigrationEndpoints) -> String {
    let mut metrics = Metrics::of(&endpoints.hall);
    let name = "keyward_migration_logins_total";
    metrics.head(name, Kind::Counter, "Logins by client and outcome");
    for ((client, outcome), count) in endpoints.counters.logins() {
        let labels = format!(
            "client=\"{}\",outcome=\"{}\"",
            Escaped(&client),
            outcome.name()
        );
        metrics.sample(name, &labels, count);
    }
    metrics.single(
        "keyward_migration_under_way",
        Kind::Gauge,
        "Logins that are worked on or wait",
        endpoints.under_way() as u64,
    );
    metrics.single(
        "keyward_migration_work_total",
        Kind::Counter,
        "Work of the hash functions that logins have cost, in steps",
        endpoints.counters.work.load(Ordering::Relaxed),
    );
    metrics.single(
        "keyward_migration_ended",
        Kind::Gauge,
        "1 if no legacy source is asked any more",
        u64::from(endpoints.just_in_time.has_ended()),
    );
    metrics.text
}
