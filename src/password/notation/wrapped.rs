//! A stored hash that was hashed again, in an envelope that tells both functions.
//!
//! ```text
//! $keyward$1$inner$argon2id$v=19$m=19456,t=2,p=1$base64( salt )$base64( digest )
//!            |    `-- a plain value of the outer scheme, over the text of the inner digest
//!            `-- the inner function, its parameters and salt, never its digest: see `function_text`
//! ```
//! PHC strings cannot hold a chain: implementations refuse parameters that they do not know, and short salts. Before the
//! mark a `{keyward}` may stand, in any case; how the servers of a [`Dialect`] want it is told in [`super::spelling`].

use zeroize::Zeroizing;

use super::bcrypt::BcryptText;
use super::phc::{ARGON2ID, SCRYPT};
use super::spelling::Spelling;
use super::{Notation, Parts, Production, Reading, after_name, function_text, passlib};
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

pub(super) struct WrappedText;

impl Notation for WrappedText {
    fn read(&self, text: &str) -> Reading {
        let text = after_name(text, "keyward").unwrap_or(text);
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
    /// Of the outer value in an envelope.
    outer: &'static dyn Production,
    spelling: Spelling,
    cost: Option<u32>,
}

/// What becomes an envelope.
struct Prepared {
    function: HashFunction,
    inner: String,
    outer: HashFunction,
    text: Secret,
}

impl Prepared {
    /// Whether the envelope reads as it is meant: the digest that it takes the place of is gone after that.
    fn check(&self, envelope: &str, wrapping: &Wrapping) -> Result<(), PasswordError> {
        let scheme = wrapping.name;
        let meant = Wrapped::new(self.function.clone(), self.outer.clone());
        let read = wrapping.spelling.read(envelope).and_then(Result::ok);
        let is_right = |parts: &Parts| parts.function == HashFunction::Wrapped(meant);
        if read.as_ref().is_some_and(is_right) {
            return Ok(());
        }
        Err(PasswordError::Refused {
            scheme,
            refusal: Refusal::NotWrapped,
        })
    }
}

impl Wrapping {
    /// In the scheme of this name, with this cost or the usual one: see [`Scheme::hash`].
    ///
    /// # Errors
    /// When no value is wrapped in such a scheme, or the cost is beyond its bounds.
    pub fn new(name: &str, cost: Option<u32>) -> Result<Self, PasswordError> {
        Self::in_dialect(name, cost, None)
    }

    /// As [`Self::new`], and written as the servers of a dialect read it: [`Self::hash`] makes what they verify, and
    /// [`Self::wrap`] what they at least do not take for a password.
    ///
    /// # Errors
    /// As [`Self::new`], and when the servers of the dialect do not verify such values.
    pub fn in_dialect(
        name: &str,
        cost: Option<u32>,
        dialect: Option<Dialect>,
    ) -> Result<Self, PasswordError> {
        let named = OUTER.iter().find(|(other, _)| *other == name);
        let production = named.and_then(|(name, notation)| Some((*name, notation.production()?)));
        let Some((name, outer)) = production else {
            return Err(PasswordError::NotAWrapping {
                name: name.to_owned(),
                known: Self::names_in(dialect),
            });
        };
        let Some(spelling) = Spelling::of(name, outer, dialect) else {
            return Err(PasswordError::NotStoredThere {
                name,
                dialect,
                known: Self::names_in(dialect),
            });
        };
        let wrapping = Self {
            name,
            outer,
            spelling,
            cost,
        };
        wrapping.function(vec![0; wrapping.salt_length()])?;
        Ok(wrapping)
    }

    /// What values can be wrapped in where the servers of a dialect verify them.
    #[must_use]
    pub fn names_in(dialect: Option<Dialect>) -> Vec<&'static str> {
        let stored = OUTER.iter().filter(|(name, notation)| {
            let production = notation.production();
            production.is_some_and(|outer| Spelling::of(name, outer, dialect).is_some())
        });
        stored.map(|(name, _)| *name).collect()
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
        let function = self.function(fresh_salt(self.salt_length())?)?;
        let production = self.spelling.production;
        self.written(production, &function, function.apply(password))
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
        self.wrap_all(&[stored]).swap_remove(0)
    }

