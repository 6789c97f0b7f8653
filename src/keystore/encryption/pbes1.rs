//! PBES1 with MD5 and DES, which `keytool -importpass -keyalg PBEWithMD5AndDES` writes.
//!
//! Source: RFC 8018 section 6.1 and appendix A.3.

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{
    EncryptionError, parse_salt_and_iterations, random, renewed_bytes, salt_and_iterations_der,
};
use crate::Secret;
use crate::kdf::{self, Iterations};
use crate::keystore::ber::Reader;
use crate::keystore::{der, oid, password_encoding};

/// pbeWithMD5AndDES-CBC with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pbes1 {
    salt: Vec<u8>,
    iterations: Iterations,
}

impl Pbes1 {
    /// Under a salt of 8 bytes, as RFC 8018 has it.
    pub(super) fn fresh(iterations: Iterations) -> Result<Self, EncryptionError> {
        Ok(Self {
            salt: random::<8>()?.to_vec(),
            iterations,
        })
    }

    pub(super) fn parse(fields: Reader<'_>) -> Result<Self, EncryptionError> {
        let (salt, iterations) = parse_salt_and_iterations(fields)?;
        Ok(Self { salt, iterations })
    }

    pub(super) fn renewed(&self) -> Result<Self, EncryptionError> {
        Ok(Self {
            salt: renewed_bytes(&self.salt)?,
            ..*self
        })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let parameters = salt_and_iterations_der(&self.salt, self.iterations);
        der::algorithm(oid::PBE_MD5_DES, &parameters)
    }

    pub(super) fn iterations(&self) -> Iterations {
        self.iterations
    }

    pub(super) fn decrypt(
        &self,
        password: &Secret,
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let derived = self.derive(password);
        Cipher::DesCbc.decrypt(&derived[..8], &derived[8..], ciphertext)
    }

    pub(super) fn encrypt(&self, password: &Secret, plaintext: &[u8]) -> Option<Vec<u8>> {
        let derived = self.derive(password);
        Cipher::DesCbc.encrypt(&derived[..8], &derived[8..], plaintext)
    }

    fn derive(&self, password: &Secret) -> Zeroizing<[u8; 16]> {
        kdf::pbkdf1_md5(
            &password_encoding::utf8(password),
            &self.salt,
            self.iterations,
        )
    }
}
