//! The escapes of properties files, both ways.
//!
//! What is written means the same in a key and in a value, at their beginning and within: blanks, `:`, `=`, `#`, `!` and
//! `\` get a backslash; what is not printable ASCII is `\uXXXX`, which holds whether the file is read as ISO 8859-1 or
//! as UTF-8.

use std::fmt::Write as _;

use zeroize::Zeroizing;

/// Appends `text`, escaped.
pub(crate) fn write(text: &str, output: &mut String) {
    for character in text.chars() {
        match character {
            ' ' | ':' | '=' | '#' | '!' | '\\' => output.extend(['\\', character]),
            '\t' => output.push_str("\\t"),
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '!'..='~' => output.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string does not fail.
                    let _ = write!(output, "\\u{unit:04X}");
                }
            }
        }
    }
}

/// What escaped ISO 8859-1 means; none where `\u` is not followed by four hexadecimal digits.
pub(super) fn unescaped(written: impl Iterator<Item = u8>) -> Option<Zeroizing<String>> {
    let mut written = written;
    let mut units = Zeroizing::new(Vec::new());
    while let Some(byte) = written.next() {
        let unit = match byte {
            // A backslash at the very end means nothing.
            b'\\' => match written.next() {
                None => break,
                Some(b't') => u16::from(b'\t'),
                Some(b'n') => u16::from(b'\n'),
                Some(b'r') => u16::from(b'\r'),
                Some(b'f') => 0x0C,
                Some(b'u') => four_digits(&mut written)?,
                Some(other) => u16::from(other),
            },
            byte => u16::from(byte),
        };
        push(&mut units, unit);
    }
    let characters = char::decode_utf16(units.iter().copied());
    let mut text = Zeroizing::new(String::with_capacity(3 * units.len()));
    // A lone surrogate is no character: Java keeps it, and writes it as a question mark.
    text.extend(characters.map(|character| character.unwrap_or('?')));
    Some(text)
}

/// Appends without leaving an unwiped copy behind when the list grows.
fn push(units: &mut Zeroizing<Vec<u16>>, unit: u16) {
    if units.len() == units.capacity() {
        let mut grown = Zeroizing::new(Vec::with_capacity(2 * units.capacity().max(128)));
        grown.extend_from_slice(units);
        *units = grown;
    }
    units.push(unit);
}

fn four_digits(written: &mut impl Iterator<Item = u8>) -> Option<u16> {
    (0..4).try_fold(0, |unit, _| {
        let digit = char::from(written.next()?).to_digit(16)?;
        Some(unit * 16 + u16::try_from(digit).ok()?)
    })
}
