//! [`HomeText`]: a text of the configuration that may be kept somewhere else.

use zeroize::Zeroizing;

use super::error::HomeError;
use crate::Secret;

/// A text of the configuration, its references resolved as far as they can be.
pub enum HomeText {
    /// The text.
    Known(Secret),
    /// `$secret{alias}`: Secure Vault has it.
    InSecureVault {
        /// Under this alias.
        alias: String,
    },
    /// It cannot be had now; that counts only when it is needed.
    Unavailable(HomeError),
}

impl HomeText {
    pub(super) fn known(text: &str) -> Self {
        Self::Known(Secret::copied_from(text.as_bytes()))
    }

    /// The text, if it is there.
    #[must_use]
    pub fn text(&self) -> Option<&Secret> {
        match self {
            Self::Known(text) => Some(text),
            Self::InSecureVault { .. } | Self::Unavailable(_) => None,
        }
    }
}

/// What a setting comes to: a text, or an alias of Secure Vault.
pub(super) enum Resolved {
    Text(Zeroizing<String>),
    Alias(String),
}

impl From<Resolved> for HomeText {
    fn from(resolved: Resolved) -> Self {
        match resolved {
            Resolved::Text(text) => Self::known(&text),
            Resolved::Alias(alias) => Self::InSecureVault { alias },
        }
    }
}
