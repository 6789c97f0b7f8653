//! [`EncoderKind`]: in which schemes an encoder reads, and in which it writes.

use zeroize::Zeroizing;

use crate::password::{Dialect, Scheme, StoredHash, scheme};

/// Encoders by class: its last part, then the schemes in which it reads, the first that in which it writes.
pub(super) const SPRINGS_CLASSES: [(&str, &[(&str, Dialect)]); 9] = [
    ("BCryptPasswordEncoder", &[("bcrypt", Dialect::Crypt)]),
    (
        "Argon2PasswordEncoder",
        &[
            ("argon2id", Dialect::Phc),
            ("argon2i", Dialect::Phc),
            ("argon2d", Dialect::Phc),
        ],
    ),
    ("SCryptPasswordEncoder", &[("scrypt", Dialect::Spring)]),
    (
        "Pbkdf2PasswordEncoder",
        &[
            ("pbkdf2@SpringSecurity_v5_8", Dialect::Spring),
            ("pbkdf2", Dialect::Spring),
        ],
    ),
    ("StandardPasswordEncoder", &[("sha256", Dialect::Spring)]),
    ("NoOpPasswordEncoder", &[("noop", Dialect::Spring)]),
    ("Md4PasswordEncoder", &[("MD4", Dialect::Spring)]),
    (
        "LdapShaPasswordEncoder",
        &[("SSHA", Dialect::OpenLdap), ("SHA", Dialect::OpenLdap)],
    ),
    ("DelegatingPasswordEncoder", &[]),
];

/// What an encoder stores.
#[derive(Debug, Clone)]
pub struct EncoderKind {
    /// The first is that of new values.
    pub(super) forms: Vec<Form>,
}

#[derive(Debug, Clone)]
pub(super) struct Form {
    pub(super) scheme: &'static Scheme,
    /// What the scheme has before a value, and the list has not.
    pub(super) mark: String,
}

impl EncoderKind {
    /// What the encoders of a class store, whatever package it is in; none where the class does not say.
    #[must_use]
    pub fn of_class(class: &str) -> Option<Self> {
        let name = class.trim().rsplit('.').next().unwrap_or_default();
        let mut known = SPRINGS_CLASSES.into_iter();
        let (_, schemes) = known.find(|(class, _)| *class == name)?;
        Self::of(schemes)
    }

    /// What an encoder of this scheme stores. A value of Spring's schemes may lack their mark.
    #[must_use]
    pub fn of_scheme(scheme: &'static Scheme) -> Self {
        let plain = Form {
            scheme,
            mark: String::new(),
        };
        let mut forms = vec![plain];
        if scheme.dialects.contains(&Dialect::Spring) {
            let mark = format!("{{{}}}", scheme.name);
            forms.insert(0, Form { scheme, mark });
        }
        Self { forms }
    }

    pub(super) fn of(schemes: &[(&str, Dialect)]) -> Option<Self> {
        let mut forms = Vec::new();
        for (name, dialect) in schemes {
            let scheme = scheme(name, Some(*dialect)).ok()?;
            let mark = match dialect {
                Dialect::Spring => format!("{{{name}}}"),
                _ => String::new(),
            };
            forms.push(Form { scheme, mark });
        }
        (!forms.is_empty()).then_some(Self { forms })
    }
}

impl Form {
    pub(super) fn read(&self, text: &str) -> Option<StoredHash> {
        if self.mark.is_empty() {
            return self.scheme.read(text)?.ok();
        }
        let marked = Zeroizing::new(format!("{}{text}", self.mark));
        self.scheme.read(&marked)?.ok()
    }
}
