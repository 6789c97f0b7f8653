//! A reader for BER, the encoding that PKCS12 files are allowed to use.
//!
//! ```text
//! element = identifier octets | length octets | content [| 00 00 where the length is indefinite]
//! ```
//! DER is what Java writes; Bouncy Castle writes indefinite lengths and strings in pieces. Every
//! element keeps its raw bytes, so that what is not understood can be written back as it was.
//! Lengths are bounded by the bytes that remain and nesting by [`DEEPEST`].
//!
//! Source: ITU-T X.690, sections 8.1 and 8.7.

use std::borrow::Cow;

use thiserror::Error;

use super::oid::Oid;

/// How deeply elements may be nested inside one another.
const DEEPEST: u8 = 16;

const CONSTRUCTED: u8 = 0x20;
const LONG_TAG_NUMBER: u8 = 0x1f;

/// Identifier octets of the universal types that keystores use.
pub(crate) mod tag {
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(crate) const BMP_STRING: u8 = 0x1e;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;
    /// `[0]`, constructed: explicit content.
    pub(crate) const CONTEXT_0: u8 = 0xa0;
    /// `[0]`, primitive: an implicit OCTET STRING.
    pub(crate) const CONTEXT_0_PRIMITIVE: u8 = 0x80;
}

/// What is wrong with the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(crate) enum BerError {
    #[error("an element ends before its length says so")]
    Truncated,
    #[error("a length that is longer than any file")]
    Length,
    #[error("elements are nested more than {DEEPEST} deep")]
    TooDeep,
    #[error("there is more than expected inside of an element")]
    Surplus,
    #[error("expected {expected}, found tag 0x{found:02x}")]
    Unexpected { expected: &'static str, found: u8 },
    #[error("{0} is missing")]
    Missing(&'static str),
    #[error("a number that is negative or too large")]
    Number,
}

/// One element: its first identifier octet, all its bytes, and the bytes between header and end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) raw: &'a [u8],
    pub(crate) content: &'a [u8],
}

/// Reads the elements of one content, one after the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(content: &'a [u8]) -> Self {
        Self { rest: content }
    }

    /// The bytes not yet read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next element, or `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Element<'a>>, BerError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let (element, rest) = split_element(self.rest, DEEPEST)?;
        self.rest = rest;
        Ok(Some(element))
    }

    /// The next element, which must have `tag`; `what` names it in the error.
    pub(crate) fn expect(&mut self, tag: u8, what: &'static str) -> Result<Element<'a>, BerError> {
        let element = self.next()?.ok_or(BerError::Missing(what))?;
        element.expect(tag, what)
    }

    /// The next element if it has `tag`, otherwise nothing is read.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, BerError> {
        if self.rest.first() != Some(&tag) {
            return Ok(None);
        }
        self.next()
    }

    /// An OCTET STRING, whole or in pieces.
    pub(crate) fn octet_string(&mut self, what: &'static str) -> Result<Cow<'a, [u8]>, BerError> {
        let element = self.next()?.ok_or(BerError::Missing(what))?;
        if element.tag & !CONSTRUCTED != tag::OCTET_STRING {
            return Err(element.unexpected(what));
        }
        element.octets()
    }

    /// A non-negative INTEGER.
    pub(crate) fn number(&mut self, what: &'static str) -> Result<u64, BerError> {
        self.expect(tag::INTEGER, what)?.number()
    }

    /// An OBJECT IDENTIFIER.
    pub(crate) fn oid(&mut self, what: &'static str) -> Result<Oid<'a>, BerError> {
        Ok(Oid(self.expect(tag::OBJECT_IDENTIFIER, what)?.content))
    }

    /// The content of a SEQUENCE.
    pub(crate) fn sequence(&mut self, what: &'static str) -> Result<Reader<'a>, BerError> {
        Ok(self.expect(tag::SEQUENCE, what)?.reader())
    }

    /// Fails if anything is left.
    pub(crate) fn end(&self) -> Result<(), BerError> {
        if self.rest.is_empty() {
            return Ok(());
        }
        Err(BerError::Surplus)
    }
}

impl<'a> Element<'a> {
    /// Splits the first element off `bytes`; gives what follows it too.
    pub(crate) fn first_of(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), BerError> {
        split_element(bytes, DEEPEST)
    }

    pub(crate) fn expect(self, tag: u8, what: &'static str) -> Result<Self, BerError> {
        if self.tag == tag {
            return Ok(self);
        }
        Err(self.unexpected(what))
    }

    pub(crate) fn reader(&self) -> Reader<'a> {
        Reader::new(self.content)
    }

    /// The bytes of a string, its pieces joined if it has any.
    pub(crate) fn octets(&self) -> Result<Cow<'a, [u8]>, BerError> {
        if self.tag & CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut joined = Vec::with_capacity(self.content.len());
        join_pieces(self.content, &mut joined, DEEPEST)?;
        Ok(Cow::Owned(joined))
    }

    fn number(&self) -> Result<u64, BerError> {
        let digits = self.content.strip_prefix(&[0]).unwrap_or(self.content);
        let negative = self.content.first().is_none_or(|first| first & 0x80 != 0);
        if negative || digits.len() > 8 {
            return Err(BerError::Number);
        }
        Ok(digits
            .iter()
            .fold(0, |number, &digit| (number << 8) | u64::from(digit)))
    }

    fn unexpected(&self, expected: &'static str) -> BerError {
        BerError::Unexpected {
            expected,
            found: self.tag,
        }
    }
}

