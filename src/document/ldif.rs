//! [`Ldif`]: the entries of an LDIF file, one by one.
//!
//! ```text
//! version: 1
//! # a comment
//! dn: cn=Jane,dc=example,dc=com
//! userPassword: {SSHA}TS/pYvqrOkK7sZwuo6F3iZ04XYOFZ41O
//!  CNOwfw==                                             a line that begins with a space goes on
//! userPassword;x-old:: e0NMRUFSfUdyw7bDn2U=             two colons: base64
//!
//! dn:: Y249R3LDtsOfZQ==                                 an empty line ends an entry
//! ```
//! A value at a URL (`:<`) is not fetched. Change records are read as entries: their lines have the same form. Source:
//! RFC 2849.

use std::io::BufRead;
use std::ops::Range;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::base64_text::decode;
use super::text_lines::{LONGEST_LINE, TextLine, TextLines, append};
use super::{Field, Place, Row, RowError, Wanted};
use crate::Secret;

/// The most wanted values of one entry.
const MOST_VALUES: usize = 1000;

/// A reader of entries.
pub struct Ldif<'a, R> {
    path: PathBuf,
    wanted: Wanted<'a>,
    lines: TextLines<R>,
    /// The line after the last one that was used.
    ahead: Option<TextLine>,
    has_failed: bool,
}

/// A line with those that it goes on in, as one.
struct LogicalLine {
    number: usize,
    text: Zeroizing<Vec<u8>>,
    /// Where each physical line's part begins in `text`, and in the file.
    parts: Vec<(usize, u64)>,
    end: u64,
    is_cut: bool,
}

/// What is written after an attribute.
enum Written<'a> {
    Plain(&'a [u8]),
    Base64(&'a [u8]),
    Url,
}

impl<'a, R: BufRead> Ldif<'a, R> {
    /// The entries of `source` that have what is wanted; `path` is for messages.
    pub fn new(path: &Path, source: R, wanted: Wanted<'a>) -> Self {
        Self {
            path: path.to_owned(),
            wanted,
            lines: TextLines::new(path, source),
            ahead: None,
            has_failed: false,
        }
    }

    /// The next entry that has a wanted attribute.
    fn next_entry(&mut self) -> Result<Option<Row>, RowError> {
        let mut row: Option<Row> = None;
        while let Some(line) = self.next_line()? {
            if line.text.is_empty() {
                match row.take_if(|row| !row.fields.is_empty()) {
                    Some(row) => return Ok(Some(row)),
                    None => row = None,
                }
                continue;
            }
            if line.text.starts_with(b"#") || *line.text == b"-" {
                continue;
            }
            self.add(&mut row, &line)?;
        }
        Ok(row.filter(|row| !row.fields.is_empty()))
    }

    fn add(&self, row: &mut Option<Row>, line: &LogicalLine) -> Result<(), RowError> {
        let no_colon = || self.malformed(line, "it has no colon after an attribute. Is it LDIF?");
        let colon = line.text.iter().position(|&byte| byte == b':');
        let colon = colon.ok_or_else(no_colon)?;
        let attribute = std::str::from_utf8(&line.text[..colon]).map_err(|_| no_colon())?;
        let name = attribute.split(';').next().unwrap_or_default();
        let is_dn = name.eq_ignore_ascii_case("dn");
        if !is_dn && !self.wanted.has_value(name) {
            return Ok(());
        }
        if line.is_cut {
            return Err(RowError::TooLong {
                at: self.place(line.number),
            });
        }
        let value = self.value(line, &line.text[colon + 1..])?;
        if is_dn {
            *row = Some(Row {
                line: line.number,
                name: String::from_utf8_lossy(&value).into_owned(),
                fields: Vec::new(),
            });
            return Ok(());
        }
        let Some(row) = row else {
            return Err(self.malformed(line, "it stands before the dn of its entry"));
        };
        if row.fields.len() == MOST_VALUES {
            return Err(self.malformed(
                line,
                "its entry has more than 1000 such values. Is it LDIF, with an empty line after each entry?",
            ));
        }
        row.fields.push(Field {
            attribute: attribute.to_owned(),
            line: line.number,
            value: Secret::copied_from(&value),
            span: line.span_from(colon),
        });
        Ok(())
    }

    fn value(&self, line: &LogicalLine, written: &[u8]) -> Result<Zeroizing<Vec<u8>>, RowError> {
        match written_as(written) {
            Written::Plain(value) => Ok(Zeroizing::new(value.to_vec())),
            Written::Base64(value) => decode(value).ok_or_else(|| {
                self.malformed(line, "its value is not in base64. Compare it with a backup")
            }),
            Written::Url => Err(self.malformed(
                line,
                "its value is at a URL, which is not fetched. Put the value itself there",
            )),
        }
    }

    /// The next line with those that it goes on in.
    fn next_line(&mut self) -> Result<Option<LogicalLine>, RowError> {
        let first = match self.ahead.take() {
            Some(line) => line,
            None => match self.lines.next()? {
                Some(line) => line,
                None => return Ok(None),
            },
        };
        let mut logical = LogicalLine::of(&first);
        if logical.text.is_empty() {
            return Ok(Some(logical));
        }
        while let Some(line) = self.lines.next()? {
            if line.text().first() != Some(&b' ') {
                self.ahead = Some(line);
                break;
            }
            logical.go_on_in(&line);
        }
        Ok(Some(logical))
    }

    fn malformed(&self, line: &LogicalLine, reason: &'static str) -> RowError {
        let at = self.place(line.number);
        RowError::Malformed { at, reason }
    }

    fn place(&self, line: usize) -> Place {
        Place {
            document: self.path.clone(),
            line,
        }
    }
}

impl<R: BufRead> Iterator for Ldif<'_, R> {
    type Item = Result<Row, RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_failed {
            return None;
        }
        let row = self.next_entry();
        self.has_failed = row.is_err();
        row.transpose()
    }
}

