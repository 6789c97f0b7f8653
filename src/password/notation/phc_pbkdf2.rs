//! PBKDF2 as a PHC string, which @phc/pbkdf2, Ory Kratos and Auth0 write.
//!
//! ```text
//! $pbkdf2-sha256$i=100000,l=32$base64( salt )$base64( key )    $pbkdf2$ is SHA-1
//! ```
//! The key is as long as its value, whatever `l` says; `i` and `l` may be missing for Auth0, 100,000 iterations then. Behind
//! `sha224` and `sha384` Kratos computes SHA-3, and the others SHA-2: the dialect decides. Source: @phc/pbkdf2; Kratos' `hash/hash_comparator.go` and
//! `hasher_pbkdf2.go`.

use super::{Notation, Parts, Reading, decimal, not_base64};
use crate::password::radix64::STANDARD;
use crate::password::{
    Dialect, HashFunction, MessageDigest, Pbkdf2, Pbkdf2Sha3, Refusal, Scheme, Sha3, Soundness,
};

const USUAL_ITERATIONS: u32 = 100_000;

pub(super) struct PhcPbkdf2 {
    mark: &'static str,
    sha3: Option<Sha3>,
}

impl PhcPbkdf2 {
    /// The function is the one that the mark names.
    pub(super) const fn usual(mark: &'static str) -> Self {
        Self { mark, sha3: None }
    }

    pub(super) const fn of_sha3(mark: &'static str, sha3: Sha3) -> Self {
        Self {
            mark,
            sha3: Some(sha3),
        }
    }

    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let fields: Vec<&str> = rest.split('$').collect();
        let (iterations, salt, key) = match fields.as_slice() {
            [parameters, salt, key] => (iterations(parameters)?, *salt, *key),
            [salt, key] => (USUAL_ITERATIONS, *salt, *key),
            _ => return Err(Refusal::malformed("it is no PHC string of PBKDF2")),
        };
        let salt = STANDARD.decode(salt).ok_or_else(not_base64)?.to_vec();
        let key = STANDARD.decode(key).ok_or_else(not_base64)?;
        let function = if let Some(sha3) = self.sha3 {
            HashFunction::Pbkdf2Sha3(Pbkdf2Sha3::new(sha3, salt, iterations, key.len())?)
        } else {
            let name = self.mark.trim_matches('$').strip_prefix("pbkdf2-");
            let digest = name.map_or(Some(MessageDigest::Sha1), MessageDigest::named);
            let prf = digest.and_then(MessageDigest::prf);
            let prf = prf.ok_or(Refusal::UnknownInner)?;
            HashFunction::Pbkdf2(Pbkdf2::new(prf, salt, iterations.into(), key.len())?)
        };
        Ok(Parts::new(function, &key))
    }
}

impl Notation for PhcPbkdf2 {
    fn read(&self, text: &str) -> Reading {
        let rest = text.strip_prefix(self.mark)?;
        // passlib's text has a number there.
        if rest.starts_with(|first: char| first.is_ascii_digit()) && rest.matches('$').count() == 2
        {
            return None;
        }
        Some(self.parts(rest))
    }
}

fn iterations(parameters: &str) -> Result<u32, Refusal> {
    let mut iterations = USUAL_ITERATIONS;
    for parameter in parameters.split(',') {
        match parameter.split_once('=') {
            Some(("i", value)) => iterations = decimal(value, "i")?,
            Some(("l", value)) => _ = decimal(value, "l")?,
            _ => {
                return Err(Refusal::malformed("it has other parameters than i and l"));
            }
        }
    }
    Ok(iterations)
}

/// Those that Kratos does not have, or not with this function; the rest are among Kratos' schemes.
pub(super) const SCHEMES: &[Scheme] = &[
    scheme("pbkdf2", &PhcPbkdf2::usual("$pbkdf2$")),
    scheme("pbkdf2-sha224", &PhcPbkdf2::usual("$pbkdf2-sha224$")),
    scheme("pbkdf2-sha384", &PhcPbkdf2::usual("$pbkdf2-sha384$")),
];

const fn scheme(name: &'static str, notation: &'static PhcPbkdf2) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Phc],
        salt: "any length",
        cost: "iterations",
        soundness: Soundness::Sound,
        judge: None,
        notation,
    }
}
