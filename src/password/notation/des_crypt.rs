//! The texts of crypt(3) with DES: traditional and BSDi's.
//!
//! ```text
//! salt of 2 characters | digest of 11    _ | rounds of 4 characters | salt of 4 | digest of 11
//! ```
//! Numbers have their lowest digit first, the digest its highest bits. The traditional text has no mark but its 13
//! characters. Source: crypt(5) of libxcrypt; OpenDJ's `Crypt`.

use super::{Notation, Parts, Reading, not_base64};
use crate::password::radix64::{CRYPT, DES};
use crate::password::{DesCrypt, DesForm, Dialect, HashFunction, Refusal, Scheme, Soundness};

/// The scheme of texts without a mark.
pub(in crate::password) const DES_CRYPT: &str = "des-crypt";

pub(super) struct Traditional;

pub(super) struct Extended;

impl Notation for Traditional {
    fn read(&self, text: &str) -> Reading {
        let digits = text.as_bytes();
        if digits.len() != 13 || digits.iter().any(|&digit| CRYPT.value(digit).is_none()) {
            return None;
        }
        let (salt, digest) = text.split_at_checked(2)?;
        Some(parts(DesForm::Traditional, salt, digest))
    }
}

impl Notation for Extended {
    fn read(&self, text: &str) -> Reading {
        let rest = text.strip_prefix('_')?;
        Some(extended_parts(rest))
    }
}

fn extended_parts(rest: &str) -> Result<Parts, Refusal> {
    let fields = rest.split_at_checked(4).and_then(|(rounds, rest)| {
        let (salt, digest) = rest.split_at_checked(4)?;
        Some((rounds, salt, digest))
    });
    let (rounds, salt, digest) = fields.ok_or_else(too_short)?;
    let rounds = CRYPT.number(rounds.as_bytes()).ok_or_else(not_base64)?;
    if rounds == 0 {
        return Err(Refusal::malformed("its rounds are zero"));
    }
    parts(DesForm::Extended { rounds }, salt, digest)
}

fn parts(form: DesForm, salt: &str, digest: &str) -> Result<Parts, Refusal> {
    let salt = CRYPT.number(salt.as_bytes()).ok_or_else(not_base64)?;
    let digest = DES.decode(digest).ok_or_else(not_base64)?;
    if digest.len() != 8 {
        return Err(too_short());
    }
    let function = DesCrypt { form, salt };
    Ok(Parts::new(HashFunction::DesCrypt(function), &digest))
}

fn too_short() -> Refusal {
    Refusal::malformed("it does not have 9 characters and a digest of 11")
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme(DES_CRYPT, "12 bits", "25 rounds, fixed", &Traditional),
    scheme("bsdi-crypt", "24 bits", "rounds", &Extended),
];

const fn scheme(
    name: &'static str,
    salt: &'static str,
    cost: &'static str,
    notation: &'static dyn Notation,
) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Crypt],
        salt,
        cost,
        soundness: Soundness::Obsolete,
        judge: Some("libxcrypt, passlib"),
        notation,
    }
}
