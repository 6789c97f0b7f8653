//! [`Spelling`]: how the servers of a dialect read new values, and how an envelope stands beside them.
//!
//! | dialect | argon2id | bcrypt | scrypt | pbkdf2-sha256 | pbkdf2-sha512 | envelope |
//! |---|---|---|---|---|---|---|
//! | keycloak | `argon2` | | | `pbkdf2-sha256` | `pbkdf2-sha512` | a row of the algorithm `keyward` |
//! | spring | `{argon2@SpringSecurity_v5_8}` | `{bcrypt}` | `{scrypt@SpringSecurity_v5_8}` | `{pbkdf2@SpringSecurity_v5_8}` | | `{keyward}$keyward$1$…` |
//! | openldap | `{ARGON2}` | `{CRYPT}$2b$` | | `{PBKDF2-SHA256}` | `{PBKDF2-SHA512}` | `{KEYWARD}$keyward$1$…` |
//! | opendj | | `{BCRYPT}` | | `{PBKDF2-HMAC-SHA256}` | `{PBKDF2-HMAC-SHA512}` | `{KEYWARD}$keyward$1$…` |
//! | 389ds | | `{CRYPT}$2b$` | | `{PBKDF2-SHA256}` | `{PBKDF2-SHA512}` | `{KEYWARD}$keyward$1$…` |
//! | kratos | `$argon2id$` | `$2b$` | | | | `$keyward$1$…` |
//! | django | `argon2$` | `bcrypt$` | `scrypt$` | `pbkdf2_sha256$` | | `$keyward$1$…` |
//!
//! All others get the plain text. A directory takes a value without braces for the password itself, so that whoever
//! reads an envelope could bind with it; one whose scheme it does not know it refuses (OpenLDAP's `lutil_passwd`). For
//! Spring the braces hold the id of an encoder.

use super::keycloak::{KeycloakEnvelope, envelope_row};
use super::prefixed::CRYPT_BCRYPT;
use super::wrapped::WrappedText;
use super::{Notation, Production, Reading};
use crate::password::{Dialect, HashFunction, scheme};

/// How new values and envelopes are written.
#[derive(Clone, Copy)]
pub(super) struct Spelling {
    /// Of new values.
    pub(super) production: &'static dyn Production,
    envelope: Envelope,
}

#[derive(Clone, Copy)]
enum Envelope {
    Plain,
    After(&'static str),
    KeycloakRow,
}

impl Spelling {
    /// For values in the scheme of this name, which is written so where no dialect has its own; none if the dialect's
    /// servers do not verify such values.
    pub(super) fn of(
        name: &str,
        plain: &'static dyn Production,
        dialect: Option<Dialect>,
    ) -> Option<Self> {
        let own = dialect.and_then(|dialect| Some((dialect, own(dialect)?)));
        let Some((dialect, (names, envelope))) = own else {
            return Some(Self {
                production: plain,
                envelope: Envelope::Plain,
            });
        };
        let [argon2, bcrypt, scrypt, pbkdf2_sha256, pbkdf2_sha512] = names;
        let its_name = match name {
            "argon2id" => argon2,
            "bcrypt" => bcrypt,
            "scrypt" => scrypt,
            "pbkdf2-sha256" => pbkdf2_sha256,
            "pbkdf2-sha512" => pbkdf2_sha512,
            _ => "",
        };
        let production = match its_name {
            // New values of this scheme are SHA-512's otherwise.
            "CRYPT" => CRYPT_BCRYPT.production(),
            _ => scheme(its_name, Some(dialect)).ok()?.notation.production(),
        };
        Some(Self {
            production: production?,
            envelope,
        })
    }

    /// The stored text of an envelope around a value of the function `outer`.
    pub(super) fn envelope(&self, envelope: String, outer: &HashFunction) -> Option<String> {
        match self.envelope {
            Envelope::Plain => Some(envelope),
            Envelope::After(prefix) => Some(format!("{prefix}{envelope}")),
            Envelope::KeycloakRow => envelope_row(&envelope, outer),
        }
    }

    /// What such a text says.
    pub(super) fn read(&self, text: &str) -> Reading {
        match self.envelope {
            Envelope::KeycloakRow => KeycloakEnvelope.read(text),
            Envelope::Plain | Envelope::After(_) => WrappedText.read(text),
        }
    }
}

/// Whether new values stand among those of a dialect as plain texts.
pub(in crate::password) fn is_plain(dialect: Dialect) -> bool {
    own(dialect).is_none()
}

/// The schemes of the table above, by what is wrapped in, and the form of an envelope.
fn own(dialect: Dialect) -> Option<([&'static str; 5], Envelope)> {
    Some(match dialect {
        Dialect::Keycloak => (
            ["argon2", "", "", "pbkdf2-sha256", "pbkdf2-sha512"],
            Envelope::KeycloakRow,
        ),
        Dialect::Spring => (
            [
                "argon2@SpringSecurity_v5_8",
                "bcrypt",
                "scrypt@SpringSecurity_v5_8",
                "pbkdf2@SpringSecurity_v5_8",
                "",
            ],
            Envelope::After("{keyward}"),
        ),
        Dialect::OpenLdap => (
            ["ARGON2", "CRYPT", "", "PBKDF2-SHA256", "PBKDF2-SHA512"],
            Envelope::After("{KEYWARD}"),
        ),
        Dialect::OpenDj => (
            ["", "BCRYPT", "", "PBKDF2-HMAC-SHA256", "PBKDF2-HMAC-SHA512"],
            Envelope::After("{KEYWARD}"),
        ),
        Dialect::Directory389 => (
            ["", "CRYPT", "", "PBKDF2-SHA256", "PBKDF2-SHA512"],
            Envelope::After("{KEYWARD}"),
        ),
        Dialect::Kratos => (["argon2id", "bcrypt", "", "", ""], Envelope::Plain),
        Dialect::Django => (
            ["argon2", "bcrypt", "scrypt", "pbkdf2_sha256", ""],
            Envelope::Plain,
        ),
        _ => return None,
    })
}
