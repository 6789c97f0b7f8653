//! [`LogicalLine`]: one entry's line, and those that continue it.

use std::ops::Range;

/// Where a key and its value stand in a file.
pub(super) struct LogicalLine {
    /// The line where it begins; the first is 1.
    pub(super) number: usize,
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
    /// What joins it to the lines that continue it: from a backslash to the next line's first character. In order.
    joints: Vec<Range<usize>>,
}

impl LogicalLine {
    /// The bytes of `span` without what joins lines.
    pub(super) fn content_of<'b>(
        &'b self,
        bytes: &'b [u8],
        span: &Range<usize>,
    ) -> impl Iterator<Item = u8> + 'b {
        let offsets = span.clone().filter(|&offset| !self.is_joint(offset));
        offsets.map(|offset| bytes[offset])
    }

    fn is_joint(&self, offset: usize) -> bool {
        let behind = self.joints.partition_point(|joint| joint.start <= offset);
        behind > 0 && self.joints[behind - 1].contains(&offset)
    }
}

/// Every entry's line.
pub(super) fn lines(bytes: &[u8]) -> Vec<LogicalLine> {
    let mut cursor = Cursor {
        bytes,
        offset: 0,
        number: 1,
    };
    let mut lines = Vec::new();
    while cursor.offset < bytes.len() {
        cursor.pass_blanks();
        match cursor.peek() {
            None => break,
            Some(b'\r' | b'\n') => cursor.pass_line_end(),
            Some(b'#' | b'!') => cursor.pass_comment(),
            Some(_) => lines.extend(cursor.logical_line()),
        }
    }
    lines
}

struct Cursor<'b> {
    bytes: &'b [u8],
    offset: usize,
    number: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.offset).copied()
    }

    fn pass_blanks(&mut self) {
        while self.peek().is_some_and(is_blank) {
            self.offset += 1;
        }
    }

    fn pass_line_end(&mut self) {
        let is_pair = self.bytes[self.offset..].starts_with(b"\r\n");
        self.offset += if is_pair { 2 } else { 1 };
        self.number += 1;
    }

    fn pass_comment(&mut self) {
        while self.peek().is_some_and(|byte| !is_line_end(byte)) {
            self.offset += 1;
        }
    }

    /// None for a line that is nothing but what joins lines.
    fn logical_line(&mut self) -> Option<LogicalLine> {
        let (start, number) = (self.offset, self.number);
        let joints = self.pass_content();
        let mut line = LogicalLine {
            number,
            key: start..start,
            value: self.offset..self.offset,
            joints,
        };
        let content: Vec<usize> = (start..self.offset)
            .filter(|&offset| !line.is_joint(offset))
            .collect();
        let first = *content.first()?;
        let key_end = self.end_of_key(&content);
        let value_start = self.start_of_value(&content, key_end);
        let at = |index: usize| content.get(index).copied().unwrap_or(self.offset);
        line.key = first..at(key_end);
        line.value = at(value_start)..self.offset;
        Some(line)
    }

    /// Passes the line and those that continue it; returns what joins them.
    fn pass_content(&mut self) -> Vec<Range<usize>> {
        let mut joints = Vec::new();
        while let Some(byte) = self.peek() {
            if is_line_end(byte) {
                break;
            }
            self.offset += 1;
            if byte != b'\\' {
                continue;
            }
            match self.peek() {
                Some(next) if is_line_end(next) => {
                    let start = self.offset - 1;
                    self.pass_line_end();
                    self.pass_blanks();
                    joints.push(start..self.offset);
                }
                Some(_) => self.offset += 1,
                None => {}
            }
        }
        joints
    }

    /// Index of the first blank, `=` or `:` that is not escaped.
    fn end_of_key(&self, content: &[usize]) -> usize {
        let mut index = 0;
        while let Some(&offset) = content.get(index) {
            match self.bytes[offset] {
                b'\\' => index += 2,
                byte if is_blank(byte) || matches!(byte, b'=' | b':') => return index,
                _ => index += 1,
            }
        }
        content.len()
    }

    /// Behind blanks, one `=` or `:`, and blanks.
    fn start_of_value(&self, content: &[usize], key_end: usize) -> usize {
        let byte = |index: usize| content.get(index).map(|&offset| self.bytes[offset]);
        let mut index = key_end;
        while byte(index).is_some_and(is_blank) {
            index += 1;
        }
        if matches!(byte(index), Some(b'=' | b':')) {
            index += 1;
        }
        while byte(index).is_some_and(is_blank) {
            index += 1;
        }
        index
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0C)
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
