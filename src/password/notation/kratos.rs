//! Ory Kratos' own spellings; its Argon2, bcrypt and `{SSHA…}` values are those of everybody.
//!
//! ```text
//! $pbkdf2-sha512$i=100000,l=32$salt$key                behind sha224 and sha384 is SHA-3
//! $scrypt$ln=16384,r=8,p=1$salt$digest                 ln is N itself; base64 with padding
//! $md5-crypt$…  $sha256-crypt$…  $sha512-crypt$…       crypt(3)'s texts with another mark
//! $sha256$pf=template$salt$digest  $md5$digest         the template holds {SALT} and {PASSWORD}
//! $hmac-sha256$base64( hexadecimal MAC )$key
//! $firescrypt$ln=14,r=8,p=1$salt$digest$separator$key  Firebase's; here ln is a logarithm
//! ```
//! Everything else in there is base64. Source: Kratos' `hash/hash_comparator.go`.

use zeroize::Zeroizing;

use super::crypt::{MD5, Md5CryptText, SHA256, SHA512, ShaCryptText};
use super::json_text::{SaltPlace, base64, of_length};
use super::phc_pbkdf2::PhcPbkdf2;
use super::{Notation, Parts, Reading, fields, firebase, phc};
use crate::hexadecimal::of_hexadecimal;
use crate::password::{
    Dialect, HashFunction, HmacDigest, MessageDigest, Refusal, SaltedDigest, Scheme, Scrypt, Sha3,
    Soundness,
};

struct KratosScrypt;

impl Notation for KratosScrypt {
    fn read(&self, text: &str) -> Reading {
        let rest = text.strip_prefix("$scrypt$")?;
        let encoded = rest.split('$').skip(1);
        let is_padded = encoded.clone().count() == 2
            && encoded.clone().all(|field| field.len().is_multiple_of(4));
        is_padded.then(|| scrypt_parts(rest))
    }
}

fn scrypt_parts(rest: &str) -> Result<Parts, Refusal> {
    let [parameters, salt, digest] = fields(rest)?;
    let [n, r, p] = parameters_of(parameters)?;
    let (salt, digest) = (base64(salt, "salt")?, base64(digest, "digest")?);
    let function = Scrypt {
        log_n: phc::log_of_n(n)?,
        r,
        p,
        salt: salt.to_vec(),
        length: digest.len(),
    };
    Ok(Parts::new(
        HashFunction::Scrypt(function.bounded()?),
        &digest,
    ))
}

fn parameters_of(parameters: &str) -> Result<[u32; 3], Refusal> {
    let mut numbers = [0; 3];
    let mut parameters = parameters.split(',');
    for (name, number) in ["ln", "r", "p"].into_iter().zip(&mut numbers) {
        *number = phc::parameter(parameters.next().unwrap_or_default(), name)?;
    }
    match parameters.next() {
        None => Ok(numbers),
        Some(_) => Err(Refusal::malformed(
            "it has other parameters than ln, r and p",
        )),
    }
}

enum CryptText {
    Md5(&'static Md5CryptText),
    Sha(&'static str, &'static ShaCryptText),
}

impl Notation for CryptText {
    fn read(&self, text: &str) -> Reading {
        match self {
            Self::Md5(notation) => Some(notation.parts(text.strip_prefix("$md5-crypt$")?)),
            Self::Sha(mark, notation) => Some(notation.parts(text.strip_prefix(mark)?)),
        }
    }
}

struct TemplateDigest {
    mark: &'static str,
    digest: MessageDigest,
}

impl Notation for TemplateDigest {
    fn read(&self, text: &str) -> Reading {
        let rest = text.strip_prefix(self.mark)?;
        match rest.strip_prefix("pf=") {
            Some(rest) => Some(self.templated(rest)),
            None if self.digest == MessageDigest::Md5 => Some(self.plain(rest)),
            None => None,
        }
    }
}

impl TemplateDigest {
    fn templated(&self, rest: &str) -> Result<Parts, Refusal> {
        let [template, salt, digest] = fields(rest)?;
        let salt = base64(salt, "salt")?;
        let template = base64(template, "template")?;
        let halves = template
            .windows(PASSWORD.len())
            .position(|window| window == PASSWORD)
            .map(|at| (&template[..at], &template[at + PASSWORD.len()..]));
        let (before, after) = halves
            .filter(|(_, after)| !contains(after, PASSWORD))
            .ok_or_else(|| Refusal::malformed("its template does not hold {PASSWORD} once"))?;
        let function = SaltedDigest {
            digest: self.digest,
            before: filled(before, &salt)?,
            after: filled(after, &salt)?,
            times: 1,
        };
        self.with(function, digest)
    }

    fn plain(&self, digest: &str) -> Result<Parts, Refusal> {
        let function = SaltPlace::AfterPassword.digest(self.digest, Vec::new(), 1);
        self.with(function, digest)
    }

    fn with(&self, function: SaltedDigest, digest: &str) -> Result<Parts, Refusal> {
        let digest = base64(digest, "digest")?;
        of_length(&digest, self.digest)?;
        Ok(Parts::new(HashFunction::Digest(function), &digest))
    }
}

const PASSWORD: &[u8] = b"{PASSWORD}";
const SALT: &[u8] = b"{SALT}";
/// What stands on one side of the password, in bytes.
const LONGEST_FILLED: usize = 64 << 10;

fn contains(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// The template with the salt in place of each `{SALT}`.
fn filled(mut template: &[u8], salt: &[u8]) -> Result<Vec<u8>, Refusal> {
    let salts = template.windows(SALT.len());
    let salts = salts.filter(|window| *window == SALT).count();
    let length = salts.saturating_mul(salt.len());
    let length = length.saturating_add(template.len() - salts * SALT.len());
    if length > LONGEST_FILLED {
        return Err(Refusal::beyond(format!(
            "its template holds {{SALT}} {salts} times, which makes {length} bytes, more than {LONGEST_FILLED}"
        )));
    }
    let mut bytes = Vec::with_capacity(length);
    while let Some(at) = template
        .windows(SALT.len())
        .position(|window| window == SALT)
    {
        bytes.extend_from_slice(&template[..at]);
        bytes.extend_from_slice(salt);
        template = &template[at + SALT.len()..];
    }
    bytes.extend_from_slice(template);
    Ok(bytes)
}

struct KratosHmac {
    mark: &'static str,
    digest: MessageDigest,
}

impl Notation for KratosHmac {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.mark)?))
    }
}

