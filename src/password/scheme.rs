//! [`Scheme`]: one way to store a password.

use std::fmt;

use super::conventions::check_length;
use super::notation::{Notation, Production};
use super::{
    Conventions, Dialect, HashFunction, PasswordError, PepperedPassword, Refusal, StoredHash,
};
use crate::Secret;

/// A notation with a name, and what the table of schemes says of it.
pub struct Scheme {
    /// As its product writes it.
    pub name: &'static str,
    /// The dialects that have it.
    pub dialects: &'static [Dialect],
    /// Its salt.
    pub salt: &'static str,
    /// Its cost.
    pub cost: &'static str,
    /// Whether new values should be stored in it.
    pub soundness: Soundness,
    /// The program of others that the tests compare it with.
    pub judge: Option<&'static str>,
    pub(super) notation: &'static dyn Notation,
}

/// Whether new values should be stored in a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Soundness {
    /// It has a cost, and its function is not broken.
    Sound,
    /// It is verified, and should be replaced.
    Obsolete,
}

impl Scheme {
    /// Whether [`Self::hash`] makes new values.
    #[must_use]
    pub fn produces(&self) -> bool {
        self.soundness == Soundness::Sound && self.notation.production().is_some()
    }

    /// A new stored value of `password`, with a fresh salt. `cost` is the iterations of PBKDF2, the rounds of
    /// crypt(3), the logarithm of bcrypt's and scrypt's cost, the passes of Argon2; without it OWASP's figure, or the
    /// product's own where that is higher.
    ///
    /// # Errors
    /// When the scheme is obsolete, when the cost is beyond its bounds, or the password beyond the function's.
    pub fn hash(&self, password: &Secret, cost: Option<u32>) -> Result<String, PasswordError> {
        let production = self.production()?;
        let function = self.new_function(cost)?;
        let digest = function.apply(password);
        let digest = digest.map_err(|refusal| self.refused(refusal))?;
        let text = production.write(&function, &digest);
        text.ok_or(PasswordError::NotProduced { scheme: self.name })
    }

    /// As [`Self::hash`], with a pepper.
    ///
    /// # Errors
    /// As [`Self::hash`]; a length counts the pepper.
    pub fn hash_peppered(
        &self,
        password: &PepperedPassword,
        cost: Option<u32>,
    ) -> Result<String, PasswordError> {
        let hashed = self.hash(password.joined(), cost);
        hashed.map_err(|error| password.explain(error))
    }

    /// The function of a new value, with a fresh salt.
    ///
    /// # Errors
    /// When the scheme is obsolete, or the cost is beyond its bounds.
    pub fn new_function(&self, cost: Option<u32>) -> Result<HashFunction, PasswordError> {
        let production = self.production()?;
        let salt = fresh_salt(production.salt_length())?;
        let function = production.function(salt, cost);
        function.map_err(|refusal| self.refused(refusal))
    }

    fn production(&self) -> Result<&dyn Production, PasswordError> {
        let production = self.notation.production().filter(|_| self.produces());
        production.ok_or(PasswordError::NotProduced { scheme: self.name })
    }

    /// What `text` says in this scheme; none if it is not in its notation at all.
    ///
    /// # Errors
    /// When it has the scheme's mark and is damaged, or asks for more work than is done for it.
    #[must_use]
    pub fn read(&'static self, text: &str) -> Option<Result<StoredHash, PasswordError>> {
        self.read_by(text, &Conventions::default())
    }

    /// As [`Self::read`], by the conventions that the value itself does not tell.
    pub(super) fn read_by(
        &'static self,
        text: &str,
        conventions: &Conventions,
    ) -> Option<Result<StoredHash, PasswordError>> {
        if let Err(error) = check_length(text) {
            return Some(Err(error));
        }
        let parts = self.notation.read_by(text, conventions)?;
        let stored = parts.map(|parts| StoredHash::new(self, parts));
        Some(stored.map_err(|refusal| self.refused(refusal)))
    }

    pub(super) fn refused(&self, refusal: Refusal) -> PasswordError {
        PasswordError::Refused {
            scheme: self.name,
            refusal,
        }
    }

    /// Its dialects, by name.
    #[must_use]
    pub fn dialect_names(&self) -> String {
        let names: Vec<_> = self.dialects.iter().map(|dialect| dialect.name()).collect();
        names.join(", ")
    }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.name, self.dialect_names())
    }
}

impl Soundness {
    /// Its word in the table and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Obsolete => "obsolete",
        }
    }
}

pub(super) fn fresh_salt(length: usize) -> Result<Vec<u8>, PasswordError> {
    let mut salt = vec![0; length];
    getrandom::fill(&mut salt).map_err(|error| PasswordError::Random(error.to_string()))?;
    Ok(salt)
}
