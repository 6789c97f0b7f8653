//! [`EncoderList`]: several encoders that check stored passwords, of which one makes new ones.
//!
//! ```text
//! stored value ──whose notation?──> the encoder that made it ──verify──> right, and not the current one's? encode anew
//! ```
//! PhixFlow's list holds values as each encoder writes them; Spring's `DelegatingPasswordEncoder` puts `{id}` before them.
//! What an encoder stores is known from Spring's class names, from `bcrypt` in its class or id, or is said by the user.
//! Values that two encoders can have made count for both, and are verified with each.
//!
//! Source: `org.springframework.security.crypto`; PhixFlow help, "Password encoders" (bcrypt with the pepper makes new
//! values, each old one is checked by what made it).

use std::fmt;

use super::{Dialect, HashFunction, PasswordError, Pepper, Scheme, StoredHash, scheme};
use crate::Secret;

/// Encoders by class: its last part, then the schemes in which it reads, the first that in which it writes.
const SPRINGS_CLASSES: [(&str, &[(&str, Dialect)]); 9] = [
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

/// The encoders of an installation. There is at least one, and one of them is the current one.
pub struct EncoderList {
    encoders: Vec<Encoder>,
    current: usize,
}

/// One of them.
#[derive(Debug)]
pub struct Encoder {
    id: String,
    kind: Option<EncoderKind>,
    /// Of new values; without it the scheme's own.
    cost: Option<u32>,
    /// Its class or id names a pepper.
    names_pepper: bool,
    /// Its values begin with its id in braces.
    has_mark: bool,
}

/// What an encoder stores.
#[derive(Debug, Clone)]
pub struct EncoderKind {
    /// The first is that of new values.
    forms: Vec<Form>,
}

#[derive(Debug, Clone)]
struct Form {
    scheme: &'static Scheme,
    /// What the scheme has before a value, and the list has not.
    mark: String,
}

/// A stored value, and an encoder that can have made it.
pub struct MadeBy<'l> {
    list: &'l EncoderList,
    index: usize,
    stored: StoredHash,
}

/// Why a value should be encoded anew when its password is next known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reencoding {
    /// Another encoder made it.
    OtherEncoder {
        /// The one that made it.
        made_by: String,
        /// The one that makes new values.
        current: String,
    },
    /// The current encoder made it at a lower cost than now.
    LowerCost {
        /// That of the value.
        cost: u32,
        /// That of new values.
        current: u32,
    },
}

impl Encoder {
    /// The encoder `id`, whose kind is known where its class or id says it.
    #[must_use]
    pub fn new(id: &str, class: Option<&str>) -> Self {
        let names = |word: &str| {
            let mut texts = [Some(id), class].into_iter().flatten();
            texts.any(|text| text.to_ascii_lowercase().contains(word))
        };
        let by_class = class.and_then(EncoderKind::of_class);
        let by_name = || names("bcrypt").then(|| EncoderKind::of(&[("bcrypt", Dialect::Crypt)]));
        Self {
            id: id.to_owned(),
            kind: by_class.or_else(|| by_name().flatten()),
            cost: None,
            names_pepper: names("pepper"),
            has_mark: false,
        }
    }

    /// With the kind that a user says it is of.
    #[must_use]
    pub fn of_kind(self, kind: EncoderKind) -> Self {
        let kind = Some(kind);
        Self { kind, ..self }
    }

    /// With the cost of new values.
    #[must_use]
    pub fn with_cost(self, cost: Option<u32>) -> Self {
        Self { cost, ..self }
    }

    /// With values that begin with its id in braces.
    #[must_use]
    pub fn with_mark(self) -> Self {
        let has_mark = true;
        Self { has_mark, ..self }
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The scheme of new values; none where it is not known what the encoder stores.
    #[must_use]
    pub fn scheme(&self) -> Option<&'static Scheme> {
        let form = self.kind.as_ref()?.forms.first()?;
        Some(form.scheme)
    }

    /// Whether its class or id names a pepper.
    #[must_use]
    pub fn names_pepper(&self) -> bool {
        self.names_pepper
    }

    fn read(&self, text: &str) -> Option<StoredHash> {
        let text = if self.has_mark {
            text.strip_prefix('{')?
                .strip_prefix(&self.id)?
                .strip_prefix('}')?
        } else {
            text
        };
        let mut forms = self.kind.as_ref()?.forms.iter();
        forms.find_map(|form| form.read(text))
    }

    fn write(&self, text: &str, form: &Form) -> String {
        let text = text.strip_prefix(&form.mark).unwrap_or(text);
        // Old Spring and jBCrypt know 2a alone; for what is taken here both are the same function.
        let text = match text.strip_prefix("$2b$") {
            Some(rest) => format!("$2a${rest}"),
            None => text.to_owned(),
        };
        if self.has_mark {
            return format!("{{{}}}{text}", self.id);
        }
        text
    }
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

    fn of(schemes: &[(&str, Dialect)]) -> Option<Self> {
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
    fn read(&self, text: &str) -> Option<StoredHash> {
        if self.mark.is_empty() {
            return self.scheme.read(text)?.ok();
        }
        let marked = zeroize::Zeroizing::new(format!("{}{text}", self.mark));
        self.scheme.read(&marked)?.ok()
    }
}

impl EncoderList {
    /// The list of these encoders, of which the one at `current` makes new values; none for an empty list, or where there
    /// is no such one.
    #[must_use]
    pub fn new(encoders: Vec<Encoder>, current: usize) -> Option<Self> {
        (current < encoders.len()).then_some(Self { encoders, current })
    }

