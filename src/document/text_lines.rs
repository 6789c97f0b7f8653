//! [`TextLines`]: the lines of a file one by one, with their places, however long the file is.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::RowError;

/// The most of one line that is kept, in bytes. The rest is read and dropped.
pub(super) const LONGEST_LINE: usize = 1024 * 1024;

/// What some editors put before a UTF-8 text: U+FEFF.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A reader of lines.
pub(crate) struct TextLines<R> {
    path: PathBuf,
    source: R,
    number: usize,
    offset: u64,
}

/// One line.
pub(crate) struct TextLine {
    /// The first is 1.
    pub(crate) number: usize,
    /// Where it begins in the file, in bytes; the first line after a byte order mark.
    pub(super) start: u64,
    /// With its line end, which the last line may not have.
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Whether it has more bytes than are kept.
    pub(super) is_cut: bool,
}

impl<R: BufRead> TextLines<R> {
    /// The lines of `source`; `path` is for messages.
    pub(crate) fn new(path: &Path, source: R) -> Self {
        Self {
            path: path.to_owned(),
            source,
            number: 0,
            offset: 0,
        }
    }

    /// The next line, cut if it is too long; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<TextLine>, RowError> {
        self.read().map_err(|reason| RowError::Unreadable {
            path: self.path.clone(),
            reason,
        })
    }

    /// The next line that is not blank, all of it; none at the end.
    #[cfg(feature = "password")]
    pub(crate) fn next_whole(&mut self) -> Result<Option<TextLine>, RowError> {
        while let Some(line) = self.next()? {
            if line.is_cut {
                return Err(RowError::TooLong {
                    at: super::Place {
                        document: self.path.clone(),
                        line: line.number,
                    },
                });
            }
            if !line.text().trim_ascii().is_empty() {
                return Ok(Some(line));
            }
        }
        Ok(None)
    }

    fn read(&mut self) -> io::Result<Option<TextLine>> {
        let start = self.offset;
        let mut bytes = Zeroizing::new(Vec::with_capacity(256));
        let mut is_cut = false;
        loop {
            let buffer = self.source.fill_buf()?;
            let end = buffer.iter().position(|&byte| byte == b'\n');
            let piece = &buffer[..end.map_or(buffer.len(), |end| end + 1)];
            let room = LONGEST_LINE - bytes.len().min(LONGEST_LINE);
            let kept = &piece[..piece.len().min(room)];
            is_cut |= kept.len() < piece.len();
            append(&mut bytes, kept);
            let length = piece.len();
            self.source.consume(length);
            self.offset += length as u64;
            if end.is_some() || length == 0 {
                break;
            }
        }
        if self.offset == start {
            return Ok(None);
        }
        self.number += 1;
        let is_marked = start == 0 && bytes.starts_with(BYTE_ORDER_MARK);
        let skipped = if is_marked { BYTE_ORDER_MARK.len() } else { 0 };
        bytes.drain(..skipped);
        Ok(Some(TextLine {
            number: self.number,
            start: start + skipped as u64,
            bytes,
            is_cut,
        }))
    }
}

impl TextLine {
    /// Without its line end.
    pub(crate) fn text(&self) -> &[u8] {
        let bytes = self.bytes.as_slice();
        let text = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        text.strip_suffix(b"\r").unwrap_or(text)
    }
}

/// Appends, and wipes what the vector leaves behind when it grows.
pub(super) fn append(bytes: &mut Zeroizing<Vec<u8>>, more: &[u8]) {
    if bytes.capacity() - bytes.len() < more.len() {
        let mut larger = Zeroizing::new(Vec::with_capacity(2 * (bytes.len() + more.len())));
        larger.extend_from_slice(bytes);
        *bytes = larger;
    }
    bytes.extend_from_slice(more);
}
