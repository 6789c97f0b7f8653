//! `java.util.Properties` files.
//!
//! The first character that is not blank decides on a line: `#` and `!` make it a comment, unless the line before
//! ended with a backslash. The document room writes the escapes.
//!
//! Source: java.util.Properties.load and store (JDK 17).

use super::fragment::{Context, Defect, Fragment, Scanner, Step};
pub(super) use crate::document::write_property as write;

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
