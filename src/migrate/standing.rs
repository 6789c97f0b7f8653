//! [`Standing`]: how far a stored password is on its way to the new function, and [`Census`]: how far all are.

use std::collections::BTreeMap;

use super::Place;
use crate::Secret;
use crate::password::{Conventions, HashFunction, PasswordError, Refusal, StoredHash, Wrapping};

/// How far a stored password is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// In an old function.
    Old,
    /// The password can be read, or decrypted with the keys that are here.
    Readable,
    /// Wrapped: it moves when its user logs in.
    Wrapped,
    /// In the new function.
    Current,
    /// Of no scheme, of several that differ, or encrypted under a key that is not here.
    Unknown,
}

/// A stored password that is left alone, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftAlone {
    /// Where it is.
    pub place: Place,
    /// The DN or the user, as the store has it.
    pub user: String,
    /// Why.
    pub reason: String,
}

/// How many values stand how, by scheme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    /// Scheme and standing; `-` where no scheme fits.
    pub counts: BTreeMap<(String, Standing), u64>,
}

/// A value with how far it is.
pub(super) enum Judged {
    Stored(Box<StoredHash>, Standing),
    Unknown(PasswordError),
}

impl Judged {
    pub(super) fn of(stored: &Secret, conventions: &Conventions, wrapping: &Wrapping) -> Self {
        let Ok(text) = stored.expose_text() else {
            let dialect = conventions.dialect;
            return Self::Unknown(PasswordError::Unknown { dialect });
        };
        let stored = match conventions.recognise(text) {
            Ok(stored) => stored,
            Err(error) => return Self::Unknown(error),
        };
        if conventions.dialect.is_none() && stored.is_without_mark() {
            return Self::Unknown(stored.refused(Refusal::WithoutMark));
        }
        let standing = match stored.function() {
            _ if wrapping.is_current(&stored) => Standing::Current,
            HashFunction::Wrapped(_) => Standing::Wrapped,
            HashFunction::Clear => Standing::Readable,
            HashFunction::Encrypted(_) => match stored.decrypt() {
                Ok(_) => Standing::Readable,
                Err(error) => return Self::Unknown(error),
            },
            _ if wrapping.wraps(&stored) => Standing::Old,
            _ => return Self::Unknown(stored.refused(Refusal::NotWrapped)),
        };
        Self::Stored(Box::new(stored), standing)
    }

    /// The name of its scheme; `-` where none fits.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Stored(stored, _) => stored.scheme().name,
            Self::Unknown(_) => "-",
        }
    }

    pub(super) fn standing(&self) -> Standing {
        match self {
            Self::Stored(_, standing) => *standing,
            Self::Unknown(_) => Standing::Unknown,
        }
    }
}

impl Standing {
    /// All of them, those that have the longest way first.
    pub const ALL: [Self; 5] = [
        Self::Old,
        Self::Readable,
        Self::Wrapped,
        Self::Current,
        Self::Unknown,
    ];

    /// Its word in tables and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::Readable => "readable",
            Self::Wrapped => "wrapped",
            Self::Current => "current",
            Self::Unknown => "unknown",
        }
    }
}

impl Census {
    pub(super) fn count(&mut self, scheme: &str, standing: Standing) {
        *self
            .counts
            .entry((scheme.to_owned(), standing))
            .or_default() += 1;
    }

    /// How many values stand so.
    #[must_use]
    pub fn of(&self, standing: Standing) -> u64 {
        let counts = self.counts.iter();
        let standing_so = counts.filter(|((_, other), _)| *other == standing);
        standing_so.map(|(_, count)| count).sum()
    }

    /// How many values there are.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.counts.values().sum()
    }
}
