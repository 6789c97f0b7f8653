//! [`Place`]: where something stands.

use std::fmt;
use std::path::PathBuf;

/// A line of a document. Its text is `path:line`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The document.
    pub document: PathBuf,
    /// Its line; the first is 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.document.display(), self.line)
    }
}
