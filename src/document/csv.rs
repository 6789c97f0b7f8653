//! [`Csv`]: the records of a CSV file, one by one.
//!
//! ```text
//! username,password
//! jane,{SSHA}TS/pYvqrOkK7sZwuo6F3iZ04XYOFZ41O
//! "Doe, Jane","a ""quoted"" value, over
//! two lines"
//! ```
//! The first line names the columns; the separator is the comma, or the semicolon or tab where the first line has one of
//! these and no comma. A quote opens only at the start of a field. Source: RFC 4180.

mod record;

use std::io::BufRead;
use std::path::{Path, PathBuf};

use record::{Position, Record, Written, written};

use super::text_lines::{LONGEST_LINE, TextLines};
use super::{Field, Place, Row, RowError, Wanted};
use crate::Secret;

/// The most columns of a file.
const MOST_COLUMNS: usize = 4096;
/// What can stand between fields.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A reader of records.
pub struct Csv<'a, R> {
    path: PathBuf,
    wanted: Wanted<'a>,
    lines: TextLines<R>,
    /// After the header has been read.
    columns: Option<Columns>,
    has_failed: bool,
}

/// What the header says.
struct Columns {
    separator: u8,
    headings: Vec<String>,
    /// The column of the user's name.
    name: Option<usize>,
    /// The columns of the values.
    values: Vec<usize>,
}

