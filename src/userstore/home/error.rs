//! [`HomeError`]: why a WSO2 home cannot be read, and what to do.

use std::path::PathBuf;

use thiserror::Error;

use crate::document::{DocumentError, Place};

/// Why the configuration of a WSO2 server cannot be read. No message holds a value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HomeError {
    /// One of its documents cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The directory is no WSO2 home.
    #[error(
        "{}: there is neither repository/conf/deployment.toml nor repository/conf/carbon.xml. \
         Name the directory that the server was unpacked to",
        home.display()
    )]
    NoConfiguration {
        /// The directory.
        home: PathBuf,
    },
    /// A reference to something that is not there.
    #[error(
        "{at}: {setting} refers to the {kind} {target}, which is not set. Set it, or correct {setting}"
    )]
    LeadsNowhere {
        /// File and line.
        at: Place,
        /// The setting with the reference.
        setting: String,
        /// What it refers to.
        kind: &'static str,
        /// Its name.
        target: String,
    },
    /// References that lead back to where they began.
    #[error(
        "{at}: these settings refer to one another in a circle: {path}. Give one of them a value"
    )]
    Circle {
        /// File and line of the first; the file alone where that is a default.
        at: String,
        /// The settings.
        path: String,
    },
    /// A secret where the server needs a plain value.
    #[error(
        "{at}: {setting} is $secret{{{alias}}}, and Secure Vault needs it itself. Write the value"
    )]
    SecretNotAllowed {
        /// File and line.
        at: String,
        /// The setting.
        setting: String,
        /// The alias.
        alias: String,
    },
    /// A secret as a part of a password.
    #[error(
        "{at}: {setting} has $secret{{{alias}}} within other text. Make the whole value one secret"
    )]
    SecretWithinText {
        /// File and line.
        at: Place,
        /// The setting.
        setting: String,
        /// The alias.
        alias: String,
    },
    /// A number or a date where text belongs.
    #[error("{at}: {setting} is no text. Put the value between quotes")]
    NotText {
        /// File and line.
        at: Place,
        /// The setting.
        setting: String,
    },
    /// References that come to more text than any setting has.
    #[error("{at}: the references of {setting} come to more than 65536 bytes. Correct them")]
    TooLong {
        /// File and line.
        at: Place,
        /// The setting.
        setting: String,
    },
    /// A keystore without something that it must have.
    #[error("{}: the keystore has no {element}. Add it to {path}", document.display())]
    Incomplete {
        /// `carbon.xml`.
        document: PathBuf,
        /// The element that is missing.
        element: &'static str,
        /// Where it belongs.
        path: &'static str,
    },
}
