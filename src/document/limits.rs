//! How large a document may be: hostile ones end here.

/// The largest document that is read, in bytes.
pub(super) const LARGEST_DOCUMENT: usize = 4 * 1024 * 1024;
/// The most elements, attributes, texts, comments and processing instructions of one document.
pub(super) const MOST_NODES: usize = 100_000;
/// The most settings of one TOML file, and the most of its tables.
pub(super) const MOST_SETTINGS: usize = 20_000;
/// The longest full name of a TOML setting, in bytes.
pub(super) const LONGEST_NAME: usize = 1024;
/// The most files of one WSO2 server that are looked at.
pub(super) const MOST_FILES: usize = 20_000;
/// The most elements inside one another.
pub(super) const MOST_OPEN_ELEMENTS: usize = 64;