impl KratosHmac {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [mac, key] = fields(rest)?;
        let mac = base64(mac, "MAC")?;
        let mac = std::str::from_utf8(&mac).ok().and_then(of_hexadecimal);
        let no_digits = || Refusal::malformed("its MAC is not the base64 of hexadecimal digits");
        let mac = Zeroizing::new(mac.ok_or_else(no_digits)?);
        of_length(&mac, self.digest)?;
        let function = HmacDigest {
            digest: self.digest,
            key: base64(key, "key")?,
            before: Vec::new(),
            after: Vec::new(),
        };
        Ok(Parts::new(HashFunction::Hmac(function), &mac))
    }
}

/// Kratos' and passwap's texts of Firebase's scrypt.
pub(super) struct FirebaseText {
    pub(super) mark: &'static str,
    pub(super) parameters: FirebaseParameters,
}

pub(super) enum FirebaseParameters {
    /// `ln`, `r` and `p`.
    Three,
    /// `ln` and `r`.
    Two,
}

impl Notation for FirebaseText {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.mark)?))
    }
}

impl FirebaseText {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [parameters, salt, digest, separator, key] = fields(rest)?;
        let parameters = match self.parameters {
            FirebaseParameters::Three => parameters_of(parameters)?,
            FirebaseParameters::Two => parameters_of(&format!("{parameters},p=1"))?,
        };
        let salt = [base64(salt, "salt")?, base64(separator, "salt separator")?];
        let digest = base64(digest, "digest")?;
        let key = base64(key, "signer key")?;
        let function = firebase::firebase_scrypt(parameters, [&salt[0], &salt[1]], key, &digest)?;
        Ok(Parts::new(HashFunction::FirebaseScrypt(function), &digest))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    phc_pbkdf2("pbkdf2-sha1", &PhcPbkdf2::usual("$pbkdf2-sha1$")),
    kratos(
        "pbkdf2-sha224",
        "iterations",
        &PhcPbkdf2::of_sha3("$pbkdf2-sha224$", Sha3::Sha3_224),
    ),
    phc_pbkdf2("pbkdf2-sha256", &PhcPbkdf2::usual("$pbkdf2-sha256$")),
    kratos(
        "pbkdf2-sha384",
        "iterations",
        &PhcPbkdf2::of_sha3("$pbkdf2-sha384$", Sha3::Sha3_384),
    ),
    phc_pbkdf2("pbkdf2-sha512", &PhcPbkdf2::usual("$pbkdf2-sha512$")),
    kratos("scrypt", "N, r, p", &KratosScrypt),
    kratos(
        "firescrypt",
        "N, r",
        &FirebaseText {
            mark: "$firescrypt$",
            parameters: FirebaseParameters::Three,
        },
    ),
    kratos(
        "sha256-crypt",
        "rounds",
        &CryptText::Sha("$sha256-crypt$", &SHA256),
    ),
    kratos(
        "sha512-crypt",
        "rounds",
        &CryptText::Sha("$sha512-crypt$", &SHA512),
    ),
    obsolete("md5-crypt", &CryptText::Md5(&MD5)),
    obsolete("sha1", &template("$sha1$", MessageDigest::Sha1)),
    obsolete("sha256", &template("$sha256$", MessageDigest::Sha256)),
    obsolete("sha512", &template("$sha512$", MessageDigest::Sha512)),
    obsolete("md5", &template("$md5$", MessageDigest::Md5)),
    obsolete("hmac-md4", &hmac("$hmac-md4$", MessageDigest::Md4)),
    obsolete("hmac-md5", &hmac("$hmac-md5$", MessageDigest::Md5)),
    obsolete("hmac-sha1", &hmac("$hmac-sha1$", MessageDigest::Sha1)),
    obsolete("hmac-sha224", &hmac("$hmac-sha224$", MessageDigest::Sha224)),
    obsolete("hmac-sha256", &hmac("$hmac-sha256$", MessageDigest::Sha256)),
    obsolete("hmac-sha384", &hmac("$hmac-sha384$", MessageDigest::Sha384)),
    obsolete("hmac-sha512", &hmac("$hmac-sha512$", MessageDigest::Sha512)),
];

/// The same function as everybody's.
const fn phc_pbkdf2(name: &'static str, notation: &'static PhcPbkdf2) -> Scheme {
    Scheme {
        dialects: &[Dialect::Kratos, Dialect::Phc],
        ..kratos(name, "iterations", notation)
    }
}

const fn template(mark: &'static str, digest: MessageDigest) -> TemplateDigest {
    TemplateDigest { mark, digest }
}

const fn hmac(mark: &'static str, digest: MessageDigest) -> KratosHmac {
    KratosHmac { mark, digest }
}

const fn kratos(name: &'static str, cost: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Kratos],
        salt: "any length",
        cost,
        soundness: Soundness::Sound,
        judge: None,
        notation,
    }
}

const fn obsolete(name: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        soundness: Soundness::Obsolete,
        ..kratos(name, "none", notation)
    }
}
