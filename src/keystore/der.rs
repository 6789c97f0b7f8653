//! A writer for DER, the one encoding that keyward itself produces.
//!
//! Source: ITU-T X.690, section 10.

use super::ber::tag;
use super::oid::Oid;

/// An element with definite length; `parts` are its content, one after the other.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|part| part.len()).sum();
    let mut bytes = Vec::with_capacity(length + 6);
    bytes.push(tag);
    push_length(&mut bytes, length);
    for part in parts {
        bytes.extend_from_slice(part);
    }
    bytes
}

pub(crate) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tag::SEQUENCE, parts)
}

pub(crate) fn set(parts: &[&[u8]]) -> Vec<u8> {
    element(tag::SET, parts)
}

pub(crate) fn octet_string(bytes: &[u8]) -> Vec<u8> {
    element(tag::OCTET_STRING, &[bytes])
}

/// `[0]` around one element.
pub(crate) fn explicit_0(content: &[u8]) -> Vec<u8> {
    element(tag::CONTEXT_0, &[content])
}

pub(crate) fn oid(oid: Oid<'_>) -> Vec<u8> {
    element(tag::OBJECT_IDENTIFIER, &[oid.0])
}

pub(crate) fn null() -> Vec<u8> {
    element(tag::NULL, &[])
}

/// A non-negative INTEGER in the fewest bytes.
pub(crate) fn number(number: u32) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let zeros = bytes.iter().take_while(|&&byte| byte == 0).count().min(3);
    let digits = &bytes[zeros..];
    let sign: &[u8] = if digits[0] & 0x80 == 0 { &[] } else { &[0] };
    element(tag::INTEGER, &[sign, digits])
}

/// `SEQUENCE { algorithm, parameters }`; no parameters where that is empty.
pub(crate) fn algorithm(algorithm: Oid<'_>, parameters: &[u8]) -> Vec<u8> {
    sequence(&[&oid(algorithm), parameters])
}

fn push_length(bytes: &mut Vec<u8>, length: usize) {
    let Ok(short @ ..0x80) = u8::try_from(length) else {
        let octets = length.to_be_bytes();
        let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
        let significant = &octets[zeros..];
        bytes.push(0x80 | u8::try_from(significant.len()).unwrap_or(8));
        bytes.extend_from_slice(significant);
        return;
    };
    bytes.push(short);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::ber::Reader;

    #[test]
    fn lengths_take_the_fewest_bytes() {
        assert_eq!(octet_string(&[7; 127])[..2], [4, 127]);
        assert_eq!(octet_string(&[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(octet_string(&[7; 256])[..4], [4, 0x82, 1, 0]);
    }

    #[test]
    fn numbers_are_read_back() {
        for value in [0, 1, 127, 128, 255, 256, 10_000, 5_000_000, u32::MAX] {
            let bytes = number(value);
            assert_eq!(Reader::new(&bytes).number("n"), Ok(u64::from(value)));
        }
        assert_eq!(number(10_000), [2, 2, 0x27, 0x10]);
    }
}
