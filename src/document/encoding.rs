//! The encoding of a document: its bytes become text.
//!
//! UTF-8, with or without a byte order mark, is what XML has without a declaration. ISO-8859-1 and
//! US-ASCII are read when the declaration names them. Source: XML 1.0, section 4.3.3 and appendix F.

use std::path::Path;

use zeroize::Zeroizing;

use super::error::DocumentError;
use super::place::Place;

/// How far into the file the declaration is looked for, in bytes.
const LONGEST_DECLARATION: usize = 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The text of the document, without its byte order mark.
pub(super) fn decode(path: &Path, bytes: &[u8]) -> Result<Zeroizing<String>, DocumentError> {
    if is_utf16(bytes) {
        return Err(not_read(path, "UTF-16".to_owned()));
    }
    if let Some(rest) = bytes.strip_prefix(BYTE_ORDER_MARK) {
        return decode_utf8(path, rest);
    }
    let Some(encoding) = declared_encoding(bytes) else {
        return decode_utf8(path, bytes);
    };
    match encoding.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => decode_utf8(path, bytes),
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" => {
            Ok(decode_latin1(bytes))
        }
        "us-ascii" | "ascii" => Ok(decode_latin1(bytes)),
        _ => Err(not_read(path, encoding)),
    }
}

/// Where the byte of the document is that the text has at `offset`.
#[cfg(any(feature = "password", feature = "wso2"))]
pub(super) fn position(bytes: &[u8], text: &str, offset: usize) -> usize {
    if bytes.starts_with(BYTE_ORDER_MARK) {
        return BYTE_ORDER_MARK.len() + offset;
    }
    if bytes == text.as_bytes() {
        return offset;
    }
    // One byte is one character.
    text[..offset].chars().count()
}

fn not_read(path: &Path, encoding: String) -> DocumentError {
    DocumentError::Encoding {
        path: path.to_path_buf(),
        encoding,
    }
}

fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, b'<', ..] | [b'<', 0, ..]
    )
}

fn decode_utf8(path: &Path, bytes: &[u8]) -> Result<Zeroizing<String>, DocumentError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(error) => Err(DocumentError::WrongEncoding {
            at: Place {
                document: path.to_path_buf(),
                line: line_of(bytes, error.valid_up_to()),
            },
            encoding: "UTF-8",
        }),
    }
}

fn line_of(bytes: &[u8], offset: usize) -> usize {
    let before = bytes.iter().take(offset);
    1 + before.filter(|&&byte| byte == b'\n').count()
}

fn decode_latin1(bytes: &[u8]) -> Zeroizing<String> {
    // Two bytes of UTF-8 are the most that a byte becomes: the text is never moved in memory.
    let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 2));
    text.extend(bytes.iter().map(|&byte| char::from(byte)));
    text
}

/// The value of `encoding` in `<?xml version="1.0" encoding="…"?>`.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let start = &bytes[..bytes.len().min(LONGEST_DECLARATION)];
    let start = start.strip_prefix(b"<?xml")?;
    let end = start.windows(2).position(|pair| pair == b"?>")?;
    let declaration = String::from_utf8_lossy(&start[..end]);
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (encoding, _) = rest[1..].split_once(quote)?;
    Some(encoding.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(Path::new("a.xml"), bytes).unwrap().to_string()
    }

    fn message(bytes: &[u8]) -> String {
        let error = decode(Path::new("a.xml"), bytes).err().unwrap();
        error.to_string()
    }

    #[test]
    fn utf8_is_read_with_and_without_a_byte_order_mark() {
        assert_eq!(text("<ä/>".as_bytes()), "<ä/>");
        assert_eq!(text(b"\xEF\xBB\xBF<a/>"), "<a/>");
    }

    #[test]
    fn latin1_is_read_when_declared() {
        let bytes = b"<?xml version='1.0' encoding = 'iso-8859-1'?><a>\xE4</a>";
        assert!(text(bytes).ends_with("<a>ä</a>"));
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_reported_with_its_line() {
        let message = message(b"<a>\n\n\xE4</a>");
        assert!(
            message.starts_with("a.xml:3: this line is not UTF-8."),
            "{message}"
        );
    }

    #[test]
    fn other_encodings_are_named() {
        for bytes in [b"\xFF\xFE<\0a\0".as_slice(), b"\0<\0a", b"<\0a\0"] {
            let message = message(bytes);
            assert!(message.contains("the encoding UTF-16 is not read"));
        }
        let message = message(b"<?xml version=\"1.0\" encoding=\"EBCDIC-US\"?><a/>");
        assert!(
            message.contains("the encoding EBCDIC-US is not read"),
            "{message}"
        );
    }
}
