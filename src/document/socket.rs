//! [`SocketSettings`]: where the service listens, and [`AllowRule`]: who may read what there.

use std::path::PathBuf;

use super::error::DocumentError;
use super::place::Place;

/// The socket's mode unless the document says otherwise: its owner alone.
pub(super) const DEFAULT_MODE: u32 = 0o600;

/// A Unix socket on which the service listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketSettings {
    /// Its path; a relative one begins at the folder of the document.
    pub path: PathBuf,
    /// Its file mode; 0600 unless the document says otherwise.
    pub mode: u32,
    /// Who may read what. Nothing is allowed that no rule allows.
    pub rules: Vec<AllowRule>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// Aliases that a user or the members of a group may read. A rule without either is for the user
/// who runs the service; none has both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowRule {
    /// A user's name.
    pub user: Option<String>,
    /// A group's name.
    pub group: Option<String>,
    /// Patterns of aliases, in which `*` stands for any characters.
    pub aliases: Vec<String>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// A file mode in octal: `0660`, `660`, `0o660`.
pub(super) fn parse_mode(text: &str, at: Place) -> Result<u32, DocumentError> {
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix("0o").unwrap_or(trimmed);
    let is_octal = digits.bytes().all(|digit| matches!(digit, b'0'..=b'7'));
    match u32::from_str_radix(digits, 8) {
        Ok(mode @ 0..=0o777) if is_octal => Ok(mode),
        _ => Err(DocumentError::Mode {
            at,
            value: trimmed.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(text: &str) -> Result<u32, DocumentError> {
        let at = Place {
            document: PathBuf::from("a.xml"),
            line: 7,
        };
        parse_mode(text, at)
    }

    #[test]
    fn a_mode_is_octal() {
        for text in ["0660", "660", " 0o660 "] {
            assert_eq!(mode(text).unwrap(), 0o660);
        }
        assert_eq!(mode("0").unwrap(), 0);
    }

    #[test]
    fn anything_else_is_reported_with_its_line() {
        for text in ["", "0o", "0680", "+600", "1777", "rw", "99999999999999"] {
            let message = mode(text).unwrap_err().to_string();
            assert!(message.starts_with(&format!("a.xml:7: mode is \"{text}\".")));
        }
    }
}
