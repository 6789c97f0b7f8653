//! [`Pepper`]: a secret that all passwords of an installation share, and that is hashed together with each of them.
//!
//! ```text
//! after:  password | pepper        before:  pepper | password
//! ```
//! The bytes stand side by side, with nothing between them. PhixFlow's help calls the pepper an "additional string to add
//! to the password" and does not say where; the same pepper stands on the same side of all passwords.

use zeroize::Zeroizing;

use super::{HashFunction, LayerKey, PasswordError, Refusal};
use crate::Secret;

/// The pepper of an installation.
pub struct Pepper {
    secret: Secret,
    /// The entry that it is, if it is one.
    entry: Option<LayerKey>,
    position: PepperPosition,
}

/// On which side of the password the pepper stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PepperPosition {
    /// The pepper, then the password.
    Before,
    /// The password, then the pepper.
    #[default]
    After,
}

/// A password with its pepper: what is hashed.
pub struct PepperedPassword {
    joined: Secret,
    /// The password alone.
    alone: Secret,
    /// In bytes.
    password: usize,
    /// In bytes.
    pepper: usize,
}

impl Pepper {
    /// The pepper that `secret` is, on this side of every password.
    #[must_use]
    pub fn new(secret: Secret, position: PepperPosition) -> Self {
        Self {
            secret,
            entry: None,
            position,
        }
    }

    /// The pepper that an entry of a keystore is, on this side of every password.
    #[must_use]
    pub fn of_entry(entry: LayerKey, position: PepperPosition) -> Self {
        Self {
            secret: Secret::copied_from(entry.pepper().expose_bytes()),
            entry: Some(entry),
            position,
        }
    }

    /// The entry that it is, for the keyed layer of wrapped hashes.
    #[must_use]
    pub fn layer_key(&self) -> Option<&LayerKey> {
        self.entry.as_ref()
    }

    /// `password` with the pepper.
    #[must_use]
    pub fn with(&self, password: &Secret) -> PepperedPassword {
        let (password, pepper) = (password.expose_bytes(), self.secret.expose_bytes());
        let (first, second) = match self.position {
            PepperPosition::Before => (pepper, password),
            PepperPosition::After => (password, pepper),
        };
        let mut joined = Zeroizing::new(Vec::with_capacity(first.len() + second.len()));
        joined.extend_from_slice(first);
        joined.extend_from_slice(second);
        PepperedPassword {
            joined: Secret::copied_from(&joined),
            alone: Secret::copied_from(password),
            password: password.len(),
            pepper: pepper.len(),
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.secret.len()
    }

    /// Whether it has not one byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.secret.is_empty()
    }
}

impl PepperedPassword {
    pub(super) fn joined(&self) -> &Secret {
        &self.joined
    }

    /// What goes into `function`: a wrapped hash has its pepper between its functions, and takes the password alone.
    pub(super) fn of(&self, function: &HashFunction) -> &Secret {
        match function {
            HashFunction::Wrapped(function) if function.layer().is_some() => &self.alone,
            _ => &self.joined,
        }
    }

    /// The error with both lengths, where it is about the length of what was hashed.
    pub(super) fn explain(&self, error: PasswordError) -> PasswordError {
        let PasswordError::Refused {
            scheme,
            refusal: Refusal::PasswordTooLong { limit, .. },
        } = error
        else {
            return error;
        };
        let (password, pepper) = (self.password, self.pepper);
        let refusal = Refusal::PepperedPasswordTooLong {
            password,
            pepper,
            limit,
        };
        PasswordError::Refused { scheme, refusal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{Dialect, EqualCost, recognise, scheme};

    fn secret(text: &str) -> Secret {
        Secret::copied_from(text.as_bytes())
    }

    fn pepper(length: usize, position: PepperPosition) -> Pepper {
        Pepper::new(secret(&"p".repeat(length)), position)
    }

    #[test]
    fn the_pepper_stands_on_its_side_of_the_password() {
        let bcrypt = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
        for (position, joined) in [
            (PepperPosition::Before, "pppx34"),
            (PepperPosition::After, "x34ppp"),
        ] {
            let pepper = pepper(3, position);
            let text = bcrypt
                .hash_peppered(&pepper.with(&secret("x34")), Some(4))
                .unwrap();
            let stored = recognise(&text, None).unwrap();
            assert_eq!(stored.verify(&secret(joined)), Ok(true));
            assert_eq!(stored.verify(&secret("x34")), Ok(false));
            assert_eq!(
                stored.verify_peppered(&pepper.with(&secret("x34"))),
                Ok(true)
            );
            assert_eq!(
                stored.verify_peppered(&pepper.with(&secret("x35"))),
                Ok(false)
            );
        }
    }

    #[test]
    fn what_bcrypt_would_cut_off_is_refused_with_both_lengths() {
        let bcrypt = scheme("bcrypt", Some(Dialect::Crypt)).unwrap();
        let pepper = pepper(24, PepperPosition::After);
        let fits = pepper.with(&secret(&"x".repeat(48)));
        let text = bcrypt.hash_peppered(&fits, Some(4)).unwrap();
        let beyond = pepper.with(&secret(&"x".repeat(49)));
        let message = "bcrypt: the password has 49 bytes and the pepper 24, together 73, and only 72 are taken; nothing \
             is cut off in silence";
        let error = bcrypt.hash_peppered(&beyond, Some(4)).unwrap_err();
        assert_eq!(error.to_string(), message);
        // crypt(3) with DES looks at the first 8 bytes.
        let des = recognise("{CRYPT}9Kp1ZyjIfk6Hg", Some(Dialect::OpenLdap)).unwrap();
        let error = des.verify_peppered(&fits).unwrap_err();
        assert!(
            error
                .to_string()
                .ends_with("together 72, and only 8 are taken; nothing is cut off in silence")
        );
        let cost = EqualCost::of(bcrypt, Some(4)).unwrap();
        let hardened = des.verify_peppered_hardened(&fits, &cost).unwrap_err();
        assert_eq!(hardened, error);
        let stored = recognise(&text, None).unwrap();
        assert_eq!(stored.verify_peppered(&fits), Ok(true));
        let error = stored.verify_peppered(&beyond).unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}
