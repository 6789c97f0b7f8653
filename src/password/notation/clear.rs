//! Passwords that are not hashed: `{CLEAR}`, `{BASE64}` and Spring's `{noop}`.
//!
//! ```text
//! {CLEAR}password    {BASE64}base64( password )    {noop}password
//! ```
//! Source: OpenDJ's `ClearPasswordStorageScheme` and `Base64PasswordStorageScheme`; Spring Security's
//! `NoOpPasswordEncoder`.

use super::{Notation, Parts, Reading, after_name, not_base64};
use crate::password::{Dialect, HashFunction, Scheme, Soundness, radix64};

enum Clear {
    Ldap,
    Base64,
    Spring,
}

impl Notation for Clear {
    fn read(&self, text: &str) -> Reading {
        let password = match self {
            Self::Ldap => after_name(text, "CLEAR")?,
            Self::Spring => text.strip_prefix("{noop}")?,
            Self::Base64 => {
                let password = radix64::STANDARD.decode(after_name(text, "BASE64")?);
                let parts = password.map(|password| Parts::new(HashFunction::Clear, &password));
                return Some(parts.ok_or_else(not_base64));
            }
        };
        Some(Ok(Parts::new(HashFunction::Clear, password.as_bytes())))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme("CLEAR", Dialect::OpenDj, Some("OpenDJ"), &Clear::Ldap),
    scheme("BASE64", Dialect::OpenDj, Some("OpenDJ"), &Clear::Base64),
    scheme(
        "noop",
        Dialect::Spring,
        Some("Spring Security"),
        &Clear::Spring,
    ),
];

const fn scheme(
    name: &'static str,
    dialect: Dialect,
    judge: Option<&'static str>,
    notation: &'static Clear,
) -> Scheme {
    Scheme {
        name,
        dialects: match dialect {
            Dialect::Spring => &[Dialect::Spring],
            _ => &[Dialect::OpenDj],
        },
        salt: "none",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge,
        notation,
    }
}
