//! Rows of WSO2's JDBC user store: the columns `UM_USER_PASSWORD` and `UM_SALT_VALUE`, and what its configuration says.
//!
//! ```text
//! {"UM_USER_PASSWORD": "base64( digest )", "UM_SALT_VALUE": "the salt, a text", "PasswordDigest": "SHA-256"}
//! {…, "PasswordDigest": "PBKDF2 {pbkdf2.iteration.count:10000,pbkdf2.dkLength:256,pbkdf2.prf:PBKDF2WithHmacSHA256}"}
//! ```
//! The digest is over the password and then the text of the salt; PBKDF2 has that text as its salt. `PasswordDigest` is the
//! realm's property, for PBKDF2 followed by `Hash.Algorithm.Properties` as it stands there. Source:
//! `JDBCUserStoreManager` of WSO2 Carbon; `PBKDF2HashProvider` of identity-hash-provider-pbkdf2.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::json_text::{Member, SaltPlace, WipedText, base64, object, of_length, written};
use super::{Notation, Parts, Reading, decimal};
use crate::kdf::DigestAlgorithm;
use crate::password::{Dialect, HashFunction, MessageDigest, Pbkdf2, Refusal, Scheme, Soundness};

/// The text that WSO2's schemes recognise, of the two columns and the realm's digest.
#[must_use]
pub fn wso2_row(password: &str, salt: Option<&str>, password_digest: &str) -> Zeroizing<String> {
    written(&[
        ("UM_USER_PASSWORD", Member::Text(password)),
        (
            "UM_SALT_VALUE",
            salt.map_or(Member::Json("null"), Member::Text),
        ),
        ("PasswordDigest", Member::Text(password_digest)),
    ])
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "UM_USER_PASSWORD")]
    password: WipedText,
    #[serde(rename = "UM_SALT_VALUE")]
    salt: Option<WipedText>,
    #[serde(rename = "PasswordDigest")]
    digest: String,
}

enum Wso2 {
    Plain,
    Digest,
    Pbkdf2,
}

impl Notation for Wso2 {
    fn read(&self, text: &str) -> Reading {
        let row: Row = match object(text, &["UM_USER_PASSWORD", "PasswordDigest"])? {
            Ok(row) => row,
            Err(refusal) => return Some(Err(refusal)),
        };
        let digest = row.digest.trim();
        match self {
            Self::Plain if digest == "PLAIN_TEXT" => {
                let password = row.password.as_bytes();
                Some(Ok(Parts::new(HashFunction::Clear, password)))
            }
            Self::Pbkdf2 => Some(pbkdf2(&row, digest.strip_prefix("PBKDF2")?)),
            Self::Digest => Some(digested(&row, MessageDigest::named(digest)?)),
            Self::Plain => None,
        }
    }
}

fn digested(row: &Row, function: MessageDigest) -> Result<Parts, Refusal> {
    let digest = base64(&row.password, "UM_USER_PASSWORD")?;
    of_length(&digest, function)?;
    let salt = row.salt.as_deref().unwrap_or_default().as_bytes().to_vec();
    let function = SaltPlace::AfterPassword.digest(function, salt, 1);
    Ok(Parts::new(HashFunction::Digest(function), &digest))
}

fn pbkdf2(row: &Row, properties: &str) -> Result<Parts, Refusal> {
    let (mut iterations, mut bits, mut prf) = (10_000, 256, DigestAlgorithm::Sha256);
    let properties = properties.trim().trim_start_matches('{');
    for property in properties.trim_end_matches('}').split(',') {
        if property.trim().is_empty() {
            continue;
        }
        let unquoted = |text: &str| text.trim().trim_matches('"').to_owned();
        let halves = property.split_once(':');
        let halves = halves.map(|(name, value)| (unquoted(name), unquoted(value)));
        match halves.as_ref().map(|(name, value)| (name.as_str(), value)) {
            Some(("pbkdf2.iteration.count", value)) => {
                iterations = decimal(value, "its pbkdf2.iteration.count")?;
            }
            Some(("pbkdf2.dkLength", value)) => bits = decimal(value, "its pbkdf2.dkLength")?,
            Some(("pbkdf2.prf", value)) => prf = prf_of(value)?,
            _ => return Err(Refusal::malformed("its PBKDF2 has an unknown property")),
        }
    }
    let key = base64(&row.password, "UM_USER_PASSWORD")?;
    if key.len() * 8 != bits as usize {
        return Err(Refusal::malformed(format!(
            "its key has {} bits, and pbkdf2.dkLength is {bits}",
            key.len() * 8
        )));
    }
    let salt = row.salt.as_deref().unwrap_or_default().as_bytes().to_vec();
    let function = Pbkdf2::new(prf, salt, iterations.into(), key.len())?;
    Ok(Parts::new(HashFunction::Pbkdf2(function), &key))
}

/// A PRF by Java's name of its key factory.
pub(super) fn prf_of(name: &str) -> Result<DigestAlgorithm, Refusal> {
    let digest = name.strip_prefix("PBKDF2WithHmac");
    let digest = digest.and_then(MessageDigest::named);
    let unknown = || Refusal::malformed("its PRF is not PBKDF2WithHmacSHA…");
    digest.and_then(MessageDigest::prf).ok_or_else(unknown)
}

pub(super) const SCHEMES: &[Scheme] = &[
    wso2("PLAIN_TEXT", "none", "none", &Wso2::Plain),
    wso2("digest", "a text", "none", &Wso2::Digest),
    Scheme {
        soundness: Soundness::Sound,
        ..wso2("PBKDF2", "a text", "iterations", &Wso2::Pbkdf2)
    },
];

const fn wso2(
    name: &'static str,
    salt: &'static str,
    cost: &'static str,
    notation: &'static Wso2,
) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Wso2],
        salt,
        cost,
        soundness: Soundness::Obsolete,
        judge: None,
        notation,
    }
}
