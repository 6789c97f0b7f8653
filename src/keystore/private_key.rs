//! [`PrivateKey`]: what a private key entry holds.
//!
//! ```text
//! PrivateKeyInfo = SEQUENCE { INTEGER 0, SEQUENCE { OID, parameters }, OCTET STRING key, … }
//! ECPrivateKey   = SEQUENCE { INTEGER 1, OCTET STRING scalar, [0] parameters OPTIONAL, [1] BIT STRING point OPTIONAL }
//! ```
//! Source: RFC 5208; RFC 5915. The JDK writes an ECPrivateKey without its point
//! (sun.security.ec.ECPrivateKeyImpl).

use zeroize::Zeroizing;

use super::ber::{BerError, Reader, tag};
use super::der;
use super::oid::Oid;
use super::tbs_certificate::TbsCertificate;
use crate::Secret;

/// 1.2.840.10045.2.1: id-ecPublicKey.
const ELLIPTIC_CURVE_KEY: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]);

const BIT_STRING: u8 = 0x03;
const POINT: u8 = 0xa1;
/// First octet of a point with both coordinates (SEC 1 section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// A private key and the certificates that go with it.
pub struct PrivateKey {
    /// The key as a PKCS#8 PrivateKeyInfo (RFC 5208), DER.
    pub key_info: Secret,
    /// X.509 certificates (DER), the key's own first, then its issuers.
    pub certificates: Vec<Vec<u8>>,
}

impl PrivateKey {
    /// The key as a PKCS#8 PrivateKeyInfo; that of an elliptic curve with its public point, which
    /// Java leaves out and others need, taken from the key's certificate.
    #[must_use]
    pub fn key_info_with_public_key(&self) -> Secret {
        let completed = self.with_point().ok().flatten();
        completed.unwrap_or_else(|| Secret::copied_from(self.key_info.expose_bytes()))
    }

    /// `None` where nothing is missing.
    fn with_point(&self) -> Result<Option<Secret>, BerError> {
        let mut info = Reader::new(self.key_info.expose_bytes()).sequence("a private key")?;
        let version = info.expect(tag::INTEGER, "a version")?;
        let algorithm = info.expect(tag::SEQUENCE, "an algorithm")?;
        let kind = algorithm.reader().oid("an algorithm's identifier")?;
        let Some(certificate) = self.certificates.first() else {
            return Ok(None);
        };
        if kind != ELLIPTIC_CURVE_KEY {
            return Ok(None);
        }
        let key = Zeroizing::new(info.octet_string("a key")?.into_owned());
        let mut fields = Reader::new(&key).sequence("an ECPrivateKey")?;
        let key_version = fields.expect(tag::INTEGER, "a version")?;
        let scalar = Zeroizing::new(fields.octet_string("a scalar")?.into_owned());
        let parameters = fields.optional(tag::CONTEXT_0)?;
        if fields.optional(POINT)?.is_some() {
            return Ok(None);
        }
        let point = TbsCertificate::read(certificate)?.public_key()?;
        let scalar = Zeroizing::new(der::octet_string(&of_field_length(&scalar, point)));
        let point = der::element(BIT_STRING, &[&[0], point]);
        let key = Zeroizing::new(der::sequence(&[
            key_version.raw,
            &scalar,
            parameters
                .map(|parameters| parameters.raw)
                .unwrap_or_default(),
            &der::element(POINT, &[&point]),
        ]));
        let key = Zeroizing::new(der::octet_string(&key));
        let info = der::sequence(&[version.raw, algorithm.raw, &key]);
        Ok(Some(Secret::new(info)))
    }
}

/// The scalar in as many octets as a coordinate of the point has: old JDKs leave out zeros in front, or write
/// one too many.
fn of_field_length(scalar: &[u8], point: &[u8]) -> Zeroizing<Vec<u8>> {
    let length = match point.split_first() {
        Some((&UNCOMPRESSED, coordinates)) => coordinates.len() / 2,
        _ => scalar.len(),
    };
    let zeros = scalar.iter().take_while(|&&octet| octet == 0).count();
    let significant = &scalar[zeros..];
    let mut octets = Zeroizing::new(vec![0; length.saturating_sub(significant.len())]);
    octets.reserve_exact(significant.len());
    octets.extend_from_slice(significant);
    octets
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07]);

    fn algorithm() -> Vec<u8> {
        der::algorithm(ELLIPTIC_CURVE_KEY, &der::oid(P256))
    }

    /// A PrivateKeyInfo with this scalar, and `more` behind it.
    fn key_info(scalar: &[u8], more: &[u8]) -> Vec<u8> {
        let key = der::sequence(&[&der::number(1), &der::octet_string(scalar), more]);
        der::sequence(&[&der::number(0), &algorithm(), &der::octet_string(&key)])
    }

    /// As much of a certificate as is looked at.
    fn certificate(point: &[u8]) -> Vec<u8> {
        let empty = der::sequence(&[]);
        let key = der::sequence(&[&algorithm(), &der::element(BIT_STRING, &[&[0], point])]);
        let serial = der::number(1);
        let body = der::sequence(&[&serial, &empty, &empty, &empty, &empty, &key]);
        der::sequence(&[&body])
    }

    fn completed(info: &[u8], certificates: Vec<Vec<u8>>) -> Vec<u8> {
        let key = PrivateKey {
            key_info: Secret::copied_from(info),
            certificates,
        };
        key.key_info_with_public_key().expose_bytes().to_vec()
    }

    #[test]
    fn an_elliptic_curve_key_gets_the_point_of_its_certificate() {
        let point = [&[UNCOMPRESSED][..], &[7; 64]].concat();
        let bits = der::element(BIT_STRING, &[&[0], &point]);
        let public = der::element(POINT, &[&bits]);
        let (short, long) = ([9; 31], [&[0][..], &[9; 32]].concat());
        for (scalar, expected) in [
            (&[9; 32][..], [9; 32].to_vec()),
            (&short, [&[0][..], &short].concat()),
            (&long, [9; 32].to_vec()),
        ] {
            let info = completed(&key_info(scalar, &[]), vec![certificate(&point)]);
            assert_eq!(info, key_info(&expected, &public));
            assert_eq!(completed(&info, vec![certificate(&point)]), info);
        }
    }

    #[test]
    fn a_key_without_a_certificate_stays_as_it_is() {
        let info = key_info(&[9; 32], &[]);
        assert_eq!(completed(&info, Vec::new()), info);
        assert_eq!(completed(&info, vec![b"none".to_vec()]), info);
        assert_eq!(completed(b"none", vec![certificate(&[4])]), b"none");
    }
}
