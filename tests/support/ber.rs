//! A small BER writer and reader for test files, independent of keyward's own.

// Each test that includes this module uses a part of it.
#![allow(dead_code)]

/// How elements are encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The shortest definite lengths.
    Der,
    /// Indefinite lengths, and octet strings in nested pieces: what Bouncy Castle may write, and worse.
    Scattered,
}

impl Form {
    pub(crate) fn sequence(self, parts: &[&[u8]]) -> Vec<u8> {
        self.constructed(0x30, parts)
    }

    pub(crate) fn set(self, parts: &[&[u8]]) -> Vec<u8> {
        self.constructed(0x31, parts)
    }

    /// `[0]` around an element.
    pub(crate) fn explicit(self, content: &[u8]) -> Vec<u8> {
        self.constructed(0xa0, &[content])
    }

    pub(crate) fn octets(self, bytes: &[u8]) -> Vec<u8> {
        self.string(0x04, bytes)
    }

    /// `[0] IMPLICIT OCTET STRING`.
    pub(crate) fn implicit_octets(self, bytes: &[u8]) -> Vec<u8> {
        self.string(0x80, bytes)
    }

    fn string(self, tag: u8, bytes: &[u8]) -> Vec<u8> {
        if self == Form::Der {
            return primitive(tag, bytes);
        }
        let (first, second) = bytes.split_at(bytes.len() / 3);
        let pieces: Vec<Vec<u8>> = second
            .chunks(100)
            .map(|piece| primitive(4, piece))
            .collect();
        let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
        let nested = self.constructed(0x24, &pieces);
        self.constructed(tag | 0x20, &[&primitive(4, first), &nested])
    }

    fn constructed(self, tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        match self {
            Form::Der => primitive(tag, &content),
            Form::Scattered => [&[tag, 0x80][..], &content, &[0, 0]].concat(),
        }
    }
}

/// An element with a definite length.
pub(crate) fn primitive(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    let length = content.len();
    if length < 0x80 {
        bytes.push(u8::try_from(length).unwrap());
    } else {
        let digits = length.to_be_bytes();
        let zeros = digits.iter().take_while(|&&digit| digit == 0).count();
        let digits = &digits[zeros..];
        bytes.push(0x80 | u8::try_from(digits.len()).unwrap());
        bytes.extend_from_slice(digits);
    }
    bytes.extend_from_slice(content);
    bytes
}

pub(crate) fn number(number: u64) -> Vec<u8> {
    let digits = number.to_be_bytes();
    let zeros = digits
        .iter()
        .take_while(|&&digit| digit == 0)
        .count()
        .min(7);
    let mut content = digits[zeros..].to_vec();
    if content[0] & 0x80 != 0 {
        content.insert(0, 0);
    }
    primitive(0x02, &content)
}

pub(crate) fn null() -> Vec<u8> {
    primitive(0x05, &[])
}

/// An OBJECT IDENTIFIER from its dotted form.
pub(crate) fn oid(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u64> = dotted.split('.').map(|arc| arc.parse().unwrap()).collect();
    let mut content = Vec::new();
    push_arc(&mut content, arcs[0] * 40 + arcs[1]);
    for &arc in &arcs[2..] {
        push_arc(&mut content, arc);
    }
    primitive(0x06, &content)
}

fn push_arc(content: &mut Vec<u8>, arc: u64) {
    let groups = (1..10).find(|&groups| arc >> (7 * groups) == 0).unwrap();
    for group in (0..groups).rev() {
        let more = if group == 0 { 0 } else { 0x80 };
        content.push(more | u8::try_from(arc >> (7 * group) & 0x7f).unwrap());
    }
}

/// A BMPString, with surrogate pairs beyond the BMP as Java writes it.
pub(crate) fn bmp(text: &str) -> Vec<u8> {
    let content: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    primitive(0x1e, &content)
}

/// One element that was read: its tag, its whole encoding, its content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Read<'a> {
    pub(crate) tag: u8,
    pub(crate) raw: &'a [u8],
    pub(crate) content: &'a [u8],
}

impl<'a> Read<'a> {
    /// The element that `bytes` begin with.
    pub(crate) fn first(bytes: &'a [u8]) -> Self {
        let tag = bytes[0];
        if bytes[1] == 0x80 {
            let mut at = 2;
            while bytes[at..at + 2] != [0, 0] {
                at += Read::first(&bytes[at..]).raw.len();
            }
            return Self {
                tag,
                raw: &bytes[..at + 2],
                content: &bytes[2..at],
            };
        }
        let (header, length) = if bytes[1] < 0x80 {
            (2, usize::from(bytes[1]))
        } else {
            let count = usize::from(bytes[1] & 0x7f);
            let digits = &bytes[2..2 + count];
            (
                2 + count,
                digits
                    .iter()
                    .fold(0, |sum, &digit| sum << 8 | usize::from(digit)),
            )
        };
        Self {
            tag,
            raw: &bytes[..header + length],
            content: &bytes[header..header + length],
        }
    }

    /// The elements in its content.
    pub(crate) fn children(&self) -> Vec<Read<'a>> {
        let mut rest = self.content;
        let mut children = Vec::new();
        while !rest.is_empty() {
            let child = Read::first(rest);
            rest = &rest[child.raw.len()..];
            children.push(child);
        }
        children
    }

    /// The bytes of a string, its pieces joined.
    pub(crate) fn octets(&self) -> Vec<u8> {
        if self.tag & 0x20 == 0 {
            return self.content.to_vec();
        }
        self.children().iter().flat_map(Read::octets).collect()
    }

    pub(crate) fn number(&self) -> u64 {
        self.content
            .iter()
            .fold(0, |sum, &digit| sum << 8 | u64::from(digit))
    }
}
