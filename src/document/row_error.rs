//! [`RowError`]: why a file of users cannot be read on.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::Place;
use super::text_lines::LONGEST_LINE;

/// Why a file of users cannot be read. No message holds a value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RowError {
    /// There is no file of that name.
    #[error("{}: there is no such file. Check the path", path.display())]
    Missing {
        /// The file that was looked for.
        path: PathBuf,
    },
    /// The system refuses to read it.
    #[error("{}: cannot be read: {reason}. Check its owner and mode", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The name has no ending that tells the format.
    #[error("{}: its ending does not tell its format. Say which: ldif, csv or jsonl", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },
    /// A value or record is longer than any password's.
    #[error("{at}: it goes on for more than {LONGEST_LINE} bytes: is it the right file?")]
    TooLong {
        /// Where it begins.
        at: Place,
    },
    /// The header has none of the columns.
    #[error("{at}: there is no column {wanted} among {}. Name the columns in the first line", found.join(", "))]
    NoColumn {
        /// The header.
        at: Place,
        /// What was looked for.
        wanted: String,
        /// The columns that there are.
        found: Vec<String>,
    },
    /// A line is not of the format.
    #[error("{at}: {reason}")]
    Malformed {
        /// The line.
        at: Place,
        /// What is wrong, and what to do.
        reason: &'static str,
    },
}
