//! [`Findings`]: what there is to say against a keystore.

use std::collections::HashSet;

use super::grade::{Concern, Grade, Rule};
use crate::keystore::Alias;

/// One rule that is broken in one way, and by which entries.
pub(super) struct Finding {
    pub(super) rule: Rule,
    pub(super) reason: String,
    /// None where it is about the keystore itself.
    pub(super) aliases: Vec<Alias>,
}

/// All findings of one keystore, in the order in which they were made.
#[derive(Default)]
pub(super) struct Findings {
    all: Vec<Finding>,
}

impl Findings {
    /// Something about the keystore itself.
    pub(super) fn add(&mut self, rule: Rule, reason: impl Into<String>) {
        self.all.push(Finding {
            rule,
            reason: reason.into(),
            aliases: Vec::new(),
        });
    }

    /// Something about an entry. What is said of several entries becomes one finding.
    pub(super) fn add_entry(&mut self, rule: Rule, reason: &str, alias: &Alias) {
        let known = self.all.iter_mut().find(|finding| {
            finding.rule == rule && finding.reason == reason && !finding.aliases.is_empty()
        });
        match known {
            Some(finding) if finding.aliases.contains(alias) => {}
            Some(finding) => finding.aliases.push(alias.clone()),
            None => self.all.push(Finding {
                rule,
                reason: reason.to_owned(),
                aliases: vec![alias.clone()],
            }),
        }
    }

    /// The findings, what weighs most first, each with the letters that it takes: those of its
    /// rule, unless an earlier finding has taken them.
    pub(super) fn with_deductions(&self) -> Vec<(u32, &Finding)> {
        let mut sorted: Vec<&Finding> = self.all.iter().collect();
        sorted.sort_by_key(|finding| std::cmp::Reverse(finding.rule.deduction()));
        let mut counted = HashSet::new();
        let deduction = |finding: &Finding| {
            let is_first = counted.insert(finding.rule);
            if is_first {
                finding.rule.deduction()
            } else {
                0
            }
        };
        let deductions: Vec<u32> = sorted.iter().copied().map(deduction).collect();
        deductions.into_iter().zip(sorted).collect()
    }

    pub(super) fn grade(&self) -> Grade {
        let deductions = self.with_deductions().into_iter();
        Grade::after(deductions.map(|(deduction, _)| deduction).sum())
    }

    /// Whether there is something that `--fail-on` asks about.
    pub(super) fn concern_one_of(&self, concerns: &[Concern]) -> bool {
        let mut named = self.all.iter().filter_map(|finding| finding.rule.concern());
        named.any(|concern| concerns.contains(&concern))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_counts_once_and_entries_are_gathered() {
        let mut findings = Findings::default();
        findings.add_entry(Rule::WeakCipher, "3DES", &Alias::new("a"));
        findings.add_entry(Rule::WeakCipher, "3DES", &Alias::new("b"));
        findings.add_entry(Rule::WeakCipher, "3DES", &Alias::new("b"));
        findings.add_entry(Rule::WeakCipher, "RC2-128", &Alias::new("c"));
        findings.add(Rule::Sha1Mac, "SHA-1");
        let listed: Vec<(u32, usize)> = findings
            .with_deductions()
            .iter()
            .map(|(deduction, finding)| (*deduction, finding.aliases.len()))
            .collect();
        assert_eq!(listed, [(2, 2), (0, 1), (1, 0)]);
        assert_eq!(findings.grade().letter(), 'D');
        assert!(findings.concern_one_of(&[Concern::Weak]));
        assert!(!findings.concern_one_of(&[Concern::Expired]));
    }
}
