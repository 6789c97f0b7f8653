//! The plaintext of a secret in a PKCS12 file.
//!
//! ```text
//! PrivateKeyInfo = SEQUENCE { INTEGER 0, AlgorithmIdentifier, OCTET STRING }
//! ```
//! The name says private key, the string holds the secret's own bytes. The algorithm is a label.
//!
//! Source: `PKCS12KeyStore.{setKeyEntry, engineGetKey}`; RFC 5208 section 5.

use zeroize::Zeroizing;

use crate::Secret;
use crate::keystore::ber::Reader;
use crate::keystore::oid::Oid;
use crate::keystore::secret_key::{AES_LABEL, PBE_LABEL, SecretKey};
use crate::keystore::{der, oid};

/// Java's names for the labels that it knows.
const LABELS: [(Oid<'static>, &str); 12] = [
    (oid::PBE_MD5_DES, PBE_LABEL),
    (oid::AES, AES_LABEL),
    (oid::DES, "DES"),
    (oid::DESEDE, "DESede"),
    (oid::RC2_CBC, "RC2"),
    (oid::ARCFOUR, "ARCFOUR"),
    (oid::BLOWFISH, "Blowfish"),
    (oid::HMAC_SHA1, "HmacSHA1"),
    (oid::HMAC_SHA224, "HmacSHA224"),
    (oid::HMAC_SHA256, "HmacSHA256"),
    (oid::HMAC_SHA384, "HmacSHA384"),
    (oid::HMAC_SHA512, "HmacSHA512"),
];

/// The label and the secret, or `None` when `plaintext` is not such a structure.
pub(super) fn decode(plaintext: &[u8]) -> Option<SecretKey> {
    let mut outer = Reader::new(plaintext);
    let mut fields = outer.sequence("a PrivateKeyInfo").ok()?;
    outer.end().ok()?;
    fields.number("a version").ok()?;
    let algorithm = fields
        .sequence("a key algorithm")
        .ok()?
        .oid("a key algorithm")
        .ok()?;
    let secret = Zeroizing::new(fields.octet_string("a key").ok()?.into_owned());
    let name = LABELS
        .iter()
        .find(|(oid, _)| *oid == algorithm)
        .map(|&(_, name)| name);
    Some(SecretKey {
        algorithm: name.map_or_else(|| algorithm.to_string(), str::to_owned),
        secret: Secret::copied_from(&secret),
    })
}

/// The structure, or `None` when PKCS12 has no identifier for the algorithm.
pub(super) fn encode(key: &SecretKey) -> Option<Zeroizing<Vec<u8>>> {
    let row = LABELS
        .iter()
        .find(|(_, name)| name.eq_ignore_ascii_case(&key.algorithm));
    let dotted = oid::parse(&key.algorithm);
    let label = match (row, &dotted) {
        (Some((oid, _)), _) => *oid,
        (None, Some(bytes)) => Oid(bytes),
        (None, None) => return None,
    };
    let bytes = Zeroizing::new(der::octet_string(key.secret.expose_bytes()));
    let info = der::sequence(&[&der::number(0), &der::algorithm(label, &[]), &bytes]);
    Some(Zeroizing::new(info))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(algorithm: &str) -> SecretKey {
        let algorithm = algorithm.to_owned();
        SecretKey {
            algorithm,
            secret: Secret::copied_from(b"x34!2axf"),
        }
    }

    #[test]
    fn every_label_is_read_back() {
        for label in [PBE_LABEL, AES_LABEL, "HmacSHA512", "1.2.3.4"] {
            let encoded = encode(&key(label)).unwrap();
            let decoded = decode(&encoded).unwrap();
            assert_eq!(decoded.algorithm, label);
            assert_eq!(decoded.secret.expose_bytes(), b"x34!2axf");
        }
    }

    #[test]
    fn an_algorithm_without_an_identifier_is_refused() {
        assert!(encode(&key("ChaCha20")).is_none());
    }

    #[test]
    fn noise_is_no_key() {
        let mut encoded = encode(&key(PBE_LABEL)).unwrap().to_vec();
        encoded.push(0);
        assert!(decode(&encoded).is_none());
        assert!(decode(b"").is_none());
    }
}