    /// All of them, in their order.
    #[must_use]
    pub fn encoders(&self) -> &[Encoder] {
        &self.encoders
    }

    /// The one that makes new values.
    #[must_use]
    pub fn current(&self) -> &Encoder {
        &self.encoders[self.current]
    }

    /// Every encoder that can have made `text`. One that keeps passwords as they are would read everything, and counts
    /// only where no other does.
    #[must_use]
    pub fn readings(&self, text: &str) -> Vec<MadeBy<'_>> {
        let numbered = self.encoders.iter().enumerate();
        let readings = numbered.filter_map(|(index, encoder)| {
            let stored = encoder.read(text)?;
            Some(MadeBy {
                list: self,
                index,
                stored,
            })
        });
        let (clear, hashed): (Vec<_>, Vec<_>) = readings.partition(MadeBy::is_clear_text);
        if hashed.is_empty() { clear } else { hashed }
    }

    /// The encoder that made `text`, the first of several that can have.
    ///
    /// # Errors
    /// When none can have, or only one whose scheme is not known.
    pub fn recognise(&self, text: &str) -> Result<MadeBy<'_>, PasswordError> {
        let first = self.readings(text).into_iter().next();
        first.ok_or_else(|| PasswordError::NoEncoder {
            unknown: self.unknown(),
        })
    }

    /// Checks `password` with the encoder that made `text`; with each where several can have. The encoder is the one
    /// that finds it right, or the first.
    ///
    /// # Errors
    /// When no encoder can have made it, or none takes the password.
    pub fn verify(
        &self,
        text: &str,
        password: &Secret,
        pepper: Option<&Pepper>,
    ) -> Result<(MadeBy<'_>, bool), PasswordError> {
        let mut refused = None;
        let mut wrong = None;
        for made in self.readings(text) {
            match made.verify(password, pepper) {
                Ok(true) => return Ok((made, true)),
                Ok(false) => wrong = wrong.or(Some(made)),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        if let Some(made) = wrong {
            return Ok((made, false));
        }
        Err(refused.unwrap_or_else(|| PasswordError::NoEncoder {
            unknown: self.unknown(),
        }))
    }

    /// A new value of `password`, by the current encoder.
    ///
    /// # Errors
    /// When it is not known what the current encoder stores, when its scheme is obsolete, or it does not take the password.
    pub fn encode(
        &self,
        password: &Secret,
        pepper: Option<&Pepper>,
    ) -> Result<String, PasswordError> {
        let encoder = self.current();
        let form = encoder.kind.as_ref().and_then(|kind| kind.forms.first());
        let Some(form) = form else {
            return Err(PasswordError::UnknownEncoder {
                id: encoder.id.clone(),
            });
        };
        let text = match self.pepper_of(self.current, pepper) {
            Some(pepper) => form
                .scheme
                .hash_peppered(&pepper.with(password), encoder.cost)?,
            None => form.scheme.hash(password, encoder.cost)?,
        };
        Ok(encoder.write(&text, form))
    }

    /// The ids of encoders of which it is not known what they store.
    #[must_use]
    pub fn unknown(&self) -> Vec<String> {
        let unknown = self.encoders.iter().filter(|it| it.kind.is_none());
        unknown.map(|encoder| encoder.id.clone()).collect()
    }

    /// The pepper goes to the encoders that name one, or else to the current one: the others are older than it.
    fn pepper_of<'p>(&self, index: usize, pepper: Option<&'p Pepper>) -> Option<&'p Pepper> {
        let is_named = self.encoders.iter().any(Encoder::names_pepper);
        let takes_it = if is_named {
            self.encoders[index].names_pepper
        } else {
            index == self.current
        };
        pepper.filter(|_| takes_it)
    }
}

impl<'l> MadeBy<'l> {
    /// The encoder.
    #[must_use]
    pub fn encoder(&self) -> &'l Encoder {
        &self.list.encoders[self.index]
    }

    /// Its number in the list; the first is 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// What is stored.
    #[must_use]
    pub fn stored(&self) -> &StoredHash {
        &self.stored
    }

    /// Whether `password` is the one that was stored, with the pepper where this encoder has one.
    ///
    /// # Errors
    /// As [`StoredHash::verify`].
    pub fn verify(
        &self,
        password: &Secret,
        pepper: Option<&Pepper>,
    ) -> Result<bool, PasswordError> {
        match self.list.pepper_of(self.index, pepper) {
            Some(pepper) => self.stored.verify_peppered(&pepper.with(password)),
            None => self.stored.verify(password),
        }
    }

    /// Whether the value should be encoded anew, and why.
    #[must_use]
    pub fn reencoding(&self) -> Option<Reencoding> {
        let current = self.list.current();
        if self.index != self.list.current {
            return Some(Reencoding::OtherEncoder {
                made_by: self.encoder().id.clone(),
                current: current.id.clone(),
            });
        }
        let (cost, current) = (self.stored.function().cost()?, current.cost?);
        (cost < current).then_some(Reencoding::LowerCost { cost, current })
    }

    fn is_clear_text(&self) -> bool {
        matches!(self.stored.function(), HashFunction::Clear)
    }
}

impl fmt::Display for Reencoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherEncoder { made_by, current } => {
                write!(formatter, "{made_by} made it, and {current} makes new ones")
            }
            Self::LowerCost { cost, current } => {
                write!(
                    formatter,
                    "it was made with the cost {cost}, and new ones with {current}"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests;
