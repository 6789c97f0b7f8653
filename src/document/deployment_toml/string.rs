//! TOML strings and keys as they are written. Source: TOML 1.1, "String" and "Keys".

use std::fmt::Write as _;

use zeroize::Zeroizing;

/// The most that one character takes: `\u001F`, or four bytes of UTF-8.
const LONGEST_ESCAPE: usize = 6;

/// `value` as a string; between the same quotes as `old` where they can hold it.
pub(super) fn quoted_like(old: &str, value: &str) -> Zeroizing<String> {
    let is_literal = old.starts_with('\'') && !old.starts_with("'''");
    if is_literal && !value.contains(|c: char| c == '\'' || c.is_control()) {
        return Zeroizing::new(format!("'{value}'"));
    }
    let mut text = Zeroizing::new(String::with_capacity(2 + value.len() * LONGEST_ESCAPE));
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            // Writing to a string does not fail.
            _ if character.is_control() => drop(write!(*text, "\\u{:04X}", u32::from(character))),
            _ => text.push(character),
        }
    }
    text.push('"');
    text
}

/// `key` as one key: a dot in it must not divide it.
pub(super) fn bare_or_quoted(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_bare) {
        return key.to_owned();
    }
    quoted_like("", key).to_string()
}
