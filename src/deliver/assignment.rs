//! [`Assignment`]: `NAME=alias`, which secret a consumer gets under which name.

use std::str::FromStr;

use thiserror::Error;

/// Which secret a consumer gets under which name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The consumer's name for it: of an environment variable or of a file.
    pub name: String,
    /// The alias in the keystore.
    pub alias: String,
}

/// Why a text is no `NAME=alias`.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssignmentError {
    /// There is no `=`.
    #[error("is not of the form NAME=alias")]
    Form,
    /// Nothing stands before the `=`.
    #[error("has no name before the =")]
    NoName,
    /// Nothing stands behind the `=`.
    #[error("has no alias behind the =")]
    NoAlias,
    /// A name with a NUL is none for a file or a variable.
    #[error("has a NUL in its name")]
    Nul,
}

impl FromStr for Assignment {
    type Err = AssignmentError;

    fn from_str(text: &str) -> Result<Self, AssignmentError> {
        let (name, alias) = text.split_once('=').ok_or(AssignmentError::Form)?;
        if name.is_empty() {
            return Err(AssignmentError::NoName);
        }
        if alias.is_empty() {
            return Err(AssignmentError::NoAlias);
        }
        if name.contains('\0') {
            return Err(AssignmentError::Nul);
        }
        Ok(Self {
            name: name.to_owned(),
            alias: alias.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_equals_sign_divides() {
        let assignment: Assignment = "URL=a=b".parse().unwrap();
        assert_eq!((&*assignment.name, &*assignment.alias), ("URL", "a=b"));
    }

    #[test]
    fn what_has_no_two_halves_is_refused() {
        let parse = |text: &str| text.parse::<Assignment>().unwrap_err();
        assert_eq!(parse("DB_PASS"), AssignmentError::Form);
        assert_eq!(parse("=db1pass"), AssignmentError::NoName);
        assert_eq!(parse("DB_PASS="), AssignmentError::NoAlias);
        assert_eq!(parse("A\0B=x"), AssignmentError::Nul);
    }
}
