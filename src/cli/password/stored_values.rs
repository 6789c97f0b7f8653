//! [`StoredValues`]: the stored values of a file, one a line.
//!
//! ```text
//! $2a$10$…                  a line is a value,
//! {"stored": "$2a$10$…"}    or a JSON object that has it
//! ```

use std::io::BufRead;
use std::path::Path;

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::document::{TextLines, open_rows, stored_text};

/// A file with stored values, or standard input.
pub(super) struct StoredValues {
    lines: TextLines<Box<dyn BufRead>>,
}

/// A stored value; none where the line has none.
pub(super) struct StoredValue {
    /// Its line; the first is 1.
    pub(super) line: usize,
    pub(super) text: Option<Zeroizing<String>>,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    stored: &'a RawValue,
}

impl StoredValues {
    /// Those of the file at `path`; `-` is standard input.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let (name, source) = open_rows(path)?;
        Ok(Self {
            lines: TextLines::new(name, source),
        })
    }

    /// The next one; empty lines are none.
    pub(super) fn next(&mut self) -> Result<Option<StoredValue>, Failure> {
        let line = self.lines.next_whole()?;
        Ok(line.map(|line| StoredValue {
            line: line.number,
            text: value_in(line.text().trim_ascii()),
        }))
    }
}

fn value_in(line: &[u8]) -> Option<Zeroizing<String>> {
    if line.starts_with(b"{\"") {
        let row: Row<'_> = serde_json::from_slice(line).ok()?;
        return stored_text(row.stored);
    }
    let text = std::str::from_utf8(line).ok()?;
    Some(Zeroizing::new(text.to_owned()))
}
