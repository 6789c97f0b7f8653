//! Django's own hashers; bcrypt and Argon2 have Django's name before their usual text.
//!
//! ```text
//! pbkdf2_sha256$iterations$salt$base64( key )    scrypt$N$salt$r$p$base64( key )    md5$salt$hex( digest )
//! ```
//! The salt is the text itself. Source: `django.contrib.auth.hashers`, 5.2.

use super::{Notation, Parts, Production, Reading, decimal, fields, not_base64, usual};
use crate::hexadecimal::{hexadecimal, of_hexadecimal};
use crate::kdf::DigestAlgorithm;
use crate::password::radix64::STANDARD;
use crate::password::{
    Dialect, HashFunction, MessageDigest, Pbkdf2, Refusal, SaltedDigest, Scheme, Scrypt, Soundness,
};

struct DjangoPbkdf2 {
    prefix: &'static str,
    prf: DigestAlgorithm,
}

impl Notation for DjangoPbkdf2 {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.prefix)?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

impl DjangoPbkdf2 {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [iterations, salt, key] = fields(rest)?;
        let iterations = decimal(iterations, "the iteration count")?;
        let key = STANDARD.decode(key).ok_or_else(not_base64)?;
        let salt = salt.as_bytes().to_vec();
        let function = Pbkdf2::new(self.prf, salt, iterations.into(), key.len())?;
        Ok(Parts::new(HashFunction::Pbkdf2(function), &key))
    }
}

impl Production for DjangoPbkdf2 {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let iterations = cost.unwrap_or(usual::iterations(self.prf));
        let length = self.prf.output_length();
        let function = Pbkdf2::new(self.prf, as_text(&salt), iterations.into(), length)?;
        Ok(HashFunction::Pbkdf2(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let salt = std::str::from_utf8(&function.salt).ok()?;
        let (prefix, iterations) = (self.prefix, function.iterations);
        let key = STANDARD.encode_padded(digest);
        Some(format!("{prefix}{iterations}${salt}${key}"))
    }
}

struct DjangoScrypt;

impl Notation for DjangoScrypt {
    fn read(&self, text: &str) -> Reading {
        Some(scrypt_parts(text.strip_prefix("scrypt$")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn scrypt_parts(rest: &str) -> Result<Parts, Refusal> {
    let [n, salt, r, p, key] = fields(rest)?;
    let key = STANDARD.decode(key).ok_or_else(not_base64)?;
    let function = Scrypt {
        log_n: super::phc::log_of_n(decimal(n, "N")?)?,
        r: decimal(r, "r")?,
        p: decimal(p, "p")?,
        salt: salt.as_bytes().to_vec(),
        length: key.len(),
    };
    Ok(Parts::new(HashFunction::Scrypt(function.bounded()?), &key))
}

impl Production for DjangoScrypt {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        super::phc::new_scrypt(as_text(&salt), cost.unwrap_or(usual::SCRYPT_LOG_N), 64)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Scrypt(function) = function else {
            return None;
        };
        let Scrypt { log_n, r, p, .. } = function;
        let salt = std::str::from_utf8(&function.salt).ok()?;
        let n = 1_u64.checked_shl(u32::from(*log_n))?;
        let key = STANDARD.encode_padded(digest);
        Some(format!("scrypt${n}${salt}${r}${p}${key}"))
    }
}

struct DjangoDigest {
    prefix: &'static str,
    digest: MessageDigest,
}

impl Notation for DjangoDigest {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.prefix)?))
    }
}

impl DjangoDigest {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [salt, digest] = fields(rest)?;
        let length = self.digest.output_length();
        let digest = of_hexadecimal(digest).filter(|digest| digest.len() == length);
        let wrong = || Refusal::malformed(format!("its digest is not {} digits", 2 * length));
        let digest = digest.ok_or_else(wrong)?;
        let function = SaltedDigest {
            digest: self.digest,
            before: salt.as_bytes().to_vec(),
            after: Vec::new(),
            times: 1,
        };
        Ok(Parts::new(HashFunction::Digest(function), &digest))
    }
}

fn as_text(salt: &[u8]) -> Vec<u8> {
    hexadecimal(salt).as_bytes().to_vec()
}

pub(super) const SCHEMES: &[Scheme] = &[
    pbkdf2(
        "pbkdf2_sha256",
        &DjangoPbkdf2 {
            prefix: "pbkdf2_sha256$",
            prf: DigestAlgorithm::Sha256,
        },
    ),
    pbkdf2(
        "pbkdf2_sha1",
        &DjangoPbkdf2 {
            prefix: "pbkdf2_sha1$",
            prf: DigestAlgorithm::Sha1,
        },
    ),
    Scheme {
        cost: "N, r, p",
        judge: None,
        ..pbkdf2("scrypt", &DjangoScrypt)
    },
    digest(
        "sha1",
        &DjangoDigest {
            prefix: "sha1$",
            digest: MessageDigest::Sha1,
        },
    ),
    digest(
        "md5",
        &DjangoDigest {
            prefix: "md5$",
            digest: MessageDigest::Md5,
        },
    ),
];

const fn pbkdf2(name: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Django],
        salt: "a text",
        cost: "iterations",
        soundness: Soundness::Sound,
        judge: Some("passlib"),
        notation,
    }
}

const fn digest(name: &'static str, notation: &'static DjangoDigest) -> Scheme {
    Scheme {
        cost: "none",
        soundness: Soundness::Obsolete,
        ..pbkdf2(name, notation)
    }
}
