//! [`View`]: all keystores of a service at one moment.
//!
//! Whatever is read through one view comes from one generation of each keystore: a user name and its
//! password belong together, even if the keystore is replaced between the two reads.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::error::GetError;
use super::served_keystore::{Published, Served, kind_word};
use super::state::Freshness;
use crate::keystore::Alias;

/// All keystores of a service at one moment.
#[derive(Clone)]
pub struct View {
    pub(super) keystores: Vec<Arc<Published>>,
}

/// An alias that a service has.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ServedAlias {
    /// As it is to be asked for: lower case, without its keystore's prefix.
    pub alias: String,
    /// `secret`, `private-key`, `trusted-certificate` or `opaque`.
    pub kind: &'static str,
    /// The keystore's name in the configuration.
    pub keystore: String,
    /// How well it agrees with the file.
    pub state: Freshness,
}

impl View {
    /// The secret under `alias`: of the first keystore, in the configuration's order, that has the alias.
    ///
    /// A keystore that has never been loaded might have it, so that no later one is asked.
    ///
    /// # Errors
    /// When no keystore has the alias, it is not a secret, or it cannot be read.
    pub fn get(&self, alias: &str) -> Result<Served, GetError> {
        let found = self
            .keystores
            .iter()
            .find_map(|keystore| keystore.look_up(alias));
        found.unwrap_or_else(|| Err(self.no_such_alias(alias)))
    }

    /// The newest generation of what is seen.
    #[must_use]
    pub fn generation(&self) -> u64 {
        let generations = self.keystores.iter().map(|keystore| keystore.generation);
        generations.max().unwrap_or_default()
    }

    pub(super) fn no_such_alias(&self, alias: &str) -> GetError {
        let path = |keystore: &Arc<Published>| keystore.identity.path.clone();
        GetError::NoSuchAlias {
            alias: alias.to_owned(),
            looked_in: self.keystores.iter().map(path).collect(),
        }
    }

    /// Every alias that can be asked for, in the keystores' and the files' order.
    #[must_use]
    pub fn aliases(&self) -> Vec<ServedAlias> {
        let mut seen = BTreeSet::new();
        let all = self
            .keystores
            .iter()
            .flat_map(|keystore| aliases_of(keystore));
        all.filter(|entry| seen.insert(entry.alias.clone()))
            .collect()
    }
}

fn aliases_of(keystore: &Published) -> Vec<ServedAlias> {
    let Some(snapshot) = &keystore.snapshot else {
        return Vec::new();
    };
    let served = |stored: &Alias| {
        let held = keystore.held.get(stored.as_str());
        let kinds = held.map_or(snapshot, |held| &held.from);
        let own = keystore.state.freshness;
        Some(ServedAlias {
            alias: keystore.identity.asked_alias(stored)?.to_owned(),
            kind: kind_word(kinds.kind(stored.as_str())?),
            keystore: keystore.identity.name.to_string(),
            state: held.map_or(own, |held| held.why.freshness()),
        })
    };
    let base = keystore.base();
    let aliases = base.map(|base| base.aliases()).unwrap_or_default();
    aliases.iter().filter_map(served).collect()
}
