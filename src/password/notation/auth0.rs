//! Auth0's `custom_password_hash`.
//!
//! ```text
//! {"algorithm": "sha256", "hash": {"value": "…", "encoding": "hex"}, "salt": {"value": "…", "position": "prefix"},
//!  "password": {"encoding": "utf16le"}}
//! {"algorithm": "hmac", "hash": {"value": …, "digest": "sha256", "key": {"value": "…", "encoding": "base64"}}}
//! {"algorithm": "scrypt", "hash": …, "salt": …, "keylen": 64, "cost": 16384, "blockSize": 8, "parallelization": 1}
//! {"algorithm": "argon2", "hash": {"value": "$argon2id$…"}}      bcrypt, pbkdf2 (PHC) and ldap alike
//! ```
//! Encodings are `utf8` where they are missing. Source: auth0.com, "Bulk User Import Database Schema and Examples".

use serde::Deserialize;
use zeroize::Zeroizing;

use super::bcrypt::BcryptText;
use super::json_text::{SaltPlace, WipedText, base64, object, of_length, required};
use super::ldap_digest::LdapValue;
use super::phc::{ARGON2D, ARGON2I, ARGON2ID};
use super::phc_pbkdf2::PhcPbkdf2;
use super::{Notation, Parts, Reading, phc};
use crate::hexadecimal::of_hexadecimal;
use crate::password::{
    Dialect, EncodedDigest, HashFunction, HmacDigest, MessageDigest, PasswordEncoding, Refusal,
    Scheme, Scrypt, Soundness,
};

struct Auth0 {
    algorithm: &'static str,
    function: Function,
}

enum Function {
    Digest(MessageDigest),
    Hmac,
    Scrypt,
    Text(&'static [&'static dyn Notation]),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomPasswordHash {
    algorithm: String,
    hash: Hash,
    salt: Option<Salt>,
    password: Option<Encoded>,
    keylen: Option<usize>,
    cost: Option<u32>,
    block_size: Option<u32>,
    parallelization: Option<u32>,
}

#[derive(Deserialize)]
struct Hash {
    value: WipedText,
    encoding: Option<String>,
    digest: Option<String>,
    key: Option<Key>,
}

#[derive(Deserialize)]
struct Key {
    value: WipedText,
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct Salt {
    value: WipedText,
    encoding: Option<String>,
    position: Option<String>,
}

#[derive(Deserialize)]
struct Encoded {
    encoding: Option<String>,
}

impl Notation for Auth0 {
    fn read(&self, text: &str) -> Reading {
        let object: CustomPasswordHash = match object(text, &["algorithm", "hash"])? {
            Ok(object) => object,
            Err(refusal) => return Some(Err(refusal)),
        };
        (object.algorithm == self.algorithm).then(|| self.parts(&object))
    }
}

impl Auth0 {
    fn parts(&self, object: &CustomPasswordHash) -> Result<Parts, Refusal> {
        let encoding = password_encoding(object)?;
        match self.function {
            Function::Digest(function) => digested(object, function, encoding),
            _ if encoding.is_some() => Err(Refusal::malformed(
                "its password.encoding is not utf8, which goes with message digests alone",
            )),
            Function::Hmac => hmac(object),
            Function::Scrypt => scrypt(object),
            Function::Text(texts) => {
                let text: &str = &object.hash.value;
                let reading = texts.iter().find_map(|notation| notation.read(text));
                reading.unwrap_or(Err(Refusal::UnknownInner))
            }
        }
    }
}

fn password_encoding(object: &CustomPasswordHash) -> Result<Option<PasswordEncoding>, Refusal> {
    let encoding = object.password.as_ref();
    match encoding.and_then(|password| password.encoding.as_deref()) {
        None | Some("utf8") => Ok(None),
        Some("utf16le" | "ucs2") => Ok(Some(PasswordEncoding::Utf16LittleEndian)),
        Some("latin1" | "binary" | "ascii") => Ok(Some(PasswordEncoding::Latin1)),
        Some(_) => Err(Refusal::malformed("its password.encoding is not known")),
    }
}

fn digested(
    object: &CustomPasswordHash,
    function: MessageDigest,
    encoding: Option<PasswordEncoding>,
) -> Result<Parts, Refusal> {
    let digest = hash_value(object)?;
    of_length(&digest, function)?;
    let (place, salt) = salt(object)?;
    let digest_function = place.digest(function, salt, 1);
    let function = match encoding {
        None => HashFunction::Digest(digest_function),
        Some(encoding) => HashFunction::EncodedDigest(EncodedDigest {
            encoding,
            digest: digest_function,
        }),
    };
    Ok(Parts::new(function, &digest))
}

fn hmac(object: &CustomPasswordHash) -> Result<Parts, Refusal> {
    let name = required(object.hash.digest.as_deref(), "hash.digest")?;
    let unknown = || Refusal::malformed("its hash.digest is none that keyward knows");
    let function = MessageDigest::named(name).ok_or_else(unknown)?;
    let key = required(object.hash.key.as_ref(), "hash.key")?;
    let key = decoded(&key.value, key.encoding.as_deref(), "hash.key")?;
    let digest = hash_value(object)?;
    of_length(&digest, function)?;
    let (place, salt) = salt(object)?;
    let (before, after) = place.surround(salt);
    let function = HmacDigest {
        digest: function,
        key,
        before,
        after,
    };
    Ok(Parts::new(HashFunction::Hmac(function), &digest))
}

fn scrypt(object: &CustomPasswordHash) -> Result<Parts, Refusal> {
    let digest = hash_value(object)?;
    if object.keylen.is_some_and(|length| length != digest.len()) {
        return Err(Refusal::malformed("its hash is not of its keylen"));
    }
    let salt = required(object.salt.as_ref(), "salt")?;
    let salt = decoded(&salt.value, salt.encoding.as_deref(), "salt")?;
    let function = Scrypt {
        log_n: phc::log_of_n(required(object.cost, "cost")?)?,
        r: required(object.block_size, "blockSize")?,
        p: required(object.parallelization, "parallelization")?,
        salt: salt.to_vec(),
        length: digest.len(),
    };
    Ok(Parts::new(
        HashFunction::Scrypt(function.bounded()?),
        &digest,
    ))
}

fn hash_value(object: &CustomPasswordHash) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let Hash {
        value, encoding, ..
    } = &object.hash;
    decoded(value, encoding.as_deref(), "hash.value")
}

