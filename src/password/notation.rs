//! [`Notation`]: how a hash function and its digest stand in a stored text. One file a family.

mod aix;
mod aspnet;
mod auth0;
mod auth_password;
mod bcrypt;
mod clear;
mod crypt;
mod des_crypt;
mod directory_389;
mod django;
mod firebase;
mod function_text;
mod fusionauth;
mod jakarta;
mod json_text;
mod keycloak;
mod kratos;
mod ldap_digest;
mod ldap_encrypted;
mod ldap_pbkdf2;
mod ldap_reverse_salted;
mod nt;
mod okta;
mod passlib;
mod passwap;
mod phc;
mod phc_pbkdf2;
mod phpass;
mod prefixed;
mod raw;
mod sha1_crypt;
mod spelling;
mod spring;
mod werkzeug;
mod wrapped;
mod wrapping;
mod wso2;
mod yescrypt;

use super::{Conventions, HashFunction, Refusal, Scheme};
use crate::Secret;

pub(super) use des_crypt::DES_CRYPT;
pub use firebase::firebase_row;
#[cfg(any(feature = "cli", all(unix, feature = "migrate", feature = "serve")))]
pub(crate) use json_text::WipedText;
#[cfg(feature = "migrate")]
pub(crate) use json_text::{Member as JsonMember, written as json_object};
pub use keycloak::{keycloak_columns, keycloak_row};
pub(super) use spelling::is_plain;
pub use wrapping::Wrapping;
pub use wso2::wso2_row;

/// All schemes, in the order of the table.
pub(super) const FAMILIES: [&[Scheme]; 33] = [
    clear::SCHEMES,
    ldap_digest::SCHEMES,
    ldap_pbkdf2::SCHEMES,
    ldap_reverse_salted::SCHEMES,
    ldap_encrypted::SCHEMES,
    auth_password::SCHEMES,
    directory_389::SCHEMES,
    aix::SCHEMES,
    prefixed::SCHEMES,
    keycloak::SCHEMES,
    spring::SCHEMES,
    django::SCHEMES,
    passlib::SCHEMES,
    crypt::SCHEMES,
    des_crypt::SCHEMES,
    sha1_crypt::SCHEMES,
    yescrypt::SCHEMES,
    nt::SCHEMES,
    phpass::SCHEMES,
    aspnet::SCHEMES,
    wso2::SCHEMES,
    auth0::SCHEMES,
    firebase::SCHEMES,
    okta::SCHEMES,
    fusionauth::SCHEMES,
    kratos::SCHEMES,
    passwap::SCHEMES,
    jakarta::SCHEMES,
    werkzeug::SCHEMES,
    raw::SCHEMES,
    phc::SCHEMES,
    phc_pbkdf2::SCHEMES,
    wrapped::SCHEMES,
];

/// What a stored text holds.
pub(super) struct Parts {
    pub(super) function: HashFunction,
    pub(super) digest: Secret,
}

impl Parts {
    fn new(function: HashFunction, digest: &[u8]) -> Self {
        Self {
            function,
            digest: Secret::copied_from(digest),
        }
    }
}

/// None if the text does not have the notation's mark at all.
pub(super) type Reading = Option<Result<Parts, Refusal>>;

/// How a scheme is written.
pub(super) trait Notation: Sync {
    fn read(&self, text: &str) -> Reading;

    /// As [`Self::read`], for notations that do not say everything themselves.
    fn read_by(&self, text: &str, _conventions: &Conventions) -> Reading {
        self.read(text)
    }

    /// Whether and how new values are made.
    fn production(&self) -> Option<&dyn Production> {
        None
    }
}

/// How new values of a notation are made.
pub(super) trait Production: Sync {
    /// Bytes of randomness for a new salt.
    fn salt_length(&self) -> usize;

    /// The function with this salt, and this cost or the usual one.
    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal>;

    /// The stored text; none if the function is not of this notation.
    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String>;
}

/// OWASP's Password Storage Cheat Sheet, revision c3c1952 of 2026-05-12: Argon2id with 19 MiB and 2 passes, scrypt with
/// N = 2^17, PBKDF2 with 1,400,000 (SHA-1), 600,000 (SHA-256) and 220,000 (SHA-512) iterations. Its least for bcrypt is 10;
/// 12 is what takes about as long as the others.
mod usual {
    use crate::kdf::DigestAlgorithm;

    pub(super) const BCRYPT_COST: u32 = 12;
    pub(super) const ARGON2_MEMORY: u32 = 19_456;
    pub(super) const ARGON2_PASSES: u32 = 2;
    pub(super) const SCRYPT_LOG_N: u32 = 17;

    pub(super) fn iterations(prf: DigestAlgorithm) -> u32 {
        match prf {
            DigestAlgorithm::Sha1 => 1_400_000,
            DigestAlgorithm::Sha512 => 220_000,
            _ => 600_000,
        }
    }
}

/// The rest of a text that begins with `{name}`, in any case.
fn after_name<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let rest = text.strip_prefix('{')?;
    let (found, rest) = rest.split_once('}')?;
    found.eq_ignore_ascii_case(name).then_some(rest)
}

/// A decimal number without sign, spaces or leading zeros.
fn decimal(text: &str, what: &str) -> Result<u32, Refusal> {
    let is_canonical = text.bytes().all(|byte| byte.is_ascii_digit())
        && !text.is_empty()
        && (text == "0" || !text.starts_with('0'));
    if !is_canonical {
        return Err(Refusal::malformed(format!("{what} is no number")));
    }
    text.parse()
        .map_err(|_| Refusal::beyond(format!("{what} is beyond 2^32")))
}

/// As many fields as asked for, between dollar signs.
fn fields<const N: usize>(text: &str) -> Result<[&str; N], Refusal> {
    let fields: Vec<&str> = text.split('$').collect();
    fields.try_into().map_err(|fields: Vec<&str>| {
        Refusal::malformed(format!("it has {} fields between $, not {N}", fields.len()))
    })
}

fn not_base64() -> Refusal {
    Refusal::malformed("a part of it is not in its base64")
}
