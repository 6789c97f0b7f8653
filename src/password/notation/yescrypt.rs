//! The texts of crypt(3) with yescrypt and scrypt.
//!
//! ```text
//! $y$ | flavor, log2 N, r, then what is not usual: which, p, t, g, ROM | $ | salt | $ | digest of 32 bytes
//! $7$ | log2 N, 1 character | r, 5 characters | p, 5 characters | salt, the text itself | $ | digest of 32 bytes
//! ```
//! yescrypt's numbers take as many characters as they need. Source: `yescrypt_r` in libxcrypt.

use super::{Notation, Parts, Production, Reading, not_base64, usual};
use crate::password::radix64::CRYPT;
use crate::password::{Dialect, HashFunction, Refusal, Scheme, Scrypt, Soundness, Yescrypt};

const DIGEST_LENGTH: usize = 32;
/// yescrypt's default flavor: 0xb6 without its lowest two bits, shifted by two, plus two.
const USUAL_FLAVOR: u32 = 47;
/// crypt(5): 16 MiB.
const USUAL_LOG_N: u32 = 12;
const USUAL_R: u32 = 32;

pub(super) struct YescryptText;

pub(super) struct ScryptText;

impl Notation for YescryptText {
    fn read(&self, text: &str) -> Reading {
        Some(yescrypt_parts(text.strip_prefix("$y$")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn yescrypt_parts(rest: &str) -> Result<Parts, Refusal> {
    let [parameters, salt, digest] = super::fields(rest)?;
    let function = parameters_of(parameters.as_bytes())?;
    let salt = CRYPT.decode(salt).ok_or_else(not_base64)?;
    if salt.len() > 64 {
        return Err(Refusal::malformed("its salt has more than 64 bytes"));
    }
    let function = Yescrypt {
        salt: salt.to_vec(),
        ..function
    };
    let digest = digest_of(digest)?;
    Ok(Parts::new(
        HashFunction::Yescrypt(function.bounded()?),
        &digest,
    ))
}

fn parameters_of(mut digits: &[u8]) -> Result<Yescrypt, Refusal> {
    let flavor = number(&mut digits, 0)?;
    if flavor != USUAL_FLAVOR {
        return Err(Refusal::malformed(
            "its flavor of yescrypt is not the usual one, which is all that keyward knows",
        ));
    }
    let mut function = Yescrypt {
        log_n: number(&mut digits, 1)?,
        r: number(&mut digits, 1)?,
        p: 1,
        t: 0,
        salt: Vec::new(),
    };
    if digits.is_empty() {
        return Ok(function);
    }
    let which = number(&mut digits, 1)?;
    if which & 1 != 0 {
        function.p = number(&mut digits, 2)?;
    }
    if which & 2 != 0 {
        function.t = number(&mut digits, 1)?;
    }
    if which > 3 || !digits.is_empty() {
        return Err(Refusal::malformed(
            "its parameters name an upgrade or a ROM, or go on after their end",
        ));
    }
    Ok(function)
}

/// A number of at least `least`, which is taken off the front.
fn number(digits: &mut &[u8], least: u32) -> Result<u32, Refusal> {
    let mut next = || {
        let (first, rest) = digits.split_first()?;
        *digits = rest;
        CRYPT.value(*first)
    };
    let ends_early = || Refusal::malformed("its parameters end early");
    let first = next().ok_or_else(ends_early)?;
    let (mut start, mut end, mut bits) = (0, 47, 0);
    let mut number = u64::from(least);
    while first > end {
        number += u64::from(end + 1 - start) << bits;
        start = end + 1;
        end = start + (62 - end) / 2;
        bits += 6;
    }
    number += u64::from(first - start) << bits;
    while bits > 0 {
        bits -= 6;
        number += u64::from(next().ok_or_else(ends_early)?) << bits;
    }
    u32::try_from(number).map_err(|_| Refusal::beyond("a parameter of yescrypt is beyond 2^32"))
}

impl Production for YescryptText {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let function = Yescrypt {
            log_n: cost.unwrap_or(USUAL_LOG_N),
            r: USUAL_R,
            p: 1,
            t: 0,
            salt,
        };
        Ok(HashFunction::Yescrypt(function.bounded()?))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Yescrypt(function) = function else {
            return None;
        };
        // The bound on memory keeps both within one character.
        let log_n = CRYPT.digits(function.log_n.checked_sub(1)?, 1);
        let r = CRYPT.digits(function.r.checked_sub(1)?, 1);
        let flavor = CRYPT.digits(USUAL_FLAVOR, 1);
        let (salt, digest) = (CRYPT.encode(&function.salt), CRYPT.encode(digest));
        Some(format!("$y${flavor}{log_n}{r}${salt}${digest}"))
    }
}

impl Notation for ScryptText {
    fn read(&self, text: &str) -> Reading {
        Some(scrypt_parts(text.strip_prefix("$7$")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn scrypt_parts(rest: &str) -> Result<Parts, Refusal> {
    let ends_early = || Refusal::malformed("it ends before its digest");
    let (parameters, rest) = rest.split_at_checked(11).ok_or_else(ends_early)?;
    let (salt, digest) = rest.rsplit_once('$').ok_or_else(ends_early)?;
    let number = |digits: &[u8]| CRYPT.number(digits).ok_or_else(not_base64);
    let (log_n, numbers) = parameters.as_bytes().split_at(1);
    let (r, p) = numbers.split_at(5);
    let function = Scrypt {
        log_n: super::phc::log_n_of(number(log_n)?)?,
        r: number(r)?,
        p: number(p)?,
        salt: salt.as_bytes().to_vec(),
        length: DIGEST_LENGTH,
    };
    let digest = digest_of(digest)?;
    Ok(Parts::new(
        HashFunction::Scrypt(function.bounded()?),
        &digest,
    ))
}

impl Production for ScryptText {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let salt = CRYPT.encode(&salt).into_bytes();
        super::phc::new_scrypt(salt, cost.unwrap_or(usual::SCRYPT_LOG_N), DIGEST_LENGTH)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Scrypt(function) = function else {
            return None;
        };
        let log_n = CRYPT.digits(function.log_n.into(), 1);
        let (r, p) = (CRYPT.digits(function.r, 5), CRYPT.digits(function.p, 5));
        let salt = std::str::from_utf8(&function.salt).ok()?;
        let digest = CRYPT.encode(digest);
        Some(format!("$7${log_n}{r}{p}{salt}${digest}"))
    }
}

fn digest_of(encoded: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, Refusal> {
    let digest = CRYPT.decode(encoded).ok_or_else(not_base64)?;
    if digest.len() != DIGEST_LENGTH {
        return Err(Refusal::malformed("its digest does not have 43 characters"));
    }
    Ok(digest)
}

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        name: "yescrypt",
        dialects: &[Dialect::Crypt],
        salt: "to 64 bytes",
        cost: "N, r, p, t",
        soundness: Soundness::Sound,
        judge: Some("libxcrypt"),
        notation: &YescryptText,
    },
    Scheme {
        name: "scrypt",
        dialects: &[Dialect::Crypt],
        salt: "a text",
        cost: "N, r, p",
        soundness: Soundness::Sound,
        judge: Some("libxcrypt, passlib"),
        notation: &ScryptText,
    },
];
