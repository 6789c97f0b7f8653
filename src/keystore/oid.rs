//! Object identifiers as the bytes that stand in the file, so that every one that can be written
//! can be kept and compared, whatever its arcs (`2.999` included).

use std::fmt;

use crate::hexadecimal::hexadecimal;

/// The content bytes of an OBJECT IDENTIFIER.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Oid<'a>(pub(crate) &'a [u8]);

/// 1.2.840.113549.1.7.1: pkcs7 data.
pub(crate) const DATA: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
/// 1.2.840.113549.1.7.6: pkcs7 encryptedData.
pub(crate) const ENCRYPTED_DATA: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x06]);
/// 1.2.840.113549.1.12.10.1.1.
pub(crate) const KEY_BAG: Oid<'static> = Oid(&[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x01,
]);
/// 1.2.840.113549.1.12.10.1.2: also the type that SunJSSE gives to a secret inside of a secret bag.
pub(crate) const SHROUDED_KEY_BAG: Oid<'static> = Oid(&[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x02,
]);
/// 1.2.840.113549.1.12.10.1.3.
pub(crate) const CERTIFICATE_BAG: Oid<'static> = Oid(&[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x03,
]);
/// 1.2.840.113549.1.12.10.1.4.
pub(crate) const CRL_BAG: Oid<'static> = Oid(&[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x04,
]);
/// 1.2.840.113549.1.12.10.1.5.
pub(crate) const SECRET_BAG: Oid<'static> = Oid(&[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x05,
]);
/// 1.2.840.113549.1.12.10.1.6.
pub(crate) const SAFE_CONTENTS_BAG: Oid<'static> = Oid(&[
    0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x0a, 0x01, 0x06,
]);
/// 1.2.840.113549.1.9.22.1.
pub(crate) const X509_CERTIFICATE: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01]);
/// 1.2.840.113549.1.9.20.
pub(crate) const FRIENDLY_NAME: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x14]);
/// 1.2.840.113549.1.9.21.
pub(crate) const LOCAL_KEY_ID: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x15]);
/// 2.16.840.1.113894.746875.1.1: Oracle's mark of a trusted certificate.
pub(crate) const TRUSTED_KEY_USAGE: Oid<'static> = Oid(&[
    0x60, 0x86, 0x48, 0x01, 0x86, 0xf9, 0x66, 0xad, 0xca, 0x7b, 0x01, 0x01,
]);
/// 2.5.29.37.0: any extended key usage.
pub(crate) const ANY_KEY_USAGE: Oid<'static> = Oid(&[0x55, 0x1d, 0x25, 0x00]);
/// 1.2.840.113549.1.5.13.
pub(crate) const PBES2: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d]);
/// 1.2.840.113549.1.5.12.
pub(crate) const PBKDF2: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c]);
/// 1.2.840.113549.1.5.14.
pub(crate) const PBMAC1: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0e]);
/// 1.2.840.113549.1.5.3: pbeWithMD5AndDES-CBC: a real cipher, and the key label of `keytool -importpass`.
pub(crate) const PBE_MD5_DES: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x03]);
/// 1.2.840.113549.1.12.1.1.
pub(crate) const PBE_SHA1_RC4_128: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x01]);
/// 1.2.840.113549.1.12.1.2.
pub(crate) const PBE_SHA1_RC4_40: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x02]);
/// 1.2.840.113549.1.12.1.3.
pub(crate) const PBE_SHA1_3DES: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x03]);
/// 1.2.840.113549.1.12.1.4.
pub(crate) const PBE_SHA1_2DES: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x04]);
/// 1.2.840.113549.1.12.1.5.
pub(crate) const PBE_SHA1_RC2_128: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x05]);
/// 1.2.840.113549.1.12.1.6.
pub(crate) const PBE_SHA1_RC2_40: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x0c, 0x01, 0x06]);
/// 2.16.840.1.101.3.4.1.2.
pub(crate) const AES_128_CBC: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02]);
/// 2.16.840.1.101.3.4.1.22.
pub(crate) const AES_192_CBC: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16]);
/// 2.16.840.1.101.3.4.1.42.
pub(crate) const AES_256_CBC: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a]);
/// 1.2.840.113549.3.7.
pub(crate) const DES_EDE3_CBC: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x07]);
/// 2.16.840.1.101.3.4.1: the key label of AES keys of every length.
pub(crate) const AES: Oid<'static> = Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01]);
/// 1.2.840.113549.2.7.
pub(crate) const HMAC_SHA1: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x07]);
/// 1.2.840.113549.2.8.
pub(crate) const HMAC_SHA224: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x08]);
/// 1.2.840.113549.2.9.
pub(crate) const HMAC_SHA256: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09]);
/// 1.2.840.113549.2.10.
pub(crate) const HMAC_SHA384: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0a]);
/// 1.2.840.113549.2.11.
pub(crate) const HMAC_SHA512: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0b]);
/// 1.2.840.113549.2.12.
pub(crate) const HMAC_SHA512_224: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0c]);
/// 1.2.840.113549.2.13.
pub(crate) const HMAC_SHA512_256: Oid<'static> =
    Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0d]);
