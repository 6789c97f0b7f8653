//! [`ServedKeystore`]: one keystore as readers see it, and what its watcher shares with them.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;

use super::alarm::Alarm;
use super::error::GetError;
use super::generations::Turn;
use super::held::{Base, HeldEntries};
use super::snapshot::{Snapshot, StoredSecret};
use super::state::{Freshness, State};
use super::subscription::Change;
use crate::document::{AliasReference, Configuration, KeystoreSettings};
use crate::keystore::{Alias, EntryKind};
use crate::secret::Secret;

/// One keystore of a running service.
pub(super) struct ServedKeystore {
    configuration: Arc<Configuration>,
    index: usize,
    /// What is served now; swapped as a whole.
    pub(super) published: ArcSwap<Published>,
    pub(super) alarm: Arc<Alarm>,
    pub(super) events_active: AtomicBool,
    /// How many contents were loaded, and how many could not be.
    pub(super) loads: AtomicU64,
    pub(super) failures: AtomicU64,
    last_check: Mutex<Option<SystemTime>>,
}

/// What is served of one keystore at one moment.
pub(super) struct Published {
    pub(super) identity: Arc<Identity>,
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// What is served from older snapshots instead.
    pub(super) held: Arc<HeldEntries>,
    /// Grows with whatever is served anew; 0 before anything is.
    pub(super) generation: u64,
    pub(super) state: State,
}

/// What a keystore is called, and where it is.
pub(super) struct Identity {
    pub(super) name: Arc<str>,
    pub(super) path: PathBuf,
    /// Folded to lower case, as aliases are.
    prefix: String,
}

/// A secret, and where it comes from.
#[derive(Clone)]
#[non_exhaustive]
pub struct Served {
    /// The value.
    pub secret: Arc<Secret>,
    /// What was served when it was read. Secrets of one keystore and one generation belong together.
    pub generation: u64,
    /// The generation that first had this value: another number means another value.
    pub since: u64,
    /// The keystore's name in the configuration.
    pub keystore: Arc<str>,
    /// How well it agrees with the file.
    pub freshness: Freshness,
}

/// A secret that is lent.
pub(super) struct Found<'published> {
    pub(super) secret: &'published Arc<Secret>,
    since: u64,
    freshness: Freshness,
}

impl ServedKeystore {
    pub(super) fn new(configuration: &Arc<Configuration>, index: usize) -> Self {
        let reason = Some(Arc::from("it has not been read yet"));
        let never = State::now(Freshness::NeverLoaded, reason);
        let published = Published {
            identity: Arc::new(Identity::of(&configuration.keystores[index])),
            snapshot: None,
            held: Arc::default(),
            generation: 0,
            state: never,
        };
        Self {
            configuration: Arc::clone(configuration),
            index,
            published: ArcSwap::from_pointee(published),
            alarm: Arc::default(),
            events_active: AtomicBool::new(false),
            loads: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            last_check: Mutex::new(None),
        }
    }

    pub(super) fn settings(&self) -> &KeystoreSettings {
        &self.configuration.keystores[self.index]
    }

    pub(super) fn path(&self) -> &Path {
        &self.settings().path
    }

    /// The aliases of this keystore that documents may mean.
    pub(super) fn referenced(&self) -> Vec<Alias> {
        referenced(&self.configuration.references, self.settings())
    }

    /// The groups' aliases as they are in this keystore.
    pub(super) fn groups(&self) -> Vec<Vec<Alias>> {
        let identity = Identity::of(self.settings());
        let stored = |alias: &String| Alias::new(&identity.stored_alias(alias));
        let groups = self.configuration.groups.iter();
        groups
            .map(|group| group.aliases.iter().map(stored).collect())
            .collect()
    }

    pub(super) fn snapshot(&self) -> Option<Arc<Snapshot>> {
        self.published.load().snapshot.clone()
    }

    /// Says how what is served stands.
    pub(super) fn restate(&self, state: State) {
        let served = self.published.load();
        self.published.store(Arc::new(Published {
            identity: Arc::clone(&served.identity),
            snapshot: served.snapshot.clone(),
            held: Arc::clone(&served.held),
            generation: served.generation,
            state,
        }));
    }

    /// Serves `snapshot` and what is held, says how it stands, in one step; then tells who listens.
    pub(super) fn publish(
        &self,
        turn: Turn<'_>,
        snapshot: Arc<Snapshot>,
        held: HeldEntries,
        state: State,
    ) {
        let previous = self.published.load_full();
        let next = Arc::new(Published {
            identity: Arc::clone(&previous.identity),
            snapshot: Some(snapshot),
            held: Arc::new(held),
            generation: turn.generation(),
            state,
        });
        let change = next.change_since(&previous);
        self.published.store(next);
        turn.end(&change);
    }

    pub(super) fn note_check(&self) {
        let mut last_check = self
            .last_check
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *last_check = Some(SystemTime::now());
    }

