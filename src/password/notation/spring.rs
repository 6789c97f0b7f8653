//! Spring Security's own encoders, behind their ids. Ids are case-sensitive.
//!
//! ```text
//! {pbkdf2}                    hex( salt of 8 bytes | key of 32 bytes ), HMAC-SHA1, 185,000 iterations
//! {pbkdf2@SpringSecurity_v5_8} hex( salt of 16 bytes | key of 32 bytes ), HMAC-SHA256, 310,000 iterations
//! {scrypt…}                   $ hex( log2 N << 16 | r << 8 | p ) $ base64( salt ) $ base64( key )
//! {sha256}                    hex( salt of 8 bytes | digest ), SHA-256 applied 1024 times to salt | password
//! {MD5} {MD4} {SHA-1} {SHA-256} {salt}hex( digest of password | "{salt}", braces included ); the salt may be missing
//! ```
//! Source: `PasswordEncoderFactories`, `Pbkdf2PasswordEncoder`, `SCryptPasswordEncoder`, `StandardPasswordEncoder`,
//! `MessageDigestPasswordEncoder`, each with its default settings.

use super::{Notation, Parts, Production, Reading, fields, not_base64};
use crate::hexadecimal::{hexadecimal, of_hexadecimal};
use crate::kdf::DigestAlgorithm;
use crate::password::radix64::STANDARD;
use crate::password::{
    Dialect, HashFunction, MessageDigest, Pbkdf2, Refusal, SaltedDigest, Scheme, Scrypt, Soundness,
};

struct SpringPbkdf2 {
    prefix: &'static str,
    prf: DigestAlgorithm,
    salt_length: usize,
    iterations: u32,
}

/// What both of Spring's versions have.
const KEY_LENGTH: usize = 32;

impl Notation for SpringPbkdf2 {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.prefix)?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

impl SpringPbkdf2 {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let (salt, key) = halves(rest, self.salt_length, KEY_LENGTH)?;
        let function = self.function(salt, None)?;
        Ok(Parts::new(function, &key))
    }
}

impl Production for SpringPbkdf2 {
    fn salt_length(&self) -> usize {
        self.salt_length
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        if cost.is_some() {
            return Err(Refusal::FixedCost);
        }
        let function = Pbkdf2::new(self.prf, salt, self.iterations.into(), KEY_LENGTH)?;
        Ok(HashFunction::Pbkdf2(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let bytes = [function.salt.as_slice(), digest].concat();
        Some(format!("{}{}", self.prefix, *hexadecimal(&bytes)))
    }
}

struct SpringScrypt {
    prefix: &'static str,
}

impl Notation for SpringScrypt {
    fn read(&self, text: &str) -> Reading {
        Some(scrypt_parts(text.strip_prefix(self.prefix)?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn scrypt_parts(rest: &str) -> Result<Parts, Refusal> {
    let ["", parameters, salt, key] = fields(rest)? else {
        return Err(Refusal::malformed("it does not begin with $"));
    };
    let no_number = |_| Refusal::malformed("its parameters are no hexadecimal number");
    if !parameters.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::malformed(
            "its parameters are no hexadecimal number",
        ));
    }
    let parameters = u32::from_str_radix(parameters, 16).map_err(no_number)?;
    let salt = STANDARD.decode(salt).ok_or_else(not_base64)?;
    let key = STANDARD.decode(key).ok_or_else(not_base64)?;
    let function = Scrypt {
        log_n: super::phc::log_n_of(parameters >> 16)?,
        r: parameters >> 8 & 0xff,
        p: parameters & 0xff,
        salt: salt.to_vec(),
        length: key.len(),
    };
    Ok(Parts::new(HashFunction::Scrypt(function.bounded()?), &key))
}

impl Production for SpringScrypt {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        super::phc::new_scrypt(salt, cost.unwrap_or(super::usual::SCRYPT_LOG_N), 32)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Scrypt(function) = function else {
            return None;
        };
        let parameters = u32::from(function.log_n) << 16 | function.r << 8 | function.p;
        let (salt, digest) = (
            STANDARD.encode_padded(&function.salt),
            STANDARD.encode_padded(digest),
        );
        Some(format!("{}${parameters:x}${salt}${digest}", self.prefix))
    }
}

struct StandardPasswordEncoder;

impl Notation for StandardPasswordEncoder {
    fn read(&self, text: &str) -> Reading {
        let rest = text.strip_prefix("{sha256}")?;
        let parts = |(salt, digest): (Vec<u8>, Vec<u8>)| {
            let function = SaltedDigest {
                digest: MessageDigest::Sha256,
                before: salt,
                after: Vec::new(),
                times: 1024,
            };
            Parts::new(HashFunction::Digest(function), &digest)
        };
        Some(halves(rest, 8, 32).map(parts))
    }
}

struct SpringDigest {
    prefix: &'static str,
    digest: MessageDigest,
}

impl Notation for SpringDigest {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.prefix)?))
    }
}

