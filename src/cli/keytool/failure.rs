//! [`Failure`]: the ways in which a keytool command ends before it is done.

use std::fmt;
use std::io;
use std::process::ExitCode;

use super::command::Command;
use super::help;
use crate::keystore::{KeystoreError, KeystoreFileError, StoreType};
use crate::safe_file::SafeFileError;

/// The number that every system has for "No such file or directory".
const NO_SUCH_FILE: i32 = 2;

/// Why a command ended early. keytool knows the exit codes 0 and 1 only.
#[derive(Debug)]
pub(super) enum Failure {
    /// `keytool error: EXCEPTION: MESSAGE` on standard output, exit code 1. Scripts look for it there.
    Error {
        exception: &'static str,
        message: String,
    },
    /// The message and the help on standard error, exit code 1.
    Usage {
        message: String,
        command: Option<Command>,
    },
    /// Too many wrong answers: that has been said, and keytool's exit code for it is 0.
    GivenUp,
    /// Standard input cannot be read.
    Input(crate::cli::failure::Failure),
    /// Nobody reads what is written.
    Unread,
}

impl Failure {
    /// An error of keytool's own, which is a plain `java.lang.Exception`.
    pub(super) fn new(message: impl fmt::Display) -> Self {
        Self::of("java.lang.Exception", message)
    }

    /// An error under Java's name for it.
    pub(super) fn of(exception: &'static str, message: impl fmt::Display) -> Self {
        Self::Error {
            exception,
            message: message.to_string(),
        }
    }

    /// Something that keytool does and keyward does not.
    pub(super) fn unsupported(message: impl fmt::Display) -> Self {
        Self::of("java.lang.UnsupportedOperationException", message)
    }

    /// A new entry that cannot be encrypted as it was asked for.
    pub(super) fn of_protection(reason: &str) -> Self {
        Self::of(
            "java.security.KeyStoreException",
            format!(
                "Key protection algorithm not found: \
                 java.security.UnrecoverableKeyException: Encrypt Private Key failed: {reason}"
            ),
        )
    }

    /// A file that cannot be read or written, in Java's words.
    pub(super) fn of_file(name: &str, reason: &io::Error) -> Self {
        let text = reason.to_string();
        let text = text.split(" (os error").next().unwrap_or(&text);
        Self::of("java.io.FileNotFoundException", format!("{name} ({text})"))
    }

    pub(super) fn no_such_alias(alias: &str) -> Self {
        Self::new(format!("Alias <{alias}> does not exist"))
    }

    /// A file error in keytool's words, `name` being the file as the user wrote it.
    pub(super) fn of_keystore_file(name: &str, error: KeystoreFileError) -> Self {
        match error {
            KeystoreFileError::Missing { .. } => {
                Self::new(format!("Keystore file does not exist: {name}"))
            }
            KeystoreFileError::Unreadable { reason, .. }
            | KeystoreFileError::Replace(SafeFileError::Step { reason, .. })
                if is_about_the_path(&reason) =>
            {
                Self::of_file(name, &reason)
            }
            KeystoreFileError::Keystore { error, .. } => Self::of_keystore(error),
            other => Self::of("java.io.IOException", other),
        }
    }

    /// As [`Self::of_keystore_file`] for a keystore that is only read.
    pub(super) fn of_source_file(name: &str, error: KeystoreFileError) -> Self {
        match error {
            KeystoreFileError::Missing { .. } => {
                Self::of_file(name, &io::Error::from_raw_os_error(NO_SUCH_FILE))
            }
            KeystoreFileError::Unreadable { reason, .. } => Self::of_file(name, &reason),
            other => Self::of_keystore_file(name, other),
        }
    }

    /// What is wrong with a keystore or with one entry of it, in keytool's words where it has any.
    pub(super) fn of_keystore(error: KeystoreError) -> Self {
        match error {
            KeystoreError::NoSuchAlias { alias } => Self::no_such_alias(alias.as_str()),
            KeystoreError::NoSecretsInJks => Self::of(
                "java.security.KeyStoreException",
                "Cannot store non-PrivateKeys",
            ),
            KeystoreError::NoKeyIdentifier { algorithm } => Self::of(
                "java.security.KeyStoreException",
                format!(
                    "Key protection algorithm not found: java.security.NoSuchAlgorithmException: \
                     unrecognized algorithm name: {algorithm}"
                ),
            ),
            KeystoreError::NoProtection {
                algorithm,
                store_type: StoreType::Pkcs12,
            } => Self::of_protection(&format!(
                "getPBEAlgorithmParameters failed: {algorithm} AlgorithmParameters not available"
            )),
            KeystoreError::NoProtection { .. } => Self::of(
                "java.security.KeyStoreException",
                "unsupported password protection algorithm",
            ),
            KeystoreError::WrongKeyPassword { .. } => Self::of(
                "java.security.UnrecoverableKeyException",
                "Given final block not properly padded. Such issues can arise if a bad key is used during decryption.",
            ),
            other => Self::of("java.io.IOException", other),
        }
    }

    /// Tells the user, and gives the exit code.
    pub(super) fn report(&self) -> ExitCode {
        match self {
            Self::Error { exception, message } => println!("keytool error: {exception}: {message}"),
            Self::Usage { message, command } => {
                eprintln!("{message}");
                eprint!("{}", help::text(*command));
            }
            Self::GivenUp => return ExitCode::SUCCESS,
            Self::Input(failure) => return failure.report(),
            Self::Unread => {}
        }
        ExitCode::FAILURE
    }
}

/// Errors for which Java says that the file was not found, whatever the reason.
fn is_about_the_path(reason: &io::Error) -> bool {
    matches!(
        reason.kind(),
        io::ErrorKind::NotFound
            | io::ErrorKind::PermissionDenied
            | io::ErrorKind::IsADirectory
            | io::ErrorKind::NotADirectory
            | io::ErrorKind::ReadOnlyFilesystem
    )
}

impl From<crate::cli::failure::Failure> for Failure {
    fn from(failure: crate::cli::failure::Failure) -> Self {
        Self::Input(failure)
    }
}

impl fmt::Display for Failure {
    /// As Java prints an exception in the middle of a sentence.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error { exception, message } => write!(formatter, "{exception}: {message}"),
            Self::Usage { message, .. } => formatter.write_str(message),
            Self::GivenUp | Self::Input(_) | Self::Unread => formatter.write_str("no answer"),
        }
    }
}

impl From<SafeFileError> for Failure {
    fn from(error: SafeFileError) -> Self {
        Self::of("java.io.IOException", error)
    }
}

impl From<io::Error> for Failure {
    /// Writing to standard output failed. That its reader has gone needs no message.
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::Unread;
        }
        Self::of("java.io.IOException", error)
    }
}
