//! [`Csv`]: the records of a CSV file, one by one.
//!
//! ```text
//! username,password
//! jane,{SSHA}TS/pYvqrOkK7sZwuo6F3iZ04XYOFZ41O
//! "Doe, Jane","a ""quoted"" value, over
//! two lines"
//! ```
//! The first line names the columns; the separator is the comma, or the semicolon or tab where the first line has one of
//! these and no comma. Source: RFC 4180.

use std::io::BufRead;
use std::ops::Range;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::text_lines::{LONGEST_LINE, TextLine, TextLines, append};
use super::{Field, Place, Row, RowError, Wanted};
use crate::Secret;

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

/// A record as it is written.
struct Record {
    line: usize,
    start: u64,
    bytes: Zeroizing<Vec<u8>>,
    /// Whether it goes on in the next line.
    has_open_quote: bool,
}

/// A field as it is written.
struct Written {
    /// With its quotes, in the record.
    span: Range<usize>,
    line: usize,
    value: Zeroizing<Vec<u8>>,
}

impl<'a, R: BufRead> Csv<'a, R> {
    /// The records of `source`; `path` is for messages.
    pub fn new(path: &Path, source: R, wanted: Wanted<'a>) -> Self {
        Self {
            path: path.to_owned(),
            wanted,
            lines: TextLines::new(source),
            columns: None,
            has_failed: false,
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, RowError> {
        if self.columns.is_none() {
            let Some(header) = self.record()? else {
                return Ok(None);
            };
            self.columns = Some(self.columns_of(&header)?);
        }
        let Some(record) = self.record()? else {
            return Ok(None);
        };
        let Some(columns) = &self.columns else {
            return Ok(None);
        };
        let mut fields = self.fields(&record, columns.separator)?;
        if fields.len() != columns.headings.len() {
            return Err(self.malformed(
                record.line,
                "it has not as many fields as the first line. Put fields with separators or line ends between quotes",
            ));
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
        let separator = [b',', b';', b'\t'].into_iter().find(has).unwrap_or(b',');
        let fields = self.fields(header, separator)?;
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
    fn record(&mut self) -> Result<Option<Record>, RowError> {
        loop {
            let Some(first) = self.physical_line()? else {
                return Ok(None);
            };
            if first.text().is_empty() {
                continue;
            }
            let mut record = Record::of(&first);
            let mut is_cut = first.is_cut;
            while record.has_open_quote {
                let Some(line) = self.physical_line()? else {
                    return Err(self.malformed(record.line, "its quote is not closed"));
                };
                is_cut |= line.is_cut || record.bytes.len() + line.bytes.len() > LONGEST_LINE;
                if is_cut {
                    break;
                }
                record.go_on_in(&line);
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

    fn fields(&self, record: &Record, separator: u8) -> Result<Vec<Written>, RowError> {
        let mut fields = Vec::new();
        let mut at = 0;
        let mut line = record.line;
        loop {
            let field = written(&record.bytes, at, separator, line)
                .ok_or_else(|| self.malformed(line, "after a closing quote no separator stands"))?;
            line += field.value.split(|&byte| byte == b'\n').count() - 1;
            at = field.span.end;
            fields.push(field);
            if at == record.bytes.len() {
                return Ok(fields);
            }
            at += 1;
        }
    }

    fn physical_line(&mut self) -> Result<Option<TextLine>, RowError> {
        let line = self.lines.next();
        line.map_err(|reason| RowError::Unreadable {
            path: self.path.clone(),
            reason,
        })
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

impl Record {
    fn of(line: &TextLine) -> Self {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        let is_marked = line.start == 0 && line.bytes.starts_with(MARK);
        let skipped = if is_marked { MARK.len() } else { 0 };
        let bytes = &line.bytes[skipped..];
        Self {
            line: line.number,
            start: line.start + skipped as u64,
            bytes: Zeroizing::new(bytes.to_vec()),
            has_open_quote: has_odd_quotes(bytes),
        }
    }

    fn go_on_in(&mut self, line: &TextLine) {
        self.has_open_quote ^= has_odd_quotes(&line.bytes);
        append(&mut self.bytes, &line.bytes);
    }

    fn strip_line_end(&mut self) {
        for end in [b'\n', b'\r'] {
            if self.bytes.last() == Some(&end) {
                self.bytes.pop();
            }
        }
    }
}

/// A quote within quotes is doubled, so that counting is enough.
fn has_odd_quotes(bytes: &[u8]) -> bool {
    bytes.iter().fold(false, |odd, &byte| odd ^ (byte == b'"'))
}

/// The field that begins at `at`; none if something follows its closing quote.
fn written(bytes: &[u8], at: usize, separator: u8, line: usize) -> Option<Written> {
    let rest = &bytes[at..];
    let Some(quoted) = rest.strip_prefix(b"\"") else {
        let end = rest.iter().position(|&byte| byte == separator);
        let length = end.unwrap_or(rest.len());
        return Some(Written {
            span: at..at + length,
            line,
            value: Zeroizing::new(rest[..length].to_vec()),
        });
    };
    let mut value = Zeroizing::new(Vec::with_capacity(quoted.len()));
    let mut bytes = quoted.iter().enumerate().peekable();
    while let Some((index, &byte)) = bytes.next() {
        if byte != b'"' {
            value.push(byte);
            continue;
        }
        match bytes.peek() {
            Some((_, b'"')) => {
                bytes.next();
                value.push(b'"');
            }
            next => {
                let is_end = next.is_none_or(|&(_, &byte)| byte == separator);
                let span = at..at + index + 2;
                return is_end.then_some(Written { span, line, value });
            }
        }
    }
    None
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
        ] {
            let Err(RowError::Malformed { at, .. }) = read(text) else {
                panic!("{text}");
            };
            assert_eq!(at.line, line, "{text}");
        }
    }
}
