//! bcrypt's text.
//!
//! ```text
//! $2b$12$ | salt of 16 bytes, 22 characters | digest of 23 bytes, 31 characters
//! ```
//! Django's `bcrypt_sha256` has the same text behind its name, over the hexadecimal SHA-256 of the password; passlib's
//! has fields of its own.

use super::{Notation, Parts, Production, Reading, decimal, fields, not_base64, usual};
use crate::password::radix64::BCRYPT;
use crate::password::{Bcrypt, BcryptVariant, HashFunction, PreHash, Refusal};

const VARIANTS: [BcryptVariant; 5] = [
    BcryptVariant::B,
    BcryptVariant::A,
    BcryptVariant::Y,
    BcryptVariant::X,
    BcryptVariant::First,
];

/// The text of bcrypt over the password itself.
pub(super) struct BcryptText;

/// The same for OpenDJ, which knows no mark but `2a`.
pub(super) struct OpenDjBcryptText;

/// The text of bcrypt over something made of the password.
pub(super) struct BcryptOf(PreHash);

pub(super) const DJANGO_SHA256: BcryptOf = BcryptOf(PreHash::HexSha256);

/// passlib's notation of bcrypt over the SHA-256 of the password.
///
/// ```text
/// version 1: $bcrypt-sha256$2b,12$salt$digest    version 2: $bcrypt-sha256$v=2,t=2b,r=12$salt$digest
/// ```
pub(super) struct PasslibBcryptSha256;

impl Notation for BcryptText {
    fn read(&self, text: &str) -> Reading {
        BcryptOf(PreHash::None).read(text)
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(&BcryptOf(PreHash::None))
    }
}

impl Notation for BcryptOf {
    fn read(&self, text: &str) -> Reading {
        let (mark, rest) = text.strip_prefix('$')?.split_once('$')?;
        let variant = variant(mark)?;
        Some(self.parts(variant, rest))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

impl BcryptOf {
    fn parts(&self, variant: BcryptVariant, rest: &str) -> Result<Parts, Refusal> {
        let [cost, encoded] = fields(rest)?;
        if cost.len() != 2 {
            return Err(Refusal::malformed("its cost does not have two digits"));
        }
        let cost = decimal(cost.strip_prefix('0').unwrap_or(cost), "the cost")?;
        let halves = encoded.split_at_checked(22);
        let (salt, digest) = halves.ok_or_else(not_base64)?;
        parts(variant, cost, [salt, digest], self.0)
    }
}

impl Production for BcryptOf {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let salt = sixteen_bytes(&salt)?;
        let cost = cost.unwrap_or(usual::BCRYPT_COST);
        let function = Bcrypt::new(BcryptVariant::B, cost, salt)?;
        Ok(HashFunction::Bcrypt(function.with_pre_hash(self.0)))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Bcrypt(function) = function else {
            return None;
        };
        Some(format!(
            "${}${:02}${}{}",
            function.variant.name(),
            function.cost,
            BCRYPT.encode(&function.salt),
            BCRYPT.encode(digest)
        ))
    }
}

impl Notation for OpenDjBcryptText {
    fn read(&self, text: &str) -> Reading {
        BcryptText.read(text)
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

impl Production for OpenDjBcryptText {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let cost = cost.unwrap_or(usual::BCRYPT_COST);
        let function = Bcrypt::new(BcryptVariant::A, cost, sixteen_bytes(&salt)?)?;
        Ok(HashFunction::Bcrypt(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        BcryptOf(PreHash::None).write(function, digest)
    }
}

impl Notation for PasslibBcryptSha256 {
    fn read(&self, text: &str) -> Reading {
        Some(passlib_parts(text.strip_prefix("$bcrypt-sha256$")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn passlib_parts(rest: &str) -> Result<Parts, Refusal> {
    let [parameters, salt, digest] = fields(rest)?;
    let malformed = || Refusal::malformed("its parameters are not v=2,t=…,r=… or 2b,…");
    let parameters: Vec<&str> = parameters.split(',').collect();
    let (mark, cost, pre_hash) = match parameters.as_slice() {
        [mark, cost] => (*mark, *cost, PreHash::Base64Sha256),
        ["v=2", mark, cost] => {
            let mark = mark.strip_prefix("t=").ok_or_else(malformed)?;
            let cost = cost.strip_prefix("r=").ok_or_else(malformed)?;
            (mark, cost, PreHash::Base64HmacSha256)
        }
        _ => return Err(malformed()),
    };
    let variant = variant(mark).ok_or_else(malformed)?;
    let cost = decimal(cost, "the cost")?;
    parts(variant, cost, [salt, digest], pre_hash)
}

impl Production for PasslibBcryptSha256 {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        BcryptOf(PreHash::Base64HmacSha256).function(salt, cost)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Bcrypt(function) = function else {
            return None;
        };
        let (mark, cost) = (function.variant.name(), function.cost);
        let (salt, digest) = (BCRYPT.encode(&function.salt), BCRYPT.encode(digest));
        Some(format!(
            "$bcrypt-sha256$v=2,t={mark},r={cost}${salt}${digest}"
        ))
    }
}

/// bcrypt whose cost, salt and digest stand apart.
pub(super) fn of_fields(cost: u32, fields: [&str; 2]) -> Result<Parts, Refusal> {
    parts(BcryptVariant::B, cost, fields, PreHash::None)
}

fn variant(mark: &str) -> Option<BcryptVariant> {
    VARIANTS.into_iter().find(|variant| variant.name() == mark)
}

fn parts(
    variant: BcryptVariant,
    cost: u32,
    [salt, digest]: [&str; 2],
    pre_hash: PreHash,
) -> Result<Parts, Refusal> {
    let salt = BCRYPT.decode(salt).ok_or_else(not_base64)?;
    let digest = BCRYPT.decode(digest).ok_or_else(not_base64)?;
    if digest.len() != 23 {
        return Err(Refusal::malformed("its digest does not have 31 characters"));
    }
    let function = Bcrypt::new(variant, cost, sixteen_bytes(&salt)?)?;
    let function = function.with_pre_hash(pre_hash);
    Ok(Parts::new(HashFunction::Bcrypt(function), &digest))
}

fn sixteen_bytes(salt: &[u8]) -> Result<[u8; 16], Refusal> {
    let wrong = |_| Refusal::malformed("its salt does not have 22 characters");
    salt.try_into().map_err(wrong)
}
