//! [`EditableDocument`]: an XML document in which single pieces are replaced, and not a byte beside them changes.

use std::ops::Range;
use std::path::Path;

use zeroize::Zeroizing;

use super::encoding;
use super::error::DocumentError;
use super::place::Place;
use super::xml::{Document, Element};

/// A parsed document with its bytes.
pub(crate) struct EditableDocument<'b> {
    document: Document,
    bytes: &'b [u8],
    text: Zeroizing<String>,
}

/// What takes the place of a span of the text.
pub(crate) struct Replacement {
    /// Counted as the spans of an [`Element`].
    pub(crate) span: Range<usize>,
    /// ASCII, so that it is the same in each encoding that is read.
    pub(crate) text: String,
}

impl<'b> EditableDocument<'b> {
    /// Reads the document that `bytes` hold; `path` is for messages.
    pub(crate) fn parse(path: &Path, bytes: &'b [u8]) -> Result<Self, DocumentError> {
        Ok(Self {
            document: Document::parse(path, bytes)?,
            bytes,
            text: encoding::decode(path, bytes)?,
        })
    }

    /// The root element.
    pub(crate) fn root(&self) -> &Element {
        self.document.root()
    }

    /// The line of the byte at `offset`, for a message.
    pub(crate) fn place(&self, offset: usize) -> Place {
        self.document.place(offset)
    }

    /// What stands there, as it is written.
    pub(crate) fn raw(&self, span: Range<usize>) -> &str {
        &self.text[span]
    }

    /// The bytes of the document with each replacement in its place; they are in the order of the document.
    pub(crate) fn with(&self, replacements: &[Replacement]) -> Zeroizing<Vec<u8>> {
        let added: usize = replacements.iter().map(|new| new.text.len()).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.bytes.len() + added));
        let mut copied = 0;
        for Replacement { span, text } in replacements {
            let start = self.position(span.start);
            bytes.extend_from_slice(&self.bytes[copied..start]);
            bytes.extend_from_slice(text.as_bytes());
            copied = self.position(span.end);
        }
        bytes.extend_from_slice(&self.bytes[copied..]);
        bytes
    }

    fn position(&self, offset: usize) -> usize {
        encoding::position(self.bytes, &self.text, offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(bytes: &[u8]) -> Vec<u8> {
        let document = EditableDocument::parse(Path::new("a.xml"), bytes).unwrap();
        let replacements: Vec<Replacement> = document
            .root()
            .children
            .iter()
            .map(|child| Replacement {
                span: child.content.clone(),
                text: "new".to_owned(),
            })
            .collect();
        document.with(&replacements).to_vec()
    }

    #[test]
    fn only_the_spans_are_replaced_in_each_encoding() {
        assert_eq!(
            replaced("<ä>ü\r\n<b>old</b ><c\n></c>é</ä>".as_bytes()),
            "<ä>ü\r\n<b>new</b ><c\n>new</c>é</ä>".as_bytes()
        );
        assert_eq!(
            replaced(b"\xEF\xBB\xBF<a><b>o</b></a>"),
            b"\xEF\xBB\xBF<a><b>new</b></a>"
        );
        assert_eq!(
            replaced(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4\xFC<b>\xE4</b>\xDF</a>"),
            b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE4\xFC<b>new</b>\xDF</a>"
        );
    }
}
