//! Jakarta Security's `Pbkdf2PasswordHash`.
//!
//! ```text
//! PBKDF2WithHmacSHA256:iterations:base64( salt ):base64( key )
//! ```
//! Source: Jakarta Security 3.0, `jakarta.security.enterprise.identitystore.Pbkdf2PasswordHash`.

use super::json_text::base64;
use super::{Notation, Parts, Production, Reading, decimal, usual, wso2};
use crate::kdf::DigestAlgorithm;
use crate::password::radix64::STANDARD;
use crate::password::{Dialect, HashFunction, Pbkdf2, Refusal, Scheme, Soundness};

struct Jakarta;

impl Notation for Jakarta {
    fn read(&self, text: &str) -> Reading {
        text.starts_with("PBKDF2WithHmac").then(|| parts(text))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn parts(text: &str) -> Result<Parts, Refusal> {
    let fields: Vec<&str> = text.split(':').collect();
    let [prf, iterations, salt, key] = fields.as_slice() else {
        return Err(Refusal::malformed("it does not have 4 fields between :"));
    };
    let (salt, key) = (base64(salt, "salt")?, base64(key, "key")?);
    let iterations = decimal(iterations, "the iteration count")?;
    let prf = wso2::prf_of(prf)?;
    let function = Pbkdf2::new(prf, salt.to_vec(), iterations.into(), key.len())?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), &key))
}

impl Production for Jakarta {
    fn salt_length(&self) -> usize {
        32
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let prf = DigestAlgorithm::Sha256;
        let iterations = cost.unwrap_or(usual::iterations(prf));
        let function = Pbkdf2::new(prf, salt, iterations.into(), 32)?;
        Ok(HashFunction::Pbkdf2(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let (prf, iterations) = (function.prf.java_name(), function.iterations);
        let salt = STANDARD.encode_padded(&function.salt);
        let key = STANDARD.encode_padded(digest);
        Some(format!("PBKDF2WithHmac{prf}:{iterations}:{salt}:{key}"))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    name: "Pbkdf2PasswordHash",
    dialects: &[Dialect::Jakarta],
    salt: "any length",
    cost: "iterations",
    soundness: Soundness::Sound,
    judge: Some("Soteria"),
    notation: &Jakarta,
}];
