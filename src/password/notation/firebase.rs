//! Firebase Authentication: a user's `passwordHash` and `salt` of an export, beside the project's hash parameters.
//!
//! ```text
//! {"passwordHash": "base64", "salt": "base64", "hash_config": {"algorithm": "SCRYPT", "base64_signer_key": "base64",
//!  "base64_salt_separator": "Bw==", "rounds": 8, "mem_cost": 14}}
//! ```
//! `hash_config` has the names of Firebase's console; for what was imported it has those of `firebase auth:import`, with
//! lines as underscores: `hash_key`, `rounds`, `mem_cost`, `parallelization`, `block_size`, `dk_len`, `hash_input_order`. What
//! Firebase does with more than one round of a message digest, and what `PBKDF_SHA1` is, is not published. Source:
//! github.com/firebase/scrypt; `accountImporter.ts` of firebase-tools.

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::bcrypt::BcryptText;
use super::json_text::{
    Member, SaltPlace, WipedText, base64, object, of_length, required, written,
};
use super::{Notation, Parts, Reading, phc};
use crate::kdf::DigestAlgorithm;
use crate::password::function::FIREBASE_KEY_LENGTH;
use crate::password::{
    Dialect, FirebaseScrypt, HashFunction, HmacDigest, MessageDigest, Pbkdf2, Refusal, Scheme,
    Scrypt, Soundness,
};

/// The text that Firebase's schemes recognise: a user's two members and the hash parameters, a JSON object.
///
/// # Errors
/// When `hash_config` is not JSON.
pub fn firebase_row(
    password_hash: &str,
    salt: &str,
    hash_config: &str,
) -> Result<Zeroizing<String>, serde_json::Error> {
    let hash_config: &RawValue = serde_json::from_str(hash_config)?;
    Ok(written(&[
        ("passwordHash", Member::Text(password_hash)),
        ("salt", Member::Text(salt)),
        ("hash_config", Member::Json(hash_config.get())),
    ]))
}

struct Firebase {
    algorithm: &'static str,
    function: Function,
}

enum Function {
    Scrypt,
    StandardScrypt,
    Hmac(MessageDigest),
    Digest(MessageDigest),
    Pbkdf2,
    Bcrypt,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    password_hash: WipedText,
    #[serde(default)]
    salt: WipedText,
    #[serde(rename = "hash_config")]
    config: HashConfig,
}

#[derive(Deserialize)]
struct HashConfig {
    algorithm: String,
    #[serde(alias = "hash_key")]
    base64_signer_key: Option<WipedText>,
    #[serde(alias = "salt_separator", default)]
    base64_salt_separator: String,
    rounds: Option<u32>,
    mem_cost: Option<u32>,
    parallelization: Option<u32>,
    block_size: Option<u32>,
    dk_len: Option<usize>,
    hash_input_order: Option<String>,
}

impl Notation for Firebase {
    fn read(&self, text: &str) -> Reading {
        let user: User = match object(text, &["passwordHash", "hash_config"])? {
            Ok(user) => user,
            Err(refusal) => return Some(Err(refusal)),
        };
        (user.config.algorithm == self.algorithm).then(|| self.parts(&user))
    }
}

impl Firebase {
    fn parts(&self, user: &User) -> Result<Parts, Refusal> {
        let config = &user.config;
        let digest = base64(&user.password_hash, "passwordHash")?;
        let salt = base64(&user.salt, "salt")?.to_vec();
        let function = match self.function {
            Function::Bcrypt => return bcrypt(&digest),
            Function::Scrypt => {
                let log_n = required(config.mem_cost, "mem_cost")?;
                let r = required(config.rounds, "rounds")?;
                let separator = base64(&config.base64_salt_separator, "base64_salt_separator")?;
                let function = firebase_scrypt(
                    [log_n, r, 1],
                    [salt.as_slice(), &separator],
                    signer_key(config)?,
                    &digest,
                )?;
                HashFunction::FirebaseScrypt(function)
            }
            Function::StandardScrypt => {
                HashFunction::Scrypt(standard_scrypt(config, salt, &digest)?)
            }
            Function::Hmac(function) => {
                of_length(&digest, function)?;
                let (before, after) = order(config, &salt)?.surround(salt);
                HashFunction::Hmac(HmacDigest {
                    digest: function,
                    key: signer_key(config)?,
                    before,
                    after,
                })
            }
            Function::Digest(function) => {
                if config.rounds.is_some_and(|rounds| rounds > 1) {
                    return Err(Refusal::Unpublished(
                        "what Firebase does with more than one round of a message digest",
                    ));
                }
                of_length(&digest, function)?;
                HashFunction::Digest(order(config, &salt)?.digest(function, salt, 1))
            }
            Function::Pbkdf2 => {
                let iterations = required(config.rounds, "rounds")?;
                let function = Pbkdf2::new(
                    DigestAlgorithm::Sha256,
                    salt,
                    iterations.into(),
                    digest.len(),
                )?;
                HashFunction::Pbkdf2(function)
            }
        };
        Ok(Parts::new(function, &digest))
    }
}

