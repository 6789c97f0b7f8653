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

mod kind;
mod made_by;

use super::{Dialect, PasswordError, Pepper, Scheme, StoredHash, normalised_answer};
use crate::Secret;

pub use kind::EncoderKind;
use kind::Form;
pub use made_by::{MadeBy, Reencoding};

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
    /// When the current encoder names a pepper and there is none, when it is not known what it stores, when its scheme is
    /// obsolete, or it does not take the password.
    pub fn encode(
        &self,
        password: &Secret,
        pepper: Option<&Pepper>,
    ) -> Result<String, PasswordError> {
        self.check_pepper(pepper)?;
        let (encoder, form) = self.form_of_new_values()?;
        let text = match self.pepper_of(self.current, pepper) {
            Some(pepper) => form
                .scheme
                .hash_peppered(&pepper.with(password), encoder.cost)?,
            None => form.scheme.hash(password, encoder.cost)?,
        };
        Ok(encoder.write(&text, form))
    }

    /// A new value of the answer to a security question, by the current encoder: without a pepper, and normalised.
    ///
    /// # Errors
    /// As [`Self::encode`], a missing pepper aside, and when the answer is not UTF-8.
    pub fn encode_answer(&self, answer: &Secret) -> Result<String, PasswordError> {
        let (encoder, form) = self.form_of_new_values()?;
        let text = form
            .scheme
            .hash(&normalised_answer(answer)?, encoder.cost)?;
        Ok(encoder.write(&text, form))
    }

    /// That there is a pepper where the current encoder names one.
    ///
    /// # Errors
    /// When there is none.
    pub fn check_pepper(&self, pepper: Option<&Pepper>) -> Result<(), PasswordError> {
        let encoder = self.current();
        if encoder.names_pepper && pepper.is_none() {
            let id = encoder.id.clone();
            return Err(PasswordError::NoPepper { id });
        }
        Ok(())
    }

    fn form_of_new_values(&self) -> Result<(&Encoder, &Form), PasswordError> {
        let encoder = self.current();
        let form = encoder.kind.as_ref().and_then(|kind| kind.forms.first());
        let unknown = || PasswordError::UnknownEncoder {
            id: encoder.id.clone(),
        };
        Ok((encoder, form.ok_or_else(unknown)?))
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

#[cfg(test)]
mod tests;
