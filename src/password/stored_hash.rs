//! [`StoredHash`]: a stored password, taken apart.

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::notation::{DES_CRYPT, Parts};
use super::{HashFunction, PasswordError, PepperedPassword, Refusal, Scheme};
use crate::Secret;

/// A stored password in one reading: the scheme, its function with salt and cost, and the digest to compare with.
pub struct StoredHash {
    scheme: &'static Scheme,
    function: HashFunction,
    digest: Secret,
}

impl StoredHash {
    pub(super) fn new(scheme: &'static Scheme, parts: Parts) -> Self {
        let Parts { function, digest } = parts;
        Self {
            scheme,
            function,
            digest,
        }
    }

    /// The scheme that it is in.
    #[must_use]
    pub fn scheme(&self) -> &'static Scheme {
        self.scheme
    }

    /// The function that made it, with salt and cost.
    #[must_use]
    pub fn function(&self) -> &HashFunction {
        &self.function
    }

    /// Whether nothing in the text says that it is a hash: 13 characters of DES-crypt, which may as well be a password.
    #[must_use]
    pub fn is_without_mark(&self) -> bool {
        self.scheme.name == DES_CRYPT
    }

    pub(crate) fn refused(&self, refusal: Refusal) -> PasswordError {
        self.scheme.refused(refusal)
    }

    pub(super) fn digest(&self) -> &[u8] {
        self.digest.expose_bytes()
    }

    /// Whether `password` is the one that was stored. The digests are compared in constant time.
    ///
    /// # Errors
    /// When the function cannot take the password: longer than bcrypt's 72 bytes, or than 4096 bytes.
    pub fn verify(&self, password: &Secret) -> Result<bool, PasswordError> {
        self.is_of(self.function.apply(password))
    }

    /// As [`Self::verify`], with a pepper.
    ///
    /// # Errors
    /// As [`Self::verify`]; a length counts the pepper.
    pub fn verify_peppered(&self, password: &PepperedPassword) -> Result<bool, PasswordError> {
        self.check_length(password)?;
        let verified = self.verify(password.of(&self.function));
        verified.map_err(|error| password.explain(error))
    }

    /// That the function looks at all of it: crypt(3) with DES would cut it off.
    pub(super) fn check_length(&self, password: &PepperedPassword) -> Result<(), PasswordError> {
        let (length, limit) = (
            password.of(&self.function).len(),
            self.function.longest_password(),
        );
        if length <= limit {
            return Ok(());
        }
        let refusal = Refusal::PasswordTooLong { length, limit };
        Err(password.explain(self.scheme.refused(refusal)))
    }

    /// Whether this digest of a password is the one that was stored.
    pub(crate) fn is_of(
        &self,
        digest: Result<Zeroizing<Vec<u8>>, Refusal>,
    ) -> Result<bool, PasswordError> {
        let digest = digest.map_err(|refusal| self.scheme.refused(refusal))?;
        Ok(digest.ct_eq(self.digest.expose_bytes()).into())
    }

    /// The password itself, where the scheme keeps it: clear, or encrypted under a key that is here; none for a hash.
    ///
    /// # Errors
    /// When its key is not here.
    pub fn decrypt(&self) -> Result<Option<Secret>, PasswordError> {
        match &self.function {
            HashFunction::Clear => Ok(Some(Secret::copied_from(self.digest.expose_bytes()))),
            HashFunction::Encrypted(function) => {
                let password = function.decrypt(self.digest.expose_bytes());
                password
                    .map(Some)
                    .map_err(|refusal| self.scheme.refused(refusal))
            }
            _ => Ok(None),
        }
    }

    /// Whether both accept the same passwords.
    #[must_use]
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.function == other.function && self.digest.is_same_as(&other.digest)
    }
}
