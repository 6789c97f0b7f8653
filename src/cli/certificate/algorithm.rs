//! Java's names of signature algorithms and public keys.

use std::fmt;

use super::der_value::DerValue;

const SIGNATURES: [(&str, &str); 22] = [
    ("1.2.840.113549.1.1.2", "MD2withRSA"),
    ("1.2.840.113549.1.1.4", "MD5withRSA"),
    ("1.2.840.113549.1.1.5", "SHA1withRSA"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "SHA256withRSA"),
    ("1.2.840.113549.1.1.12", "SHA384withRSA"),
    ("1.2.840.113549.1.1.13", "SHA512withRSA"),
    ("1.2.840.113549.1.1.14", "SHA224withRSA"),
    ("1.2.840.113549.1.1.15", "SHA512/224withRSA"),
    ("1.2.840.113549.1.1.16", "SHA512/256withRSA"),
    ("1.2.840.10040.4.3", "SHA1withDSA"),
    ("2.16.840.1.101.3.4.3.1", "SHA224withDSA"),
    ("2.16.840.1.101.3.4.3.2", "SHA256withDSA"),
    ("2.16.840.1.101.3.4.3.3", "SHA384withDSA"),
    ("2.16.840.1.101.3.4.3.4", "SHA512withDSA"),
    ("1.2.840.10045.4.1", "SHA1withECDSA"),
    ("1.2.840.10045.4.3.1", "SHA224withECDSA"),
    ("1.2.840.10045.4.3.2", "SHA256withECDSA"),
    ("1.2.840.10045.4.3.3", "SHA384withECDSA"),
    ("1.2.840.10045.4.3.4", "SHA512withECDSA"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];
const CURVES: [(&str, &str, usize); 7] = [
    ("1.2.840.10045.3.1.1", "secp192r1", 192),
    ("1.2.840.10045.3.1.7", "secp256r1", 256),
    ("1.3.132.0.6", "secp112r1", 112),
    ("1.3.132.0.10", "secp256k1", 256),
    ("1.3.132.0.33", "secp224r1", 224),
    ("1.3.132.0.34", "secp384r1", 384),
    ("1.3.132.0.35", "secp521r1", 521),
];

/// The name of a signature's AlgorithmIdentifier; its identifier where Java has no name.
pub(super) fn of_signature(algorithm: &DerValue<'_>) -> Option<String> {
    let identifier = algorithm.child()?.identifier();
    let known = SIGNATURES.iter().find(|(known, _)| *known == identifier);
    Some(known.map_or(identifier, |(_, name)| (*name).to_owned()))
}

/// What a SubjectPublicKeyInfo says of its key.
#[derive(Debug)]
pub(super) struct PublicKey {
    /// Java's name; of an unknown algorithm none.
    pub(super) algorithm: &'static str,
    /// The curve of an EC key; of an unknown algorithm its identifier.
    pub(super) curve: Option<String>,
    /// Its size; none where it cannot be told.
    pub(super) bits: Option<usize>,
}

impl PublicKey {
    pub(super) fn of(key: &DerValue<'_>) -> Option<Self> {
        let [algorithm, bits] = &key.children()?[..] else {
            return None;
        };
        let parts = algorithm.children()?;
        let identifier = parts.first()?.identifier();
        let parameter = parts.get(1);
        let (algorithm, bits) = match identifier.as_str() {
            "1.2.840.113549.1.1.1" => ("RSA", rsa_size(bits)?),
            "1.2.840.113549.1.1.10" => ("RSASSA-PSS", rsa_size(bits)?),
            "1.2.840.10040.4.1" => ("DSA", bit_length(parameter?.child()?.content)),
            "1.2.840.10045.2.1" => return Some(Self::on_curve(&parameter?.identifier())),
            "1.3.101.112" => ("Ed25519", 255),
            "1.3.101.113" => ("Ed448", 448),
            _ => {
                return Some(Self {
                    algorithm: "",
                    curve: Some(identifier),
                    bits: None,
                });
            }
        };
        Some(Self {
            algorithm,
            curve: None,
            bits: Some(bits),
        })
    }

    fn on_curve(identifier: &str) -> Self {
        let known = CURVES.iter().find(|(known, ..)| *known == identifier);
        Self {
            algorithm: "EC",
            curve: known.map(|(_, name, _)| (*name).to_owned()),
            bits: known.map(|(.., size)| *size),
        }
    }
}

impl fmt::Display for PublicKey {
    /// `2048-bit RSA key`, `256-bit EC (secp256r1) key`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match (self.algorithm, self.curve.as_deref()) {
            ("", curve) => curve.unwrap_or_default().to_owned(),
            (algorithm, None) => algorithm.to_owned(),
            (algorithm, Some(curve)) => format!("{algorithm} ({curve})"),
        };
        match self.bits {
            Some(bits) => write!(formatter, "{bits}-bit {name} key"),
            None => write!(formatter, "{name} key of unknown size"),
        }
    }
}

/// The size of the modulus in the BIT STRING of an RSA key.
fn rsa_size(bits: &DerValue<'_>) -> Option<usize> {
    let key = DerValue::only(bits.content.get(1..)?)?;
    Some(bit_length(key.child()?.content))
}

fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().position(|byte| *byte != 0);
    let Some(first) = significant else {
        return 0;
    };
    let unused = number[first].leading_zeros() as usize;
    8 * (number.len() - first) - unused
}