impl LogicalLine {
    fn of(line: &TextLine) -> Self {
        let text = line.text();
        Self {
            number: line.number,
            text: Zeroizing::new(text.to_vec()),
            parts: vec![(0, line.start)],
            end: line.start + text.len() as u64,
            is_cut: line.is_cut,
        }
    }

    fn go_on_in(&mut self, line: &TextLine) {
        let text = line.text();
        self.is_cut |= line.is_cut || self.text.len() + text.len() > LONGEST_LINE;
        if !self.is_cut {
            self.parts.push((self.text.len(), line.start + 1));
            append(&mut self.text, &text[1..]);
        }
        self.end = line.start + text.len() as u64;
    }

    /// From this byte of the text to the end, in the file.
    fn span_from(&self, at: usize) -> Range<u64> {
        let part = self.parts.iter().rfind(|(begin, _)| *begin <= at);
        let start = part.map_or(self.end, |(begin, start)| start + (at - begin) as u64);
        start..self.end
    }
}

fn written_as(written: &[u8]) -> Written<'_> {
    match written {
        [b':', value @ ..] => Written::Base64(value.trim_ascii()),
        [b'<', ..] => Written::Url,
        value => Written::Plain(without_fill(value)),
    }
}

/// Spaces between colon and value do not count.
fn without_fill(mut value: &[u8]) -> &[u8] {
    while let [b' ', rest @ ..] = value {
        value = rest;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Wanted<'static> = Wanted {
        names: &[],
        values: &["userPassword", "authPassword"],
    };

    fn read(text: &str) -> Result<Vec<Row>, RowError> {
        Ldif::new(Path::new("users.ldif"), text.as_bytes(), WANTED).collect()
    }

    #[test]
    fn values_come_with_their_places() {
        let text = "\u{feff}version: 1\r\n# a comment\r\n  that goes on\r\ndn: cn=Jane,\r\n  dc=example\r\nuserPass\r\n word;x-old\r\n : {SSHA}TS\r\n /p\r\nmail: a@b\r\n\r\n\r\ndn:: Y249R3LDtsOfZQ==\r\nsn: none\r\n\r\ndn: cn=2\nUSERPASSWORD:: e0NMRUFSfUdyw7bDn2U=\nauthPassword:MD5$YQ==$YQ==";
        let rows = read(text).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!(
            (rows[0].line, rows[0].name.as_str()),
            (4, "cn=Jane, dc=example")
        );
        let field = &rows[0].fields[0];
        assert_eq!(field.attribute, "userPassword;x-old");
        assert_eq!((field.name(), field.line), ("userPassword", 6));
        assert_eq!(field.value.expose_text(), Ok("{SSHA}TS/p"));
        let written = |field: &Field| {
            let [start, end] =
                [field.span.start, field.span.end].map(|at| usize::try_from(at).unwrap());
            text[start..end].to_owned()
        };
        assert_eq!(written(field), ": {SSHA}TS\r\n /p");
        let [clear, auth] = rows[1].fields.as_slice() else {
            panic!("{} fields", rows[1].fields.len());
        };
        assert_eq!(clear.value.expose_text(), Ok("{CLEAR}Größe"));
        assert_eq!(written(clear), ":: e0NMRUFSfUdyw7bDn2U=");
        assert_eq!(auth.value.expose_text(), Ok("MD5$YQ==$YQ=="));
        assert_eq!(written(auth), ":MD5$YQ==$YQ==");
    }

    #[test]
    fn what_is_no_ldif_is_refused_with_its_line() {
        for (text, line) in [
            ("dn: a\nuserPassword:< file:///etc/passwd\n", 2),
            ("dn: a\nuserPassword:: ?\n", 2),
            ("version: 1\n\nuserPassword: x\n", 3),
            ("username,password\n", 1),
        ] {
            let Err(RowError::Malformed { at, .. }) = read(text) else {
                panic!("{text}");
            };
            assert_eq!(at.line, line);
        }
    }

    #[test]
    fn a_long_value_is_refused_only_if_it_is_wanted() {
        let long = "x".repeat(LONGEST_LINE);
        let photo = format!("dn: a\njpegPhoto:: {long}\n {long}\nuserPassword: y\n");
        assert_eq!(
            read(&photo).unwrap()[0].fields[0].value.expose_text(),
            Ok("y")
        );
        for text in [
            format!("dn: a\nuserPassword: {long}\n"),
            format!("dn: a\nuserPassword: {}\n {}\n", &long[20..], &long[20..]),
        ] {
            assert!(matches!(read(&text), Err(RowError::TooLong { at }) if at.line == 2));
        }
    }
}
