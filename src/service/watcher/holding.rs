//! What a watcher goes on serving from an older snapshot, and when it lets go.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Watcher;
use crate::keystore::Alias;
use crate::service::held::{Grace, HeldEntries, Hold};
use crate::service::revocation::Revocations;
use crate::service::snapshot::Snapshot;

impl Watcher {
    /// What goes on being served of what is served now, once `next` is there.
    pub(super) fn held_after(&self, next: &Arc<Snapshot>) -> HeldEntries {
        let published = self.keystore.published.load();
        let Some(base) = published.base() else {
            return HeldEntries::default();
        };
        let grace = Grace {
            longest: self.keystore.settings().vanish_grace,
            groups: &self.groups,
            revocations: &Revocations::of(self.keystore.path()),
            now: Instant::now(),
        };
        HeldEntries::after(base, next, &grace)
    }

    /// Lets go what was held for long enough.
    pub(super) fn let_go(&self) {
        if !self.next_release().is_zero() {
            return;
        }
        let published = self.keystore.published.load_full();
        let Some(snapshot) = published.snapshot.clone() else {
            return;
        };
        let held = self.held_after(&snapshot);
        self.report_holds(&held);
        let turn = self.generations.take_turn();
        let state = published.state.clone();
        self.keystore.publish(turn, snapshot, held, state);
    }

    /// How long until something is let go.
    pub(super) fn next_release(&self) -> Duration {
        let deadline = self.keystore.published.load().held.next_deadline();
        deadline.map_or(Duration::MAX, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        })
    }

    pub(super) fn report_holds(&self, next: &HeldEntries) {
        let published = self.keystore.published.load();
        let (before, name) = (&published.held, &published.identity.name);
        let audit = &self.generations.audit;
        for hold in [Hold::Vanished, Hold::HeldBack] {
            let is_new = |alias: &Alias| before.get(alias.as_str()).is_none();
            for alias in next.aliases(hold).filter(is_new) {
                audit.held(name, alias.as_str(), hold.freshness().as_str(), "begun");
            }
            let is_over = |alias: &Alias| next.get(alias.as_str()).is_none();
            for alias in before.aliases(hold).filter(is_over) {
                audit.held(name, alias.as_str(), hold.freshness().as_str(), "over");
            }
        }
    }
}
