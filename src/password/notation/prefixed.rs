//! A prefix before another notation: `{CRYPT}`, `{BCRYPT}`, `{ARGON2}`, Spring's ids, Django's names.
//!
//! ```text
//! {CRYPT}$6$salt$digest    {bcrypt}$2b$10$…    {ldap}{SSHA}…    argon2$argon2id$v=19$…
//! ```
//! Source: OpenDJ's `CryptPasswordStorageScheme` and `BcryptPasswordStorageScheme`, OpenLDAP's `pw-argon2`, Spring
//! Security's `PasswordEncoderFactories`, Django's `hashers`.

use super::bcrypt::{BcryptText, DJANGO_SHA256, OpenDjBcryptText};
use super::crypt::{APR1, MD5, SHA256, SHA512};
use super::des_crypt::{Extended, Traditional};
use super::ldap_digest::LdapValue;
use super::phc::{ARGON2D, ARGON2I, ARGON2ID};
use super::sha1_crypt::Sha1CryptText;
use super::yescrypt::{ScryptText, YescryptText};
use super::{Notation, Production, Reading};
use crate::password::{Dialect, HashFunction, Refusal, Scheme, Soundness};

struct Prefixed {
    prefix: &'static str,
    case: Case,
    /// The first is the one that new values are in.
    inner: &'static [&'static dyn Notation],
}

enum Case {
    Matters,
    DoesNotMatter,
}

impl Prefixed {
    fn strip<'a>(&self, text: &'a str) -> Option<&'a str> {
        let (prefix, rest) = text.split_at_checked(self.prefix.len())?;
        let is_it = match self.case {
            Case::Matters => prefix == self.prefix,
            Case::DoesNotMatter => prefix.eq_ignore_ascii_case(self.prefix),
        };
        is_it.then_some(rest)
    }
}

impl Notation for Prefixed {
    fn read(&self, text: &str) -> Reading {
        let rest = self.strip(text)?;
        let reading = self.inner.iter().find_map(|inner| inner.read(rest));
        Some(reading.unwrap_or(Err(Refusal::UnknownInner)))
    }

    fn production(&self) -> Option<&dyn Production> {
        let inner = self.inner.first()?;
        inner.production().map(|_| self as &dyn Production)
    }
}

impl Production for Prefixed {
    fn salt_length(&self) -> usize {
        let inner = self.inner.first().and_then(|inner| inner.production());
        inner.map_or(0, Production::salt_length)
    }

    fn function(&self, salt: Vec<u8>, cost: Option<u32>) -> Result<HashFunction, Refusal> {
        let inner = self.inner.first().and_then(|inner| inner.production());
        inner.map_or(Err(Refusal::FixedCost), |inner| inner.function(salt, cost))
    }

    fn write(&self, function: &HashFunction, digest: &[u8]) -> Option<String> {
        let inner = self.inner.first()?.production()?;
        let rest = inner.write(function, digest)?;
        Some(format!("{}{rest}", self.prefix))
    }
}

const CRYPT_TEXTS: &[&dyn Notation] = &[
    &SHA512,
    &SHA256,
    &MD5,
    &APR1,
    &BcryptText,
    &YescryptText,
    &ScryptText,
    &Sha1CryptText,
    &Extended,
    &Traditional,
];
/// `{CRYPT}` whose new values are bcrypt's.
pub(super) const CRYPT_BCRYPT: &dyn Notation = &ldap("{CRYPT}", BCRYPT_TEXTS);
const BCRYPT_TEXTS: &[&dyn Notation] = &[&BcryptText];
const ARGON2_TEXTS: &[&dyn Notation] = &[&ARGON2ID, &ARGON2I, &ARGON2D];

const PASSLIB: Option<&str> = Some("passlib");
const SPRING: Option<&str> = Some("Spring Security");

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        name: "CRYPT",
        dialects: &[
            Dialect::OpenDj,
            Dialect::OpenLdap,
            Dialect::Directory389,
            Dialect::Ibm,
        ],
        salt: "1 to 16 characters",
        cost: "rounds",
        soundness: Soundness::Sound,
        judge: PASSLIB,
        notation: &ldap("{CRYPT}", CRYPT_TEXTS),
    },
    Scheme {
        name: "BCRYPT",
        dialects: &[Dialect::OpenDj],
        ..bcrypt(Some("OpenDJ"), &ldap("{BCRYPT}", &[&OpenDjBcryptText]))
    },
    Scheme {
        name: "ARGON2",
        dialects: &[Dialect::OpenLdap],
        ..argon2(Some("OpenLDAP"), &ldap("{ARGON2}", ARGON2_TEXTS))
    },
    bcrypt(SPRING, &exact("{bcrypt}", BCRYPT_TEXTS)),
    argon2(SPRING, &exact("{argon2}", ARGON2_TEXTS)),
    Scheme {
        name: "argon2@SpringSecurity_v5_8",
        ..argon2(SPRING, &exact("{argon2@SpringSecurity_v5_8}", ARGON2_TEXTS))
    },
    Scheme {
        name: "ldap",
        salt: "any length",
        cost: "none",
        soundness: Soundness::Obsolete,
        ..bcrypt(SPRING, &exact("{ldap}", &[&LdapValue]))
    },
    Scheme {
        dialects: &[Dialect::Django],
        ..bcrypt(PASSLIB, &exact("bcrypt$", BCRYPT_TEXTS))
    },
    Scheme {
        name: "bcrypt_sha256",
        dialects: &[Dialect::Django],
        ..bcrypt(PASSLIB, &exact("bcrypt_sha256$", &[&DJANGO_SHA256]))
    },
    Scheme {
        dialects: &[Dialect::Django],
        ..argon2(PASSLIB, &exact("argon2", ARGON2_TEXTS))
    },
];

const fn ldap(prefix: &'static str, inner: &'static [&'static dyn Notation]) -> Prefixed {
    Prefixed {
        prefix,
        case: Case::DoesNotMatter,
        inner,
    }
}

const fn exact(prefix: &'static str, inner: &'static [&'static dyn Notation]) -> Prefixed {
    Prefixed {
        prefix,
        case: Case::Matters,
        inner,
    }
}

/// Spring's `{bcrypt}`; the others differ in name and dialect.
const fn bcrypt(judge: Option<&'static str>, notation: &'static Prefixed) -> Scheme {
    Scheme {
        name: "bcrypt",
        dialects: &[Dialect::Spring],
        salt: "16 bytes",
        cost: "2^cost, 4 to 18",
        soundness: Soundness::Sound,
        judge,
        notation,
    }
}

/// Spring's `{argon2}`; the others differ in name and dialect.
const fn argon2(judge: Option<&'static str>, notation: &'static Prefixed) -> Scheme {
    Scheme {
        name: "argon2",
        cost: "passes, memory, lanes",
        salt: "8 bytes or more",
        ..bcrypt(judge, notation)
    }
}
