//! How large a document may be: hostile ones end here.

/// The largest document that is read, in bytes.
pub(super) const LARGEST_DOCUMENT: usize = 4 * 1024 * 1024;
/// The most elements, attributes, texts, comments and processing instructions of one document.
pub(super) const MOST_NODES: usize = 100_000;
/// The most elements inside one another.
pub(super) const MOST_OPEN_ELEMENTS: usize = 64;
