//! [`CipherKeys`]: the keys of reversible schemes, by their IDs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CipherKey, KeyId};

/// Keys by their IDs, and why those that are known of are not here. A copy shares the keys.
#[derive(Debug, Clone, Default)]
pub struct CipherKeys {
    keys: BTreeMap<KeyId, Arc<CipherKey>>,
    withheld: BTreeMap<KeyId, String>,
}

impl CipherKeys {
    /// Adds a key.
    pub fn insert(&mut self, id: KeyId, key: CipherKey) {
        self.keys.insert(id, Arc::new(key));
    }

    /// Notes why the key of this ID is not here, for the refusal of values that are under it.
    pub fn note_withheld(&mut self, id: KeyId, reason: String) {
        self.withheld.insert(id, reason);
    }

    /// The IDs of the keys that are here.
    pub fn ids(&self) -> impl Iterator<Item = KeyId> {
        self.keys.keys().copied()
    }

    pub(super) fn get(&self, id: KeyId) -> Option<Arc<CipherKey>> {
        self.keys.get(&id).cloned()
    }

    /// Where the key of this ID is, if it is not here.
    pub(super) fn whereabouts(&self, id: KeyId) -> String {
        if let Some(reason) = self.withheld.get(&id) {
            return reason.clone();
        }
        let entry = format!("ds-cfg-key-id={id},cn=secret keys,cn=admin data");
        if self.keys.is_empty() && self.withheld.is_empty() {
            return format!(
                "it is the entry {entry} of the directory. Give an export of cn=admin data and the ads-truststore of one of its servers"
            );
        }
        format!("the export has no entry {entry}. Take a newer one, or one of another server")
    }
}
