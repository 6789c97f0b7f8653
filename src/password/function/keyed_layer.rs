//! [`KeyedLayer`]: an HMAC under a pepper, between the two functions of a wrapped hash.
//!
//! ```text
//! text' = base64( HMAC-SHA-256( pepper, text ) )
//! ```
//! Without the pepper, which is not where the values are, not one password can be guessed.

use std::fmt;
use std::sync::Arc;

use crate::Secret;
use crate::password::radix64::STANDARD;
use crate::password::{MessageDigest, Refusal};

/// The pepper of the layer, under its alias. A copy shares it.
#[derive(Clone)]
pub struct LayerKey {
    alias: String,
    key: Arc<Secret>,
}

/// A layer that names the alias of its pepper, and has the pepper if it is here.
#[derive(Clone)]
pub struct KeyedLayer {
    alias: String,
    key: Option<LayerKey>,
}

impl LayerKey {
    /// The pepper that is the entry `alias` of a keystore.
    #[must_use]
    pub fn new(alias: &str, pepper: Secret) -> Self {
        Self {
            alias: alias.to_owned(),
            key: Arc::new(pepper),
        }
    }

    /// The alias.
    #[must_use]
    pub fn alias(&self) -> &str {
        &self.alias
    }

    pub(in crate::password) fn pepper(&self) -> &Secret {
        &self.key
    }
}

impl KeyedLayer {
    /// The layer under the entry `alias`, with its key if `key` is of that entry.
    pub(in crate::password) fn of_alias(alias: String, key: Option<&LayerKey>) -> Self {
        // Java's keystores do not tell capitals.
        let is_it = |key: &&LayerKey| key.alias.eq_ignore_ascii_case(&alias);
        let key = key.filter(is_it).cloned();
        Self { alias, key }
    }

    /// The alias of its pepper.
    #[must_use]
    pub fn alias(&self) -> &str {
        &self.alias
    }

    pub(in crate::password) fn apply(&self, text: &Secret) -> Result<Secret, Refusal> {
        let Some(LayerKey { key, .. }) = &self.key else {
            return Err(Refusal::NoLayerKey {
                alias: self.alias.clone(),
            });
        };
        let code = MessageDigest::Sha256.hmac(key.expose_bytes(), text.expose_bytes());
        Ok(Secret::new(STANDARD.encode(&code).into_bytes()))
    }
}

/// Two layers are alike if their peppers are one entry, whether it is here or not.
impl PartialEq for KeyedLayer {
    fn eq(&self, other: &Self) -> bool {
        self.alias.eq_ignore_ascii_case(&other.alias)
    }
}

impl Eq for KeyedLayer {}

impl fmt::Debug for KeyedLayer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "KeyedLayer({})", self.alias)
    }
}

impl fmt::Debug for LayerKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "LayerKey({})", self.alias)
    }
}
