//! Keystores that need no password: PKCS12 without a MAC in which nothing is encrypted, as JDK 18 and
//! later keep their `cacerts`.

use crate::Secret;
use crate::keystore::{Entry, Keystore};

/// Opens a keystore that needs no password; none where it needs one, or cannot be opened.
pub(super) fn open(bytes: &[u8]) -> Option<Keystore> {
    let store = Keystore::open(bytes, &Secret::copied_from(b"")).ok()?;
    let is_encrypted = |entry: &Entry| entry.protection.is_some();
    let needs_password = store.integrity().is_some()
        || !store.container_protections().is_empty()
        || store.entries().iter().any(is_encrypted);
    (!needs_password).then_some(store)
}
