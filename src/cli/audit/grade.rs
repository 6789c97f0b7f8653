//! [`Grade`] and the [`Rule`]s that take it down.

use std::fmt;

/// From `A`, nothing to say against it, to `F`. Each deduction is one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grade {
    deductions: u32,
}

/// What a keystore is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Rule {
    BrokenCipher,
    WeakCipher,
    VeryFewIterations,
    FewIterations,
    NoMac,
    PlainDigest,
    Sha1Mac,
    VeryFewMacIterations,
    FewMacIterations,
    OthersMayRead,
    GroupMayRead,
    UnreadableEntry,
    DuplicateAlias,
    ExpiredCertificate,
    ExpiringCertificate,
    CertificateNotYetValid,
    UnknownValidity,
    OwnPassword,
}

/// What `--fail-on` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Concern {
    /// A weak algorithm, too few iterations, or no MAC
    Weak,
    /// A certificate that has expired, or expires within --days
    Expired,
}

impl Grade {
    /// The grade after `deductions` letters.
    pub(super) fn after(deductions: u32) -> Self {
        Self { deductions }
    }

    pub(super) fn letter(self) -> char {
        match self.deductions {
            0 => 'A',
            1 => 'B',
            2 => 'C',
            3 => 'D',
            4 => 'E',
            _ => 'F',
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.letter().fmt(formatter)
    }
}

impl Rule {
    /// Its stable name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::BrokenCipher => "broken-cipher",
            Self::WeakCipher => "weak-cipher",
            Self::VeryFewIterations => "very-few-iterations",
            Self::FewIterations => "few-iterations",
            Self::NoMac => "no-mac",
            Self::PlainDigest => "plain-digest",
            Self::Sha1Mac => "sha1-mac",
            Self::VeryFewMacIterations => "very-few-mac-iterations",
            Self::FewMacIterations => "few-mac-iterations",
            Self::OthersMayRead => "others-may-read",
            Self::GroupMayRead => "group-may-read",
            Self::UnreadableEntry => "unreadable-entry",
            Self::DuplicateAlias => "duplicate-alias",
            Self::ExpiredCertificate => "expired-certificate",
            Self::ExpiringCertificate => "expiring-certificate",
            Self::CertificateNotYetValid => "certificate-not-yet-valid",
            Self::UnknownValidity => "unknown-validity",
            Self::OwnPassword => "own-password",
        }
    }

    /// How many letters it takes, once for a keystore.
    pub(super) fn deduction(self) -> u32 {
        match self {
            Self::BrokenCipher => 3,
            Self::WeakCipher
            | Self::VeryFewIterations
            | Self::NoMac
            | Self::PlainDigest
            | Self::VeryFewMacIterations
            | Self::OthersMayRead => 2,
            Self::FewIterations
            | Self::Sha1Mac
            | Self::FewMacIterations
            | Self::GroupMayRead
            | Self::UnreadableEntry
            | Self::DuplicateAlias
            | Self::ExpiredCertificate => 1,
            Self::ExpiringCertificate
            | Self::CertificateNotYetValid
            | Self::UnknownValidity
            | Self::OwnPassword => 0,
        }
    }

    /// What `--fail-on` calls it.
    pub(super) fn concern(self) -> Option<Concern> {
        match self {
            Self::BrokenCipher
            | Self::WeakCipher
            | Self::VeryFewIterations
            | Self::FewIterations
            | Self::NoMac
            | Self::PlainDigest
            | Self::Sha1Mac
            | Self::VeryFewMacIterations
            | Self::FewMacIterations => Some(Concern::Weak),
            Self::ExpiredCertificate | Self::ExpiringCertificate => Some(Concern::Expired),
            _ => None,
        }
    }
}

/// The rules in words, for `--help`.
pub(super) const EXPLANATION: &str = "\
The grade begins at A. Each rule that is broken takes letters off it, once for a keystore:
  3  broken-cipher            DES, RC2-40, RC4-40, or the key protector of JKS
  2  weak-cipher              3DES, RC2-128, RC4-128, or MD5 with 3DES (every JCEKS keystore)
  2  very-few-iterations      fewer than 1,000 for an entry
  1  few-iterations           fewer than 10,000 for an entry
  2  no-mac                   a PKCS12 keystore that can be changed unnoticed
  2  plain-digest             JCEKS, JKS: the store password is hashed once, and quickly guessed
  1  sha1-mac                 HmacPBESHA1, the default of JDK 11
  2  very-few-mac-iterations  fewer than 1,000
  1  few-mac-iterations       fewer than 10,000
  2  others-may-read          the file mode lets every user in
  1  group-may-read           the file mode lets the group in
  1  unreadable-entry         Java cannot read it: an empty secret, an unknown kind
  1  duplicate-alias          names that fold to the same alias: Java sees the last alone
  1  expired-certificate
  0  expiring-certificate     it expires within --days
  0  certificate-not-yet-valid
  0  unknown-validity
  0  own-password             under another password than the keystore, and not looked into
--fail-on weak is about the rules on ciphers, iterations and MACs;
--fail-on expired is about expired-certificate and expiring-certificate.
";

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: [Rule; 18] = [
        Rule::BrokenCipher,
        Rule::WeakCipher,
        Rule::VeryFewIterations,
        Rule::FewIterations,
        Rule::NoMac,
        Rule::PlainDigest,
        Rule::Sha1Mac,
        Rule::VeryFewMacIterations,
        Rule::FewMacIterations,
        Rule::OthersMayRead,
        Rule::GroupMayRead,
        Rule::UnreadableEntry,
        Rule::DuplicateAlias,
        Rule::ExpiredCertificate,
        Rule::ExpiringCertificate,
        Rule::CertificateNotYetValid,
        Rule::UnknownValidity,
        Rule::OwnPassword,
    ];

    #[test]
    fn every_rule_is_explained_with_its_deduction() {
        for rule in RULES {
            let row = format!("  {}  {}", rule.deduction(), rule.name());
            let explained = EXPLANATION.lines().any(|line| {
                let rest = line.strip_prefix(&row);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
            });
            assert!(explained, "{row}");
        }
    }
}
