//! [`Row`]: a stored value of one kind, and who else verifies it.

use keyward::Secret;
use keyward::password::{CipherKeys, Conventions, Dialect, scheme};

use crate::PASSWORD;

/// Rows under one title.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// A stored value of [`PASSWORD`].
pub(crate) struct Row {
    /// Its scheme and its cost.
    pub(crate) name: &'static str,
    pub(crate) stored: String,
    /// What the plain crate does, with the same parameters.
    pub(crate) plain: Option<fn()>,
    /// passlib's name of what reads the stored text.
    pub(crate) passlib: Option<&'static str>,
    /// The stored text as Spring reads it.
    pub(crate) spring: Option<String>,
    conventions: Conventions,
}

impl Row {
    /// A value that keyward makes.
    pub(crate) fn made(
        name: &'static str,
        dialect: Dialect,
        scheme: &str,
        cost: Option<u32>,
    ) -> Self {
        Self::stored(name, dialect, &made(dialect, scheme, cost))
    }

    /// A value that another program made.
    pub(crate) fn stored(name: &'static str, dialect: Dialect, stored: &str) -> Self {
        Self {
            name,
            stored: stored.to_owned(),
            plain: None,
            passlib: None,
            spring: None,
            conventions: Conventions::of(Some(dialect)),
        }
    }

    pub(crate) fn plain(mut self, plain: fn()) -> Self {
        self.plain = Some(plain);
        self
    }

    pub(crate) fn passlib(mut self, hasher: &'static str) -> Self {
        self.passlib = Some(hasher);
        self
    }

    /// `id` is what Spring has before the text, and nothing where the text is Spring's own.
    pub(crate) fn spring(mut self, id: &str) -> Self {
        self.spring = Some(format!("{id}{}", self.stored));
        self
    }

    pub(crate) fn keys(mut self, keys: CipherKeys) -> Self {
        self.conventions.cipher_keys = keys;
        self
    }

    pub(crate) fn verify(&self) {
        let hash = self.conventions.recognise(&self.stored);
        let hash = hash.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        assert!(hash.verify(&password()).unwrap(), "{}", self.name);
    }
}

/// A new value; without a cost, of the usual one.
pub(crate) fn made(dialect: Dialect, name: &str, cost: Option<u32>) -> String {
    let scheme = scheme(name, Some(dialect)).unwrap();
    scheme.hash(&password(), cost).unwrap()
}

fn password() -> Secret {
    Secret::copied_from(PASSWORD.as_bytes())
}
