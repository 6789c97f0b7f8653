//! [`Encryption`]: the password-based encryption of one blob, as an AlgorithmIdentifier names it.
//!
//! ```text
//! EncryptedPrivateKeyInfo = SEQUENCE { AlgorithmIdentifier, OCTET STRING ciphertext }
//! ```
//! | identifier | derivation | source |
//! |---|---|---|
//! | PBES2 | PBKDF2 | RFC 8018 section 6.2 |
//! | `pbeWithSHAAnd…` | PKCS12 | RFC 7292 appendix C |
//! | `pbeWithMD5AndDES-CBC` | PBKDF1 | RFC 8018 section 6.1 |
//! | `PBEWithMD5AndTripleDES` | JCEKS | `com.sun.crypto.provider.KeyProtector` |
//! | the key protector of JKS | chained SHA-1 | `sun.security.provider.KeyProtector` |

mod cipher;
mod encrypted;
mod jceks_protection;
mod jks_protection;
mod pbes1;
mod pbes2;
mod pkcs12_pbe;

use thiserror::Error;
use zeroize::Zeroizing;

use super::ber::{BerError, Element, Reader, tag};
use super::entry::Protection;
use super::oid::Oid;
use super::password::Password;
use super::{der, oid};
use crate::kdf::{DigestAlgorithm, EqualHalves, Iterations, IterationsOutOfRange, KeyDerivation};

pub(crate) use encrypted::{Encrypted, Renewal, derivation_of};
pub(crate) use jceks_protection::JceksProtection;
use pbes1::Pbes1;
use pbes2::Pbes2;
pub(crate) use pbes2::Pbkdf2Parameters;
use pkcs12_pbe::Pkcs12Pbe;

/// Salt and iteration count as the JDK chooses them for new PKCS12 entries.
pub(crate) const SALT_LENGTH: usize = 20;
/// The JDK's count for new PKCS12 entries and MACs, since 12.
pub(crate) const DEFAULT_ITERATIONS: Iterations = Iterations::constant(10_000);

/// The JDK's algorithm for new PKCS12 entries, since 12.
pub(crate) const DEFAULT_ALGORITHM: &str = "PBEWithHmacSHA256AndAES_256";
const PBES1_NAME: &str = "PBEWithMD5AndDES";

/// How one blob is encrypted: algorithm, salt, iteration count, initialization vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Encryption {
    Pbes2(Pbes2),
    Pkcs12(Pkcs12Pbe),
    Pbes1(Pbes1),
    Jceks(JceksProtection),
    /// Its salt stands in the ciphertext.
    Jks,
}