/// 1.3.14.3.2.26.
pub(crate) const SHA1: Oid<'static> = Oid(&[0x2b, 0x0e, 0x03, 0x02, 0x1a]);
/// 2.16.840.1.101.3.4.2.4.
pub(crate) const SHA224: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04]);
/// 2.16.840.1.101.3.4.2.1.
pub(crate) const SHA256: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]);
/// 2.16.840.1.101.3.4.2.2.
pub(crate) const SHA384: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02]);
/// 2.16.840.1.101.3.4.2.3.
pub(crate) const SHA512: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03]);
/// 2.16.840.1.101.3.4.2.5.
pub(crate) const SHA512_224: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x05]);
/// 2.16.840.1.101.3.4.2.6.
pub(crate) const SHA512_256: Oid<'static> =
    Oid(&[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x06]);
/// 1.3.6.1.4.1.42.2.17.1.1: the key protector of JKS.
pub(crate) const JKS_PROTECTOR: Oid<'static> =
    Oid(&[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x11, 0x01, 0x01]);
/// 1.3.6.1.4.1.42.2.19.1: PBEWithMD5AndTripleDES.
pub(crate) const JCEKS_PBE: Oid<'static> =
    Oid(&[0x2b, 0x06, 0x01, 0x04, 0x01, 0x2a, 0x02, 0x13, 0x01]);
/// 1.3.14.3.2.7: DES-CBC, the key label of DES keys.
pub(crate) const DES: Oid<'static> = Oid(&[0x2b, 0x0e, 0x03, 0x02, 0x07]);
/// 1.3.14.3.2.17: the key label of DESede keys.
pub(crate) const DESEDE: Oid<'static> = Oid(&[0x2b, 0x0e, 0x03, 0x02, 0x11]);
/// 1.2.840.113549.3.4.
pub(crate) const ARCFOUR: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x04]);
/// 1.2.840.113549.3.2.
pub(crate) const RC2_CBC: Oid<'static> = Oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x03, 0x02]);
/// 1.3.6.1.4.1.3029.1.1.2.
pub(crate) const BLOWFISH: Oid<'static> =
    Oid(&[0x2b, 0x06, 0x01, 0x04, 0x01, 0x97, 0x55, 0x01, 0x01, 0x02]);

impl fmt::Display for Oid<'_> {
    /// The dotted form; a damaged identifier is shown as hexadecimal bytes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(arcs) = arcs(self.0) else {
            return write!(formatter, "0x{}", *hexadecimal(self.0));
        };
        let dotted: Vec<String> = arcs.iter().map(u64::to_string).collect();
        formatter.write_str(&dotted.join("."))
    }
}

impl fmt::Debug for Oid<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The bytes of an identifier in dotted form; `None` when it is none.
pub(crate) fn parse(dotted: &str) -> Option<Vec<u8>> {
    let arcs: Option<Vec<u64>> = dotted.split('.').map(|arc| arc.parse().ok()).collect();
    let arcs = arcs?;
    let [first @ 0..=2, second, rest @ ..] = arcs.as_slice() else {
        return None;
    };
    if *first < 2 && *second >= 40 {
        return None;
    }
    let mut bytes = Vec::new();
    push_arc(&mut bytes, second.checked_add(first * 40)?);
    for arc in rest {
        push_arc(&mut bytes, *arc);
    }
    Some(bytes)
}

/// Seven bits a byte, the highest first.
fn push_arc(bytes: &mut Vec<u8>, arc: u64) {
    let groups = (64 - arc.leading_zeros()).div_ceil(7).max(1);
    for group in (0..groups).rev() {
        let [seven, ..] = (arc >> (7 * group)).to_le_bytes();
        let more = if group == 0 { 0 } else { 0x80 };
        bytes.push(seven & 0x7f | more);
    }
}

fn arcs(bytes: &[u8]) -> Option<Vec<u64>> {
    let mut arcs = Vec::new();
    let mut arc = 0_u64;
    for &byte in bytes {
        arc = arc.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 != 0 {
            continue;
        }
        if arcs.is_empty() {
            let first = (arc / 40).min(2);
            arcs.push(first);
            arc -= first * 40;
        }
        arcs.push(arc);
        arc = 0;
    }
    let complete = bytes.last().is_some_and(|last| last & 0x80 == 0);
    complete.then_some(arcs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_show_as_dotted_numbers() {
        assert_eq!(PBES2.to_string(), "1.2.840.113549.1.5.13");
        assert_eq!(
            TRUSTED_KEY_USAGE.to_string(),
            "2.16.840.1.113894.746875.1.1"
        );
        assert_eq!(Oid(&[0x88, 0x37, 0x01]).to_string(), "2.999.1");
    }

    #[test]
    fn dotted_numbers_become_identifiers() {
        for dotted in [
            "1.2.840.113549.1.5.13",
            "2.999.1",
            "0.39",
            "2.16.840.1.113894.746875.1.1",
        ] {
            assert_eq!(Oid(&parse(dotted).unwrap()).to_string(), dotted);
        }
        for wrong in ["", "1", "3.1", "1.40", "AES", "1..2", "1.2.x"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_damaged_identifier_is_shown_as_bytes() {
        assert_eq!(Oid(&[0x2a, 0x86]).to_string(), "0x2a86");
        assert_eq!(Oid(&[]).to_string(), "0x");
    }
}