    /// The envelopes of many, hashed side by side.
    #[must_use]
    pub fn wrap_all(&self, stored: &[&StoredHash]) -> Vec<Result<String, PasswordError>> {
        let prepared: Vec<_> = stored.iter().map(|stored| self.prepare(stored)).collect();
        let sound = prepared
            .iter()
            .filter_map(|prepared| prepared.as_ref().ok());
        let work: Vec<_> = sound.map(|one| (&one.outer, &one.text)).collect();
        let mut digests = HashFunction::apply_side_by_side(&work).into_iter();
        let envelope = |prepared: &Result<Prepared, PasswordError>| match prepared {
            Ok(prepared) => {
                let digest = digests.next().unwrap_or(Err(Refusal::NotWrapped));
                let outer = self.written(self.outer, &prepared.outer, digest)?;
                let envelope = format!("{MARK}{}{outer}", prepared.inner);
                let envelope = self.spelling.envelope(envelope, &prepared.outer);
                let envelope = envelope.ok_or_else(|| self.not_produced())?;
                prepared.check(&envelope, self)?;
                Ok(envelope)
            }
            Err(error) => Err(error.clone()),
        };
        prepared.iter().map(envelope).collect()
    }

    fn prepare(&self, stored: &StoredHash) -> Result<Prepared, PasswordError> {
        let inner = function_text::write(stored.function());
        Ok(Prepared {
            function: stored.function().clone(),
            inner: inner.ok_or_else(|| stored.refused(Refusal::NotWrapped))?,
            outer: self.function(fresh_salt(self.salt_length())?)?,
            text: text_of(stored.digest()),
        })
    }

    /// Whether `stored` is a new value already: in this scheme, at this cost or a higher one.
    #[must_use]
    pub fn is_current(&self, stored: &StoredHash) -> bool {
        let wanted = self.function(vec![0; self.salt_length()]);
        let is_same = |wanted: &HashFunction| {
            stored.scheme().soundness == Soundness::Sound
                && is_alike(stored.function(), wanted)
                && stored.function().work() >= wanted.work()
        };
        wanted.is_ok_and(|wanted| is_same(&wanted))
    }

    fn written(
        &self,
        production: &dyn Production,
        function: &HashFunction,
        digest: Result<Zeroizing<Vec<u8>>, Refusal>,
    ) -> Result<String, PasswordError> {
        let digest = digest.map_err(|refusal| PasswordError::Refused {
            scheme: self.name,
            refusal,
        })?;
        let value = production.write(function, &digest);
        value.ok_or_else(|| self.not_produced())
    }

    fn not_produced(&self) -> PasswordError {
        PasswordError::NotProduced { scheme: self.name }
    }

    fn salt_length(&self) -> usize {
        self.spelling.production.salt_length()
    }

    fn function(&self, salt: Vec<u8>) -> Result<HashFunction, PasswordError> {
        let function = self.spelling.production.function(salt, self.cost);
        function.map_err(|refusal| PasswordError::Refused {
            scheme: self.name,
            refusal,
        })
    }
}

/// Whether two functions differ in salt and cost alone.
fn is_alike(found: &HashFunction, wanted: &HashFunction) -> bool {
    match (found, wanted) {
        (HashFunction::Pbkdf2(found), HashFunction::Pbkdf2(wanted)) => {
            found.prf == wanted.prf && found.length >= wanted.length
        }
        (HashFunction::Bcrypt(found), HashFunction::Bcrypt(wanted)) => {
            found.variant == wanted.variant && found.pre_hash == wanted.pre_hash
        }
        (HashFunction::Argon2(found), HashFunction::Argon2(wanted)) => {
            found.kind == wanted.kind && found.version == wanted.version
        }
        (HashFunction::Scrypt(_), HashFunction::Scrypt(_)) => true,
        _ => false,
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
