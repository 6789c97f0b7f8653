//! Java's names of signature algorithms and public keys.

use super::der_value::DerValue;

const SIGNATURES: [(&str, &str); 17] = [
    ("1.2.840.113549.1.1.4", "MD5withRSA"),
    ("1.2.840.113549.1.1.5", "SHA1withRSA"),
    ("1.2.840.113549.1.1.10", "RSASSA-PSS"),
    ("1.2.840.113549.1.1.11", "SHA256withRSA"),
    ("1.2.840.113549.1.1.12", "SHA384withRSA"),
    ("1.2.840.113549.1.1.13", "SHA512withRSA"),
    ("1.2.840.113549.1.1.14", "SHA224withRSA"),
    ("1.2.840.10040.4.3", "SHA1withDSA"),
    ("2.16.840.1.101.3.4.3.1", "SHA224withDSA"),
    ("2.16.840.1.101.3.4.3.2", "SHA256withDSA"),
    ("1.2.840.10045.4.1", "SHA1withECDSA"),
    ("1.2.840.10045.4.3.1", "SHA224withECDSA"),
    ("1.2.840.10045.4.3.2", "SHA256withECDSA"),
    ("1.2.840.10045.4.3.3", "SHA384withECDSA"),
    ("1.2.840.10045.4.3.4", "SHA512withECDSA"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];
const CURVES: [(&str, &str, usize); 5] = [
    ("1.2.840.10045.3.1.7", "secp256r1", 256),
    ("1.3.132.0.10", "secp256k1", 256),
    ("1.3.132.0.33", "secp224r1", 224),
    ("1.3.132.0.34", "secp384r1", 384),
    ("1.3.132.0.35", "secp521r1", 521),
];

/// The name of a signature's AlgorithmIdentifier.
pub(super) fn of_signature(algorithm: &DerValue<'_>) -> Option<String> {
    let identifier = algorithm.child()?.identifier();
    let known = SIGNATURES.iter().find(|(known, _)| *known == identifier);
    Some(known.map_or(identifier, |(_, name)| (*name).to_owned()))
}

/// A SubjectPublicKeyInfo: `2048-bit RSA key`.
pub(super) fn of_key(key: &DerValue<'_>) -> Option<String> {
    let [algorithm, bits] = &key.children()?[..] else {
        return None;
    };
    let parts = algorithm.children()?;
    let identifier = parts.first()?.identifier();
    let parameter = parts.get(1);
    let (size, name) = match identifier.as_str() {
        "1.2.840.113549.1.1.1" => (rsa_size(bits)?, "RSA".to_owned()),
        "1.2.840.113549.1.1.10" => (rsa_size(bits)?, "RSASSA-PSS".to_owned()),
        "1.2.840.10040.4.1" => (bit_length(parameter?.child()?.content), "DSA".to_owned()),
        "1.2.840.10045.2.1" => {
            let curve = parameter?.identifier();
            match CURVES.iter().find(|(known, ..)| *known == curve) {
                Some((_, name, size)) => (*size, format!("EC ({name})")),
                None => return Some("EC key of unknown size".to_owned()),
            }
        }
        "1.3.101.112" => (255, "Ed25519".to_owned()),
        "1.3.101.113" => (448, "Ed448".to_owned()),
        _ => return Some(format!("{identifier} key of unknown size")),
    };
    Some(format!("{size}-bit {name} key"))
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
