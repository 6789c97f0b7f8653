//! [`JsonLines`]: the objects of a file with one JSON object a line.
//!
//! ```text
//! {"username": "jane", "password": "{SSHA}TS/pYvqrOkK7sZwuo6F3iZ04XYOFZ41O"}
//! {"username": "jane", "credentialData": "{…}", "secretData": "{…}"}
//! {"username": "jane", "stored": {"algorithm": "…", "hash": {…}}}
//! ```
//! A stored password that is an object is its JSON text, as it is written. Other members that are objects within the line
//! are not looked into. Source: RFC 8259.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::text_lines::{TextLine, TextLines};
use super::{Field, Place, Row, RowError, Wanted};
use crate::Secret;

/// A reader of JSON lines.
pub struct JsonLines<'a, R> {
    path: PathBuf,
    wanted: Wanted<'a>,
    lines: TextLines<R>,
    has_failed: bool,
}

impl<'a, R: BufRead> JsonLines<'a, R> {
    /// The objects of `source`; `path` is for messages.
    pub fn new(path: &Path, source: R, wanted: Wanted<'a>) -> Self {
        Self {
            path: path.to_owned(),
            wanted,
            lines: TextLines::new(path, source),
            has_failed: false,
        }
    }

    fn next_row(&mut self) -> Result<Option<Row>, RowError> {
        let line = self.lines.next_whole()?;
        line.map(|line| self.row(&line)).transpose()
    }

    fn row(&self, line: &TextLine) -> Result<Row, RowError> {
        let malformed = |reason| RowError::Malformed {
            at: self.place(line),
            reason,
        };
        let no_object = |_| malformed("it is no JSON object");
        let text = std::str::from_utf8(line.text()).map_err(|_| malformed("it is not UTF-8"))?;
        // serde_json's own message may quote the line.
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(no_object)?;
        let named = |wanted: &&str| {
            let mut members = members.iter();
            members.find(|(member, _)| member.eq_ignore_ascii_case(wanted))
        };
        let name = self.wanted.names.iter().find_map(named);
        let name = name.map_or_else(String::new, |(_, raw)| {
            serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned())
        });
        let mut fields = Vec::new();
        for (member, raw) in self.wanted.values.iter().filter_map(named) {
            if raw.get() == "null" {
                continue;
            }
            let mut value = stored_text(raw).ok_or_else(|| {
                malformed("what should be a stored password is neither a string nor an object")
            })?;
            let start = line.start + offset(text, raw.get()) as u64;
            fields.push(Field {
                attribute: member.clone(),
                line: line.number,
                value: Secret::new(std::mem::take(&mut *value).into_bytes()),
                span: start..start + raw.get().len() as u64,
            });
        }
        Ok(Row {
            line: line.number,
            name,
            fields,
        })
    }

    fn place(&self, line: &TextLine) -> Place {
        Place {
            document: self.path.clone(),
            line: line.number,
        }
    }
}

impl<R: BufRead> Iterator for JsonLines<'_, R> {
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

/// The stored text that a member has: the string, or the JSON text of the object, as some products store passwords.
pub(crate) fn stored_text(member: &RawValue) -> Option<Zeroizing<String>> {
    let text = member.get();
    if text.starts_with('{') {
        return Some(Zeroizing::new(text.to_owned()));
    }
    serde_json::from_str(text).ok().map(Zeroizing::new)
}

/// Where `part`, which is a part of `text`, begins in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr().addr() - text.as_ptr().addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: Wanted<'static> = Wanted {
        names: &["username", "id"],
        values: &["password", "credentialData"],
    };

    fn read(text: &str) -> Result<Vec<Row>, RowError> {
        JsonLines::new(Path::new("users.jsonl"), text.as_bytes(), WANTED).collect()
    }

    #[test]
    fn members_come_with_their_places() {
        let text = "{\"id\": 7, \"password\" : \"{a}\\\"\\u00fc\" , \"x\": {\"password\": \"no\"}}\r\n\n{\"username\":\"jane\",\"credentialData\":\"{}\",\"password\":null}";
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
                    field.attribute.as_str(),
                    value,
                    &text[start..end],
                )
            })
            .collect();
        assert_eq!(
            values,
            [
                (1, "7", "password", "{a}\"ü", "\"{a}\\\"\\u00fc\""),
                (3, "jane", "credentialData", "{}", "\"{}\""),
            ]
        );
    }

    #[test]
    fn an_object_is_its_json_text() {
        let text = "\u{feff}{\"id\": 1, \"password\": {\"hash\" : {\"value\": \"\\u00fc\"}} }";
        let rows = read(text).unwrap();
        let field = &rows[0].fields[0];
        let object = "{\"hash\" : {\"value\": \"\\u00fc\"}}";
        assert_eq!(field.value.expose_text(), Ok(object));
        let [start, end] =
            [field.span.start, field.span.end].map(|at| usize::try_from(at).unwrap());
        assert_eq!(&text[start..end], object);
    }

    #[test]
    fn what_is_no_object_is_refused_with_its_line() {
        for text in [
            "\n[]",
            "\n{\"password\": 1}",
            "\n{\"password\": [\"secret\"]}",
            "\n{\"password\": \"secret",
            "\n\u{1}",
        ] {
            let Err(RowError::Malformed { at, reason }) = read(text) else {
                panic!("{text}");
            };
            assert_eq!(at.line, 2);
            assert!(!reason.contains("secret"));
        }
    }
}
