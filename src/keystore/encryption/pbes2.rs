//! PBES2: PBKDF2 and a block cipher.
//!
//! ```text
//! PBES2-params  = SEQUENCE { { PBKDF2, PBKDF2-params }, { cipher, OCTET STRING iv } }
//! PBKDF2-params = SEQUENCE { OCTET STRING salt, INTEGER iterations, INTEGER keyLength OPTIONAL,
//!                            { prf, NULL } DEFAULT hmacWithSHA1 }
//! ```
//! Source: RFC 8018 appendices A.2 and A.4; key length and PRF as SunJCE writes them.

use zeroize::Zeroizing;

use super::cipher::Cipher;
use super::{EncryptionError, HMACS, SALT_LENGTH, hmac_of, hmac_oid, random, renewed_bytes};
use crate::kdf::{DigestAlgorithm, Iterations, KeyDerivation};
use crate::keystore::ber::{Reader, tag};
use crate::keystore::oid::Oid;
use crate::keystore::password::Password;
use crate::keystore::{der, oid};

/// PBES2 with its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pbes2 {
    pbkdf2: Pbkdf2Parameters,
    cipher: Cipher,
    iv: Vec<u8>,
}

/// PBKDF2 with its parameters, which PBMAC1 has as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pbkdf2Parameters {
    pub(crate) salt: Vec<u8>,
    pub(crate) iterations: Iterations,
    /// In bytes, where the file says it.
    pub(crate) key_length: Option<u64>,
    pub(crate) prf: DigestAlgorithm,
}

const CIPHERS: [(Oid<'static>, Cipher); 4] = [
    (oid::AES_128_CBC, Cipher::Aes128Cbc),
    (oid::AES_192_CBC, Cipher::Aes192Cbc),
    (oid::AES_256_CBC, Cipher::Aes256Cbc),
    (oid::DES_EDE3_CBC, Cipher::TripleDesCbc),
];

impl Pbes2 {
    pub(super) fn by_java_name(
        name: &str,
        iterations: Iterations,
    ) -> Result<Option<Self>, EncryptionError> {
        for cipher in [Cipher::Aes128Cbc, Cipher::Aes192Cbc, Cipher::Aes256Cbc] {
            for (_, prf) in HMACS {
                if java_name(prf, cipher).eq_ignore_ascii_case(name) {
                    return Self::fresh(prf, cipher, iterations).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn fresh(
        prf: DigestAlgorithm,
        cipher: Cipher,
        iterations: Iterations,
    ) -> Result<Self, EncryptionError> {
        let pbkdf2 = Pbkdf2Parameters {
            salt: random::<SALT_LENGTH>()?.to_vec(),
            iterations,
            key_length: u64::try_from(cipher.key_length()).ok(),
            prf,
        };
        let iv = random::<16>()?.to_vec();
        Ok(Self { pbkdf2, cipher, iv })
    }

    pub(super) fn renewed(&self) -> Result<Self, EncryptionError> {
        let mut renewed = self.clone();
        renewed.pbkdf2.salt = renewed_bytes(&self.pbkdf2.salt)?;
        renewed.iv = renewed_bytes(&self.iv)?;
        Ok(renewed)
    }

    pub(super) fn parse(mut fields: Reader<'_>) -> Result<Self, EncryptionError> {
        let mut parameters = fields.sequence("PBES2 parameters")?;
        let pbkdf2 = Pbkdf2Parameters::parse(&mut parameters)?;
        let mut scheme = parameters.sequence("an encryption scheme")?;
        let algorithm = scheme.oid("an encryption scheme")?;
        let cipher = CIPHERS
            .iter()
            .find(|(oid, _)| *oid == algorithm)
            .map(|&(_, cipher)| cipher)
            .ok_or_else(|| EncryptionError::Unsupported(algorithm.to_string()))?;
        let iv = scheme
            .octet_string("an initialization vector")?
            .into_owned();
        Ok(Self { pbkdf2, cipher, iv })
    }

    pub(super) fn to_der(&self) -> Vec<u8> {
        let cipher = CIPHERS
            .iter()
            .find(|(_, cipher)| *cipher == self.cipher)
            .map_or(CIPHERS[0].0, |&(oid, _)| oid);
        let scheme = der::algorithm(cipher, &der::octet_string(&self.iv));
        let parameters = der::sequence(&[&self.pbkdf2.to_der(), &scheme]);
        der::algorithm(oid::PBES2, &parameters)
    }

    pub(super) fn iterations(&self) -> Iterations {
        self.pbkdf2.iterations
    }

    pub(super) fn decrypt(
        &self,
        password: &Password,
        ciphertext: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        self.cipher
            .decrypt(&password.key(&self.derivation()), &self.iv, ciphertext)
    }

    pub(super) fn encrypt(&self, password: &Password, plaintext: &[u8]) -> Option<Vec<u8>> {
        self.cipher
            .encrypt(&password.key(&self.derivation()), &self.iv, plaintext)
    }

    pub(super) fn java_name(&self) -> String {
        java_name(self.pbkdf2.prf, self.cipher)
    }

    /// How its key is derived.
    pub(super) fn derivation(&self) -> KeyDerivation {
        self.pbkdf2.derivation(self.cipher.key_length())
    }
}

fn java_name(prf: DigestAlgorithm, cipher: Cipher) -> String {
    let cipher = match cipher {
        Cipher::Aes128Cbc => "AES_128",
        Cipher::Aes192Cbc => "AES_192",
        Cipher::Aes256Cbc => "AES_256",
        _ => "DESede",
    };
    format!("PBEWithHmac{}And{cipher}", prf.java_name())
}

impl Pbkdf2Parameters {
    /// Reads `{ PBKDF2, PBKDF2-params }`.
    pub(crate) fn parse(parent: &mut Reader<'_>) -> Result<Self, EncryptionError> {
        let mut function = parent.sequence("a key derivation function")?;
        let algorithm = function.oid("a key derivation function")?;
        if algorithm != oid::PBKDF2 {
            return Err(EncryptionError::Unsupported(algorithm.to_string()));
        }
        let mut parameters = function.sequence("PBKDF2 parameters")?;
        let salt = parameters.octet_string("a salt")?.into_owned();
        let iterations = Iterations::new(parameters.number("an iteration count")?)?;
        let key_length = match parameters.rest().first() {
            Some(&tag::INTEGER) => Some(parameters.number("a key length")?),
            _ => None,
        };
        let prf = match parameters.optional(tag::SEQUENCE)? {
            None => DigestAlgorithm::Sha1,
            Some(identifier) => {
                let algorithm = identifier.reader().oid("a pseudo-random function")?;
                hmac_of(algorithm)
                    .ok_or_else(|| EncryptionError::Unsupported(algorithm.to_string()))?
            }
        };
        Ok(Self {
            salt,
            iterations,
            key_length,
            prf,
        })
    }

    pub(crate) fn to_der(&self) -> Vec<u8> {
        let length = self
            .key_length
            .and_then(|length| u32::try_from(length).ok());
        let parameters = der::sequence(&[
            &der::octet_string(&self.salt),
            &der::number(self.iterations.get()),
            &length.map(der::number).unwrap_or_default(),
            &der::algorithm(hmac_oid(self.prf), &der::null()),
        ]);
        der::algorithm(oid::PBKDF2, &parameters)
    }

    /// The derivation of a key of `length` bytes.
    pub(crate) fn derivation(&self, length: usize) -> KeyDerivation {
        KeyDerivation::Pbkdf2 {
            prf: self.prf,
            salt: self.salt.clone(),
            iterations: self.iterations,
            length,
        }
    }
}