fn salt(object: &CustomPasswordHash) -> Result<(SaltPlace, Vec<u8>), Refusal> {
    let Some(salt) = &object.salt else {
        return Ok((SaltPlace::AfterPassword, Vec::new()));
    };
    let place = match salt.position.as_deref() {
        Some("prefix") => SaltPlace::BeforePassword,
        Some("suffix") => SaltPlace::AfterPassword,
        _ => {
            return Err(Refusal::malformed(
                "its salt.position is not prefix or suffix",
            ));
        }
    };
    let salt = decoded(&salt.value, salt.encoding.as_deref(), "salt")?;
    Ok((place, salt.to_vec()))
}

fn decoded(text: &str, encoding: Option<&str>, what: &str) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    match encoding {
        None | Some("utf8") => Ok(Zeroizing::new(text.as_bytes().to_vec())),
        Some("base64") => base64(text, what),
        Some("hex") => {
            let wrong = || Refusal::malformed(format!("its {what} is not hexadecimal"));
            of_hexadecimal(text).map(Zeroizing::new).ok_or_else(wrong)
        }
        Some(_) => Err(Refusal::malformed(format!(
            "the encoding of its {what} is not base64, hex or utf8"
        ))),
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    sound(
        "passes, memory, lanes",
        &text("argon2", &[&ARGON2ID, &ARGON2I, &ARGON2D]),
    ),
    sound("2^cost, 4 to 18", &text("bcrypt", &[&BcryptText])),
    sound(
        "iterations",
        &text(
            "pbkdf2",
            &[
                &PhcPbkdf2::usual("$pbkdf2-sha1$"),
                &PhcPbkdf2::usual("$pbkdf2-sha224$"),
                &PhcPbkdf2::usual("$pbkdf2-sha256$"),
                &PhcPbkdf2::usual("$pbkdf2-sha384$"),
                &PhcPbkdf2::usual("$pbkdf2-sha512$"),
            ],
        ),
    ),
    sound(
        "N, r, p",
        &Auth0 {
            algorithm: "scrypt",
            function: Function::Scrypt,
        },
    ),
    obsolete(&text("ldap", &[&LdapValue])),
    obsolete(&Auth0 {
        algorithm: "hmac",
        function: Function::Hmac,
    }),
    obsolete(&digest("md4", MessageDigest::Md4)),
    obsolete(&digest("md5", MessageDigest::Md5)),
    obsolete(&digest("sha1", MessageDigest::Sha1)),
    obsolete(&digest("sha256", MessageDigest::Sha256)),
    obsolete(&digest("sha512", MessageDigest::Sha512)),
];

const fn text(algorithm: &'static str, texts: &'static [&'static dyn Notation]) -> Auth0 {
    Auth0 {
        algorithm,
        function: Function::Text(texts),
    }
}

const fn digest(algorithm: &'static str, function: MessageDigest) -> Auth0 {
    Auth0 {
        algorithm,
        function: Function::Digest(function),
    }
}

const fn obsolete(notation: &'static Auth0) -> Scheme {
    Scheme {
        name: notation.algorithm,
        dialects: &[Dialect::Auth0],
        salt: "any length",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: None,
        notation,
    }
}

const fn sound(cost: &'static str, notation: &'static Auth0) -> Scheme {
    Scheme {
        cost,
        soundness: Soundness::Sound,
        ..obsolete(notation)
    }
}
