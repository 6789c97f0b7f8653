//! [`FileName`]: the name of a file in a tree.
//!
//! What begins with `..` is the layout's own, as in Kubernetes.

use std::str::FromStr;

use thiserror::Error;

/// Bytes of the longest file name (`NAME_MAX` of Linux's file systems).
const LONGEST: usize = 255;

/// A name that a file in a tree can have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileName(String);

/// Why a text cannot be the name of a file in a tree.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileNameError {
    /// There is not one character.
    #[error("is empty")]
    Empty,
    /// It would lead to another directory.
    #[error("holds a /; every file is in the directory itself")]
    Slash,
    /// A NUL ends a name.
    #[error("holds a NUL")]
    Nul,
    /// It is the directory itself, or one of the layout's names.
    #[error("is . or begins with .., as the layout's own names do")]
    Dots,
    /// No file system takes it.
    #[error("has more than {LONGEST} bytes")]
    TooLong,
}

impl FileName {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FileName {
    type Err = FileNameError;

    fn from_str(text: &str) -> Result<Self, FileNameError> {
        if text.is_empty() {
            return Err(FileNameError::Empty);
        }
        if text.contains('/') {
            return Err(FileNameError::Slash);
        }
        if text.contains('\0') {
            return Err(FileNameError::Nul);
        }
        if text == "." || text.starts_with("..") {
            return Err(FileNameError::Dots);
        }
        if text.len() > LONGEST {
            return Err(FileNameError::TooLong);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_spring_keycloak_and_docker_are_names() {
        for text in [
            "spring.datasource.password",
            "my__realm_smtp",
            ".hidden",
            "Größe 1",
        ] {
            assert_eq!(text.parse::<FileName>().unwrap().as_str(), text);
        }
        assert!("x".repeat(255).parse::<FileName>().is_ok());
    }

    #[test]
    fn what_leads_elsewhere_is_no_name() {
        let parse = |text: &str| text.parse::<FileName>().unwrap_err();
        assert_eq!(parse(""), FileNameError::Empty);
        assert_eq!(parse("a/b"), FileNameError::Slash);
        assert_eq!(parse("/etc/passwd"), FileNameError::Slash);
        assert_eq!(parse("a\0"), FileNameError::Nul);
        for text in [".", "..", "..data", "..x"] {
            assert_eq!(parse(text), FileNameError::Dots);
        }
        assert_eq!(parse(&"x".repeat(256)), FileNameError::TooLong);
    }
}
