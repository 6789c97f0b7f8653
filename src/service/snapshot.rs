//! [`Snapshot`]: what one successful load of a keystore file holds.
//!
//! A snapshot never changes. The secrets that documents name are decrypted when it is loaded, the others
//! when they are first asked for, each of them once. A secret whose stored bytes are those of the
//! snapshot before is taken over from there, so that a reload costs what changed.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::{Instant, SystemTime};

use foldhash::fast::RandomState;

use super::error::LoadError;
use super::file_content::{Digest, FileContent};
use super::open_store::{OpenStore, StoreError};
use crate::document::{KeystoreSettings, StoreFormat};
use crate::keystore::{Alias, EntryKind, StoreType};
#[cfg(unix)]
use crate::keystore::{KeystoreError, PrivateKey};
use crate::secret::Secret;

type Decrypted = Result<Arc<Secret>, Arc<StoreError>>;

/// A secret of a snapshot.
pub(super) struct StoredSecret<'snapshot> {
    pub(super) decrypted: &'snapshot Decrypted,
    /// The load that first had its stored bytes.
    pub(super) since: u64,
}

/// One loaded keystore.
pub(super) struct Snapshot {
    /// Counts the loads of the service, over all its keystores, from 1.
    pub(super) generation: u64,
    pub(super) digest: Digest,
    pub(super) loaded_at: SystemTime,
    pub(super) loaded: Instant,
    store: OpenStore,
    password: Secret,
    /// In the file's order.
    aliases: Vec<Alias>,
    /// By folded alias.
    entries: HashMap<Box<str>, SnapshotEntry, RandomState>,
}

struct SnapshotEntry {
    kind: EntryKind,
    fingerprint: [u8; 32],
    /// The load that first had these bytes, if that is an earlier one.
    since: Option<u64>,
    decrypted: OnceLock<Decrypted>,
}

impl Snapshot {
    /// Opens the content and decrypts `referenced`. Its generation is 0 until it is published.
    ///
    /// An alias that cannot be decrypted makes the load fail only where `previous` could decrypt it:
    /// the last good values are better than none. A vault without a secret fails where `previous` had some.
    pub(super) fn load(
        settings: &KeystoreSettings,
        file: &FileContent,
        password: Secret,
        referenced: &[Alias],
        previous: Option<&Self>,
    ) -> Result<Self, LoadError> {
        let opened = catch_unwind(AssertUnwindSafe(|| {
            let mut snapshot = Self::open(settings, file, password, previous)?;
            snapshot.decrypt_all(referenced);
            Ok(snapshot)
        }));
        let path = settings.path.clone();
        let snapshot = match opened {
            Ok(Ok(snapshot)) => snapshot,
            Ok(Err(reason)) => return Err(LoadError::Keystore { path, reason }),
            Err(_panic) => return Err(LoadError::Defect { path }),
        };
        if let Some(before) = snapshot.emptied_of(settings, previous) {
            return Err(LoadError::Emptied { path, before });
        }
        match snapshot.first_lost(referenced, previous) {
            Some(reason) => Err(LoadError::Entry { path, reason }),
            None => Ok(snapshot),
        }
    }

    fn open(
        settings: &KeystoreSettings,
        file: &FileContent,
        password: Secret,
        previous: Option<&Self>,
    ) -> Result<Self, StoreError> {
        let store = OpenStore::open(&settings.format, &settings.path, &file.bytes, &password)?;
        let previous = previous.filter(|previous| previous.password.is_same_as(&password));
        let stored = store.entries();
        let mut aliases = Vec::with_capacity(stored.len());
        let mut entries = HashMap::with_capacity_and_hasher(stored.len(), RandomState::default());
        for entry in stored {
            let same =
                previous.and_then(|previous| previous.unchanged(&entry.alias, &entry.fingerprint));
            let since = same.map(|(since, _)| since);
            let decrypted = same
                .and_then(|(_, unchanged)| unchanged.decrypted.get()?.as_ref().ok().cloned())
                .map_or_else(OnceLock::new, |secret| OnceLock::from(Ok(secret)));
            let slot = SnapshotEntry {
                kind: entry.kind,
                fingerprint: entry.fingerprint,
                since,
                decrypted,
            };
            let name = entry.alias.as_str();
            let opaque = matches!(slot.kind, EntryKind::Opaque(_));
            // What Java does not show never stands before what it shows.
            if opaque && entries.contains_key(name) {
                continue;
            }
            if entries.insert(Box::from(name), slot).is_none() {
                aliases.push(entry.alias);
            }
        }
        Ok(Self {
            generation: 0,
            digest: file.digest,
            loaded_at: SystemTime::now(),
            loaded: Instant::now(),
            store,
            password,
            aliases,
            entries,
        })
    }

