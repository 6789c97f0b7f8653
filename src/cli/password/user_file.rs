//! [`UserFile`]: the options for a file of many users, and [`UserValue`]: each stored password in it.

use std::fmt;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args;
use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::cli::terminal::visible;
use crate::document::{Field, Row, RowFormat, Rows, Wanted};
use crate::password::keycloak_row;

/// Where a user's name and stored password are found. `stored` is before `password`, which then is the clear one.
const WANTED: Wanted<'static> = Wanted {
    names: &[
        "username", "user", "dn", "userid", "uid", "login", "email", "name", "id",
    ],
    values: &[
        "stored",
        "password",
        "userPassword",
        "authPassword",
        "credentialData",
        "secretData",
        "credential_data",
        "secret_data",
    ],
};
/// Where a password in the clear is found.
const CLEAR: Wanted<'static> = Wanted {
    names: WANTED.names,
    values: &["password", "userPassword"],
};

#[derive(Args)]
pub(super) struct UserFile {
    /// A file of many users, or - for standard input: LDIF with userPassword or authPassword, CSV with the columns
    /// username and password, or JSON lines with these members
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// The file's format: ldif, csv or jsonl [default: what its ending tells]
    #[arg(long, value_name = "FORMAT", requires = "file")]
    format: Option<RowFormat>,
}

/// A stored password of a user.
pub(super) struct UserValue {
    /// The line where it begins; the first is 1.
    pub(super) line: usize,
    /// The DN or the user.
    pub(super) name: String,
    /// The attribute, column or member.
    pub(super) attribute: String,
    /// The stored text, if it is UTF-8.
    pub(super) stored: Option<Zeroizing<String>>,
}

impl UserFile {
    /// Whether a file is asked for.
    pub(super) fn is_given(&self) -> bool {
        self.file.is_some()
    }

    /// Why a file without any stored password is a failure.
    pub(super) fn without_values(&self) -> Failure {
        self.without(
            "no stored password",
            "An LDIF entry has userPassword or authPassword; a CSV record or JSON line has password, stored, or credentialData with \
             secretData",
        )
    }

    /// Why a file without any password in the clear is a failure.
    pub(super) fn without_clear_values(&self) -> Failure {
        self.without(
            "no password",
            "An LDIF entry has userPassword; a CSV record or JSON line has password",
        )
    }

    fn without(&self, what: &str, where_it_stands: &str) -> Failure {
        let path = self.file.as_deref().unwrap_or(Path::new("-"));
        Failure::new(format!(
            "{}: {what} in it. Is it the right file? {where_it_stands}",
            path.display()
        ))
    }

    /// Calls `each` for every stored password, one after the other. On a terminal the progress is shown, where the
    /// output does not show it.
    pub(super) fn for_each(
        &self,
        each: impl FnMut(UserValue) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.for_each_of(WANTED, each)
    }

    /// As [`Self::for_each`], for passwords in the clear.
    pub(super) fn for_each_clear(
        &self,
        each: impl FnMut(UserValue) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.for_each_of(CLEAR, each)
    }

    fn for_each_of(
        &self,
        wanted: Wanted<'_>,
        mut each: impl FnMut(UserValue) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Some(path) = &self.file else {
            return Ok(());
        };
        let mut progress = (!io::stdout().is_terminal()).then(|| Progress::counting("read"));
        for row in Rows::open(path, self.format, wanted)? {
            for value in values(row?) {
                each(value)?;
                if let Some(progress) = &mut progress {
                    progress.step();
                }
            }
        }
        Ok(())
    }
}

/// The stored passwords of a row; Keycloak's two columns are one.
fn values(row: Row) -> Vec<UserValue> {
    let Row { name, fields, .. } = row;
    let called = |names: &[&str]| {
        let mut fields = fields.iter();
        let is_called = |field: &&Field| {
            names
                .iter()
                .any(|name| field.name().eq_ignore_ascii_case(name))
        };
        fields.find(is_called)
    };
    let value = |field: &Field, stored| UserValue {
        line: field.line,
        name: name.clone(),
        attribute: field.attribute.clone(),
        stored,
    };
    let credential = called(&["credentialData", "credential_data"]);
    let secret = called(&["secretData", "secret_data"]);
    if let Some((credential, secret)) = credential.zip(secret) {
        let texts = credential
            .value
            .expose_text()
            .ok()
            .zip(secret.value.expose_text().ok());
        let stored = texts.map(|(credential, secret)| keycloak_row(credential, secret).into());
        return vec![value(credential, stored)];
    }
    if let Some(stored) = called(&["stored"]) {
        return vec![value(stored, text(stored))];
    }
    fields
        .iter()
        .map(|field| value(field, text(field)))
        .collect()
}

fn text(field: &Field) -> Option<Zeroizing<String>> {
    let text = field.value.expose_text().ok()?;
    Some(text.to_owned().into())
}

/// Line, name and attribute, fit for a terminal.
impl fmt::Display for UserValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, attribute) = (visible(&self.name), visible(&self.attribute));
        write!(formatter, "line {}, {name}, {attribute}", self.line)
    }
}
