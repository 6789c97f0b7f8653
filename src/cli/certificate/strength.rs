//! [`Strength`]: what Java thinks of a signature or a key today.
//!
//! Source: `jdk.certpath.disabledAlgorithms` and `jdk.security.legacyAlgorithms` in the
//! `java.security` of JDK 17.

use super::algorithm::PublicKey;
use super::{Certificate, Marks};

/// Whether an algorithm, or a key of its size, is still good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) enum Strength {
    Sound,
    /// Java still takes it, and will not always do so.
    Weak,
    /// Java refuses it where it checks a chain of certificates.
    Disabled,
}

impl Strength {
    /// That of a signature algorithm by its name in Java.
    pub(super) fn of_signature(name: &str) -> Self {
        match name.split("with").next().unwrap_or_default() {
            "MD2" | "MD5" => Self::Disabled,
            "SHA1" => Self::Weak,
            _ => Self::Sound,
        }
    }

    fn of_key(key: &PublicKey) -> Self {
        let Some(bits) = key.bits else {
            return Self::Sound;
        };
        match key.algorithm {
            "RSA" | "DSA" if bits < 1024 => Self::Disabled,
            "RSA" | "DSA" if bits < 2048 => Self::Weak,
            "EC" if bits < 224 => Self::Disabled,
            _ => Self::Sound,
        }
    }

    /// What stands behind the name.
    pub(super) fn mark(self) -> &'static str {
        match self {
            Self::Sound => "",
            Self::Weak => " (weak)",
            Self::Disabled => " (disabled)",
        }
    }

    /// The name in JSON.
    pub(in crate::cli) fn name(self) -> &'static str {
        match self {
            Self::Sound => "sound",
            Self::Weak => "weak",
            Self::Disabled => "disabled",
        }
    }
}

impl Certificate<'_> {
    pub(in crate::cli) fn signature_strength(&self) -> Strength {
        self.signature_name()
            .map_or(Strength::Sound, |name| Strength::of_signature(&name))
    }

    pub(in crate::cli) fn key_strength(&self) -> Strength {
        PublicKey::of(&self.key).map_or(Strength::Sound, |key| Strength::of_key(&key))
    }

    /// Whether neither its signature nor its key is weak.
    pub(in crate::cli) fn is_sound(&self) -> bool {
        self.signature_strength() == Strength::Sound && self.key_strength() == Strength::Sound
    }

    /// What is weak of it in keytool's sentences, `label` being their subject.
    pub(in crate::cli) fn warnings(&self, label: &str, marks: Marks) -> Vec<String> {
        let mut warnings = Vec::new();
        let risk = "which is considered a security risk";
        let signature = self.signature_name().unwrap_or_default();
        match self.signature_strength() {
            Strength::Weak if marks == Marks::All => warnings.push(format!(
                "{label} uses the {signature} signature algorithm {risk}. This algorithm will be disabled in a future update."
            )),
            Strength::Disabled if marks == Marks::All => warnings.push(format!(
                "{label} uses the {signature} signature algorithm {risk} and is disabled."
            )),
            _ => {}
        }
        let key = self.key_in_words().unwrap_or_default();
        match self.key_strength() {
            Strength::Sound => {}
            Strength::Weak => warnings.push(format!(
                "{label} uses a {key} {risk}. This key size will be disabled in a future update."
            )),
            Strength::Disabled => {
                warnings.push(format!("{label} uses a {key} {risk} and is disabled."));
            }
        }
        warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_hash_functions_and_short_keys_are_weak_or_disabled() {
        let of_signature = ["MD5withRSA", "SHA1withDSA", "SHA256withRSA", "Ed25519"];
        assert_eq!(
            of_signature.map(Strength::of_signature),
            [
                Strength::Disabled,
                Strength::Weak,
                Strength::Sound,
                Strength::Sound
            ]
        );
        let key = |algorithm, bits| PublicKey {
            algorithm,
            curve: None,
            bits: Some(bits),
        };
        let keys = [
            key("RSA", 1023),
            key("DSA", 1024),
            key("RSA", 2048),
            key("EC", 192),
        ];
        assert_eq!(
            keys.map(|key| Strength::of_key(&key)),
            [
                Strength::Disabled,
                Strength::Weak,
                Strength::Sound,
                Strength::Disabled
            ]
        );
    }
}
