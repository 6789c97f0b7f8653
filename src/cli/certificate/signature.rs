//! Whether the signature of a certificate is right.
//!
//! Verified are RSA with PKCS #1 v1.5 (keys of 1024 bits and more, SHA-1 included) and PSS, ECDSA on P-256 and
//! P-384, and Ed25519. A signature of another kind (DSA, MD5, P-521, Ed448) cannot be verified here and
//! counts as wrong.
//!
//! Source: RFC 5280 section 4.1.1.3, RFC 4055 section 3.1 (RSASSA-PSS-params), RFC 5758.

use ring::signature::{self, UnparsedPublicKey, VerificationAlgorithm};

use super::Certificate;
use super::der_value::DerValue;

const BIT_STRING: u8 = 0x03;
const RSA: &str = "1.2.840.113549.1.1.1";
const RSA_PSS: &str = "1.2.840.113549.1.1.10";
const EC: &str = "1.2.840.10045.2.1";
const P_256: &str = "1.2.840.10045.3.1.7";
const P_384: &str = "1.3.132.0.34";
const ED25519: &str = "1.3.101.112";

type Algorithm = &'static dyn VerificationAlgorithm;

/// Whether the key (a SubjectPublicKeyInfo) has signed the certificate.
pub(super) fn is_right(certificate: &Certificate<'_>, key: &DerValue<'_>) -> bool {
    verify(certificate, key).is_some()
}

fn verify(certificate: &Certificate<'_>, key: &DerValue<'_>) -> Option<()> {
    let [key_algorithm, key] = key.children()?[..] else {
        return None;
    };
    let signature = bits(&certificate.signature)?;
    let algorithm = algorithm(&certificate.signature_algorithm, &key_algorithm)?;
    UnparsedPublicKey::new(algorithm, bits(&key)?)
        .verify(certificate.tbs.encoded, signature)
        .ok()
}

/// The bytes of a BIT STRING of whole bytes.
fn bits<'a>(value: &DerValue<'a>) -> Option<&'a [u8]> {
    match value.content.split_first() {
        Some((0, bytes)) if value.tag == BIT_STRING => Some(bytes),
        _ => None,
    }
}

/// How signatures of one kind are verified with keys of another.
fn algorithm(signature: &DerValue<'_>, key: &DerValue<'_>) -> Option<Algorithm> {
    let parts = signature.children()?;
    let signature_kind = parts.first()?.identifier();
    let key_parts = key.children()?;
    let key_kind = key_parts.first()?.identifier();
    let algorithm: Algorithm = match (key_kind.as_str(), signature_kind.as_str()) {
        (RSA, "1.2.840.113549.1.1.5") => &signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
        (RSA, "1.2.840.113549.1.1.11") => {
            &signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY
        }
        (RSA, "1.2.840.113549.1.1.12") => &signature::RSA_PKCS1_2048_8192_SHA384,
        (RSA, "1.2.840.113549.1.1.13") => {
            &signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY
        }
        (RSA | RSA_PSS, RSA_PSS) => return pss(parts.get(1)?),
        (EC, signature_kind) => return ecdsa(signature_kind, &key_parts.get(1)?.identifier()),
        (ED25519, ED25519) => &signature::ED25519,
        _ => return None,
    };
    Some(algorithm)
}

fn ecdsa(signature_kind: &str, curve: &str) -> Option<Algorithm> {
    const SHA256: &str = "1.2.840.10045.4.3.2";
    const SHA384: &str = "1.2.840.10045.4.3.3";
    Some(match (curve, signature_kind) {
        (P_256, SHA256) => &signature::ECDSA_P256_SHA256_ASN1,
        (P_256, SHA384) => &signature::ECDSA_P256_SHA384_ASN1,
        (P_384, SHA256) => &signature::ECDSA_P384_SHA256_ASN1,
        (P_384, SHA384) => &signature::ECDSA_P384_SHA384_ASN1,
        _ => return None,
    })
}

/// RSASSA-PSS whose salt is as long as its hash, as everybody makes it; a signature with another
/// salt does not verify.
fn pss(parameters: &DerValue<'_>) -> Option<Algorithm> {
    const HASH: u8 = 0xa0;
    let fields = parameters.children()?;
    let hash = fields.iter().find(|field| field.tag == HASH)?;
    let hash = hash.child()?.child()?.identifier();
    Some(match hash.as_str() {
        "2.16.840.1.101.3.4.2.1" => &signature::RSA_PSS_2048_8192_SHA256,
        "2.16.840.1.101.3.4.2.2" => &signature::RSA_PSS_2048_8192_SHA384,
        "2.16.840.1.101.3.4.2.3" => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{all_encoded, read_file};
    use super::*;

    fn certificates(name: &str) -> Vec<Vec<u8>> {
        let folder =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keytool_dialect/certificates");
        all_encoded(&read_file(&folder.join(name)).unwrap()).unwrap()
    }

    #[test]
    fn signatures_of_every_kind_but_dsa_are_verified() {
        let kinds = certificates("self-signed-of-all-kinds.pem");
        let verified = kinds.iter().map(|der| {
            let certificate = Certificate::read(der).unwrap();
            (certificate.subject().unwrap(), certificate.is_self_signed())
        });
        let expected = [
            ("CN=P-384", true),
            ("CN=Ed25519", true),
            ("CN=PSS", true),
            ("CN=RSA 3072", true),
            ("CN=DSA", false),
        ];
        let expected = expected.map(|(name, is_verified)| (name.to_owned(), is_verified));
        assert_eq!(verified.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_changed_certificate_and_another_issuer_are_not_verified() {
        let chain = certificates("chain.pem");
        let issuer = Certificate::read(&chain[1]).unwrap();
        let root = Certificate::read(&chain[2]).unwrap();
        assert!(Certificate::read(&chain[0]).unwrap().is_signed_by(&issuer));
        assert!(!Certificate::read(&chain[0]).unwrap().is_verified_by(&root));
        let mut changed = chain[0].clone();
        let last = changed.len() - 1;
        changed[last] ^= 1;
        assert!(!Certificate::read(&changed).unwrap().is_signed_by(&issuer));
    }
}