/// Why an encryption cannot be undone or done.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum EncryptionError {
    #[error("the algorithm {0} is not supported")]
    Unsupported(String),
    #[error(transparent)]
    Iterations(#[from] IterationsOutOfRange),
    #[error("damaged encryption parameters: {0}")]
    Parameters(#[from] BerError),
    #[error("it is under another password, or damaged")]
    WrongPassword,
    #[error("no random numbers from the system: {0}")]
    Random(String),
}

impl Encryption {
    /// What a JDK uses when it is asked for an algorithm by its name, under a fresh salt; `None`
    /// when no PKCS12 store can hold it.
    pub(crate) fn by_java_name(
        name: &str,
        iterations: Iterations,
    ) -> Result<Option<Self>, EncryptionError> {
        if name.eq_ignore_ascii_case(PBES1_NAME) {
            return Ok(Some(Self::Pbes1(Pbes1::fresh(iterations)?)));
        }
        if let Some(pbe) = Pkcs12Pbe::by_java_name(name, iterations)? {
            return Ok(Some(Self::Pkcs12(pbe)));
        }
        Ok(Pbes2::by_java_name(name, iterations)?.map(Self::Pbes2))
    }

    /// The same algorithm, cost and options under a fresh salt and initialization vector.
    pub(crate) fn renewed(&self) -> Result<Self, EncryptionError> {
        Ok(match self {
            Self::Pbes2(pbes2) => Self::Pbes2(pbes2.renewed()?),
            Self::Pkcs12(pbe) => Self::Pkcs12(pbe.renewed()?),
            Self::Pbes1(pbes1) => Self::Pbes1(pbes1.renewed()?),
            Self::Jceks(protection) => Self::Jceks(protection.renewed()?),
            Self::Jks => Self::Jks,
        })
    }

    /// Reads an AlgorithmIdentifier.
    pub(crate) fn parse(identifier: &Element<'_>) -> Result<Self, EncryptionError> {
        let mut fields = identifier
            .expect(tag::SEQUENCE, "an AlgorithmIdentifier")?
            .reader();
        let algorithm = fields.oid("an encryption algorithm")?;
        if algorithm == oid::PBES2 {
            return Ok(Self::Pbes2(Pbes2::parse(fields)?));
        }
        if algorithm == oid::PBE_MD5_DES {
            return Ok(Self::Pbes1(Pbes1::parse(fields)?));
        }
        if algorithm == oid::JCEKS_PBE {
            return Ok(Self::Jceks(JceksProtection::parse(fields)?));
        }
        if algorithm == oid::JKS_PROTECTOR {
            return Ok(Self::Jks);
        }
        match Pkcs12Pbe::cipher_of(algorithm) {
            Some(cipher) => Ok(Self::Pkcs12(Pkcs12Pbe::parse(cipher, fields)?)),
            None => Err(EncryptionError::Unsupported(algorithm.to_string())),
        }
    }

    /// The AlgorithmIdentifier.
    pub(crate) fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Pbes2(pbes2) => pbes2.to_der(),
            Self::Pkcs12(pbe) => pbe.to_der(),
            Self::Pbes1(pbes1) => pbes1.to_der(),
            Self::Jceks(protection) => protection.to_der(),
            Self::Jks => jks_protection::to_der(),
        }
    }

    pub(crate) fn iterations(&self) -> Iterations {
        match self {
            Self::Pbes2(pbes2) => pbes2.iterations(),
            Self::Pkcs12(pbe) => pbe.iterations(),
            Self::Pbes1(pbes1) => pbes1.iterations(),
            Self::Jceks(protection) => protection.iterations(),
            Self::Jks => Iterations::constant(1),
        }
    }

    /// How its key is derived, where that is worth doing for many keys at once.
    pub(crate) fn derivation(&self) -> Option<KeyDerivation> {
        match self {
            Self::Pbes2(pbes2) => Some(pbes2.derivation()),
            Self::Jceks(protection) => Some(protection.derivation(EqualHalves::Reversed)),
            Self::Pkcs12(_) | Self::Pbes1(_) | Self::Jks => None,
        }
    }

    pub(crate) fn decrypt(
        &self,
        password: &Password,
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, EncryptionError> {
        let plaintext = match self {
            Self::Pbes2(pbes2) => pbes2.decrypt(password, ciphertext),
            Self::Pkcs12(pbe) => pbe.decrypt(password, ciphertext),
            Self::Pbes1(pbes1) => pbes1.decrypt(password, ciphertext),
            Self::Jceks(protection) => protection.decrypt(password, ciphertext),
            Self::Jks => jks_protection::decrypt(password, ciphertext),
        };
        plaintext.ok_or(EncryptionError::WrongPassword)
    }

    pub(crate) fn encrypt(
        &self,
        password: &Password,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, EncryptionError> {
        let ciphertext = match self {
            Self::Pbes2(pbes2) => pbes2.encrypt(password, plaintext),
            Self::Pkcs12(pbe) => pbe.encrypt(password, plaintext),
            Self::Pbes1(pbes1) => pbes1.encrypt(password, plaintext),
            Self::Jceks(protection) => protection.encrypt(password, plaintext),
            Self::Jks => return jks_protection::encrypt(password, plaintext),
        };
        ciphertext.ok_or(EncryptionError::WrongPassword)
    }

    /// What can be said of it: the JDK's name of the algorithm, and its cost.
    pub(crate) fn protection(&self) -> Protection {
        let algorithm = match self {
            Self::Pbes2(pbes2) => pbes2.java_name(),
            Self::Pkcs12(pbe) => pbe.java_name().to_owned(),
            Self::Pbes1(_) => PBES1_NAME.to_owned(),
            Self::Jceks(_) => "PBEWithMD5AndTripleDES".to_owned(),
            Self::Jks => "SHA-1 key stream (JKS)".to_owned(),
        };
        Protection {
            algorithm,
            iterations: self.iterations(),
        }
    }
}

/// Fresh random bytes from the system.
pub(crate) fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], EncryptionError> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| EncryptionError::Random(error.to_string()))?;
    Ok(bytes)
}

/// As many fresh bytes as `old` has.
pub(crate) fn renewed_bytes(old: &[u8]) -> Result<Vec<u8>, EncryptionError> {
    let mut bytes = vec![0; old.len()];
    getrandom::fill(&mut bytes).map_err(|error| EncryptionError::Random(error.to_string()))?;
    Ok(bytes)
}

/// `SEQUENCE { OCTET STRING salt, INTEGER iterations }`, the parameters of every older algorithm.
fn parse_salt_and_iterations(
    mut fields: Reader<'_>,
) -> Result<(Vec<u8>, Iterations), EncryptionError> {
    let mut parameters = fields.sequence("PBE parameters")?;
    let salt = parameters.octet_string("a salt")?.into_owned();
    let iterations = Iterations::new(parameters.number("an iteration count")?)?;
    Ok((salt, iterations))
}