fn signer_key(config: &HashConfig) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let key = config.base64_signer_key.as_deref();
    base64(required(key, "base64_signer_key")?, "base64_signer_key")
}

/// Firebase's scrypt of log2 N, r and p, over a salt and its separator.
pub(super) fn firebase_scrypt(
    [log_n, r, p]: [u32; 3],
    salt: [&[u8]; 2],
    signer_key: Zeroizing<Vec<u8>>,
    digest: &[u8],
) -> Result<FirebaseScrypt, Refusal> {
    if digest.is_empty() || digest.len() != signer_key.len() {
        return Err(Refusal::malformed(
            "its hash is not as long as the signer key",
        ));
    }
    let scrypt = Scrypt {
        log_n: phc::log_n_of(log_n)?,
        r,
        p,
        salt: salt.concat(),
        length: FIREBASE_KEY_LENGTH,
    };
    Ok(FirebaseScrypt {
        scrypt: scrypt.bounded()?,
        signer_key,
    })
}

fn standard_scrypt(config: &HashConfig, salt: Vec<u8>, digest: &[u8]) -> Result<Scrypt, Refusal> {
    if config.dk_len.is_some_and(|length| length != digest.len()) {
        return Err(Refusal::malformed("its hash is not of its dk_len"));
    }
    let function = Scrypt {
        log_n: phc::log_of_n(required(config.mem_cost, "mem_cost")?)?,
        r: required(config.block_size, "block_size")?,
        p: required(config.parallelization, "parallelization")?,
        salt,
        length: digest.len(),
    };
    function.bounded()
}

fn order(config: &HashConfig, salt: &[u8]) -> Result<SaltPlace, Refusal> {
    match config.hash_input_order.as_deref() {
        Some("SALT_FIRST") => Ok(SaltPlace::BeforePassword),
        Some("PASSWORD_FIRST") => Ok(SaltPlace::AfterPassword),
        _ if salt.is_empty() => Ok(SaltPlace::AfterPassword),
        _ => Err(Refusal::malformed(
            "its hash_config has no hash_input_order SALT_FIRST or PASSWORD_FIRST",
        )),
    }
}

/// The hash of an imported bcrypt value is its text.
fn bcrypt(text: &[u8]) -> Result<Parts, Refusal> {
    let text = std::str::from_utf8(text).ok();
    let reading = text.and_then(|text| BcryptText.read(text));
    reading.unwrap_or(Err(Refusal::UnknownInner))
}

pub(super) const SCHEMES: &[Scheme] = &[
    sound("N, r", &firebase("SCRYPT", Function::Scrypt)),
    sound(
        "N, r, p",
        &firebase("STANDARD_SCRYPT", Function::StandardScrypt),
    ),
    sound("iterations", &firebase("PBKDF2_SHA256", Function::Pbkdf2)),
    sound("2^cost, 4 to 18", &firebase("BCRYPT", Function::Bcrypt)),
    obsolete(&firebase(
        "HMAC_SHA512",
        Function::Hmac(MessageDigest::Sha512),
    )),
    obsolete(&firebase(
        "HMAC_SHA256",
        Function::Hmac(MessageDigest::Sha256),
    )),
    obsolete(&firebase("HMAC_SHA1", Function::Hmac(MessageDigest::Sha1))),
    obsolete(&firebase("HMAC_MD5", Function::Hmac(MessageDigest::Md5))),
    obsolete(&firebase("SHA512", Function::Digest(MessageDigest::Sha512))),
    obsolete(&firebase("SHA256", Function::Digest(MessageDigest::Sha256))),
    obsolete(&firebase("SHA1", Function::Digest(MessageDigest::Sha1))),
    obsolete(&firebase("MD5", Function::Digest(MessageDigest::Md5))),
];

const fn firebase(algorithm: &'static str, function: Function) -> Firebase {
    Firebase {
        algorithm,
        function,
    }
}

const fn obsolete(notation: &'static Firebase) -> Scheme {
    Scheme {
        name: notation.algorithm,
        dialects: &[Dialect::Firebase],
        salt: "any length",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: None,
        notation,
    }
}

const fn sound(cost: &'static str, notation: &'static Firebase) -> Scheme {
    Scheme {
        cost,
        soundness: Soundness::Sound,
        ..obsolete(notation)
    }
}
