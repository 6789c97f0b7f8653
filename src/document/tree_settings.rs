//! [`TreeSettings`]: a directory of small files that the service keeps current.

use std::path::PathBuf;

/// A directory of small files, one a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeSettings {
    /// Its path; a relative one begins at the folder of the document.
    pub path: PathBuf,
    /// Who may read the files, if not who runs the service: a user's name.
    pub owner: Option<String>,
    /// At least one; their names differ.
    pub files: Vec<TreeFileSettings>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// A file of a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeFileSettings {
    /// Its name.
    pub name: String,
    /// The alias of its secret.
    pub alias: String,
    /// Line of the document; the first is 1.
    pub line: usize,
}