fn join_pieces(content: &[u8], joined: &mut Vec<u8>, depth: u8) -> Result<(), BerError> {
    let depth = depth.checked_sub(1).ok_or(BerError::TooDeep)?;
    let mut pieces = Reader::new(content);
    while let Some(piece) = pieces.next()? {
        if piece.tag & CONSTRUCTED == 0 {
            joined.extend_from_slice(piece.content);
        } else {
            join_pieces(piece.content, joined, depth)?;
        }
    }
    Ok(())
}

fn split_element(bytes: &[u8], depth: u8) -> Result<(Element<'_>, &[u8]), BerError> {
    let header = Header::read(bytes)?;
    let after_header = &bytes[header.length..];
    let Some(length) = header.content_length else {
        let content_length = indefinite_length(after_header, depth)?;
        let end = header.length + content_length + 2;
        let element = Element {
            tag: header.tag,
            raw: &bytes[..end],
            content: &after_header[..content_length],
        };
        return Ok((element, &bytes[end..]));
    };
    if length > after_header.len() {
        return Err(BerError::Truncated);
    }
    let (raw, rest) = bytes.split_at(header.length + length);
    let element = Element {
        tag: header.tag,
        raw,
        content: &after_header[..length],
    };
    Ok((element, rest))
}

/// Length of the content that ends at the matching `00 00`.
fn indefinite_length(bytes: &[u8], depth: u8) -> Result<usize, BerError> {
    let depth = depth.checked_sub(1).ok_or(BerError::TooDeep)?;
    let mut rest = bytes;
    loop {
        if rest.starts_with(&[0, 0]) {
            return Ok(bytes.len() - rest.len());
        }
        if rest.is_empty() {
            return Err(BerError::Truncated);
        }
        rest = split_element(rest, depth)?.1;
    }
}

struct Header {
    tag: u8,
    /// Number of identifier and length octets.
    length: usize,
    /// `None`: indefinite.
    content_length: Option<usize>,
}

impl Header {
    fn read(bytes: &[u8]) -> Result<Self, BerError> {
        let &tag = bytes.first().ok_or(BerError::Truncated)?;
        let mut at = 1;
        if tag & LONG_TAG_NUMBER == LONG_TAG_NUMBER {
            let number = bytes[1..]
                .iter()
                .take_while(|&&octet| octet & 0x80 != 0)
                .count();
            at += number + 1;
        }
        let &first = bytes.get(at).ok_or(BerError::Truncated)?;
        at += 1;
        let count = usize::from(first & 0x7f);
        if first & 0x80 == 0 {
            return Ok(Self {
                tag,
                length: at,
                content_length: Some(count),
            });
        }
        if count == 0 {
            if tag & CONSTRUCTED == 0 {
                return Err(BerError::Length);
            }
            return Ok(Self {
                tag,
                length: at,
                content_length: None,
            });
        }
        if count > size_of::<u32>() {
            return Err(BerError::Length);
        }
        let octets = bytes.get(at..at + count).ok_or(BerError::Truncated)?;
        let length = octets
            .iter()
            .fold(0_usize, |sum, &octet| (sum << 8) | usize::from(octet));
        Ok(Self {
            tag,
            length: at + count,
            content_length: Some(length),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_indefinite_string_in_pieces_is_joined() {
        let bytes = [
            0x24, 0x80, 0x04, 2, b'a', b'b', 0x24, 0x80, 0x04, 1, b'c', 0, 0, 0, 0, 0xff,
        ];
        let (element, rest) = Element::first_of(&bytes).unwrap();
        assert_eq!(element.octets().unwrap().as_ref(), b"abc");
        assert_eq!(element.raw.len(), bytes.len() - 1);
        assert_eq!(rest, [0xff]);
    }

    #[test]
    fn a_length_beyond_the_end_is_refused() {
        for bytes in [
            &[0x30, 3, 1, 1][..],
            &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
            &[0x30, 0x80, 4],
        ] {
            assert!(Element::first_of(bytes).is_err(), "{bytes:02x?}");
        }
        assert_eq!(
            Element::first_of(&[0x30, 0x85, 1, 1, 1, 1, 1]).err(),
            Some(BerError::Length)
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = [0x30, 0x80].repeat(100_000);
        assert_eq!(Element::first_of(&deep).err(), Some(BerError::TooDeep));
    }

    #[test]
    fn numbers_are_bounded() {
        let number = |content: &[u8]| {
            Element {
                tag: 2,
                raw: &[],
                content,
            }
            .number()
        };
        assert_eq!(number(&[0x00, 0xff]), Ok(255));
        assert_eq!(number(&[0x80]), Err(BerError::Number));
        assert_eq!(number(&[]), Err(BerError::Number));
        assert_eq!(
            number(&[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
            Ok(u64::MAX)
        );
        assert_eq!(number(&[1; 9]), Err(BerError::Number));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut reader = Reader::new(&bytes);
            while let Ok(Some(element)) = reader.next() {
                let _ = element.octets();
                let _ = element.number();
            }
        }
    }
}
