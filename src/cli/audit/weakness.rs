//! Which of Java's protection algorithms no longer protect.

use super::grade::Rule;
use crate::keystore::Protection;

/// Iteration counts below these are few, and very few. The first is the JDK's own default.
const FEW: u32 = 10_000;
const VERY_FEW: u32 = 1_000;

/// Java's names, or what they begin or end with, and what is wrong with the algorithm.
const BROKEN: [(&str, &str); 4] = [
    ("PBEWithMD5AndDES", "a 56-bit key"),
    ("PBEWithSHA1AndRC2_40", "a 40-bit key"),
    ("PBEWithSHA1AndRC4_40", "a 40-bit key"),
    (JKS, "one SHA-1 pass over password and salt"),
];
const WEAK: [(&str, &str); 5] = [
    ("PBEWithMD5AndTripleDES", "MD5 and 3DES"),
    ("PBEWithSHA1AndDESede", "3DES"),
    ("PBEWithSHA1And2KeyDESede", "3DES with two keys"),
    ("PBEWithSHA1AndRC2_128", "RC2"),
    ("PBEWithSHA1AndRC4_128", "RC4"),
];
const JKS: &str = "SHA-1 key stream (JKS)";

/// The rules that an encryption breaks, each with the reason.
pub(super) fn of_protection(protection: &Protection) -> Vec<(Rule, String)> {
    let algorithm = protection.algorithm.as_str();
    let mut broken = Vec::new();
    if let Some((_, reason)) = BROKEN.iter().find(|(name, _)| *name == algorithm) {
        broken.push((Rule::BrokenCipher, format!("{algorithm}: {reason}")));
    } else if let Some((_, reason)) = WEAK.iter().find(|(name, _)| *name == algorithm) {
        broken.push((Rule::WeakCipher, format!("{algorithm}: {reason}")));
    } else if algorithm.ends_with("AndDESede") {
        broken.push((Rule::WeakCipher, format!("{algorithm}: 3DES")));
    }
    let rules = [Rule::VeryFewIterations, Rule::FewIterations];
    // That of JKS has no count, which is part of what is wrong with it.
    if algorithm != JKS
        && let Some(rule) = of_iterations(protection.iterations.get(), rules)
    {
        broken.push((rule, format!("{} iterations", protection.iterations)));
    }
    broken
}

/// Which of the rules for very few and few iterations applies.
pub(super) fn of_iterations(count: u32, [very_few, few]: [Rule; 2]) -> Option<Rule> {
    match count {
        ..VERY_FEW => Some(very_few),
        VERY_FEW..FEW => Some(few),
        FEW.. => None,
    }
}
