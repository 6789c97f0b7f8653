//! [`AliasPattern`]: which aliases a rule means. `*` stands for any text, also none; nothing else is special.

use crate::keystore::Alias;

/// A pattern of aliases, folded to lower case as aliases are.
#[derive(Clone, Debug)]
pub(super) struct AliasPattern(String);

impl AliasPattern {
    pub(super) fn new(pattern: &str) -> Self {
        Self(Alias::new(pattern).as_str().to_owned())
    }

    pub(super) fn matches(&self, alias: &Alias) -> bool {
        let alias = alias.as_str();
        let Some((head, rest)) = self.0.split_once('*') else {
            return alias == self.0;
        };
        let Some(mut unmatched) = alias.strip_prefix(head) else {
            return false;
        };
        let (middles, tail) = rest.rsplit_once('*').unwrap_or(("", rest));
        for middle in middles.split('*') {
            let Some((_, after)) = unmatched.split_once(middle) else {
                return false;
            };
            unmatched = after;
        }
        unmatched.ends_with(tail)
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
