//! [`Password`]: a password with the keys that were derived from it ahead of their use.

use std::collections::HashMap;
use std::ops::Deref;

use zeroize::Zeroizing;

use super::password_encoding;
use crate::Secret;
use crate::kdf::KeyDerivation;

/// A password of a store or of a key. It remembers the keys that [`Self::derive_ahead`] derived,
/// many at a time, so that using each of them later costs nothing.
pub(super) struct Password {
    secret: Secret,
    derived: HashMap<KeyDerivation, Zeroizing<Vec<u8>>>,
}

impl Password {
    pub(super) fn of(secret: &Secret) -> Self {
        Self {
            secret: Secret::copied_from(secret.expose_bytes()),
            derived: HashMap::new(),
        }
    }

    /// This password where `secret` is the same, otherwise a new one.
    pub(super) fn or(&self, secret: &Secret) -> OneOf<'_> {
        if self.secret.is_same_as(secret) {
            return OneOf::Known(self);
        }
        OneOf::New(Self::of(secret))
    }

    /// Derives keys side by side, to be used later.
    pub(super) fn derive_ahead(&mut self, derivations: Vec<KeyDerivation>) {
        let mut wanted = derivations;
        wanted.retain(|derivation| !self.derived.contains_key(derivation));
        let bytes = password_encoding::utf8(&self.secret);
        let keys = KeyDerivation::derive_all(&bytes, &wanted);
        self.derived.extend(wanted.into_iter().zip(keys));
    }

    pub(super) fn forget_derived_keys(&mut self) {
        self.derived.clear();
    }

    /// The key, derived now unless it was ahead.
    pub(super) fn key(&self, derivation: &KeyDerivation) -> Zeroizing<Vec<u8>> {
        match self.derived.get(derivation) {
            Some(key) => key.clone(),
            None => derivation.derive(&password_encoding::utf8(&self.secret)),
        }
    }
}

impl Deref for Password {
    type Target = Secret;

    fn deref(&self) -> &Secret {
        &self.secret
    }
}

/// A password that is known already, or another.
pub(super) enum OneOf<'a> {
    Known(&'a Password),
    New(Password),
}

impl Deref for OneOf<'_> {
    type Target = Password;

    fn deref(&self) -> &Password {
        match self {
            Self::Known(password) => password,
            Self::New(password) => password,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdf::{DigestAlgorithm, Iterations};

    fn derivation(salt: &[u8]) -> KeyDerivation {
        KeyDerivation::Pbkdf2 {
            prf: DigestAlgorithm::Sha256,
            salt: salt.to_vec(),
            iterations: Iterations::constant(3),
            length: 32,
        }
    }

    #[test]
    fn a_key_is_the_same_whether_derived_ahead_or_not() {
        let mut password = Password::of(&Secret::copied_from("pä".as_bytes()));
        let now = password.key(&derivation(b"one"));
        password.derive_ahead(vec![derivation(b"one"), derivation(b"two")]);
        assert_eq!(password.derived.len(), 2);
        assert_eq!(*password.key(&derivation(b"one")), *now);
        assert_ne!(*password.key(&derivation(b"two")), *now);
    }

    #[test]
    fn keys_of_another_password_are_not_used() {
        let mut password = Password::of(&Secret::copied_from(b"changeit"));
        password.derive_ahead(vec![derivation(b"one")]);
        let same = password.or(&Secret::copied_from(b"changeit"));
        let other = password.or(&Secret::copied_from(b"changeme"));
        assert_eq!(same.derived.len(), 1);
        assert!(other.derived.is_empty());
        assert_ne!(
            *same.key(&derivation(b"one")),
            *other.key(&derivation(b"one"))
        );
    }
}
