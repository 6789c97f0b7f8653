//! [`Record`]: the bytes of a record, and its fields as they are written.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::document::text_lines::{TextLine, append};

/// A record as it is written.
pub(super) struct Record {
    pub(super) line: usize,
    pub(super) start: u64,
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Where its end is; within quotes it goes on in the next line.
    pub(super) position: Position,
}

/// Where a byte of a record stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    FieldStart,
    Unquoted,
    Quoted,
    /// After a quote within quotes, which ends the field unless it is doubled.
    AfterQuote,
}

/// A field as it is written.
pub(super) struct Written {
    /// With its quotes, in the record.
    pub(super) span: Range<usize>,
    pub(super) line: usize,
    pub(super) value: Zeroizing<Vec<u8>>,
}

impl Record {
    pub(super) fn of(line: &TextLine, separators: &[u8]) -> Self {
        Self {
            line: line.number,
            start: line.start,
            bytes: line.bytes.clone(),
            position: Position::FieldStart.after(&line.bytes, separators),
        }
    }

    pub(super) fn go_on_in(&mut self, line: &TextLine, separators: &[u8]) {
        self.position = self.position.after(&line.bytes, separators);
        append(&mut self.bytes, &line.bytes);
    }

    pub(super) fn strip_line_end(&mut self) {
        for end in [b'\n', b'\r'] {
            if self.bytes.last() == Some(&end) {
                self.bytes.pop();
            }
        }
    }
}

impl Position {
    fn after(self, bytes: &[u8], separators: &[u8]) -> Self {
        bytes.iter().fold(self, |position, byte| match position {
            Self::Quoted if *byte == b'"' => Self::AfterQuote,
            Self::Quoted => Self::Quoted,
            Self::FieldStart | Self::AfterQuote if *byte == b'"' => Self::Quoted,
            _ if separators.contains(byte) => Self::FieldStart,
            _ => Self::Unquoted,
        })
    }
}

/// The field that begins at `at`, or what is wrong with it and what to do.
pub(super) fn written(
    bytes: &[u8],
    at: usize,
    separator: u8,
    line: usize,
) -> Result<Written, &'static str> {
    let rest = &bytes[at..];
    let Some(quoted) = rest.strip_prefix(b"\"") else {
        let end = rest.iter().position(|&byte| byte == separator);
        let field = &rest[..end.unwrap_or(rest.len())];
        if field.contains(&b'"') {
            return Err(
                "a quote stands within a field that does not begin with one. Put the field between quotes, and double the quote",
            );
        }
        return Ok(Written {
            span: at..at + field.len(),
            line,
            value: Zeroizing::new(field.to_vec()),
        });
    };
    let length = closing_quote(quoted).ok_or("its quote is not closed. Close it")?;
    if quoted
        .get(length + 1)
        .is_some_and(|&byte| byte != separator)
    {
        return Err("after a closing quote no separator stands. Double the quotes within a field");
    }
    // No more than the field is reserved: what is reserved is wiped.
    let mut value = Zeroizing::new(Vec::with_capacity(length));
    let mut is_doubled = false;
    for &byte in &quoted[..length] {
        is_doubled = byte == b'"' && !is_doubled;
        if !is_doubled {
            value.push(byte);
        }
    }
    Ok(Written {
        span: at..at + length + 2,
        line,
        value,
    })
}

/// Where the quote stands that closes the field.
fn closing_quote(quoted: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += quoted[at..].iter().position(|&byte| byte == b'"')?;
        if quoted.get(at + 1) != Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}
