//! PHC strings of Argon2 and scrypt.
//!
//! ```text
//! $argon2id$v=19$m=19456,t=2,p=1$base64( salt )$base64( digest )    without v: version 1.0
//! $scrypt$ln=17,r=8,p=1$base64( salt )$base64( digest )             ln is the logarithm of N
//! ```
//! Source: the PHC string format; the reference implementation of Argon2; passlib's scrypt.

use super::{Notation, Parts, Production, Reading, decimal, not_base64, usual};
use crate::password::radix64::STANDARD;
use crate::password::{
    Argon2, Argon2Type, Dialect, HashFunction, Refusal, Scheme, Scrypt, Soundness,
};

pub(super) struct Argon2Phc(Argon2Type);

pub(super) const ARGON2D: Argon2Phc = Argon2Phc(Argon2Type::D);
pub(super) const ARGON2I: Argon2Phc = Argon2Phc(Argon2Type::I);
pub(super) const ARGON2ID: Argon2Phc = Argon2Phc(Argon2Type::Id);

impl Notation for Argon2Phc {
    fn read(&self, text: &str) -> Reading {
        let rest = text.strip_prefix('$')?.strip_prefix(self.0.name())?;
        Some(self.parts(rest.strip_prefix('$')?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

impl Argon2Phc {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let fields: Vec<&str> = rest.split('$').collect();
        let (version, parameters, salt, digest) = match fields.as_slice() {
            [parameters, salt, digest] => (0x10, *parameters, *salt, *digest),
            [version, parameters, salt, digest] => {
                let version = parameter(version, "v")?;
                (version, *parameters, *salt, *digest)
            }
            _ => return Err(Refusal::malformed("it is no PHC string of Argon2")),
        };
        let parameters: Vec<&str> = parameters.split(',').collect();
        let [memory, passes, lanes] = parameters.as_slice() else {
            return Err(Refusal::malformed(
                "it has other parameters than m, t and p",
            ));
        };
        let salt = STANDARD.decode(salt).ok_or_else(not_base64)?;
        let digest = STANDARD.decode(digest).ok_or_else(not_base64)?;
        let function = Argon2 {
            kind: self.0,
            version,
            memory: parameter(memory, "m")?,
            passes: parameter(passes, "t")?,
            lanes: parameter(lanes, "p")?,
            salt: salt.to_vec(),
            length: digest.len(),
        };
        Ok(Parts::new(
            HashFunction::Argon2(function.bounded()?),
            &digest,
        ))
    }
}

impl Production for Argon2Phc {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let function = Argon2 {
            kind: self.0,
            version: 0x13,
            memory: usual::ARGON2_MEMORY,
            passes: cost.unwrap_or(usual::ARGON2_PASSES),
            lanes: 1,
            salt,
            length: 32,
        };
        Ok(HashFunction::Argon2(function.bounded()?))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Argon2(function) = function else {
            return None;
        };
        let Argon2 {
            version,
            memory,
            passes,
            lanes,
            ..
        } = function;
        let (salt, digest) = (STANDARD.encode(&function.salt), STANDARD.encode(digest));
        let name = self.0.name();
        Some(format!(
            "${name}$v={version}$m={memory},t={passes},p={lanes}${salt}${digest}"
        ))
    }
}

pub(super) struct ScryptPhc;

pub(super) const SCRYPT: ScryptPhc = ScryptPhc;

impl Notation for ScryptPhc {
    fn read(&self, text: &str) -> Reading {
        Some(scrypt_parts(text.strip_prefix("$scrypt$")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

pub(super) fn scrypt_parts(rest: &str) -> Result<Parts, Refusal> {
    let [parameters, salt, digest] = super::fields(rest)?;
    let parameters: Vec<&str> = parameters.split(',').collect();
    let [log_n, r, p] = parameters.as_slice() else {
        return Err(Refusal::malformed(
            "it has other parameters than ln, r and p",
        ));
    };
    let salt = STANDARD.decode(salt).ok_or_else(not_base64)?;
    let digest = STANDARD.decode(digest).ok_or_else(not_base64)?;
    let function = Scrypt {
        log_n: log_n_of(parameter(log_n, "ln")?)?,
        r: parameter(r, "r")?,
        p: parameter(p, "p")?,
        salt: salt.to_vec(),
        length: digest.len(),
    };
    Ok(Parts::new(
        HashFunction::Scrypt(function.bounded()?),
        &digest,
    ))
}

impl Production for ScryptPhc {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        new_scrypt(salt, cost.unwrap_or(usual::SCRYPT_LOG_N), 32)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Scrypt(function) = function else {
            return None;
        };
        let Scrypt { log_n, r, p, .. } = function;
        let (salt, digest) = (STANDARD.encode(&function.salt), STANDARD.encode(digest));
        Some(format!("$scrypt$ln={log_n},r={r},p={p}${salt}${digest}"))
    }
}

/// scrypt for a new value, with r = 8 and p = 1.
pub(super) fn new_scrypt(
    salt: Vec<u8>,
    log_n: u32,
    length: usize,
) -> Result<HashFunction, Refusal> {
    let function = Scrypt {
        log_n: log_n_of(log_n)?,
        r: 8,
        p: 1,
        salt,
        length,
    };
    Ok(HashFunction::Scrypt(function.bounded()?))
}

/// A logarithm of N to the base 2.
pub(super) fn log_n_of(log_n: u32) -> Result<u8, Refusal> {
    let beyond = |_| Refusal::beyond(format!("N = 2^{log_n} is more than any machine has"));
    u8::try_from(log_n).map_err(beyond)
}

/// The logarithm to the base 2 of N.
pub(super) fn log_of_n(n: u32) -> Result<u8, Refusal> {
    if !n.is_power_of_two() {
        return Err(Refusal::malformed("N is no power of two"));
    }
    log_n_of(n.ilog2())
}

/// The number after `name` and an equals sign.
pub(super) fn parameter(text: &str, name: &str) -> Result<u32, Refusal> {
    match text.split_once('=') {
        Some((found, value)) if found == name => decimal(value, name),
        _ => Err(Refusal::malformed(format!(
            "it has no {name} where it belongs"
        ))),
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    argon2(&ARGON2ID),
    argon2(&ARGON2I),
    argon2(&ARGON2D),
    Scheme {
        name: "scrypt",
        cost: "N, r, p",
        salt: "any length",
        dialects: &[Dialect::Phc, Dialect::Passlib, Dialect::Passwap],
        notation: &ScryptPhc,
        ..argon2(&ARGON2ID)
    },
];

const fn argon2(notation: &'static Argon2Phc) -> Scheme {
    Scheme {
        name: match notation.0 {
            Argon2Type::D => "argon2d",
            Argon2Type::I => "argon2i",
            Argon2Type::Id => "argon2id",
        },
        dialects: &[
            Dialect::Phc,
            Dialect::Passlib,
            Dialect::Kratos,
            Dialect::Passwap,
        ],
        salt: "8 bytes or more",
        cost: "passes, memory, lanes",
        soundness: Soundness::Sound,
        judge: Some("passlib, Bouncy Castle"),
        notation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Secret;
    use crate::password::recognise;

    fn accepts(text: &str, password: &str) -> bool {
        let stored = recognise(text, Some(Dialect::Phc)).unwrap();
        stored
            .verify(&Secret::copied_from(password.as_bytes()))
            .unwrap()
    }

    /// From `src/test.c` of the reference implementation.
    #[test]
    fn vectors_of_the_reference_implementation() {
        for (text, password) in [
            (
                "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
                "password",
            ),
            (
                "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
                "password",
            ),
            (
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "password",
            ),
            (
                "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
                "password",
            ),
        ] {
            assert!(accepts(text, password), "{text}");
            assert!(!accepts(text, "Password"), "{text}");
        }
    }

    #[test]
    fn hostile_costs_are_refused_and_never_run() {
        for text in [
            "$argon2id$v=19$m=67108864,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=8,t=2147483648,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=8,t=1,p=536870912$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=18$m=8,t=1,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$scrypt$ln=63,r=8,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg",
            "$scrypt$ln=300,r=8,p=1$c2FsdA$nf65EOgLrQMR/uIPnA4rEg",
        ] {
            assert!(recognise(text, None).is_err(), "{text}");
        }
    }
}
