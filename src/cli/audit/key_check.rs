//! [`Readability`]: whether an entry can be read, which for a key takes decrypting it.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use crate::Secret;
use crate::cli::progress::Progress;
use crate::keystore::{Entry, EntryKind, Keystore, KeystoreError};

/// Whether Java can read an entry.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Readability {
    Readable,
    /// It cannot, and why.
    Unreadable(String),
    /// It is under another password than the keystore, or damaged.
    OwnPassword,
    NotChecked,
}

/// Decrypts every key of `store`, on all processors, and tells of each entry whether Java can read
/// it. Costs one derivation a key.
pub(super) fn check_keys(
    store: &Keystore,
    entries: &[Entry],
    password: &Secret,
) -> Vec<Readability> {
    let mut readability = vec![Readability::NotChecked; entries.len()];
    let next = AtomicUsize::new(0);
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let (sender, checked) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..workers.min(entries.len()) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some((index, entry)) = next_entry(entries, next) {
                    if sender.send((index, check(store, entry, password))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut progress = Progress::new("checked", entries.len());
        for (index, readable) in checked {
            readability[index] = readable;
            progress.step();
        }
    });
    readability
}

/// What can be told without decrypting anything.
pub(super) fn without_decrypting(entry: &Entry) -> Readability {
    match &entry.kind {
        EntryKind::Opaque(reason) => Readability::Unreadable(reason.clone()),
        EntryKind::TrustedCertificate => Readability::Readable,
        EntryKind::PrivateKey | EntryKind::Secret => Readability::NotChecked,
    }
}

fn next_entry<'a>(entries: &'a [Entry], next: &AtomicUsize) -> Option<(usize, &'a Entry)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, entries.get(index)?))
}

fn check(store: &Keystore, entry: &Entry, password: &Secret) -> Readability {
    let opened = match entry.kind {
        EntryKind::Secret => store
            .secret_key(&entry.alias, password)
            .map(|key| key.secret),
        EntryKind::PrivateKey => store
            .private_key(&entry.alias, password)
            .map(|key| key.key_info),
        _ => return without_decrypting(entry),
    };
    match opened {
        Ok(key) if key.is_empty() => Readability::Unreadable("the secret is empty".to_owned()),
        Ok(_) => Readability::Readable,
        Err(KeystoreError::WrongKeyPassword { .. }) => Readability::OwnPassword,
        Err(KeystoreError::UnreadableEntry { reason, .. }) => Readability::Unreadable(reason),
        Err(other) => Readability::Unreadable(other.to_string()),
    }
}
