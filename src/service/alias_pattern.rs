//! [`AliasPattern`]: which aliases a rule means.

use super::wildcard::Wildcard;
use crate::keystore::Alias;

/// A pattern of aliases, folded to lower case as aliases are.
#[derive(Clone, Debug)]
pub(super) struct AliasPattern(Wildcard);

impl AliasPattern {
    pub(super) fn new(pattern: &str) -> Self {
        Self(Wildcard::new(Alias::new(pattern).as_str()))
    }

    pub(super) fn matches(&self, alias: &Alias) -> bool {
        self.0.matches(alias.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, alias, expected) in [
            ("*", "db1", true),
            ("*", "", true),
            ("db*", "db1pass", true),
            ("db*", "db", true),
            ("db*", "mydb", false),
            ("DB1", "db1", true),
            ("db1", "DB1", true),
            ("db1", "db1pass", false),
            ("*pass", "db1pass", true),
            ("*pass", "passdb", false),
            ("db*pass", "db1pass", true),
            ("db*pass", "dbpass", true),
            ("ab*ba", "aba", false),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("a**c", "abc", true),
            ("*b*b*", "b", false),
            ("*b*b*", "bb", true),
            ("db?", "db1", false),
            ("", "db1", false),
        ] {
            let matches = AliasPattern::new(pattern).matches(&Alias::new(alias));
            assert_eq!(matches, expected, "{pattern} against {alias}");
        }
    }
}
