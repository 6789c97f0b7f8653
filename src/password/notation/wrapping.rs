//! [`Wrapping`]: stored hashes are hashed again, and passwords are hashed anew, in one scheme.

use zeroize::Zeroizing;

use super::spelling::Spelling;
use super::wrapped::{OUTER, PASSWORD};
use super::{Parts, Production, function_text, wrapped};
use crate::Secret;
use crate::password::function::{Wrapped, keyed_text};
use crate::password::scheme::fresh_salt;
use crate::password::{
    Dialect, HashFunction, KeyedLayer, LayerKey, PasswordError, Refusal, Soundness, StoredHash,
};

/// A digest, or why the function does not take the password.
type Digest = Result<Zeroizing<Vec<u8>>, Refusal>;

/// How values are wrapped.
#[derive(Clone)]
pub struct Wrapping {
    name: &'static str,
    /// Of the outer value in an envelope.
    outer: &'static dyn Production,
    spelling: Spelling,
    cost: Option<u32>,
    /// With it new values and envelopes have a keyed layer.
    layer: Option<KeyedLayer>,
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
        let meant = Wrapped::new(
            self.function.clone(),
            wrapping.layer.clone(),
            self.outer.clone(),
        );
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
    /// In the scheme of this name, with this cost or the usual one: see [`crate::password::Scheme::hash`].
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
            layer: None,
        };
        wrapping.function(vec![0; wrapping.salt_length()])?;
        Ok(wrapping)
    }

    /// With a layer under a pepper, in envelopes and in new values. These are envelopes then, too: no server but one that
    /// knows keyward's envelopes, and has the pepper, can verify them.
    #[must_use]
    pub fn under(self, key: &LayerKey) -> Self {
        let layer = Some(KeyedLayer::of_alias(key.alias().to_owned(), Some(key)));
        Self { layer, ..self }
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

    /// The function of a new value, with a fresh salt; what a keyed layer adds costs nothing beside it.
    ///
    /// # Errors
    /// When there is no randomness for a salt.
    pub fn new_function(&self) -> Result<HashFunction, PasswordError> {
        self.function(fresh_salt(self.salt_length())?)
    }

    /// A new value of `password` in its scheme.
    ///
    /// # Errors
    /// When the function cannot take the password, or there is no randomness for a salt.
    pub fn hash(&self, password: &Secret) -> Result<String, PasswordError> {
        if self.layer.is_some() {
            let taken = HashFunction::Clear.apply(password);
            let taken = taken.map_err(|refusal| self.refused(refusal))?;
            let prepared = self.prepared(HashFunction::Clear, PASSWORD.to_owned(), &taken)?;
            return self.enveloped(&prepared, None);
        }
        let function = self.new_function()?;
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
            Ok(prepared) => self.enveloped(prepared, digests.next()),
            Err(error) => Err(error.clone()),
        };
        prepared.iter().map(envelope).collect()
    }

    fn prepare(&self, stored: &StoredHash) -> Result<Prepared, PasswordError> {
        let inner = function_text::write(stored.function());
        let inner = inner.ok_or_else(|| stored.refused(Refusal::NotWrapped))?;
        self.prepared(stored.function().clone(), inner, stored.digest())
    }

    fn prepared(
        &self,
        function: HashFunction,
        inner: String,
        digest: &[u8],
    ) -> Result<Prepared, PasswordError> {
        let text = keyed_text(digest, self.layer.as_ref());
        Ok(Prepared {
            function,
            inner,
            outer: self.function(fresh_salt(self.salt_length())?)?,
            text: text.map_err(|refusal| self.refused(refusal))?,
        })
    }

    /// The stored text, whose outer digest may be there already.
    fn enveloped(
        &self,
        prepared: &Prepared,
        digest: Option<Digest>,
    ) -> Result<String, PasswordError> {
        let Prepared { inner, outer, .. } = prepared;
        let digest = digest.unwrap_or_else(|| outer.apply(&prepared.text));
        let value = self.written(self.outer, outer, digest)?;
        let envelope = wrapped::envelope(self.layer.as_ref(), inner, &value);
        let envelope = self.spelling.envelope(envelope, outer);
        let envelope = envelope.ok_or_else(|| self.not_produced())?;
        prepared.check(&envelope, self)?;
        Ok(envelope)
    }

    /// Whether `stored` is a new value already: in this scheme, at this cost or a higher one.
    #[must_use]
    pub fn is_current(&self, stored: &StoredHash) -> bool {
        let Ok(wanted) = self.function(vec![0; self.salt_length()]) else {
            return false;
        };
        let is_same =
            |found: &HashFunction| is_alike(found, &wanted) && found.work() >= wanted.work();
        match (stored.function(), &self.layer) {
            (HashFunction::Wrapped(found), Some(layer)) => {
                found.layer() == Some(layer)
                    && *found.inner() == HashFunction::Clear
                    && is_same(found.outer())
            }
            (_, Some(_)) => false,
            (found, None) => stored.scheme().soundness == Soundness::Sound && is_same(found),
        }
    }

    fn written(
        &self,
        production: &dyn Production,
        function: &HashFunction,
        digest: Digest,
    ) -> Result<String, PasswordError> {
        let digest = digest.map_err(|refusal| self.refused(refusal))?;
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
        function.map_err(|refusal| self.refused(refusal))
    }

    fn refused(&self, refusal: Refusal) -> PasswordError {
        let scheme = self.name;
        PasswordError::Refused { scheme, refusal }
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
