//! [`HeldEntries`]: what is served from an older snapshot although a newer one is there.
//!
//! keytool cannot overwrite: it deletes, then imports. So each rotation passes through a whole keystore
//! without the alias, and a user name and its password are two rotations.
//!
//! ```text
//! alias gone from the file               its last value is served for vanishGrace    Hold::Vanished
//! some aliases of a group have changed   the others' old values fit the old ones:
//!                                        these are served, until all have changed,
//!                                        at most for vanishGrace                     Hold::HeldBack
//! alias removed with `keyward delete`    gone at once: Revocations
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use super::revocation::Revocations;
use super::snapshot::Snapshot;
use super::state::Freshness;
use crate::keystore::Alias;

/// Why an entry is served from an older snapshot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Hold {
    /// The file has the alias no more.
    Vanished,
    /// Other aliases of its group have not changed yet.
    HeldBack,
}

#[derive(Clone)]
pub(super) struct HeldEntry {
    pub(super) from: Arc<Snapshot>,
    pub(super) why: Hold,
    until: Instant,
}

/// What is served from older snapshots, by folded alias as it is in the file.
#[derive(Clone, Default)]
pub(super) struct HeldEntries(BTreeMap<Box<str>, HeldEntry>);

/// What decides about holding entries.
pub(super) struct Grace<'a> {
    pub(super) longest: Duration,
    /// The groups' aliases as they are in the file.
    pub(super) groups: &'a [Vec<Alias>],
    pub(super) revocations: &'a Revocations,
    pub(super) now: Instant,
}

/// What is served: a snapshot, and what is held from older ones.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) snapshot: &'a Arc<Snapshot>,
    pub(super) held: &'a HeldEntries,
}

impl Hold {
    pub(super) const fn freshness(self) -> Freshness {
        match self {
            Self::Vanished => Freshness::Vanished,
            Self::HeldBack => Freshness::HeldBack,
        }
    }
}

impl HeldEntries {
    pub(super) fn get(&self, alias: &str) -> Option<&HeldEntry> {
        self.0.get(alias)
    }

    pub(super) fn count(&self, why: Hold) -> usize {
        self.0.values().filter(|entry| entry.why == why).count()
    }

    /// Aliases that are held for this reason.
    pub(super) fn aliases(&self, why: Hold) -> impl Iterator<Item = Alias> {
        let entries = self.0.iter().filter(move |(_, entry)| entry.why == why);
        entries.map(|(alias, _)| Alias::new(alias))
    }

    /// When the first of them is to be let go.
    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.0.values().map(|held| held.until).min()
    }

    /// What is to be held once `next` takes the place of `base`.
    pub(super) fn after(base: Base<'_>, next: &Arc<Snapshot>, grace: &Grace<'_>) -> Self {
        let mut held = Self::default();
        if grace.longest.is_zero() {
            return held;
        }
        let mut grouped = BTreeSet::new();
        for group in grace.groups {
            held.hold_group(base, next, group, grace);
            grouped.extend(group.iter());
        }
        let known = base.aliases();
        let gone = known
            .iter()
            .filter(|alias| next.fingerprint(alias.as_str()).is_none());
        for alias in gone.filter(|alias| !grouped.contains(alias)) {
            if !base.is_revoked(alias, grace) {
                held.hold(base, next, alias, base.deadline(&[alias], grace), grace.now);
            }
        }
        held
    }

    /// Holds what differs, unless every alias of the group that matters has a new value.
    fn hold_group(
        &mut self,
        base: Base<'_>,
        next: &Arc<Snapshot>,
        group: &[Alias],
        grace: &Grace<'_>,
    ) {
        let new = |alias: &Alias| next.fingerprint(alias.as_str());
        let is_gone_for_good =
            |alias: &Alias| new(alias).is_none() && base.is_revoked(alias, grace);
        let matters = |alias: &&Alias| {
            let is_known = base.fingerprint(alias).is_some() || new(alias).is_some();
            is_known && !is_gone_for_good(alias)
        };
        let members: Vec<&Alias> = group.iter().filter(matters).collect();
        let is_renewed =
            |alias: &&Alias| new(alias).is_some() && new(alias) != base.fingerprint(alias);
        if members.iter().all(is_renewed) {
            return;
        }
        let deadline = base.deadline(&members, grace);
        for alias in members {
            if base.fingerprint(alias) != new(alias) {
                self.hold(base, next, alias, deadline, grace.now);
            }
        }
    }

    fn hold(
        &mut self,
        base: Base<'_>,
        next: &Snapshot,
        alias: &Alias,
        until: Instant,
        now: Instant,
    ) {
        if until <= now || base.fingerprint(alias).is_none() {
            return;
        }
        let why = match next.fingerprint(alias.as_str()) {
            Some(_) => Hold::HeldBack,
            None => Hold::Vanished,
        };
        let held = base.held.get(alias.as_str());
        let from = held.map_or_else(|| Arc::clone(base.snapshot), |held| Arc::clone(&held.from));
        let entry = HeldEntry { from, why, until };
        self.0.insert(Box::from(alias.as_str()), entry);
    }
}

impl Base<'_> {
    /// The fingerprint of what is served under an alias.
    pub(super) fn fingerprint(&self, alias: &Alias) -> Option<[u8; 32]> {
        let held = self.held.get(alias.as_str());
        let snapshot = held.map_or(self.snapshot, |held| &held.from);
        snapshot.fingerprint(alias.as_str())
    }

    /// Every alias that is served.
    pub(super) fn aliases(&self) -> Vec<Alias> {
        let mut aliases = self.snapshot.aliases().to_vec();
        aliases.extend(self.held.aliases(Hold::Vanished));
        aliases
    }

    fn is_revoked(&self, alias: &Alias, grace: &Grace<'_>) -> bool {
        // What is removed is the file's entry, which may be newer than what is served.
        let in_file = self.snapshot.fingerprint(alias.as_str());
        let mut versions = self.fingerprint(alias).into_iter().chain(in_file);
        versions.any(|fingerprint| grace.revocations.contains(&fingerprint))
            || grace.revocations.revokes(alias, self.loaded_at(alias))
    }

    /// When what is served under an alias was loaded.
    fn loaded_at(&self, alias: &Alias) -> SystemTime {
        let held = self.held.get(alias.as_str());
        held.map_or(self.snapshot.loaded_at, |held| held.from.loaded_at)
    }

    /// A hold that goes on ends when it was to end.
    fn deadline(&self, aliases: &[&Alias], grace: &Grace<'_>) -> Instant {
        let held = aliases
            .iter()
            .filter_map(|alias| self.held.get(alias.as_str()));
        held.map(|held| held.until)
            .min()
            .unwrap_or(grace.now + grace.longest)
    }
}
