//! [`VaultSecret`]: one secret as it is stored.

use crate::Secret;
use crate::document::Place;

/// A secret, by the alias that documents name.
pub struct VaultSecret {
    /// Case matters.
    pub alias: String,
    /// Its line.
    pub at: Place,
    /// Its value.
    pub stored: Stored,
    /// Whether every program reads the value alike: in properties files only ASCII is.
    pub is_unambiguous: bool,
}

/// What is stored.
pub enum Stored {
    /// `[text]`: not encrypted yet; the server refuses to start with it.
    Plain(Secret),
    /// Base64.
    Encrypted(String),
    /// Nothing.
    Empty,
}

impl Stored {
    /// What `value` is. A password may have brackets of its own: the last one closes.
    pub(super) fn of(value: &str) -> Self {
        let value = value.trim();
        let inner = value
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        match inner {
            Some("") => Self::Empty,
            Some(text) => Self::Plain(Secret::copied_from(text.as_bytes())),
            None if value.is_empty() => Self::Empty,
            None => Self::Encrypted(value.to_owned()),
        }
    }

    /// The bytes that are stored, without the brackets of a plain one.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        match self {
            Self::Plain(secret) => secret.expose_bytes(),
            Self::Encrypted(text) => text.as_bytes(),
            Self::Empty => &[],
        }
    }

    /// Its name for listings.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Plain(_) => "plain",
            Self::Encrypted(_) => "encrypted",
            Self::Empty => "empty",
        }
    }
}
