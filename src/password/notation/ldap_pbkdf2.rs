//! PBKDF2 in directories.
//!
//! ```text
//! OpenDJ    {PBKDF2…}iterations:base64( key | salt )
//! Atlassian {PKCS5S2}base64( salt of 16 bytes | key of 32 bytes ), HMAC-SHA1, 10,000 iterations
//! OpenLDAP  {PBKDF2…}iterations$ab64( salt )$ab64( key )
//! ```
//! Source: OpenDJ's `AbstractPBKDF2PasswordStorageScheme` and `PKCS5S2PasswordStorageScheme`, OpenLDAP's
//! `contrib/slapd-modules/passwd/pbkdf2`.

use super::{Notation, Parts, Production, Reading, after_name, decimal, fields, not_base64, usual};
use crate::kdf::DigestAlgorithm;
use crate::password::{Dialect, HashFunction, Pbkdf2, Refusal, Scheme, Soundness, radix64};

struct LdapPbkdf2 {
    name: &'static str,
    prf: DigestAlgorithm,
    layout: Layout,
}

enum Layout {
    OpenDj,
    OpenLdap,
    Atlassian,
}

impl LdapPbkdf2 {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        match self.layout {
            Layout::OpenDj => self.opendj(rest),
            Layout::OpenLdap => self.openldap(rest),
            Layout::Atlassian => self.atlassian(rest),
        }
    }

    fn opendj(&self, rest: &str) -> Result<Parts, Refusal> {
        let (iterations, encoded) = rest
            .split_once(':')
            .ok_or_else(|| Refusal::malformed("it has no colon after the iterations"))?;
        let iterations = decimal(iterations, "the iteration count")?;
        let bytes = radix64::STANDARD.decode(encoded).ok_or_else(not_base64)?;
        let length = self.prf.output_length();
        let Some((key, salt)) = bytes.split_at_checked(length) else {
            return Err(Refusal::malformed(format!(
                "its key is shorter than {length} bytes"
            )));
        };
        self.pbkdf2(salt, iterations, key)
    }

    fn openldap(&self, rest: &str) -> Result<Parts, Refusal> {
        let [iterations, salt, key] = fields(rest)?;
        let iterations = decimal(iterations, "the iteration count")?;
        // 389 Directory Server reads both alphabets.
        let decoded = |text: &str| radix64::ADAPTED.decode(&text.replace('+', "."));
        let salt = decoded(salt).ok_or_else(not_base64)?;
        let key = decoded(key).ok_or_else(not_base64)?;
        let length = self.prf.output_length();
        if key.len() != length {
            return Err(Refusal::malformed(format!(
                "its key has {} bytes, not {length}",
                key.len()
            )));
        }
        self.pbkdf2(&salt, iterations, &key)
    }

    fn atlassian(&self, rest: &str) -> Result<Parts, Refusal> {
        let bytes = radix64::STANDARD.decode(rest).ok_or_else(not_base64)?;
        if bytes.len() != 48 {
            return Err(Refusal::malformed(format!(
                "it has {} bytes, not a salt of 16 and a key of 32",
                bytes.len()
            )));
        }
        let (salt, key) = bytes.split_at(16);
        self.pbkdf2(salt, 10_000, key)
    }

    fn pbkdf2(&self, salt: &[u8], iterations: u32, key: &[u8]) -> Result<Parts, Refusal> {
        let function = Pbkdf2::new(self.prf, salt.to_vec(), iterations.into(), key.len())?;
        Ok(Parts::new(HashFunction::Pbkdf2(function), key))
    }
}

impl Notation for LdapPbkdf2 {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(after_name(text, self.name)?))
    }

    fn production(&self) -> Option<&dyn Production> {
        match self.layout {
            Layout::Atlassian => None,
            _ => Some(self),
        }
    }
}

impl Production for LdapPbkdf2 {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let iterations = cost.unwrap_or(usual::iterations(self.prf));
        let length = self.prf.output_length();
        let function = Pbkdf2::new(self.prf, salt, iterations.into(), length)?;
        Ok(HashFunction::Pbkdf2(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let (name, iterations, salt) = (self.name, function.iterations, &function.salt);
        Some(match self.layout {
            Layout::OpenLdap => format!(
                "{{{name}}}{iterations}${}${}",
                radix64::ADAPTED.encode(salt),
                radix64::ADAPTED.encode(digest)
            ),
            Layout::OpenDj | Layout::Atlassian => {
                let encoded = radix64::STANDARD.encode_padded(&[digest, salt].concat());
                format!("{{{name}}}{iterations}:{encoded}")
            }
        })
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    opendj(&LdapPbkdf2 {
        name: "PBKDF2",
        prf: DigestAlgorithm::Sha1,
        layout: Layout::OpenDj,
    }),
    opendj(&LdapPbkdf2 {
        name: "PBKDF2-HMAC-SHA256",
        prf: DigestAlgorithm::Sha256,
        layout: Layout::OpenDj,
    }),
    opendj(&LdapPbkdf2 {
        name: "PBKDF2-HMAC-SHA512",
        prf: DigestAlgorithm::Sha512,
        layout: Layout::OpenDj,
    }),
    Scheme {
        salt: "16 bytes",
        cost: "10000 iterations, fixed",
        soundness: Soundness::Obsolete,
        judge: Some("passlib"),
        ..opendj(&LdapPbkdf2 {
            name: "PKCS5S2",
            prf: DigestAlgorithm::Sha1,
            layout: Layout::Atlassian,
        })
    },
    openldap(&LdapPbkdf2 {
        name: "PBKDF2",
        prf: DigestAlgorithm::Sha1,
        layout: Layout::OpenLdap,
    }),
    Scheme {
        judge: Some("OpenLDAP"),
        ..openldap_and_389(&LdapPbkdf2 {
            name: "PBKDF2-SHA1",
            prf: DigestAlgorithm::Sha1,
            layout: Layout::OpenLdap,
        })
    },
    openldap_and_389(&LdapPbkdf2 {
        name: "PBKDF2-SHA256",
        prf: DigestAlgorithm::Sha256,
        layout: Layout::OpenLdap,
    }),
    openldap_and_389(&LdapPbkdf2 {
        name: "PBKDF2-SHA512",
        prf: DigestAlgorithm::Sha512,
        layout: Layout::OpenLdap,
    }),
];

const fn opendj(notation: &'static LdapPbkdf2) -> Scheme {
    Scheme {
        name: notation.name,
        dialects: &[Dialect::OpenDj],
        salt: "any length",
        cost: "iterations",
        soundness: Soundness::Sound,
        judge: Some("OpenDJ"),
        notation,
    }
}

const fn openldap(notation: &'static LdapPbkdf2) -> Scheme {
    Scheme {
        dialects: &[Dialect::OpenLdap],
        judge: Some("passlib"),
        ..opendj(notation)
    }
}

/// 389 Directory Server took them over from OpenLDAP.
const fn openldap_and_389(notation: &'static LdapPbkdf2) -> Scheme {
    Scheme {
        dialects: &[Dialect::OpenLdap, Dialect::Directory389],
        ..openldap(notation)
    }
}