impl SpringDigest {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let (salt, digest) = match rest.rfind('}') {
            Some(end) if rest.starts_with('{') => rest.split_at(end + 1),
            _ => ("", rest),
        };
        let (_, digest) = halves(digest, 0, self.digest.output_length())?;
        let function = SaltedDigest {
            digest: self.digest,
            before: Vec::new(),
            after: salt.as_bytes().to_vec(),
            times: 1,
        };
        Ok(Parts::new(HashFunction::Digest(function), &digest))
    }
}

/// Hexadecimal digits of a salt and a digest of these lengths.
fn halves(text: &str, salt: usize, digest: usize) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    let bytes = of_hexadecimal(text).filter(|bytes| bytes.len() == salt + digest);
    let Some(mut bytes) = bytes else {
        return Err(Refusal::malformed(format!(
            "it is not {} hexadecimal digits",
            2 * (salt + digest)
        )));
    };
    let digest = bytes.split_off(salt);
    Ok((bytes, digest))
}

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        soundness: Soundness::Obsolete,
        cost: "185000 iterations, fixed",
        ..pbkdf2(
            "pbkdf2",
            &SpringPbkdf2 {
                prefix: "{pbkdf2}",
                prf: DigestAlgorithm::Sha1,
                salt_length: 8,
                iterations: 185_000,
            },
        )
    },
    pbkdf2(
        "pbkdf2@SpringSecurity_v5_8",
        &SpringPbkdf2 {
            prefix: "{pbkdf2@SpringSecurity_v5_8}",
            prf: DigestAlgorithm::Sha256,
            salt_length: 16,
            iterations: 310_000,
        },
    ),
    scrypt("scrypt", &SpringScrypt { prefix: "{scrypt}" }),
    scrypt(
        "scrypt@SpringSecurity_v5_8",
        &SpringScrypt {
            prefix: "{scrypt@SpringSecurity_v5_8}",
        },
    ),
    Scheme {
        salt: "8 bytes",
        ..digest("sha256", &StandardPasswordEncoder)
    },
    digest(
        "MD4",
        &SpringDigest {
            prefix: "{MD4}",
            digest: MessageDigest::Md4,
        },
    ),
    digest(
        "MD5",
        &SpringDigest {
            prefix: "{MD5}",
            digest: MessageDigest::Md5,
        },
    ),
    digest(
        "SHA-1",
        &SpringDigest {
            prefix: "{SHA-1}",
            digest: MessageDigest::Sha1,
        },
    ),
    digest(
        "SHA-256",
        &SpringDigest {
            prefix: "{SHA-256}",
            digest: MessageDigest::Sha256,
        },
    ),
];

const fn digest(name: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Spring],
        salt: "a text, or none",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: Some("Spring Security"),
        notation,
    }
}

const fn pbkdf2(name: &'static str, notation: &'static SpringPbkdf2) -> Scheme {
    Scheme {
        salt: if notation.salt_length == 8 {
            "8 bytes"
        } else {
            "16 bytes"
        },
        cost: "310000 iterations, fixed",
        soundness: Soundness::Sound,
        ..digest(name, notation)
    }
}

const fn scrypt(name: &'static str, notation: &'static SpringScrypt) -> Scheme {
    Scheme {
        salt: "any length",
        cost: "N, r, p",
        soundness: Soundness::Sound,
        ..digest(name, notation)
    }
}

#[cfg(test)]
mod tests {
    use crate::Secret;
    use crate::password::{Dialect, recognise};

    /// The documentation of `DelegatingPasswordEncoder` stores `password` in each of these.
    #[test]
    fn values_of_springs_documentation() {
        for text in [
            "{noop}password",
            "{bcrypt}$2a$10$dXJ3SW6G7P50lGmMkkmwe.20cQQubK3.HZWzG3YB1tlRy.fqvM/BG",
            "{pbkdf2}5d923b44a6d129f3ddf3e3c8d29412723dcbde72445e8ef6bf3b508fbf17fa4ed4d6b99ca763d8dc",
            "{sha256}97cde38028ad898ebc02e690819fa220e88c62e0699403e94fff291cfffaf8410849f27605abcbc0",
        ] {
            let stored = recognise(text, Some(Dialect::Spring)).unwrap();
            assert!(
                stored.verify(&Secret::copied_from(b"password")).unwrap(),
                "{text}"
            );
            assert!(
                !stored.verify(&Secret::copied_from(b"passwort")).unwrap(),
                "{text}"
            );
        }
    }
}
