//! The texts of crypt(3): `$1$`, `$apr1$`, `$5$`, `$6$`, and bcrypt's.
//!
//! ```text
//! $1$salt$digest    $6$salt$digest    $6$rounds=656000$salt$digest
//! ```
//! The salt is the text itself. The bytes of the digest are written in an order of their own, low bits first. Source:
//! crypt(5); the orders stand in the C sources of FreeBSD's and Drepper's crypt.

use super::bcrypt::BcryptText;
use super::{Notation, Parts, Production, Reading, decimal, fields, not_base64};
use crate::password::function::{LONGEST_MD5_SALT, LONGEST_SHA_SALT};
use crate::password::radix64::CRYPT;
use crate::password::{
    Dialect, HashFunction, Md5Crypt, MessageDigest, Refusal, Scheme, ShaCrypt, Soundness,
};

const MD5_ORDER: [usize; 16] = [12, 6, 0, 13, 7, 1, 14, 8, 2, 15, 9, 3, 5, 10, 4, 11];
const SHA256_ORDER: [usize; 32] = [
    20, 10, 0, 11, 1, 21, 2, 22, 12, 23, 13, 3, 14, 4, 24, 5, 25, 15, 26, 16, 6, 17, 7, 27, 8, 28,
    18, 29, 19, 9, 30, 31,
];
const SHA512_ORDER: [usize; 64] = [
    42, 21, 0, 1, 43, 22, 23, 2, 44, 45, 24, 3, 4, 46, 25, 26, 5, 47, 48, 27, 6, 7, 49, 28, 29, 8,
    50, 51, 30, 9, 10, 52, 31, 32, 11, 53, 54, 33, 12, 13, 55, 34, 35, 14, 56, 57, 36, 15, 16, 58,
    37, 38, 17, 59, 60, 39, 18, 19, 61, 40, 41, 20, 62, 63,
];

pub(super) struct Md5CryptText {
    pub(super) mark: &'static str,
}

pub(super) struct ShaCryptText {
    mark: &'static str,
    digest: MessageDigest,
    order: &'static [usize],
    usual_rounds: u32,
}

pub(super) const MD5: Md5CryptText = Md5CryptText { mark: "$1$" };
pub(super) const APR1: Md5CryptText = Md5CryptText { mark: "$apr1$" };
pub(super) const SHA256: ShaCryptText = ShaCryptText {
    mark: "$5$",
    digest: MessageDigest::Sha256,
    order: &SHA256_ORDER,
    usual_rounds: 535_000,
};
pub(super) const SHA512: ShaCryptText = ShaCryptText {
    mark: "$6$",
    digest: MessageDigest::Sha512,
    order: &SHA512_ORDER,
    usual_rounds: 656_000,
};

impl Notation for Md5CryptText {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.mark)?))
    }
}

impl Md5CryptText {
    pub(super) fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [salt, encoded] = fields(rest)?;
        if salt.len() > LONGEST_MD5_SALT {
            return Err(Refusal::malformed("its salt has more than 8 bytes"));
        }
        let digest = reordered(encoded, &MD5_ORDER)?;
        let function = Md5Crypt {
            mark: self.mark,
            salt: salt.as_bytes().to_vec(),
        };
        Ok(Parts::new(HashFunction::Md5Crypt(function), &digest))
    }
}

impl Notation for ShaCryptText {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.mark)?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

impl ShaCryptText {
    pub(super) fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let (rounds, rest) = match rest.strip_prefix("rounds=") {
            None => (5000, rest),
            Some(rest) => {
                let halves = rest.split_once('$');
                let (rounds, rest) =
                    halves.ok_or_else(|| Refusal::malformed("it ends after the rounds"))?;
                (decimal(rounds, "the number of rounds")?, rest)
            }
        };
        let [salt, encoded] = fields(rest)?;
        let digest = reordered(encoded, self.order)?;
        let function = ShaCrypt::new(self.digest, salt.as_bytes().to_vec(), rounds)?;
        Ok(Parts::new(HashFunction::ShaCrypt(function), &digest))
    }
}

impl Production for ShaCryptText {
    fn salt_length(&self) -> usize {
        LONGEST_SHA_SALT / 4 * 3
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let salt = CRYPT.encode(&salt).into_bytes();
        let rounds = cost.unwrap_or(self.usual_rounds);
        let function = ShaCrypt::new(self.digest, salt, rounds)?;
        Ok(HashFunction::ShaCrypt(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::ShaCrypt(function) = function else {
            return None;
        };
        let ordered: Option<Vec<u8>> = self
            .order
            .iter()
            .map(|&at| digest.get(at).copied())
            .collect();
        let salt = std::str::from_utf8(&function.salt).ok()?;
        let (mark, rounds) = (self.mark, function.rounds);
        let encoded = CRYPT.encode(&ordered?);
        Some(format!("{mark}rounds={rounds}${salt}${encoded}"))
    }
}

/// The bytes of a digest in their own order.
fn reordered(encoded: &str, order: &[usize]) -> Result<Vec<u8>, Refusal> {
    let bytes = CRYPT.decode(encoded).ok_or_else(not_base64)?;
    if bytes.len() != order.len() {
        return Err(Refusal::malformed(format!(
            "its digest has {} bytes, not {}",
            bytes.len(),
            order.len()
        )));
    }
    let mut digest = vec![0; bytes.len()];
    for (&at, &byte) in order.iter().zip(bytes.iter()) {
        digest[at] = byte;
    }
    Ok(digest)
}

pub(super) const SCHEMES: &[Scheme] = &[
    md5("md5-crypt", &MD5),
    Scheme {
        judge: Some("passlib"),
        dialects: &[Dialect::Crypt],
        ..md5("apr1", &APR1)
    },
    sha("sha256-crypt", &SHA256),
    sha("sha512-crypt", &SHA512),
    Scheme {
        name: "bcrypt",
        dialects: &[Dialect::Crypt, Dialect::Kratos, Dialect::Passwap],
        salt: "16 bytes",
        cost: "2^cost, 4 to 18",
        soundness: Soundness::Sound,
        judge: Some("libxcrypt, passlib, Bouncy Castle"),
        notation: &BcryptText,
    },
];

const BOTH: Option<&str> = Some("libxcrypt, passlib");

const fn md5(name: &'static str, notation: &'static Md5CryptText) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Crypt, Dialect::Passwap],
        salt: "to 8 characters",
        cost: "1000 rounds, fixed",
        soundness: Soundness::Obsolete,
        judge: BOTH,
        notation,
    }
}

const fn sha(name: &'static str, notation: &'static ShaCryptText) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Crypt, Dialect::Passwap],
        salt: "to 16 characters",
        cost: "rounds",
        soundness: Soundness::Sound,
        judge: BOTH,
        notation,
    }
}
