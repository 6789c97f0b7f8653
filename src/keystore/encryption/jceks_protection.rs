//! `PBEWithMD5AndTripleDES`: what protects the keys and secrets of a JCEKS store.
//!
//! Parameters `SEQUENCE { OCTET STRING salt (8), INTEGER iterations }`; 3DES-CBC under the key of
//! [`crate::kdf::jceks_pbe`].
//!
//! Source: `com.sun.crypto.provider.{KeyProtector, PBES1Core}` (JDK 17).

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{EncryptionError, parse_salt_and_iterations, random, salt_and_iterations_der};
use crate::kdf::{EqualHalves, Iterations, KeyDerivation, jceks_halves};
use crate::keystore::ber::{BerError, Reader, tag};
use crate::keystore::password::Password;
use crate::keystore::{der, oid};

/// `PBEWithMD5AndTripleDES` with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct JceksProtection {
    salt: [u8; 8],
    iterations: Iterations,
}

/// Length of a 3DES key in bytes.
const KEY_LENGTH: usize = 24;
/// The JDK's `jdk.jceks.iterationCount`.
const DEFAULT_ITERATIONS: Iterations = Iterations::constant(200_000);

impl JceksProtection {
    /// 200,000 iterations under a fresh salt, as the JDK writes new entries.
    pub(crate) fn java_default() -> Result<Self, EncryptionError> {
        Ok(Self {
            salt: fresh_salt()?,
            iterations: DEFAULT_ITERATIONS,
        })
    }

    /// The same under another iteration count.
    pub(crate) fn with_iterations(self, iterations: Iterations) -> Self {
        Self { iterations, ..self }
    }

    /// The same cost under a fresh salt.
    pub(crate) fn renewed(self) -> Result<Self, EncryptionError> {
        Ok(Self {
            salt: fresh_salt()?,
            ..self
        })
    }

    pub(super) fn parse(fields: Reader<'_>) -> Result<Self, EncryptionError> {
        let (salt, iterations) = parse_salt_and_iterations(fields)?;
        let salt = salt
            .try_into()
            .map_err(|_| BerError::Missing("a salt of 8 bytes"))?;
        Ok(Self { salt, iterations })
    }

    /// Reads the parameters alone, as a sealed object carries them.
    pub(crate) fn parse_parameters(parameters: &[u8]) -> Result<Self, EncryptionError> {
        Self::parse(Reader::new(parameters))
    }

    /// The parameters alone, as a sealed object carries them.
    pub(crate) fn parameters_der(self) -> Vec<u8> {
        salt_and_iterations_der(&self.salt, self.iterations)
    }

    pub(super) fn to_der(self) -> Vec<u8> {
        der::algorithm(oid::JCEKS_PBE, &self.parameters_der())
    }

    pub(crate) fn iterations(self) -> Iterations {
        self.iterations
    }

    /// The plaintext, or `None` when the password is wrong or the ciphertext damaged.
    ///
    /// A salt of two equal halves was treated differently by older JDKs; where the present way
    /// does not fit, theirs is tried.
    pub(crate) fn decrypt(
        self,
        password: &Password,
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let plaintext = self.decrypt_with(password, ciphertext, EqualHalves::Reversed);
        if self.salt[..4] != self.salt[4..]
            || plaintext
                .as_ref()
                .is_some_and(|bytes| begins_like_a_key(bytes))
        {
            return plaintext;
        }
        self.decrypt_with(password, ciphertext, EqualHalves::Misreversed)
    }

    pub(crate) fn encrypt(self, password: &Password, plaintext: &[u8]) -> Option<Vec<u8>> {
        let key = password.key(&self.derivation(EqualHalves::Reversed));
        let (key, iv) = key.split_at_checked(KEY_LENGTH)?;
        Cipher::TripleDesCbc.encrypt(key, iv, plaintext)
    }

    fn decrypt_with(
        self,
        password: &Password,
        ciphertext: &[u8],
        equal_halves: EqualHalves,
    ) -> Option<Zeroizing<Vec<u8>>> {
        let key = password.key(&self.derivation(equal_halves));
        let (key, iv) = key.split_at_checked(KEY_LENGTH)?;
        Cipher::TripleDesCbc.decrypt(key, iv, ciphertext)
    }

    /// How its key, and an initialization vector behind it, are derived.
    pub(crate) fn derivation(self, equal_halves: EqualHalves) -> KeyDerivation {
        KeyDerivation::Jceks {
            halves: jceks_halves(self.salt, equal_halves),
            iterations: self.iterations,
        }
    }
}

/// The wrong way passes the padding once in 256 times, and then gives noise. What is protected here
/// is a Java object stream or a PrivateKeyInfo.
fn begins_like_a_key(plaintext: &[u8]) -> bool {
    plaintext.starts_with(&[0xac, 0xed]) || plaintext.starts_with(&[tag::SEQUENCE])
}

/// Eight random bytes whose halves differ, so that every JDK derives the same key from them.
fn fresh_salt() -> Result<[u8; 8], EncryptionError> {
    loop {
        let salt = random::<8>()?;
        if salt[..4] != salt[4..] {
            return Ok(salt);
        }
    }
}