fn salt_and_iterations_der(salt: &[u8], iterations: Iterations) -> Vec<u8> {
    der::sequence(&[&der::octet_string(salt), &der::number(iterations.get())])
}

/// The HMAC that an AlgorithmIdentifier of RFC 8018 appendix B.1 names.
pub(crate) fn hmac_of(algorithm: Oid<'_>) -> Option<DigestAlgorithm> {
    HMACS
        .iter()
        .find(|(oid, _)| *oid == algorithm)
        .map(|&(_, digest)| digest)
}

pub(crate) fn hmac_oid(digest: DigestAlgorithm) -> Oid<'static> {
    HMACS
        .iter()
        .find(|(_, candidate)| *candidate == digest)
        .map_or(HMACS[0].0, |&(oid, _)| oid)
}

const HMACS: [(Oid<'static>, DigestAlgorithm); 7] = [
    (oid::HMAC_SHA1, DigestAlgorithm::Sha1),
    (oid::HMAC_SHA224, DigestAlgorithm::Sha224),
    (oid::HMAC_SHA256, DigestAlgorithm::Sha256),
    (oid::HMAC_SHA384, DigestAlgorithm::Sha384),
    (oid::HMAC_SHA512, DigestAlgorithm::Sha512),
    (oid::HMAC_SHA512_224, DigestAlgorithm::Sha512Trunc224),
    (oid::HMAC_SHA512_256, DigestAlgorithm::Sha512Trunc256),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;

    #[test]
    fn every_encryption_survives_writing_and_reading() {
        let salt = b"12345678".to_vec();
        let iterations = Iterations::new(20).unwrap();
        let legacy = [
            oid::PBE_SHA1_RC4_128,
            oid::PBE_SHA1_RC4_40,
            oid::PBE_SHA1_3DES,
            oid::PBE_SHA1_2DES,
            oid::PBE_SHA1_RC2_128,
            oid::PBE_SHA1_RC2_40,
            oid::PBE_MD5_DES,
            oid::JCEKS_PBE,
        ];
        let parameters = salt_and_iterations_der(&salt, iterations);
        let mut identifiers: Vec<Vec<u8>> = legacy
            .into_iter()
            .map(|algorithm| der::algorithm(algorithm, &parameters))
            .collect();
        let default = Encryption::by_java_name(DEFAULT_ALGORITHM, DEFAULT_ITERATIONS);
        identifiers.push(default.unwrap().unwrap().to_der());
        let password = Password::of(&Secret::copied_from(b"changeit"));
        let algorithm = der::algorithm(oid::AES, &[]);
        let key = der::sequence(&[&der::number(0), &algorithm, &der::octet_string(b"x34!2axf")]);
        for identifier in identifiers {
            let (element, _) = Element::first_of(&identifier).unwrap();
            let encryption = Encryption::parse(&element).unwrap();
            assert_eq!(encryption.to_der(), identifier);
            let renewed = encryption.renewed().unwrap();
            assert_ne!(renewed, encryption);
            let sealed = Encrypted::seal(&renewed, &password, &key).unwrap();
            let opened = Encrypted::parse(&sealed).unwrap().open(&password).unwrap();
            assert_eq!(*opened, key, "{encryption:?}");
        }
    }

    #[test]
    fn an_algorithm_is_found_by_the_name_that_it_gives() {
        let names = [
            "PBEWithMD5AndDES",
            "PBEWithSHA1AndDESede",
            "PBEWithSHA1AndRC2_40",
            "PBEWithSHA1AndRC4_128",
            "PBEWithHmacSHA1AndAES_128",
            "PBEWithHmacSHA512AndAES_256",
            "PBEWithHmacSHA512/256AndAES_256",
        ];
        let iterations = Iterations::new(1234).unwrap();
        for name in names {
            let found = Encryption::by_java_name(&name.to_lowercase(), iterations).unwrap();
            let protection = found.unwrap().protection();
            assert_eq!(
                (protection.algorithm.as_str(), protection.iterations),
                (name, iterations)
            );
        }
        assert_eq!(
            Encryption::by_java_name("PBKDF2WithHmacSHA256", iterations),
            Ok(None)
        );
    }

    #[test]
    fn p12_iterations_5000001_is_refused() {
        let parameters = der::sequence(&[&der::octet_string(b"salt"), &der::number(5_000_001)]);
        let identifier = der::algorithm(oid::PBE_SHA1_3DES, &parameters);
        let (element, _) = Element::first_of(&identifier).unwrap();
        let error = Encryption::parse(&element).unwrap_err();
        assert!(matches!(error, EncryptionError::Iterations(_)), "{error}");
    }
}
