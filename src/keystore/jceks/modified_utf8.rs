//! Java's modified UTF-8: U+0000 takes two bytes, what lies beyond U+FFFF two surrogates of three
//! bytes each.
//!
//! Source: `java.io.DataInput`, "Modified UTF-8".

use std::borrow::Cow;

/// The text, or `None` when the bytes are not modified UTF-8. A lone surrogate, which Java allows,
/// becomes U+FFFD.
pub(super) fn decode(bytes: &[u8]) -> Option<Cow<'_, str>> {
    if bytes.is_ascii() {
        return std::str::from_utf8(bytes).ok().map(Cow::Borrowed);
    }
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let (unit, length) = match (first, tail) {
            (0x00..0x80, _) => (u16::from(first), 0),
            (0xc0..0xe0, [second, ..]) => (bits(first, 0x1f) << 6 | continuation(*second)?, 1),
            (0xe0..0xf0, [second, third, ..]) => {
                let high = bits(first, 0x0f) << 12 | continuation(*second)? << 6;
                (high | continuation(*third)?, 2)
            }
            _ => return None,
        };
        units.push(unit);
        rest = &tail[length..];
    }
    Some(Cow::Owned(String::from_utf16_lossy(&units)))
}

/// The bytes, without a length.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        let [high, low] = unit.to_be_bytes();
        let middle = 0x80 | (high << 2 | low >> 6) & 0x3f;
        let last = 0x80 | low & 0x3f;
        match unit {
            0x01..0x80 => bytes.push(low),
            0x00 | 0x80..0x800 => bytes.extend([0xc0 | high << 2 | low >> 6, last]),
            _ => bytes.extend([0xe0 | high >> 4, middle, last]),
        }
    }
    bytes
}

fn bits(byte: u8, mask: u8) -> u16 {
    u16::from(byte & mask)
}

fn continuation(byte: u8) -> Option<u16> {
    (byte & 0xc0 == 0x80).then(|| bits(byte, 0x3f))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_emoji_is_two_surrogates() {
        assert_eq!(encode("😀"), [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]);
        assert_eq!(encode("\0"), [0xc0, 0x80]);
    }

    proptest! {
        #[test]
        fn every_text_is_read_back(text: String) {
            let encoded = encode(&text);
            prop_assert_eq!(decode(&encoded).unwrap(), text);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = decode(&bytes);
        }
    }
}
