//! [`Rows`]: the rows of a file of users, whatever its format.

use std::io::BufRead;
use std::path::Path;
use std::str::FromStr;

use thiserror::Error;

use super::{Csv, JsonLines, Ldif, Row, RowError, Wanted, row_source};

/// The format of a file of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFormat {
    /// LDIF.
    Ldif,
    /// CSV with a header.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

/// There is no format of this name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no format {name:?}. Use ldif, csv or jsonl")]
pub struct UnknownRowFormat {
    name: String,
}

/// Rows, one by one. After an error none follows.
pub struct Rows<'a> {
    reader: Box<dyn Iterator<Item = Result<Row, RowError>> + Send + 'a>,
}

impl RowFormat {
    /// The format that the ending of a file name tells.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        path.extension()?.to_str()?.parse().ok()
    }
}

impl FromStr for RowFormat {
    type Err = UnknownRowFormat;

    fn from_str(name: &str) -> Result<Self, UnknownRowFormat> {
        match name.to_ascii_lowercase().as_str() {
            "ldif" => Ok(Self::Ldif),
            "csv" => Ok(Self::Csv),
            "jsonl" | "ndjson" => Ok(Self::JsonLines),
            _ => Err(UnknownRowFormat {
                name: name.to_owned(),
            }),
        }
    }
}

impl<'a> Rows<'a> {
    /// The rows of the file at `path`; `-` is standard input. Without a format its ending tells it.
    ///
    /// # Errors
    /// When the file cannot be opened, or its ending tells no format.
    pub fn open(
        path: &Path,
        format: Option<RowFormat>,
        wanted: Wanted<'a>,
    ) -> Result<Self, RowError> {
        let unknown = || RowError::UnknownFormat {
            path: path.to_owned(),
        };
        let format = format
            .or_else(|| RowFormat::of_path(path))
            .ok_or_else(unknown)?;
        let (name, source) = row_source::open(path)?;
        Ok(Self::of(name, source, format, wanted))
    }

    /// The rows of `source`; `path` is for messages.
    pub fn of(
        path: &Path,
        source: impl BufRead + Send + 'a,
        format: RowFormat,
        wanted: Wanted<'a>,
    ) -> Self {
        Self {
            reader: match format {
                RowFormat::Ldif => Box::new(Ldif::new(path, source, wanted)),
                RowFormat::Csv => Box::new(Csv::new(path, source, wanted)),
                RowFormat::JsonLines => Box::new(JsonLines::new(path, source, wanted)),
            },
        }
    }
}

impl Iterator for Rows<'_> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.reader.next()
    }
}
