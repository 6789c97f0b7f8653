//! [`ReadableStore`]: a keystore that is only read, with its password or without.

use super::failure::Failure;
use super::opening::open;
use super::warning;
use crate::Secret;
use crate::cli::certificate::{Origin, Pool};
use crate::keystore::{Alias, Entry, EntryKind, Keystore, StoreType, UnverifiedKeystore};

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
    contents: Contents,
}

enum Contents {
    /// Opened with its password.
    Verified(Keystore),
    /// No password was given, and nothing was checked.
    Unverified(UnverifiedKeystore),
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
        let contents = match password {
            Some(password) => Contents::Verified(open(bytes, password)?),
            None => Contents::Unverified(unverified(bytes)?),
        };
        Ok(Self::with(name, store_type, shown_as, contents))
    }

    /// A keystore that is open already.
    pub(super) fn of(
        name: String,
        store_type: StoreType,
        shown_as: (String, String),
        store: Keystore,
    ) -> Self {
        Self::with(name, store_type, shown_as, Contents::Verified(store))
    }

    fn with(
        name: String,
        store_type: StoreType,
        shown_as: (String, String),
        contents: Contents,
    ) -> Self {
        let entries = match &contents {
            Contents::Verified(store) => store.entries(),
            Contents::Unverified(store) => store.entries(),
        };
        Self {
            name,
            shown_as,
            store_type,
            entries,
            contents,
        }
    }

    /// keytool's warnings about the file.
    pub(super) fn warnings(&self) -> Vec<String> {
        warning::of_proprietary_format(&self.name, self.store_type, &self.entries)
            .into_iter()
            .collect()
    }

    /// Whether a password was given and the integrity checked.
    pub(super) fn is_verified(&self) -> bool {
        matches!(self.contents, Contents::Verified(_))
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
        match &self.contents {
            Contents::Verified(store) => store
                .certificates(&entry.alias)
                .map_err(Failure::of_keystore),
            Contents::Unverified(store) => Ok(store.certificates(&entry.alias)),
        }
    }

    /// The certificates that say which others are trusted.
    pub(super) fn pool(&self) -> Pool {
        match &self.contents {
            Contents::Verified(store) => Pool::of(store),
            Contents::Unverified(store) => Pool::of_unverified(store, Origin::Keystore),
        }
    }
}

/// Whether Java shows the entry.
pub(super) fn is_shown(entry: &Entry) -> bool {
    !matches!(entry.kind, EntryKind::Opaque(_))
}

/// What can be seen without a password, with keytool's warning. keytool then leaves out what is
/// encrypted as a whole, which are certificates.
fn unverified(bytes: &[u8]) -> Result<UnverifiedKeystore, Failure> {
    let store = UnverifiedKeystore::read(bytes).map_err(Failure::of_keystore)?;
    eprintln!("\n{BANNER}\n{NOT_VERIFIED}\n{BANNER}\n");
    Ok(store)
}