    pub(super) fn last_check(&self) -> Option<SystemTime> {
        *self
            .last_check
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn has_events(&self) -> bool {
        self.events_active.load(Ordering::Relaxed)
    }
}

/// The aliases of the keystore that these references may mean, each once.
pub(super) fn referenced(references: &[AliasReference], settings: &KeystoreSettings) -> Vec<Alias> {
    let identity = Identity::of(settings);
    let mut aliases: Vec<Alias> = references
        .iter()
        .filter(|reference| may_mean(reference, &settings.name))
        .map(|reference| Alias::new(&identity.stored_alias(&reference.alias)))
        .collect();
    aliases.sort();
    aliases.dedup();
    aliases
}

/// Whether a reference is to be looked up in the keystore of this name.
pub(super) fn may_mean(reference: &AliasReference, keystore: &str) -> bool {
    reference
        .keystore
        .as_deref()
        .is_none_or(|name| name == keystore)
}

impl Identity {
    pub(super) fn of(settings: &KeystoreSettings) -> Self {
        let prefix = match settings.alias_prefix.as_str() {
            "" => String::new(),
            prefix => Alias::new(prefix).as_str().to_owned(),
        };
        Self {
            name: Arc::from(settings.name.as_str()),
            path: settings.path.clone(),
            prefix,
        }
    }

    /// The folded alias in the file for an alias as it is asked for. Most are asked for as they are stored, and
    /// cost nothing then.
    pub(super) fn stored_alias<'alias>(&self, alias: &'alias str) -> Cow<'alias, str> {
        let is_folded = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
        if self.prefix.is_empty() && alias.bytes().all(is_folded) {
            return Cow::Borrowed(alias);
        }
        let folded = Alias::new(&format!("{}{alias}", self.prefix));
        Cow::Owned(folded.as_str().to_owned())
    }

    /// The alias to ask for to get this one; `None` if it is another instance's.
    pub(super) fn asked_alias<'alias>(&self, stored: &'alias Alias) -> Option<&'alias str> {
        stored.as_str().strip_prefix(self.prefix.as_str())
    }
}

impl Published {
    /// What this keystore says to an alias; `None` if it does not have it.
    pub(super) fn look_up(&self, alias: &str) -> Option<Result<Served, GetError>> {
        let found = self.find(alias)?;
        Some(found.map(|found| Served {
            secret: Arc::clone(found.secret),
            generation: self.generation,
            since: found.since,
            keystore: Arc::clone(&self.identity.name),
            freshness: found.freshness,
        }))
    }

    /// As [`Self::look_up`], lent.
    pub(super) fn find(&self, alias: &str) -> Option<Result<Found<'_>, GetError>> {
        let Some(snapshot) = &self.snapshot else {
            return Some(Err(self.not_loaded(alias)));
        };
        let stored = self.identity.stored_alias(alias);
        let (snapshot, freshness) = match self.held.get(&stored) {
            Some(held) => (&held.from, held.why.freshness()),
            None => (snapshot, self.state.freshness),
        };
        let Some(StoredSecret { decrypted, since }) = snapshot.secret(&stored) else {
            let kind = snapshot.kind(&stored)?;
            return Some(Err(self.not_a_secret(alias, kind)));
        };
        Some(match decrypted {
            Ok(secret) => Ok(Found {
                secret,
                since,
                freshness,
            }),
            Err(reason) => Err(GetError::Unreadable {
                alias: alias.to_owned(),
                path: self.identity.path.clone(),
                reason: Arc::clone(reason),
            }),
        })
    }

    /// What is served, unless nothing is yet.
    pub(super) fn base(&self) -> Option<Base<'_>> {
        let snapshot = self.snapshot.as_ref()?;
        let held = &*self.held;
        Some(Base { snapshot, held })
    }

    /// Which aliases are served otherwise than before.
    fn change_since(&self, previous: &Self) -> Change {
        let (before, now) = (previous.base(), self.base());
        let value = |base: Option<Base<'_>>, alias: &Alias| base?.fingerprint(alias);
        let aliases = |base: Option<Base<'_>>| base.map(|base| base.aliases()).unwrap_or_default();
        let asked = |alias: &Alias| self.identity.asked_alias(alias).map(str::to_owned);
        let (old, new) = (aliases(before), aliases(now));
        let changed = new
            .iter()
            .filter(|alias| value(before, alias) != value(now, alias));
        let removed = old.iter().filter(|alias| value(now, alias).is_none());
        Change {
            generation: self.generation,
            changed: changed.filter_map(asked).collect(),
            removed: removed.filter_map(asked).collect(),
        }
    }

    fn not_loaded(&self, alias: &str) -> GetError {
        GetError::NotLoaded {
            alias: alias.to_owned(),
            path: self.identity.path.clone(),
            reason: self.state.reason.clone().unwrap_or_default(),
        }
    }

    fn not_a_secret(&self, alias: &str, kind: &EntryKind) -> GetError {
        GetError::NotASecret {
            alias: alias.to_owned(),
            path: self.identity.path.clone(),
            kind: kind_word(kind).replace('-', " "),
        }
    }
}

/// The stable name of an entry's kind.
pub(super) const fn kind_word(kind: &EntryKind) -> &'static str {
    match kind {
        EntryKind::Secret => "secret",
        EntryKind::PrivateKey => "private-key",
        EntryKind::TrustedCertificate => "trusted-certificate",
        EntryKind::Opaque(_) => "opaque",
    }
}
