//! [`ReadableStore`]: a keystore that is only read, with its password or without.

use super::failure::Failure;
use super::opening::open;
use super::warning;
use crate::Secret;
use crate::keystore::{Alias, Entry, EntryKind, Keystore, StoreType};

const BANNER: &str = "*****************  WARNING WARNING WARNING  *****************";
const NOT_VERIFIED: &str = "\
* The integrity of the information stored in your keystore  *
* has NOT been verified!  In order to verify its integrity, *
* you must provide your keystore password.                  *";

/// A keystore that is only read.
pub(super) struct ReadableStore {
    pub(super) name: String,
    /// The type and the provider that a listing names.
    pub(super) shown_as: (String, String),
    store_type: StoreType,
    pub(super) entries: Vec<Entry>,
    /// None where no password was given, and nothing was checked.
    store: Option<Keystore>,
}

impl ReadableStore {
    /// Opens the bytes of the file `name`. Without a password nothing is checked, and the user is
    /// told so.
    pub(super) fn open(
        name: String,
        store_type: StoreType,
        shown_as: (String, String),
        bytes: &[u8],
        password: Option<&Secret>,
    ) -> Result<Self, Failure> {
        let (store, entries) = match password {
            Some(password) => {
                let store = open(bytes, password)?;
                let entries = store.entries();
                (Some(store), entries)
            }
            None => (None, unverified(bytes)?),
        };
        Ok(Self {
            name,
            shown_as,
            store_type,
            entries,
            store,
        })
    }

    /// keytool's warnings about the file.
    pub(super) fn warnings(&self) -> Vec<String> {
        warning::of_proprietary_format(&self.name, self.store_type, &self.entries)
            .into_iter()
            .collect()
    }

    /// Whether a password was given and the integrity checked.
    pub(super) fn is_verified(&self) -> bool {
        self.store.is_some()
    }

    /// The entry that Java finds under `alias`.
    pub(super) fn entry(&self, alias: &str) -> Result<&Entry, Failure> {
        let folded = Alias::new(alias);
        let shown = self.entries.iter().rev().filter(|entry| is_shown(entry));
        shown
            .clone()
            .find(|entry| entry.alias == folded)
            .ok_or_else(|| Failure::no_such_alias(alias))
    }

    /// The certificates of an entry (DER), its own first. None where they are encrypted and no
    /// password was given.
    pub(super) fn certificates(&self, entry: &Entry) -> Result<Vec<Vec<u8>>, Failure> {
        match &self.store {
            Some(store) => store
                .certificates(&entry.alias)
                .map_err(Failure::of_keystore),
            None => Ok(Vec::new()),
        }
    }
}

/// Whether Java shows the entry.
pub(super) fn is_shown(entry: &Entry) -> bool {
    !matches!(entry.kind, EntryKind::Opaque(_))
}

/// What can be seen without a password, with keytool's warning. keytool then leaves out what is
/// encrypted as a whole, which are certificates.
fn unverified(bytes: &[u8]) -> Result<Vec<Entry>, Failure> {
    let (_, entries) = Keystore::entries_unverified(bytes).map_err(Failure::of_keystore)?;
    eprintln!("\n{BANNER}\n{NOT_VERIFIED}\n{BANNER}\n");
    Ok(entries)
}
