//! [`UnitPolicy`]: which unit of a service manager may get which aliases. Nothing is allowed that no rule allows.

use super::alias_pattern::AliasPattern;
use super::wildcard::Wildcard;
use crate::document::UnitRule;
use crate::keystore::Alias;

/// Which unit may get which aliases.
#[derive(Clone, Debug)]
pub struct UnitPolicy {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    unit: Wildcard,
    aliases: Vec<AliasPattern>,
}

impl UnitPolicy {
    /// The policy of these rules.
    #[must_use]
    pub fn of(rules: &[UnitRule]) -> Self {
        let rule = |rule: &UnitRule| Rule {
            unit: Wildcard::new(&rule.unit),
            aliases: rule
                .aliases
                .iter()
                .map(|pattern| AliasPattern::new(pattern))
                .collect(),
        };
        Self {
            rules: rules.iter().map(rule).collect(),
        }
    }

    /// Whether `unit` may get `alias`. Case matters in the name of a unit, and does not in an alias.
    #[must_use]
    pub fn may_read(&self, unit: &str, alias: &str) -> bool {
        let alias = Alias::new(alias);
        let mut rules = self.rules.iter().filter(|rule| rule.unit.matches(unit));
        rules.any(|rule| rule.aliases.iter().any(|pattern| pattern.matches(&alias)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_gets_what_its_rules_name_and_nothing_else() {
        let rule = |unit: &str, aliases: &str| UnitRule {
            unit: unit.to_owned(),
            aliases: aliases.split(' ').map(str::to_owned).collect(),
            line: 1,
        };
        let policy = UnitPolicy::of(&[
            rule("tomcat@*.service", "db* pepperKey"),
            rule("mail.service", "mail"),
        ]);
        assert!(policy.may_read("tomcat@prod.service", "DB1pass"));
        assert!(policy.may_read("tomcat@.service", "pepperkey"));
        assert!(!policy.may_read("tomcat@prod.service", "mail"));
        assert!(!policy.may_read("Tomcat@prod.service", "db1"));
        assert!(!policy.may_read("tomcat@prod.service.d", "db1"));
        assert!(!UnitPolicy::of(&[]).may_read("mail.service", "mail"));
    }
}
