//! The tree of one XML document.
//!
//! ```text
//! Document ─ root: Element ─ attributes: name, value, span
//!                          ├ text: its own, CDATA included
//!                          ├ children: Element…
//!                          └ span
//! ```
//!
//! Names are local names; a namespace prefix is kept for attributes alone. A span counts the bytes of
//! the UTF-8 text after a byte order mark. Values are wiped when the tree is dropped, since one of
//! them may be a password. Source: XML 1.0 (fifth edition), Namespaces in XML 1.0.

mod tree_builder;

use std::fs::{self, File};
use std::io::{self, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::encoding;
use super::error::DocumentError;
use super::limits::LARGEST_DOCUMENT;
use super::place::Place;

/// A document and where it was read from.
pub(super) struct Document {
    path: PathBuf,
    root: Element,
    lines: Lines,
}

/// An element.
pub(crate) struct Element {
    /// Local name.
    pub(crate) name: String,
    /// In the order of the document.
    pub(crate) attributes: Vec<Attribute>,
    /// The element's own text without that of its children, unescaped, CDATA included.
    pub(crate) text: Zeroizing<String>,
    /// In the order of the document.
    pub(crate) children: Vec<Element>,
    /// Between the start tag and the end tag; empty, behind it, for an empty-element tag.
    pub(crate) content: Range<usize>,
    /// From the `<` of the start tag to behind the `>` of the end tag.
    pub(crate) span: Range<usize>,
}

/// An attribute, unescaped.
pub(crate) struct Attribute {
    /// Namespace prefix; none for most.
    pub(crate) prefix: Option<String>,
    /// Local name.
    pub(crate) name: String,
    /// The value, unescaped.
    pub(crate) value: Zeroizing<String>,
    /// The value between its quotes.
    pub(crate) span: Range<usize>,
}

/// Where each line of a text begins.
pub(super) struct Lines(Vec<usize>);

impl Document {
    /// Reads the document at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, DocumentError> {
        Self::parse(path, &read_bytes(path)?)
    }

    /// Reads the document that `bytes` hold; `path` is for messages.
    pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.len() > LARGEST_DOCUMENT {
            let path = path.to_path_buf();
            return Err(DocumentError::TooLarge { path });
        }
        let text = encoding::decode(path, bytes)?;
        if text.trim().is_empty() {
            let path = path.to_path_buf();
            return Err(DocumentError::Empty { path });
        }
        let (root, lines) = tree_builder::build(path, &text)?;
        Ok(Self {
            path: path.to_path_buf(),
            root,
            lines,
        })
    }

    /// The path as it was given.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The root element.
    pub(super) fn root(&self) -> &Element {
        &self.root
    }

    /// Line of the byte at `offset`; the first is 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        self.lines.line(offset)
    }

    /// The line of the byte at `offset`, for a message.
    pub(super) fn place(&self, offset: usize) -> Place {
        Place {
            document: self.path.clone(),
            line: self.line(offset),
        }
    }
}

impl Element {
    /// The attribute of that name that has no namespace prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute> {
        let mut attributes = self.attributes.iter();
        attributes.find(|attribute| attribute.prefix.is_none() && attribute.name == name)
    }

    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        Self(
            std::iter::once(0)
                .chain(ends.map(|(end, _)| end + 1))
                .collect(),
        )
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        self.0.partition_point(|&start| start <= offset)
    }

    /// The character within its line of the byte at `offset`; the first is 1.
    pub(super) fn column(&self, text: &str, offset: usize) -> usize {
        let start = self.0.get(self.line(offset) - 1).copied().unwrap_or(0);
        let before = text
            .as_bytes()
            .get(start..offset.min(text.len()))
            .unwrap_or_default();
        1 + String::from_utf8_lossy(before).chars().count()
    }
}

/// The bytes of the document at `path`, of one too large its beginning.
pub(super) fn read_bytes(path: &Path) -> Result<Zeroizing<Vec<u8>>, DocumentError> {
    let unreadable = |reason: io::Error| match reason.kind() {
        io::ErrorKind::NotFound => DocumentError::Missing {
            path: path.to_path_buf(),
            named_by: None,
        },
        _ => DocumentError::Unreadable {
            path: path.to_path_buf(),
            reason,
        },
    };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    if metadata.is_dir() {
        let path = path.to_path_buf();
        return Err(DocumentError::Directory { path });
    }
    let limit = LARGEST_DOCUMENT + 1;
    let expected = usize::try_from(metadata.len()).unwrap_or(limit).min(limit);
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + 1));
    let file = File::open(path).map_err(unreadable)?;
    file.take(limit as u64)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
