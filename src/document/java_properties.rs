//! `java.util.Properties` files: entries with their places, and edits that leave every other byte as it is.
//!
//! ```text
//! # comment        ! comment          the first character that is not blank decides
//! key = value      key: value         key value      key
//! long = one \
//!        two                          the value "one two": blanks before the second line do not count
//! \u00e4\=b=\ c                       the key "ä=b", the value " c"
//! ```
//! Bytes are ISO 8859-1, as `Properties.load` takes them; what is written is ASCII. Of two entries with one key the
//! later counts. Source: java.util.Properties.load and store (JDK 17).

mod escape;
mod logical_line;

use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::DocumentError;
use super::limits::LARGEST_DOCUMENT;
use super::place::Place;
use super::xml::read_bytes;
pub(crate) use escape::write;
use logical_line::LogicalLine;

/// A properties file and where it was read from.
pub struct JavaProperties {
    path: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
    properties: Vec<Property>,
}

/// One entry.
pub struct Property {
    /// Unescaped.
    pub key: String,
    /// Unescaped.
    pub value: Zeroizing<String>,
    /// The line where it begins; the first is 1.
    pub line: usize,
    /// The value as it is written, line ends within it included.
    span: Range<usize>,
    /// Whether `=`, `:` or a blank stands between key and value.
    separated: bool,
}

impl JavaProperties {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, is larger than 4 MiB, or holds a malformed `\u` escape.
    pub fn read(path: &Path) -> Result<Self, DocumentError> {
        Self::parse(path, &read_bytes(path)?)
    }

    /// As [`Self::read`]; a file that is not there is an empty one.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_if_there(path: &Path) -> Result<Self, DocumentError> {
        match Self::read(path) {
            Err(DocumentError::Missing { .. }) => Self::parse(path, b""),
            read => read,
        }
    }

    /// Reads the file that `bytes` hold; `path` is for messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.len() > LARGEST_DOCUMENT {
            let path = path.to_path_buf();
            return Err(DocumentError::TooLarge { path });
        }
        let mut properties = Vec::new();
        for line in logical_line::lines(bytes) {
            properties.push(property(path, bytes, &line)?);
        }
        Ok(Self {
            path: path.to_path_buf(),
            bytes: Zeroizing::new(bytes.to_vec()),
            properties,
        })
    }

    /// The path as it was given.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The entries that count, in the order of the file: of several with one key the last.
    pub fn properties(&self) -> impl Iterator<Item = &Property> {
        let mut later = HashSet::new();
        let mut counting: Vec<&Property> = self.properties.iter().rev().collect();
        counting.retain(|property| later.insert(property.key.as_str()));
        counting.into_iter().rev()
    }

    /// The entry of that key.
    #[must_use]
    pub fn property(&self, key: &str) -> Option<&Property> {
        self.properties.iter().rfind(|property| property.key == key)
    }

    /// The value of that key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&str> {
        self.property(key).map(|property| property.value.as_str())
    }

    /// Where an entry stands, for a message.
    #[must_use]
    pub fn place(&self, property: &Property) -> Place {
        Place {
            document: self.path.clone(),
            line: property.line,
        }
    }

    /// Whether the entry's value is written in ASCII, which every program reads alike.
    #[must_use]
    pub fn is_ascii(&self, property: &Property) -> bool {
        self.bytes[property.span.clone()].is_ascii()
    }

    /// The file with these values: keys that are there get the new one, the others are added at its end.
    #[must_use]
    pub fn with_values(&self, values: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
        let mut replaced = Vec::new();
        let mut added = Zeroizing::new(String::new());
        for &(key, value) in values {
            let mut text = Zeroizing::new(String::with_capacity(1 + 6 * value.len()));
            if let Some(property) = self.property(key) {
                if !property.separated {
                    text.push('=');
                }
                write(value, &mut text);
                replaced.push((property.span.clone(), text));
                continue;
            }
            write(value, &mut text);
            let mut line = String::new();
            write(key, &mut line);
            added = Zeroizing::new([added.as_str(), &line, "=", &text, self.line_end()].concat());
        }
        replaced.sort_by_key(|(span, _)| span.start);
        self.assembled(&replaced, &added)
    }

    fn assembled(
        &self,
        replaced: &[(Range<usize>, Zeroizing<String>)],
        added: &str,
    ) -> Zeroizing<Vec<u8>> {
        let grown: usize = replaced.iter().map(|(_, text)| text.len()).sum();
        let length = self.bytes.len() + grown + added.len() + 2;
        let mut bytes = Zeroizing::new(Vec::with_capacity(length));
        let mut copied = 0;
        for (span, text) in replaced {
            bytes.extend_from_slice(&self.bytes[copied..span.start]);
            bytes.extend_from_slice(text.as_bytes());
            copied = span.end;
        }
        bytes.extend_from_slice(&self.bytes[copied..]);
        let is_open = !bytes.is_empty() && !bytes.ends_with(b"\n") && !bytes.ends_with(b"\r");
        if is_open && !added.is_empty() {
            bytes.extend_from_slice(self.line_end().as_bytes());
        }
        bytes.extend_from_slice(added.as_bytes());
        bytes
    }

    fn line_end(&self) -> &'static str {
        match self.bytes.iter().position(|&byte| byte == b'\n') {
            Some(at) if self.bytes[..at].ends_with(b"\r") => "\r\n",
            _ => "\n",
        }
    }
}

fn property(path: &Path, bytes: &[u8], line: &LogicalLine) -> Result<Property, DocumentError> {
    let unescaped = |span: &Range<usize>| {
        escape::unescaped(line.content_of(bytes, span)).ok_or_else(|| {
            DocumentError::MalformedUnicodeEscape {
                at: Place {
                    document: path.to_path_buf(),
                    line: line.number,
                },
            }
        })
    };
    Ok(Property {
        key: unescaped(&line.key)?.to_string(),
        value: unescaped(&line.value)?,
        line: line.number,
        span: line.value.clone(),
        separated: line.key.end < line.value.start,
    })
}

#[cfg(test)]
mod tests;
