//! [`Failure`]: a message for the user, and the exit code that goes with it.

use std::fmt;
use std::io;
use std::process::ExitCode;

use crate::document::DocumentError;
use crate::keystore::{KeystoreError, KeystoreFileError};
use crate::secret::SecretSourceError;
use crate::service::ServiceError;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) struct Failure {
    /// What is wrong and what to do; empty when everything has been said.
    message: String,
    code: u8,
}

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const MISSING: u8 = 3;

impl Failure {
    /// It failed: exit code 1.
    pub(super) fn new(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
            code: FAILED,
        }
    }

    /// The command line cannot be followed: exit code 2.
    pub(super) fn usage(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
            code: USAGE,
        }
    }

    /// Something asked for does not exist: exit code 3.
    pub(super) fn missing(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
            code: MISSING,
        }
    }

    /// The output has said it already.
    pub(super) fn silent() -> Self {
        Self::new("")
    }

    /// Prints the message to standard error.
    pub(super) fn report(&self) -> ExitCode {
        if !self.message.is_empty() {
            eprintln!("keyward: {}", self.message);
        }
        ExitCode::from(self.code)
    }
}

impl From<KeystoreFileError> for Failure {
    fn from(error: KeystoreFileError) -> Self {
        match &error {
            KeystoreFileError::Missing { .. }
            | KeystoreFileError::Keystore {
                error: KeystoreError::NoSuchAlias { .. },
                ..
            } => Self::missing(error),
            _ => Self::new(error),
        }
    }
}

impl From<SecretSourceError> for Failure {
    fn from(error: SecretSourceError) -> Self {
        match &error {
            SecretSourceError::UnreadableFile { reason, .. }
                if reason.kind() == io::ErrorKind::NotFound =>
            {
                Self::missing(error)
            }
            _ => Self::new(error),
        }
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        match &error {
            DocumentError::Missing { .. } => Self::missing(error),
            _ => Self::new(error),
        }
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        if error.is_missing() {
            return Self::missing(error);
        }
        Self::new(error)
    }
}

impl From<io::Error> for Failure {
    /// Writing to standard output failed. That its reader has gone needs no message.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::silent();
        }
        Self::new(format!("cannot write to standard output: {error}"))
    }
}
