//! A stored hash that was hashed again, in an envelope that tells both functions.
//!
//! ```text
//! $keyward$1$inner$argon2id$v=19$m=19456,t=2,p=1$base64( salt )$base64( digest )
//!            |    `-- a plain value of the outer scheme, over the text of the inner digest
//!            `-- the inner function, its parameters and salt, never its digest: see `function_text`
//! ```
//! PHC strings cannot hold a chain: implementations refuse parameters that they do not know, and short salts.

use super::bcrypt::BcryptText;
use super::phc::{ARGON2ID, SCRYPT};
use super::{Notation, Parts, Production, Reading, function_text, passlib};
use crate::Secret;
use crate::password::function::{Wrapped, text_of};
use crate::password::scheme::fresh_salt;
use crate::password::{
    Dialect, HashFunction, PasswordError, Refusal, Scheme, Soundness, StoredHash,
};

const MARK: &str = "$keyward$1$";

/// What new values may be wrapped in, and its name.
const OUTER: [(&str, &dyn Notation); 5] = [
    ("argon2id", &ARGON2ID),
    ("bcrypt", &BcryptText),
    ("scrypt", &SCRYPT),
    ("pbkdf2-sha256", &passlib::SHA256),
    ("pbkdf2-sha512", &passlib::SHA512),
];

struct WrappedText;

impl Notation for WrappedText {
    fn read(&self, text: &str) -> Reading {
        Some(parts(text.strip_prefix(MARK)?))
    }
}

fn parts(rest: &str) -> Result<Parts, Refusal> {
    let separator = rest.find('$');
    let separator = separator.ok_or_else(|| Refusal::malformed("it has no outer value"))?;
    let (inner, outer) = rest.split_at(separator);
    let inner = function_text::read(inner)?;
    let reading = OUTER.iter().find_map(|(_, notation)| notation.read(outer));
    let outer = reading.ok_or_else(|| Refusal::malformed("its outer value is in no scheme"))??;
    let Parts { function, digest } = outer;
    Ok(Parts {
        function: HashFunction::Wrapped(Wrapped::new(inner, function)),
        digest,
    })
}

/// How values are wrapped.
#[derive(Clone, Copy)]
pub struct Wrapping {
    name: &'static str,
    production: &'static dyn Production,
    cost: Option<u32>,
}

impl Wrapping {
    /// In the scheme of this name, with this cost or the usual one: see [`Scheme::hash`].
    ///
    /// # Errors
    /// When no value is wrapped in such a scheme, or the cost is beyond its bounds.
    pub fn new(name: &str, cost: Option<u32>) -> Result<Self, PasswordError> {
        let named = OUTER.iter().find(|(other, _)| *other == name);
        let production = named.and_then(|(name, notation)| Some((*name, notation.production()?)));
        let Some((name, production)) = production else {
            return Err(PasswordError::NotAWrapping {
                name: name.to_owned(),
                known: Self::names(),
            });
        };
        let wrapping = Self {
            name,
            production,
            cost,
        };
        wrapping.function(vec![0; production.salt_length()])?;
        Ok(wrapping)
    }

    /// What values can be wrapped in.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        OUTER.iter().map(|(name, _)| *name).collect()
    }

    /// The name of its scheme.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// A new value of `password` in its scheme.
    ///
    /// # Errors
    /// When the function cannot take the password, or there is no randomness for a salt.
    pub fn hash(&self, password: &Secret) -> Result<String, PasswordError> {
        self.value_of(password)
    }

    /// Whether [`Self::wrap`] knows how to tell the function of `stored`.
    #[must_use]
    pub fn wraps(&self, stored: &StoredHash) -> bool {
        function_text::write(stored.function()).is_some()
    }

    /// The envelope of `stored`, whose password nobody knows.
    ///
    /// # Errors
    /// When its function cannot be wrapped, or there is no randomness for a salt.
    pub fn wrap(&self, stored: &StoredHash) -> Result<String, PasswordError> {
        let Some(inner) = function_text::write(stored.function()) else {
            return Err(stored.refused(Refusal::NotWrapped));
        };
        let outer = self.value_of(&text_of(stored.digest()))?;
        Ok(format!("{MARK}{inner}{outer}"))
    }

    /// Whether `stored` is a new value already: in this scheme, at this cost or a higher one.
    #[must_use]
    pub fn is_current(&self, stored: &StoredHash) -> bool {
        let wanted = self.function(vec![0; self.production.salt_length()]);
        let is_same = |wanted: &HashFunction| {
            let found = stored.function();
            std::mem::discriminant(found) == std::mem::discriminant(wanted)
                && stored.scheme().soundness == Soundness::Sound
                && found.work() >= wanted.work()
        };
        wanted.is_ok_and(|wanted| is_same(&wanted))
    }

    fn value_of(&self, text: &Secret) -> Result<String, PasswordError> {
        let function = self.function(fresh_salt(self.production.salt_length())?)?;
        let refused = |refusal| PasswordError::Refused {
            scheme: self.name,
            refusal,
        };
        let digest = function.apply(text).map_err(refused)?;
        let value = self.production.write(&function, &digest);
        value.ok_or(PasswordError::NotProduced { scheme: self.name })
    }

    fn function(&self, salt: Vec<u8>) -> Result<HashFunction, PasswordError> {
        let function = self.production.function(salt, self.cost);
        function.map_err(|refusal| PasswordError::Refused {
            scheme: self.name,
            refusal,
        })
    }
}

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    name: "wrapped",
    dialects: &[Dialect::Keyward],
    salt: "of both functions",
    cost: "of both functions",
    soundness: Soundness::Obsolete,
    judge: None,
    notation: &WrappedText,
}];
