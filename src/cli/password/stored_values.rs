//! [`StoredValues`]: the stored values of a file, one a line.
//!
//! ```text
//! $2a$10$…                  a line is a value,
//! {"stored": "$2a$10$…"}    or a JSON object that has it
//! ```

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::cli::failure::Failure;

/// The longest line, in bytes.
const LONGEST_LINE: u64 = 1024 * 1024;

/// A file with stored values, or standard input.
pub(super) struct StoredValues {
    path: PathBuf,
    lines: BufReader<Box<dyn Read>>,
    number: usize,
}

/// A stored value; none where the line has none.
pub(super) struct StoredValue {
    /// Its line; the first is 1.
    pub(super) line: usize,
    pub(super) text: Option<Zeroizing<String>>,
}

#[derive(Deserialize)]
struct Row {
    stored: String,
}

impl StoredValues {
    /// Those of the file at `path`; `-` is standard input.
    pub(super) fn open(path: &Path) -> Result<Self, Failure> {
        let source: Box<dyn Read> = if path.as_os_str() == "-" {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path).map_err(|error| unreadable(path, &error))?)
        };
        Ok(Self {
            path: path.to_path_buf(),
            lines: BufReader::new(source),
            number: 0,
        })
    }

    /// The next one; empty lines are none.
    pub(super) fn next(&mut self) -> Result<Option<StoredValue>, Failure> {
        loop {
            self.number += 1;
            let mut line = Zeroizing::new(Vec::with_capacity(1024));
            let mut limited = self.lines.by_ref().take(LONGEST_LINE);
            let read = limited.read_until(b'\n', &mut line);
            let length = read.map_err(|error| unreadable(&self.path, &error))?;
            if length == 0 {
                return Ok(None);
            }
            if length as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
                return Err(Failure::new(format!(
                    "{}: line {} has more than 1 MiB: is it the right file?",
                    self.path.display(),
                    self.number
                )));
            }
            let trimmed = line.trim_ascii();
            if !trimmed.is_empty() {
                return Ok(Some(StoredValue {
                    line: self.number,
                    text: value_in(trimmed),
                }));
            }
        }
    }
}

fn value_in(line: &[u8]) -> Option<Zeroizing<String>> {
    if line.starts_with(b"{\"") {
        let row: Result<Row, _> = serde_json::from_slice(line);
        return row.ok().map(|row| Zeroizing::new(row.stored));
    }
    let text = std::str::from_utf8(line).ok()?;
    Some(Zeroizing::new(text.to_owned()))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("{}: cannot be read: {error}", path.display());
    if error.kind() == io::ErrorKind::NotFound {
        return Failure::missing(message);
    }
    Failure::new(message)
}
