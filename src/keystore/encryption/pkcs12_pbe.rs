//! The ciphers that PKCS12 brought itself: SHA-1, the PKCS12 derivation, and a cipher of its time.
//!
//! Source: RFC 7292 appendix C.

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{
    EncryptionError, SALT_LENGTH, parse_salt_and_iterations, random, renewed_bytes,
    salt_and_iterations_der,
};
use crate::Secret;
use crate::kdf::{self, DigestAlgorithm, Iterations, Pkcs12Purpose};
use crate::keystore::ber::{Reader, tag};
use crate::keystore::oid::Oid;
use crate::keystore::{der, oid, password_encoding};

/// One of the `pbeWithSHAAnd…` with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pkcs12Pbe {
    cipher: Cipher,
    salt: Vec<u8>,
    iterations: Iterations,
}

const CIPHERS: [(Oid<'static>, Cipher, &str); 6] = [
    (
        oid::PBE_SHA1_RC4_128,
        Cipher::Rc4With128,
        "PBEWithSHA1AndRC4_128",
    ),
    (
        oid::PBE_SHA1_RC4_40,
        Cipher::Rc4With40,
        "PBEWithSHA1AndRC4_40",
    ),
    (
        oid::PBE_SHA1_3DES,
        Cipher::TripleDesCbc,
        "PBEWithSHA1AndDESede",
    ),
    (
        oid::PBE_SHA1_2DES,
        Cipher::TwoKeyTripleDesCbc,
        "PBEWithSHA1And2KeyDESede",
    ),
    (
        oid::PBE_SHA1_RC2_128,
        Cipher::Rc2Cbc128,
        "PBEWithSHA1AndRC2_128",
    ),
    (
        oid::PBE_SHA1_RC2_40,
        Cipher::Rc2Cbc40,
        "PBEWithSHA1AndRC2_40",
    ),
];

impl Pkcs12Pbe {
    pub(super) fn cipher_of(algorithm: Oid<'_>) -> Option<Cipher> {
        CIPHERS
            .iter()
            .find(|(oid, ..)| *oid == algorithm)
            .map(|&(_, cipher, _)| cipher)
    }

    pub(super) fn by_java_name(
        name: &str,
        iterations: Iterations,
    ) -> Result<Option<Self>, EncryptionError> {
        let row = CIPHERS
            .iter()
            .find(|(.., java_name)| java_name.eq_ignore_ascii_case(name));
        let Some(&(_, cipher, _)) = row else {
            return Ok(None);
        };
        let salt = random::<SALT_LENGTH>()?.to_vec();
        Ok(Some(Self {
            cipher,
            salt,
            iterations,
        }))
    }

    pub(super) fn parse(cipher: Cipher, fields: Reader<'_>) -> Result<Self, EncryptionError> {
        let (salt, iterations) = parse_salt_and_iterations(fields)?;
        Ok(Self {
            cipher,
            salt,
            iterations,
        })
    }

    pub(super) fn renewed(&self) -> Result<Self, EncryptionError> {
        Ok(Self {
            salt: renewed_bytes(&self.salt)?,
            ..*self
        })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let parameters = salt_and_iterations_der(&self.salt, self.iterations);
        der::algorithm(self.row().0, &parameters)
    }

    pub(super) fn iterations(&self) -> Iterations {
        self.iterations
    }

    pub(super) fn java_name(&self) -> &'static str {
        self.row().2
    }

    pub(super) fn decrypt(
        &self,
        password: &Secret,
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let (key, iv) = self.derive(&password_encoding::utf16_terminated(password));
        let plaintext = self.cipher.decrypt(&key, &iv, ciphertext);
        // Some writers take an empty password for an absent one, which derives from no bytes.
        if !password.is_empty()
            || plaintext
                .as_deref()
                .is_some_and(|bytes| begins_like_asn1(bytes))
        {
            return plaintext;
        }
        let (key, iv) = self.derive(&[]);
        self.cipher.decrypt(&key, &iv, ciphertext)
    }

    pub(super) fn encrypt(&self, password: &Secret, plaintext: &[u8]) -> Option<Vec<u8>> {
        let (key, iv) = self.derive(&password_encoding::utf16_terminated(password));
        self.cipher.encrypt(&key, &iv, plaintext)
    }

    fn row(&self) -> &'static (Oid<'static>, Cipher, &'static str) {
        CIPHERS
            .iter()
            .find(|(_, cipher, _)| *cipher == self.cipher)
            .unwrap_or(&CIPHERS[2])
    }

    fn derive(&self, password: &[u8]) -> (Zeroizing<Vec<u8>>, Zeroizing<Vec<u8>>) {
        let part = |purpose, length| {
            let mut bytes = Zeroizing::new(vec![0; length]);
            let (salt, iterations) = (&self.salt, self.iterations);
            kdf::pkcs12(
                DigestAlgorithm::Sha1,
                purpose,
                password,
                salt,
                iterations,
                &mut bytes,
            );
            bytes
        };
        (
            part(Pkcs12Purpose::Key, self.cipher.key_length()),
            part(Pkcs12Purpose::InitializationVector, self.cipher.iv_length()),
        )
    }
}

/// The wrong way passes the padding once in 256 times, and then gives noise. What is encrypted here
/// is a PrivateKeyInfo or SafeContents.
fn begins_like_asn1(plaintext: &[u8]) -> bool {
    plaintext.first() == Some(&tag::SEQUENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_password_that_its_writer_took_for_an_absent_one() {
        let iterations = Iterations::constant(2);
        let pbe = Pkcs12Pbe::by_java_name("PBEWithSHA1AndDESede", iterations);
        let pbe = pbe.unwrap().unwrap();
        let (key, iv) = pbe.derive(&[]);
        let plaintext = [tag::SEQUENCE, 3, 2, 1, 0];
        let ciphertext = pbe.cipher.encrypt(&key, &iv, &plaintext).unwrap();
        let opened = pbe.decrypt(&Secret::copied_from(&[]), &ciphertext);
        assert_eq!(opened.unwrap().as_slice(), plaintext);
    }
}
