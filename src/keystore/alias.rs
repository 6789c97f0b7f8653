//! [`Alias`]: the name of an entry.

use std::fmt;

/// The name of an entry, folded to lower case as Java's keystores fold it.
///
/// Java stores and looks up keys and secrets under `alias.toLowerCase(Locale.ENGLISH)`; the
/// Unicode rules behind that are those of [`str::to_lowercase`].
///
/// Source: `PKCS12KeyStore.engineSetKeyEntry`, `JceKeyStore.engineSetKeyEntry`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Alias(String);

impl Alias {
    /// Folds `text`. Every text is an alias, even the empty one.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.to_lowercase())
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Alias {
    /// Control characters are escaped: a keystore may come from anywhere, and a terminal obeys them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(char::is_control) {
            return formatter.pad(&self.0);
        }
        let escaped: String = self.0.chars().map(visible).collect();
        formatter.pad(&escaped)
    }
}

fn visible(character: char) -> String {
    if character.is_control() {
        return character.escape_default().to_string();
    }
    character.to_string()
}

impl From<&str> for Alias {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        assert_eq!(Alias::new("a\u{1b}[2J").to_string(), "a\\u{1b}[2j");
        assert_eq!(Alias::new("пароль 😀").to_string(), "пароль 😀");
    }

    #[test]
    fn aliases_fold_as_in_java() {
        assert_eq!(Alias::new("DbPass"), Alias::new("dbpass"));
        assert_eq!(Alias::new("İ").as_str(), "i\u{307}");
        assert_eq!(Alias::new("ПАРОЛЬ 😀").as_str(), "пароль 😀");
    }
}
