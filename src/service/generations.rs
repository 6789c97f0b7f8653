//! [`Generations`]: counts what a service has served, over all its keystores.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::audit::AuditTrail;
use super::subscription::{Change, Subscribers};

/// What all watchers of a service share.
pub(super) struct Generations {
    latest: Mutex<u64>,
    pub(super) subscribers: Subscribers,
    pub(super) audit: AuditTrail,
}

/// The right to serve something new. One at a time, so that whoever hears of a generation has heard of all
/// before it.
pub(super) struct Turn<'a> {
    latest: MutexGuard<'a, u64>,
    subscribers: &'a Subscribers,
}

impl Generations {
    pub(super) fn new(audit: AuditTrail) -> Self {
        Self {
            latest: Mutex::new(0),
            subscribers: Subscribers::default(),
            audit,
        }
    }

    pub(super) fn take_turn(&self) -> Turn<'_> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        *latest += 1;
        Turn {
            latest,
            subscribers: &self.subscribers,
        }
    }
}

impl Turn<'_> {
    pub(super) fn generation(&self) -> u64 {
        *self.latest
    }

    /// Tells who listens, once the new values are served.
    pub(super) fn end(self, change: &Change) {
        self.subscribers.deliver(change);
    }
}
