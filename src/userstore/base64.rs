//! Base64 as WSO2's products read and write it.
//!
//! ```text
//! value = A-Z a-z 0-9 + /, padded with =, on one line
//! ```
//! Reading is as lenient as theirs: characters outside the alphabet are skipped, and a last group of less than four is
//! dropped. Source: `org.apache.axiom.om.util.Base64`; RFC 4648, section 4.

use base64ct::{Base64, Encoding as _};

use crate::document::base64_value as value;

const PADDING: u8 = b'=';

/// The text of `bytes`, without line ends.
pub(super) fn encode(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// The bytes of `text`.
pub(super) fn decode(text: &str) -> Vec<u8> {
    let of_alphabet = |byte: &u8| value(*byte).is_some() || *byte == PADDING;
    let digits: Vec<u8> = text.bytes().filter(of_alphabet).collect();
    let (groups, _) = digits.as_chunks::<4>();
    let mut bytes = Vec::with_capacity(groups.len() * 3);
    for group in groups {
        let bits = group.iter().fold(0, |bits, &digit| {
            bits << 6 | u32::from(value(digit).unwrap_or(0))
        });
        let [_, octets @ ..] = bits.to_be_bytes();
        let length = match group {
            [_, _, PADDING, _] => 1,
            [_, _, _, PADDING] => 2,
            _ => 3,
        };
        bytes.extend_from_slice(&octets[..length]);
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_go_both_ways() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text), bytes.as_bytes());
        }
        assert_eq!(decode("+/+/"), [0xfb, 0xff, 0xbf]);
    }

    #[test]
    fn what_is_not_of_the_alphabet_is_skipped_and_an_incomplete_group_dropped() {
        assert_eq!(decode(" Zm9v\r\n\tYmFy "), b"foobar");
        assert_eq!(decode("Zm9v-_YmFy"), b"foobar");
        assert_eq!(decode("Zm9vYm"), b"foo");
    }
}