    /// Decrypts what is not decrypted yet, the keys derived side by side.
    fn decrypt_all(&mut self, aliases: &[Alias]) {
        let is_missing = |alias: &&Alias| {
            let entry = self.entries.get(alias.as_str());
            entry.is_some_and(|entry| entry.decrypted.get().is_none())
        };
        let missing: Vec<Alias> = aliases.iter().filter(is_missing).cloned().collect();
        self.store.derive_ahead(&missing);
        for alias in &missing {
            let _ = self.secret(alias.as_str());
        }
        self.store.forget_derived_keys();
    }

    /// The entry under `alias` if its stored bytes have this fingerprint, and the load that first had them.
    fn unchanged(&self, alias: &Alias, fingerprint: &[u8; 32]) -> Option<(u64, &SnapshotEntry)> {
        let entry = self.entries.get(alias.as_str())?;
        if entry.fingerprint != *fingerprint {
            return None;
        }
        Some((entry.since.unwrap_or(self.generation), entry))
    }

    /// How many secrets `previous` had, where none is left in a vault. A keystore cannot be emptied by accident: it has
    /// a MAC. An editor that truncates, or a full disk, leaves a text of no bytes.
    fn emptied_of(&self, settings: &KeystoreSettings, previous: Option<&Self>) -> Option<usize> {
        if settings.format == StoreFormat::Keystore || !self.aliases.is_empty() {
            return None;
        }
        let before = previous?.aliases.len();
        (before > 0).then_some(before)
    }

    fn first_lost(&self, referenced: &[Alias], previous: Option<&Self>) -> Option<Arc<StoreError>> {
        let previous = previous?;
        referenced.iter().find_map(|alias| {
            let reason = self.secret(alias.as_str())?.decrypted.as_ref().err()?;
            let was_readable = previous.secret(alias.as_str())?.decrypted.is_ok();
            was_readable.then(|| Arc::clone(reason))
        })
    }

    /// The secret under a folded alias, decrypted now if it was not before; `None` if there is no such alias
    /// or it is not a secret.
    pub(super) fn secret(&self, alias: &str) -> Option<StoredSecret<'_>> {
        let entry = self.entries.get(alias)?;
        if !matches!(entry.kind, EntryKind::Secret) {
            return None;
        }
        let decrypt = || {
            let secret = self.store.secret(&Alias::new(alias));
            secret.map(Arc::new).map_err(Arc::new)
        };
        Some(StoredSecret {
            decrypted: entry.decrypted.get_or_init(decrypt),
            since: entry.since.unwrap_or(self.generation),
        })
    }

    /// The private key under a folded alias, for which the store password is the key password too.
    #[cfg(unix)]
    pub(super) fn private_key(&self, alias: &str) -> Result<PrivateKey, KeystoreError> {
        self.store.private_key(&Alias::new(alias), &self.password)
    }

    /// The certificates under a folded alias (DER).
    #[cfg(unix)]
    pub(super) fn certificates(&self, alias: &str) -> Result<Vec<Vec<u8>>, KeystoreError> {
        self.store.certificates(&Alias::new(alias))
    }

    /// What the entry under a folded alias is.
    pub(super) fn kind(&self, alias: &str) -> Option<&EntryKind> {
        self.entries.get(alias).map(|entry| &entry.kind)
    }

    /// All aliases, in the file's order.
    pub(super) fn aliases(&self) -> &[Alias] {
        &self.aliases
    }

    /// The store type, if it is a keystore.
    pub(super) fn store_type(&self) -> Option<StoreType> {
        self.store.store_type()
    }

    pub(super) fn type_name(&self) -> String {
        self.store.type_name()
    }

    /// SHA-256 of the stored bytes under a folded alias.
    pub(super) fn fingerprint(&self, alias: &str) -> Option<[u8; 32]> {
        self.entries.get(alias).map(|entry| entry.fingerprint)
    }
}
