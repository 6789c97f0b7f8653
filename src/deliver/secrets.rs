//! [`Secrets`]: the secrets of one consumer, all of one moment.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::keystore::Alias;
use crate::secret::Secret;

/// Secrets by alias; case does not matter.
#[derive(Clone, Default)]
pub struct Secrets {
    by_alias: BTreeMap<Alias, Arc<Secret>>,
}

impl Secrets {
    pub(super) fn insert(&mut self, alias: &str, secret: Arc<Secret>) {
        self.by_alias.insert(Alias::new(alias), secret);
    }

    /// The secret under `alias`, if it was asked for when these were fetched.
    #[must_use]
    pub fn get(&self, alias: &str) -> Option<&Secret> {
        self.by_alias.get(&Alias::new(alias)).map(Arc::as_ref)
    }

    /// The same, to be kept.
    #[cfg(unix)]
    pub(super) fn shared(&self, alias: &str) -> Option<Arc<Secret>> {
        self.by_alias.get(&Alias::new(alias)).cloned()
    }

    /// Whether both have the same value under `alias`.
    #[must_use]
    pub fn agree_on(&self, other: &Self, alias: &str) -> bool {
        match (self.get(alias), other.get(alias)) {
            (Some(one), Some(another)) => one.is_same_as(another),
            (one, another) => one.is_none() && another.is_none(),
        }
    }

    /// Whether both hold the same values under the same aliases.
    #[must_use]
    pub fn are_same_as(&self, other: &Self) -> bool {
        self.by_alias.len() == other.by_alias.len()
            && self
                .by_alias
                .keys()
                .all(|alias| self.agree_on(other, alias.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(pairs: &[(&str, &str)]) -> Secrets {
        let mut secrets = Secrets::default();
        for (alias, value) in pairs {
            secrets.insert(alias, Arc::new(Secret::copied_from(value.as_bytes())));
        }
        secrets
    }

    #[test]
    fn the_case_of_an_alias_does_not_matter() {
        let one = secrets(&[("DB1Pass", "x")]);
        assert_eq!(one.get("db1pass").unwrap().expose_bytes(), b"x");
        assert!(one.get("db1").is_none());
    }

    #[test]
    fn sets_differ_in_a_value_or_in_an_alias() {
        let one = secrets(&[("a", "1"), ("b", "2")]);
        assert!(one.are_same_as(&secrets(&[("B", "2"), ("a", "1")])));
        assert!(!one.are_same_as(&secrets(&[("a", "1"), ("b", "3")])));
        assert!(!one.are_same_as(&secrets(&[("a", "1")])));
        assert!(!one.are_same_as(&secrets(&[("a", "1"), ("c", "2")])));
    }
}
