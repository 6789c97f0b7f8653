//! passlib's own notations.
//!
//! ```text
//! $pbkdf2-sha256$iterations$ab64( salt )$ab64( key )    $pbkdf2$ is SHA-1
//! grub.pbkdf2.sha512.iterations.HEX( salt ).HEX( key )
//! ```
//! Source: `passlib.handlers.pbkdf2` and `passlib.handlers.bcrypt`, 1.7.4.

use zeroize::Zeroizing;

use super::bcrypt::PasslibBcryptSha256;
use super::{Notation, Parts, Production, Reading, decimal, fields, not_base64, usual};
use crate::hexadecimal::{hexadecimal, of_hexadecimal};
use crate::kdf::DigestAlgorithm;
use crate::password::radix64::ADAPTED;
use crate::password::{Dialect, HashFunction, Pbkdf2, Refusal, Scheme, Soundness};

pub(super) struct PasslibPbkdf2 {
    pub(super) prefix: &'static str,
    pub(super) prf: DigestAlgorithm,
}

pub(super) const SHA256: PasslibPbkdf2 = PasslibPbkdf2 {
    prefix: "$pbkdf2-sha256$",
    prf: DigestAlgorithm::Sha256,
};
pub(super) const SHA512: PasslibPbkdf2 = PasslibPbkdf2 {
    prefix: "$pbkdf2-sha512$",
    prf: DigestAlgorithm::Sha512,
};

impl Notation for PasslibPbkdf2 {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.prefix)?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

impl PasslibPbkdf2 {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [iterations, salt, key] = fields(rest)?;
        let iterations = decimal(iterations, "the iteration count")?;
        // passlib reads both alphabets, and passwap takes values of either.
        let decoded = |text: &str| ADAPTED.decode(&Zeroizing::new(text.replace('+', ".")));
        let salt = decoded(salt).ok_or_else(not_base64)?;
        let key = decoded(key).ok_or_else(not_base64)?;
        let function = Pbkdf2::new(self.prf, salt.to_vec(), iterations.into(), key.len())?;
        Ok(Parts::new(HashFunction::Pbkdf2(function), &key))
    }
}

impl Production for PasslibPbkdf2 {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        new_function(self.prf, salt, cost)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let (prefix, iterations) = (self.prefix, function.iterations);
        let (salt, key) = (ADAPTED.encode(&function.salt), ADAPTED.encode(digest));
        Some(format!("{prefix}{iterations}${salt}${key}"))
    }
}

struct Grub;

impl Notation for Grub {
    fn read(&self, text: &str) -> Reading {
        Some(grub_parts(text.strip_prefix("grub.pbkdf2.sha512.")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn grub_parts(rest: &str) -> Result<Parts, Refusal> {
    let malformed = || Refusal::malformed("it is not iterations, salt and key between dots");
    let (iterations, rest) = rest.split_once('.').ok_or_else(malformed)?;
    let (salt, key) = rest.split_once('.').ok_or_else(malformed)?;
    let iterations = decimal(iterations, "the iteration count")?;
    let salt = of_hexadecimal(salt).ok_or_else(malformed)?;
    let key = of_hexadecimal(key).ok_or_else(malformed)?;
    let function = Pbkdf2::new(DigestAlgorithm::Sha512, salt, iterations.into(), key.len())?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), &key))
}

impl Production for Grub {
    fn salt_length(&self) -> usize {
        64
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        new_function(DigestAlgorithm::Sha512, salt, cost)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let salt = hexadecimal(&function.salt).to_uppercase();
        let key = hexadecimal(digest).to_uppercase();
        let iterations = function.iterations;
        Some(format!("grub.pbkdf2.sha512.{iterations}.{salt}.{key}"))
    }
}

fn new_function(
    prf: DigestAlgorithm,
    salt: Vec<u8>,
    cost: Option<u32>,
) -> Result<HashFunction, Refusal> {
    let iterations = cost.unwrap_or(usual::iterations(prf));
    let function = Pbkdf2::new(prf, salt, iterations.into(), prf.output_length())?;
    Ok(HashFunction::Pbkdf2(function))
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme(
        "pbkdf2",
        &PasslibPbkdf2 {
            prefix: "$pbkdf2$",
            prf: DigestAlgorithm::Sha1,
        },
    ),
    scheme("pbkdf2-sha256", &SHA256),
    scheme("pbkdf2-sha512", &SHA512),
    Scheme {
        dialects: &[Dialect::Passlib],
        ..scheme("grub-pbkdf2-sha512", &Grub)
    },
    Scheme {
        dialects: &[Dialect::Passlib],
        salt: "16 bytes",
        cost: "2^cost, 4 to 18",
        ..scheme("bcrypt-sha256", &PasslibBcryptSha256)
    },
];

const fn scheme(name: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Passlib, Dialect::Passwap],
        salt: "any length",
        cost: "iterations",
        soundness: Soundness::Sound,
        judge: Some("passlib"),
        notation,
    }
}
