//! [`MadeBy`]: which encoder made a stored value, and whether it should be made anew.

use std::fmt;

use super::{Encoder, EncoderList};
use crate::Secret;
use crate::password::{HashFunction, PasswordError, Pepper, StoredHash};

/// A stored value, and an encoder that can have made it.
pub struct MadeBy<'l> {
    pub(super) list: &'l EncoderList,
    pub(super) index: usize,
    pub(super) stored: StoredHash,
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

    pub(super) fn is_clear_text(&self) -> bool {
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
