//! [`Needles`]: what a piece of a canary looks like in memory or in a text.

use zeroize::Zeroizing;

use super::canaries::{ALL, LENGTH, mask};

/// So many characters of a canary in a row are a leak.
const PIECE: usize = 8;

/// Pieces of the canaries, masked, in one or several forms.
pub(crate) struct Needles {
    needles: Vec<Needle>,
    /// Whether a needle begins with these two bytes.
    beginnings: Vec<bool>,
}

struct Needle {
    masked: Vec<u8>,
    form: &'static str,
}

impl Needles {
    /// As they are in memory: as they are, and in UTF-16BE, which some derivations of Java take.
    /// Nothing unmasked is written anywhere.
    pub(crate) fn of_memory() -> Self {
        let mut needles = Self::empty();
        for canary in ALL {
            for piece in canary.masked_bytes().chunks(PIECE) {
                needles.add("plain", piece.to_vec());
                let utf16 = piece.iter().flat_map(|&byte| [mask(0), byte]).collect();
                needles.add("UTF-16BE", utf16);
            }
        }
        needles
    }

    /// As they may be written: also in Base64, whatever stands before them, in hexadecimal and percent-encoded.
    pub(crate) fn of_text() -> Self {
        let mut needles = Self::of_memory();
        for canary in ALL {
            let text = canary.text();
            for skipped in 0..3 {
                // Three bytes become four characters: a piece of whole groups looks the same wherever it stands.
                let coded = base64(&text.as_bytes()[skipped..skipped + 27]);
                needles.add_pieces("Base64", &coded, 12);
            }
            for digits in [b"0123456789abcdef", b"0123456789ABCDEF"] {
                needles.add_pieces(
                    "hexadecimal",
                    &hexadecimal(text.as_bytes(), digits),
                    2 * PIECE,
                );
            }
            needles.add_pieces("percent-encoded", &percent_encoded(text.as_bytes()), 10);
        }
        needles
    }

    fn empty() -> Self {
        Self {
            needles: Vec::new(),
            beginnings: vec![false; 1 << 16],
        }
    }

    fn add(&mut self, form: &'static str, masked: Vec<u8>) {
        self.beginnings[beginning(mask(masked[0]), mask(masked[1]))] = true;
        self.needles.push(Needle { masked, form });
    }

    fn add_pieces(&mut self, form: &'static str, text: &[u8], length: usize) {
        for piece in text.chunks_exact(length) {
            self.add(form, piece.iter().map(|&byte| mask(byte)).collect());
        }
    }

    /// The form of the first needle in `bytes`, and where it stands. Allocates nothing.
    pub(crate) fn find_in(&self, bytes: &[u8]) -> Option<(&'static str, usize)> {
        let mut pairs = bytes.windows(2).enumerate();
        pairs.find_map(|(at, pair)| {
            if !self.beginnings[beginning(pair[0], pair[1])] {
                return None;
            }
            let begins = |needle: &&Needle| {
                let rest = bytes[at..].iter().zip(&needle.masked);
                bytes.len() - at >= needle.masked.len()
                    && rest
                        .into_iter()
                        .all(|(&byte, &masked)| mask(byte) == masked)
            };
            let needle = self.needles.iter().find(begins)?;
            Some((needle.form, at))
        })
    }
}

fn beginning(first: u8, second: u8) -> usize {
    usize::from(first) << 8 | usize::from(second)
}

fn base64(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Zeroizing::new(Vec::with_capacity(2 * LENGTH));
    for group in bytes.chunks_exact(3) {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        text.extend([18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift) as usize & 63]));
    }
    text
}

fn hexadecimal(bytes: &[u8], digits: &[u8; 16]) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(2 * LENGTH));
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|digit| digits[usize::from(digit)]));
    }
    text
}

fn percent_encoded(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(3 * LENGTH));
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() {
            text.push(byte);
            continue;
        }
        text.push(b'%');
        text.extend_from_slice(&hexadecimal(&[byte], b"0123456789ABCDEF"));
    }
    text
}

#[test]
fn each_form_is_found() {
    let _turn = super::allocator::Turn::take();
    let needles = Needles::of_text();
    let canary = super::canaries::SECRET.text();
    let bytes = canary.as_bytes();
    let wide: Vec<u8> = canary.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let framed = |text: &[u8]| [b"<a>", text, b"</a>"].concat();
    for (form, text) in [
        ("plain", framed(bytes)),
        ("plain", framed(&bytes[8..16])),
        ("UTF-16BE", framed(&wide[..20])),
        ("Base64", framed(&base64(&[b"ab", &bytes[..25]].concat()))),
        ("Base64", framed(&base64(&[b"a", &bytes[..26]].concat()))),
        (
            "hexadecimal",
            framed(&hexadecimal(bytes, b"0123456789ABCDEF")),
        ),
        ("percent-encoded", framed(&percent_encoded(bytes)[16..])),
    ] {
        let found = needles.find_in(&text).map(|(form, _)| form);
        assert_eq!(found, Some(form), "{}", String::from_utf8_lossy(&text));
    }
    assert_eq!(needles.find_in(b"db1pass sqluser keypass"), None);
}
