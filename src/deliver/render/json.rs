//! JSON files.
//!
//! Within a string a secret is escaped; in the place of a whole value it becomes a string. The rendered text is parsed
//! once, so that a placeholder anywhere else is an error.
//!
//! Source: RFC 8259, section 7.

use std::fmt::Write as _;

use serde::de::IgnoredAny;

use super::fragment::{Context, Defect, Fragment, Scanner, Step};
use super::properties::is_escaped;

pub(super) fn fragments(text: &str) -> Result<Vec<Fragment<'_>>, Defect> {
    let mut scanner = Scanner::new(text);
    let mut in_string = false;
    loop {
        match scanner.peek() {
            Step::End => return Ok(scanner.finish()),
            Step::Character('"') => {
                if !in_string || !is_escaped(scanner.passed()) {
                    in_string = !in_string;
                }
                scanner.pass();
            }
            Step::Character(_) => scanner.pass(),
            Step::Placeholder if is_escaped(scanner.passed()) => {
                return Err(scanner.defect(
                    "a backslash before the placeholder would change the secret. Remove it, or write $${secret: for a literal text",
                ));
            }
            Step::Placeholder if in_string => scanner.pass_placeholder(Context::JsonString)?,
            Step::Placeholder => scanner.pass_placeholder(Context::JsonValue)?,
        }
    }
}

pub(super) fn write(secret: &str, output: &mut String) {
    for character in secret.chars() {
        match character {
            '"' | '\\' => output.extend(['\\', character]),
            '\n' => output.push_str("\\n"),
            '\r' => output.push_str("\\r"),
            '\t' => output.push_str("\\t"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                // Writing to a string does not fail.
                let _ = write!(output, "\\u{:04x}", u32::from(character));
            }
            _ => output.push(character),
        }
    }
}

/// The parser's words do not quote the text.
pub(super) fn defect_of(output: &str) -> Option<String> {
    let error = serde_json::from_str::<IgnoredAny>(output).err()?;
    let (line, column) = (error.line(), error.column());
    Some(format!("not JSON at line {line}, column {column}"))
}
