//! `java.util.Properties` files.
//!
//! The first character that is not blank decides on a line: `#` and `!` make it a comment, unless the line before
//! ended with a backslash. A secret is escaped so that it means the same in a key and in a value, at their beginning
//! and within: blanks, `:`, `=`, `#`, `!` and `\` get a backslash; what is not printable ASCII is `\uXXXX`, which
//! holds whether the file is read as ISO 8859-1 or as UTF-8.
//!
//! Source: java.util.Properties.load and store (JDK 17).

use std::fmt::Write as _;

use super::fragment::{Context, Defect, Fragment, Scanner, Step};

pub(super) fn fragments(text: &str) -> Result<Vec<Fragment<'_>>, Defect> {
    let mut scanner = Scanner::new(text);
    let (mut at_start, mut continued, mut in_comment) = (true, false, false);
    loop {
        match scanner.peek() {
            Step::End => return Ok(scanner.finish()),
            Step::Character('#' | '!') if at_start && !continued => {
                in_comment = true;
                scanner.pass_line();
            }
            Step::Character('\n' | '\r') => {
                // A comment is never continued.
                continued = !in_comment && is_escaped(scanner.passed());
                (at_start, in_comment) = (true, false);
                scanner.pass();
                if scanner.passed().ends_with('\r') && scanner.rest().starts_with('\n') {
                    scanner.pass();
                }
            }
            Step::Character(character) => {
                at_start &= matches!(character, ' ' | '\t' | '\u{c}');
                scanner.pass();
            }
            Step::Placeholder if is_escaped(scanner.passed()) => {
                return Err(scanner.defect(
                    "a backslash before the placeholder would change the secret. Remove it, or write $${secret: for a literal text",
                ));
            }
            Step::Placeholder => {
                at_start = false;
                scanner.pass_placeholder(Context::Properties)?;
            }
        }
    }
}

/// Whether an odd number of backslashes stands at the end.
pub(super) fn is_escaped(passed: &str) -> bool {
    let backslashes = passed.bytes().rev().take_while(|&byte| byte == b'\\');
    backslashes.count() % 2 == 1
}

pub(super) fn write(secret: &str, output: &mut String) {
    for character in secret.chars() {
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
