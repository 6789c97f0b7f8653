//! Base64 in documents: RFC 4648 section 4, with its padding, on one line.

use zeroize::Zeroizing;

/// The bytes of `text`; none if it is not base64.
pub(super) fn decode(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (groups, []) = text.as_chunks::<4>() else {
        return None;
    };
    let mut bytes = Zeroizing::new(Vec::with_capacity(3 * groups.len()));
    for (index, group) in groups.iter().enumerate() {
        let padding = match group {
            [_, _, b'=', b'='] => 2,
            [_, _, _, b'='] => 1,
            _ => 0,
        };
        if padding > 0 && index + 1 < groups.len() {
            return None;
        }
        let mut bits = 0;
        for &digit in &group[..4 - padding] {
            bits = bits << 6 | u32::from(value(digit)?);
        }
        let [_, octets @ ..] = (bits << (6 * padding)).to_be_bytes();
        bytes.extend_from_slice(&octets[..3 - padding]);
    }
    Some(bytes)
}

/// What a digit stands for.
pub(crate) fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_are_read() {
        for (text, bytes) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(**decode(text.as_bytes()).unwrap(), *bytes.as_bytes());
        }
        for text in ["Zg", "Zg=", "Zg==Zg==", "Z===", "Zm 9", "===="] {
            assert!(decode(text.as_bytes()).is_none(), "{text}");
        }
    }
}