impl<'a, R: BufRead> Csv<'a, R> {
    /// The records of `source`; `path` is for messages.
    pub fn new(path: &Path, source: R, wanted: Wanted<'a>) -> Self {
        Self {
            path: path.to_owned(),
            wanted,
            lines: TextLines::new(path, source),
            columns: None,
            has_failed: false,
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, RowError> {
        if self.columns.is_none() {
            let Some(header) = self.record(&SEPARATORS)? else {
                return Ok(None);
            };
            self.columns = Some(self.columns_of(&header)?);
        }
        let Some(separator) = self.columns.as_ref().map(|columns| columns.separator) else {
            return Ok(None);
        };
        let Some(record) = self.record(&[separator])? else {
            return Ok(None);
        };
        let Some(columns) = &self.columns else {
            return Ok(None);
        };
        let miscounted = || {
            self.malformed(
                record.line,
                "it has not as many fields as the first line. Put fields with separators or line ends between quotes",
            )
        };
        let fields = self.fields(&record, separator, columns.headings.len())?;
        let mut fields = fields.ok_or_else(miscounted)?;
        if fields.len() != columns.headings.len() {
            return Err(miscounted());
        }
        let name = columns.name.map(|column| &fields[column].value);
        let name = name.map_or_else(String::new, |name| {
            String::from_utf8_lossy(name).into_owned()
        });
        let field = |&column: &usize| {
            let written = &mut fields[column];
            let [start, end] = [written.span.start, written.span.end].map(|at| at as u64);
            Field {
                attribute: columns.headings[column].clone(),
                line: written.line,
                value: Secret::new(std::mem::take(&mut *written.value)),
                span: record.start + start..record.start + end,
            }
        };
        Ok(Some(Row {
            line: record.line,
            name,
            fields: columns.values.iter().map(field).collect(),
        }))
    }

    fn columns_of(&self, header: &Record) -> Result<Columns, RowError> {
        let has = |separator: &u8| header.bytes.contains(separator);
        let separator = SEPARATORS.into_iter().find(has).unwrap_or(b',');
        let fields = self.fields(header, separator, MOST_COLUMNS)?;
        let fields = fields.ok_or_else(|| {
            self.malformed(
                header.line,
                "it has more than 4096 columns. Is it the right file? Leave out what is not needed",
            )
        })?;
        let headings: Vec<String> = fields
            .iter()
            .map(|field| String::from_utf8_lossy(field.value.trim_ascii()).into_owned())
            .collect();
        let is_called = |wanted: &&str| {
            headings
                .iter()
                .position(|heading| heading.eq_ignore_ascii_case(wanted))
        };
        let name = self.wanted.names.iter().find_map(is_called);
        let values: Vec<usize> = self.wanted.values.iter().filter_map(is_called).collect();
        if values.is_empty() {
            return Err(RowError::NoColumn {
                at: self.place(header.line),
                wanted: self.wanted.values.join(" or "),
                found: headings,
            });
        }
        Ok(Columns {
            separator,
            headings,
            name,
            values,
        })
    }

    /// The next record that is not empty.
    fn record(&mut self, separators: &[u8]) -> Result<Option<Record>, RowError> {
        loop {
            let Some(first) = self.lines.next()? else {
                return Ok(None);
            };
            if first.text().is_empty() {
                continue;
            }
            let mut record = Record::of(&first, separators);
            let mut is_cut = first.is_cut;
            while record.position == Position::Quoted {
                let Some(line) = self.lines.next()? else {
                    return Err(self.malformed(record.line, "its quote is not closed. Close it"));
                };
                is_cut |= line.is_cut || record.bytes.len() + line.bytes.len() > LONGEST_LINE;
                if is_cut {
                    break;
                }
                record.go_on_in(&line, separators);
            }
            if is_cut {
                return Err(RowError::TooLong {
                    at: self.place(record.line),
                });
            }
            record.strip_line_end();
            return Ok(Some(record));
        }
    }

    /// The fields of a record; none if there are more than `most`.
    fn fields(
        &self,
        record: &Record,
        separator: u8,
        most: usize,
    ) -> Result<Option<Vec<Written>>, RowError> {
        let mut fields = Vec::new();
        let mut at = 0;
        let mut line = record.line;
        while fields.len() < most {
            let field = written(&record.bytes, at, separator, line)
                .map_err(|reason| self.malformed(line, reason))?;
            line += field.value.split(|&byte| byte == b'\n').count() - 1;
            at = field.span.end;
            fields.push(field);
            if at == record.bytes.len() {
                return Ok(Some(fields));
            }
            at += 1;
        }
        Ok(None)
    }

    fn malformed(&self, line: usize, reason: &'static str) -> RowError {
        let at = self.place(line);
        RowError::Malformed { at, reason }
    }

    fn place(&self, line: usize) -> Place {
        Place {
            document: self.path.clone(),
            line,
        }
    }
}

impl<R: BufRead> Iterator for Csv<'_, R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed {
            return None;
        }
        let row = self.next_row();
        self.has_failed = row.is_err();
        row.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Wanted<'static> = Wanted {
        names: &["username"],
        values: &["password"],
    };

    fn read(text: &str) -> Result<Vec<Row>, RowError> {
        Csv::new(Path::new("users.csv"), text.as_bytes(), WANTED).collect()
    }

    #[test]
    fn fields_come_with_their_places() {
        let text = "\u{feff}id,Username,password\r\n1,jane,{SSHA}x\r\n\r\n2,\"Doe, J\n\",\"a \"\"b\"\",\n{c}\"\n3,,";
        let rows = read(text).unwrap();
        let values: Vec<_> = rows
            .iter()
            .map(|row| {
                let [field] = row.fields.as_slice() else {
                    panic!("{} fields", row.fields.len());
                };
                let [start, end] =
                    [field.span.start, field.span.end].map(|at| usize::try_from(at).unwrap());
                let value = field.value.expose_text().unwrap();
                (
                    row.line,
                    row.name.as_str(),
                    field.line,
                    value,
                    &text[start..end],
                )
            })
            .collect();
        assert_eq!(
            values,
            [
                (2, "jane", 2, "{SSHA}x", "{SSHA}x"),
                (4, "Doe, J\n", 5, "a \"b\",\n{c}", "\"a \"\"b\"\",\n{c}\""),
                (7, "", 7, "", ""),
            ]
        );
    }

    #[test]
    fn other_separators_are_told_by_the_header() {
        let rows = read("username;password\njane;a,b\n").unwrap();
        assert_eq!(rows[0].fields[0].value.expose_text(), Ok("a,b"));
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_csv_is_refused_with_its_line() {
        assert!(matches!(read("a,b\n1,2\n"), Err(RowError::NoColumn { .. })));
        for (text, line) in [
            ("username,password\n\njane,a,b\n", 3),
            ("username,password\njane,\"a\n", 2),
            ("username,password\njane,\"a\"b\n", 2),
            ("password\n{CLEAR}a\"b\n{CLEAR}c\"d\n", 2),
            ("username,password\njane,\"a\nb\"\nmax,c\"d\n", 4),
            ("user\"name,password\njane,a\n", 1),
        ] {
            let Err(RowError::Malformed { at, .. }) = read(text) else {
                panic!("{text}");
            };
            assert_eq!(at.line, line, "{text}");
        }
    }

    #[test]
    fn fields_beyond_the_header_and_too_many_columns_are_refused() {
        let line = vec!["\"\""; 300_000].join(",");
        for (text, line, part) in [
            (format!("username,password\njane,x\n{line}\n"), 3, "as many"),
            (format!("password,{line}\nx\n"), 1, "4096"),
        ] {
            let Err(RowError::Malformed { at, reason }) = read(&text) else {
                panic!("{line} is read");
            };
            assert_eq!(at.line, line);
            assert!(reason.contains(part), "{reason}");
        }
        let headings = format!("password{}\n", ",".repeat(MOST_COLUMNS - 1));
        assert!(read(&headings).unwrap().is_empty());
    }

    #[test]
    fn a_quoted_field_reserves_its_own_length() {
        let record = format!("\"a\"\"b\"{}", ",\"\"".repeat(1000));
        let field =
            written(record.as_bytes(), 0, b',', 1).unwrap_or_else(|reason| panic!("{reason}"));
        assert_eq!(**field.value, *b"a\"b");
        assert!(field.value.capacity() < 16, "{}", field.value.capacity());
    }
}
