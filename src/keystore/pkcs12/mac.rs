//! [`Mac`]: what guards a PKCS12 file as a whole.
//!
//! ```text
//! MacData = SEQUENCE { SEQUENCE { AlgorithmIdentifier, OCTET STRING digest },
//!                      OCTET STRING salt, INTEGER iterations DEFAULT 1 }
//! ```
//! The algorithm is a digest (HMAC under a key of the PKCS12 derivation) or PBMAC1, whose
//! parameters hold everything and make salt and iterations beside it meaningless.
//!
//! Source: RFC 7292 section 4 and appendix A; RFC 9879 for PBMAC1.

use std::sync::OnceLock;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::Secret;
use crate::kdf::{self, DigestAlgorithm, Iterations, Pkcs12Purpose};
use crate::keystore::ber::{Element, Reader, tag};
use crate::keystore::encryption::{
    DEFAULT_ITERATIONS, EncryptionError, Pbkdf2Parameters, SALT_LENGTH, hmac_of, hmac_oid, random,
    renewed_bytes,
};
use crate::keystore::error::KeystoreError;
use crate::keystore::integrity::Integrity;
use crate::keystore::oid::Oid;
use crate::keystore::store_protection::ProtectionChoice;
use crate::keystore::store_type::StoreType;
use crate::keystore::{der, oid, password_encoding};

/// The MAC of a store: how its key is derived, and its value when the file was read.
pub(super) struct Mac {
    derivation: Derivation,
    digest: DigestAlgorithm,
    value: Vec<u8>,
    /// Set where the file's writer took an empty password for an absent one.
    password_is_absent: OnceLock<()>,
}

enum Derivation {
    Pkcs12 {
        salt: Vec<u8>,
        iterations: Iterations,
    },
    Pbmac1(Pbkdf2Parameters),
}

/// The JDK's default since 17.
const DEFAULT_MAC: &str = "HmacPBESHA256";

