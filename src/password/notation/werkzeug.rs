//! Werkzeug (Flask) and web2py.
//!
//! ```text
//! pbkdf2:sha256:1000000$salt$hex( key )    scrypt:32768:8:1$salt$hex( key )    pbkdf2(1000,20,sha512)$salt$hex( key )
//! ```
//! The salt is the text itself; web2py's numbers are iterations and length of the key in bytes. Source:
//! `werkzeug.security`, 3.1; `gluon.validators.CRYPT` of web2py.

use super::{Notation, Parts, Production, Reading, decimal, fields, phc, usual};
use crate::hexadecimal::{hexadecimal, of_hexadecimal};
use crate::kdf::DigestAlgorithm;
use crate::password::{
    Dialect, HashFunction, MessageDigest, Pbkdf2, Refusal, Scheme, Scrypt, Soundness,
};

struct WerkzeugPbkdf2;

struct WerkzeugScrypt;

struct Web2py;

impl Notation for WerkzeugPbkdf2 {
    fn read(&self, text: &str) -> Reading {
        Some(pbkdf2_parts(text.strip_prefix("pbkdf2:")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn pbkdf2_parts(rest: &str) -> Result<Parts, Refusal> {
    let [method, salt, key] = fields(rest)?;
    let no_numbers = || Refusal::malformed("its method is not pbkdf2:digest:iterations");
    let (digest, iterations) = method.split_once(':').ok_or_else(no_numbers)?;
    let iterations = decimal(iterations, "the iteration count")?;
    pbkdf2(digest, iterations, salt, &key_of(key)?)
}

fn pbkdf2(digest: &str, iterations: u32, salt: &str, key: &[u8]) -> Result<Parts, Refusal> {
    let prf = MessageDigest::named(digest).and_then(MessageDigest::prf);
    let unknown = || Refusal::malformed("its digest is none that keyward has PBKDF2 with");
    let salt = salt.as_bytes().to_vec();
    let function = Pbkdf2::new(prf.ok_or_else(unknown)?, salt, iterations.into(), key.len())?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), key))
}

fn key_of(text: &str) -> Result<Vec<u8>, Refusal> {
    of_hexadecimal(text).ok_or_else(|| Refusal::malformed("its key is not hexadecimal"))
}

impl Production for WerkzeugPbkdf2 {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let prf = DigestAlgorithm::Sha256;
        let iterations = cost.unwrap_or(usual::iterations(prf)).into();
        let salt = hexadecimal(&salt).as_bytes().to_vec();
        let function = Pbkdf2::new(prf, salt, iterations, prf.output_length())?;
        Ok(HashFunction::Pbkdf2(function))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Pbkdf2(function) = function else {
            return None;
        };
        let prf = function.prf.java_name().to_lowercase();
        let salt = std::str::from_utf8(&function.salt).ok()?;
        let iterations = function.iterations;
        let key = hexadecimal(digest);
        Some(format!("pbkdf2:{prf}:{iterations}${salt}${}", *key))
    }
}

impl Notation for WerkzeugScrypt {
    fn read(&self, text: &str) -> Reading {
        Some(scrypt_parts(text.strip_prefix("scrypt:")?))
    }

    fn production(&self) -> Option<&dyn Production> {
        Some(self)
    }
}

fn scrypt_parts(rest: &str) -> Result<Parts, Refusal> {
    let [method, salt, key] = fields(rest)?;
    let numbers: Vec<&str> = method.split(':').collect();
    let [n, r, p] = numbers.as_slice() else {
        return Err(Refusal::malformed("its method is not scrypt:N:r:p"));
    };
    let key = key_of(key)?;
    let function = Scrypt {
        log_n: phc::log_of_n(decimal(n, "N")?)?,
        r: decimal(r, "r")?,
        p: decimal(p, "p")?,
        salt: salt.as_bytes().to_vec(),
        length: key.len(),
    };
    Ok(Parts::new(HashFunction::Scrypt(function.bounded()?), &key))
}

impl Production for WerkzeugScrypt {
    fn salt_length(&self) -> usize {
        16
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let salt = hexadecimal(&salt).as_bytes().to_vec();
        phc::new_scrypt(salt, cost.unwrap_or(usual::SCRYPT_LOG_N), 64)
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let HashFunction::Scrypt(function) = function else {
            return None;
        };
        let Scrypt { log_n, r, p, .. } = function;
        let n = 1_u64.checked_shl(u32::from(*log_n))?;
        let salt = std::str::from_utf8(&function.salt).ok()?;
        let key = hexadecimal(digest);
        Some(format!("scrypt:{n}:{r}:{p}${salt}${}", *key))
    }
}

impl Notation for Web2py {
    fn read(&self, text: &str) -> Reading {
        Some(web2py_parts(text.strip_prefix("pbkdf2(")?))
    }
}

fn web2py_parts(rest: &str) -> Result<Parts, Refusal> {
    let [method, salt, key] = fields(rest)?;
    let numbers: Option<Vec<&str>> = method.strip_suffix(')').map(|m| m.split(',').collect());
    let Some([iterations, length, digest]) = numbers.as_deref() else {
        return Err(Refusal::malformed(
            "its method is not pbkdf2(iterations,length,digest)",
        ));
    };
    let key = key_of(key)?;
    if decimal(length, "the length of the key")? as usize != key.len() {
        return Err(Refusal::malformed("its key is not as long as it says"));
    }
    pbkdf2(
        digest,
        decimal(iterations, "the iteration count")?,
        salt,
        &key,
    )
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme("pbkdf2", "iterations", &WerkzeugPbkdf2),
    scheme("scrypt", "N, r, p", &WerkzeugScrypt),
    Scheme {
        judge: None,
        ..scheme("web2py", "iterations", &Web2py)
    },
];

const fn scheme(name: &'static str, cost: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Werkzeug],
        salt: "a text",
        cost,
        soundness: Soundness::Sound,
        judge: Some("Werkzeug"),
        notation,
    }
}
