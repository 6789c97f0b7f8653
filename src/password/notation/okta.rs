//! Okta's password hash object, as its Users API takes it.
//!
//! ```text
//! {"algorithm": "SHA-512", "salt": "base64", "saltOrder": "POSTFIX", "value": "base64( digest )"}
//! {"algorithm": "BCRYPT", "workFactor": 10, "salt": "22 characters", "value": "31 characters"}
//! {"algorithm": "PBKDF2", "digestAlgorithm": "SHA256_HMAC", "iterationCount": 4096, "keySize": 32, "salt": …, "value": …}
//! ```
//! The digest is over salt and password as bytes. Source: developer.okta.com, Users API, "Password hash object".

use serde::Deserialize;

use super::bcrypt;
use super::json_text::{SaltPlace, WipedText, base64, object, of_length, required};
use super::{Notation, Parts, Reading};
use crate::kdf::DigestAlgorithm;
use crate::password::{Dialect, HashFunction, MessageDigest, Pbkdf2, Refusal, Scheme, Soundness};

struct Okta {
    algorithm: &'static str,
    function: Function,
}

enum Function {
    Digest(MessageDigest),
    Bcrypt,
    Pbkdf2,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct HashObject {
    algorithm: String,
    salt: Option<WipedText>,
    salt_order: Option<String>,
    value: WipedText,
    work_factor: Option<u32>,
    digest_algorithm: Option<String>,
    iteration_count: Option<u32>,
    key_size: Option<usize>,
}

impl Notation for Okta {
    fn read(&self, text: &str) -> Reading {
        let object: HashObject = match object(text, &["algorithm", "value"])? {
            Ok(object) => object,
            Err(refusal) => return Some(Err(refusal)),
        };
        (object.algorithm == self.algorithm).then(|| self.parts(&object))
    }
}

impl Okta {
    fn parts(&self, object: &HashObject) -> Result<Parts, Refusal> {
        let salt = object.salt.as_deref();
        match self.function {
            Function::Digest(function) => digested(object, function),
            Function::Bcrypt => {
                let cost = required(object.work_factor, "workFactor")?;
                bcrypt::of_fields(cost, [required(salt, "salt")?, &object.value])
            }
            Function::Pbkdf2 => pbkdf2(object, required(salt, "salt")?),
        }
    }
}

fn digested(object: &HashObject, function: MessageDigest) -> Result<Parts, Refusal> {
    let digest = base64(&object.value, "value")?;
    of_length(&digest, function)?;
    let salt = base64(object.salt.as_deref().unwrap_or_default(), "salt")?;
    let place = match object.salt_order.as_deref() {
        Some(order) if order.eq_ignore_ascii_case("PREFIX") => SaltPlace::BeforePassword,
        Some(order) if order.eq_ignore_ascii_case("POSTFIX") => SaltPlace::AfterPassword,
        _ if salt.is_empty() => SaltPlace::AfterPassword,
        _ => {
            return Err(Refusal::malformed(
                "it has a salt, and no saltOrder PREFIX or POSTFIX",
            ));
        }
    };
    let function = place.digest(function, salt.to_vec(), 1);
    Ok(Parts::new(HashFunction::Digest(function), &digest))
}

fn pbkdf2(object: &HashObject, salt: &str) -> Result<Parts, Refusal> {
    let prf = match object.digest_algorithm.as_deref() {
        Some("SHA256_HMAC") => DigestAlgorithm::Sha256,
        Some("SHA512_HMAC") => DigestAlgorithm::Sha512,
        _ => {
            return Err(Refusal::malformed(
                "its digestAlgorithm is not SHA256_HMAC or SHA512_HMAC",
            ));
        }
    };
    let (salt, key) = (base64(salt, "salt")?, base64(&object.value, "value")?);
    if object.key_size.is_some_and(|size| size != key.len()) {
        return Err(Refusal::malformed("its value is not of its keySize"));
    }
    let iterations = required(object.iteration_count, "iterationCount")?;
    let function = Pbkdf2::new(prf, salt.to_vec(), iterations.into(), key.len())?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), &key))
}

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        salt: "16 bytes",
        cost: "2^cost, 4 to 18",
        soundness: Soundness::Sound,
        ..okta(&Okta {
            algorithm: "BCRYPT",
            function: Function::Bcrypt,
        })
    },
    Scheme {
        cost: "iterations",
        soundness: Soundness::Sound,
        ..okta(&Okta {
            algorithm: "PBKDF2",
            function: Function::Pbkdf2,
        })
    },
    okta(&Okta {
        algorithm: "SHA-512",
        function: Function::Digest(MessageDigest::Sha512),
    }),
    okta(&Okta {
        algorithm: "SHA-256",
        function: Function::Digest(MessageDigest::Sha256),
    }),
    okta(&Okta {
        algorithm: "SHA-1",
        function: Function::Digest(MessageDigest::Sha1),
    }),
    okta(&Okta {
        algorithm: "MD5",
        function: Function::Digest(MessageDigest::Md5),
    }),
];

const fn okta(notation: &'static Okta) -> Scheme {
    Scheme {
        name: notation.algorithm,
        dialects: &[Dialect::Okta],
        salt: "any length",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: None,
        notation,
    }
}