const DIGESTS: [(Oid<'static>, DigestAlgorithm); 7] = [
    (oid::SHA1, DigestAlgorithm::Sha1),
    (oid::SHA224, DigestAlgorithm::Sha224),
    (oid::SHA256, DigestAlgorithm::Sha256),
    (oid::SHA384, DigestAlgorithm::Sha384),
    (oid::SHA512, DigestAlgorithm::Sha512),
    (oid::SHA512_224, DigestAlgorithm::Sha512Trunc224),
    (oid::SHA512_256, DigestAlgorithm::Sha512Trunc256),
];

impl Mac {
    /// A new one; `None` where there is to be none. By default HMAC-SHA256 with 10,000 iterations,
    /// as in the JDK since 17.
    pub(super) fn fresh(choice: &ProtectionChoice) -> Result<Option<Self>, KeystoreError> {
        if choice.is_none() {
            return Ok(None);
        }
        let iterations = choice.iterations.unwrap_or(DEFAULT_ITERATIONS);
        let name = choice.algorithm.as_deref().unwrap_or(DEFAULT_MAC);
        let named = |digest: DigestAlgorithm, prefix: &str| {
            name.eq_ignore_ascii_case(&format!("{prefix}{}", digest.java_name()))
        };
        let salt = random::<SALT_LENGTH>()
            .map_err(EncryptionError::while_writing)?
            .to_vec();
        let digests = || DIGESTS.iter().map(|&(_, digest)| digest);
        let (digest, derivation) =
            if let Some(digest) = digests().find(|digest| named(*digest, "HmacPBE")) {
                (digest, Derivation::Pkcs12 { salt, iterations })
            } else if let Some(digest) = digests().find(|digest| named(*digest, "PBEWithHmac")) {
                let parameters = Pbkdf2Parameters {
                    salt,
                    iterations,
                    key_length: u64::try_from(digest.output_length()).ok(),
                    prf: digest,
                };
                (digest, Derivation::Pbmac1(parameters))
            } else {
                return Err(choice.unknown_in(StoreType::Pkcs12));
            };
        Ok(Some(Self {
            derivation,
            digest,
            value: Vec::new(),
            password_is_absent: OnceLock::new(),
        }))
    }

    /// The same algorithm and cost under a fresh salt.
    pub(super) fn renewed(self) -> Result<Self, EncryptionError> {
        let derivation = match self.derivation {
            Derivation::Pkcs12 { salt, iterations } => Derivation::Pkcs12 {
                salt: renewed_bytes(&salt)?,
                iterations,
            },
            Derivation::Pbmac1(parameters) => {
                let salt = renewed_bytes(&parameters.salt)?;
                Derivation::Pbmac1(Pbkdf2Parameters { salt, ..parameters })
            }
        };
        Ok(Self { derivation, ..self })
    }

    /// Reads MacData.
    pub(super) fn parse(mac_data: &Element<'_>) -> Result<Self, KeystoreError> {
        let mut fields = mac_data.reader();
        let mut digest_info = fields.sequence("a DigestInfo")?;
        let mut identifier = digest_info.sequence("a MAC algorithm")?;
        let algorithm = identifier.oid("a MAC algorithm")?;
        let value = digest_info.octet_string("a MAC")?.into_owned();
        if algorithm == oid::PBMAC1 {
            let (derivation, digest) =
                parse_pbmac1(identifier).map_err(|error| unsupported(&error))?;
            return Ok(Self {
                derivation: Derivation::Pbmac1(derivation),
                digest,
                value,
                password_is_absent: OnceLock::new(),
            });
        }
        let digest = DIGESTS
            .iter()
            .find(|(oid, _)| *oid == algorithm)
            .map(|&(_, digest)| digest)
            .ok_or_else(|| unsupported(&format!("unknown MAC algorithm {algorithm}")))?;
        let salt = fields.octet_string("a MAC salt")?.into_owned();
        let iterations = match fields.rest().first() {
            Some(&tag::INTEGER) => fields.number("MAC iterations")?,
            _ => 1,
        };
        let iterations = Iterations::new(iterations).map_err(|error| unsupported(&error))?;
        Ok(Self {
            derivation: Derivation::Pkcs12 { salt, iterations },
            digest,
            value,
            password_is_absent: OnceLock::new(),
        })
    }

    /// Whether the file's MAC is that of `content` under `password`.
    pub(super) fn verifies(&self, password: &Secret, content: &[u8]) -> bool {
        let matches =
            |key: &[u8]| -> bool { self.digest.hmac(key, content).ct_eq(&self.value).into() };
        if matches(&self.key(password)) {
            return true;
        }
        // An absent password derives from no bytes at all, an empty one from its terminator; who
        // wrote the file may have meant either, and reads it again in that way only.
        let Derivation::Pkcs12 { salt, iterations } = &self.derivation else {
            return false;
        };
        let absent = password.is_empty() && matches(&self.pkcs12_key(&[], salt, *iterations));
        if absent {
            self.password_is_absent.get_or_init(|| ());
        }
        absent
    }

    /// MacData over `content`: the file's own algorithm, salt and count.
    pub(super) fn to_der(&self, password: &Secret, content: &[u8]) -> Vec<u8> {
        let value = self.digest.hmac(&self.key(password), content);
        let (algorithm, salt, iterations) = match &self.derivation {
            Derivation::Pkcs12 { salt, iterations } => {
                let digest = oid_of(&DIGESTS, self.digest);
                (
                    der::algorithm(digest, &der::null()),
                    salt.as_slice(),
                    iterations.get(),
                )
            }
            Derivation::Pbmac1(parameters) => {
                let scheme = der::algorithm(hmac_oid(self.digest), &der::null());
                let parameters = der::sequence(&[&parameters.to_der(), &scheme]);
                (
                    der::algorithm(oid::PBMAC1, &parameters),
                    b"NOT USED".as_slice(),
                    1,
                )
            }
        };
        let digest_info = der::sequence(&[&algorithm, &der::octet_string(&value)]);
        der::sequence(&[
            &digest_info,
            &der::octet_string(salt),
            &der::number(iterations),
        ])
    }

    /// The algorithm and its cost.
    pub(super) fn integrity(&self) -> Integrity {
        let digest = self.digest.java_name();
        let (algorithm, iterations) = match &self.derivation {
            Derivation::Pkcs12 { iterations, .. } => (format!("HmacPBE{digest}"), *iterations),
            Derivation::Pbmac1(parameters) => {
                (format!("PBMAC1 with Hmac{digest}"), parameters.iterations)
            }
        };
        Integrity {
            algorithm,
            digest: self.digest,
            iterations: Some(iterations),
        }
    }

    fn key(&self, password: &Secret) -> Zeroizing<Vec<u8>> {
        match &self.derivation {
            Derivation::Pkcs12 { salt, iterations }
                if password.is_empty() && self.password_is_absent.get().is_some() =>
            {
                self.pkcs12_key(&[], salt, *iterations)
            }
            Derivation::Pkcs12 { salt, iterations } => self.pkcs12_key(
                &password_encoding::utf16_terminated(password),
                salt,
                *iterations,
            ),
            Derivation::Pbmac1(parameters) => {
                let key = parameters.derivation(self.digest.output_length());
                key.derive(&password_encoding::utf8(password))
            }
        }
    }

    fn pkcs12_key(&self, password: &[u8], salt: &[u8], count: Iterations) -> Zeroizing<Vec<u8>> {
        let mut key = Zeroizing::new(vec![0; self.digest.output_length()]);
        kdf::pkcs12(
            self.digest,
            Pkcs12Purpose::Mac,
            password,
            salt,
            count,
            &mut key,
        );
        key
    }
}

/// `SEQUENCE { { PBKDF2, PBKDF2-params }, { hmac } }`. The key is as long as the digest, or the
/// file is refused: a shorter one weakens the MAC, and OpenSSL once overflowed on a longer one.
fn parse_pbmac1(
    mut identifier: Reader<'_>,
) -> Result<(Pbkdf2Parameters, DigestAlgorithm), EncryptionError> {
    let mut parameters = identifier.sequence("PBMAC1 parameters")?;
    let derivation = Pbkdf2Parameters::parse(&mut parameters)?;
    let algorithm = parameters.sequence("a MAC scheme")?.oid("a MAC scheme")?;
    let unsupported = || EncryptionError::Unsupported(format!("PBMAC1 with {algorithm}"));
    let digest = hmac_of(algorithm).ok_or_else(unsupported)?;
    let expected = u64::try_from(digest.output_length()).ok();
    if derivation.key_length != expected {
        let what = format!("PBMAC1 with a key of {:?} bytes", derivation.key_length);
        return Err(EncryptionError::Unsupported(what));
    }
    Ok((derivation, digest))
}

fn oid_of(table: &[(Oid<'static>, DigestAlgorithm)], digest: DigestAlgorithm) -> Oid<'static> {
    table
        .iter()
        .find(|(_, candidate)| *candidate == digest)
        .map_or(table[0].0, |&(oid, _)| oid)
}

fn unsupported(reason: &impl ToString) -> KeystoreError {
    KeystoreError::UnsupportedIntegrity {
        store_type: StoreType::Pkcs12,
        reason: reason.to_string(),
    }
}
