//! [`StorePassword`]: the options that give a store password.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::terminal::{Input, note};
use crate::{Secret, SecretSource};

#[derive(Args)]
pub(super) struct StorePassword {
    /// The store password itself; other users can see it in the list of processes
    #[arg(long, value_name = "PASSWORD", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["storepass_env", "storepass_file"])]
    storepass: Option<String>,

    /// The environment variable that holds the store password
    #[arg(long = "storepass:env", id = "storepass_env", value_name = "NAME")]
    #[arg(conflicts_with = "storepass_file")]
    storepass_env: Option<String>,

    /// The file whose first line is the store password
    #[arg(long = "storepass:file", id = "storepass_file", value_name = "FILE")]
    storepass_file: Option<PathBuf>,
}

impl StorePassword {
    /// The password, asked for where no option gives it.
    pub(super) fn read(&self, input: &mut Input) -> Result<Secret, Failure> {
        match self.given()? {
            Some(password) => Ok(password),
            None => input.secret("Enter keystore password:  ", "the store password"),
        }
    }

    /// The password, if an option gives it.
    pub(super) fn given(&self) -> Result<Option<Secret>, Failure> {
        if self.storepass.is_some() {
            warn_of_visible_password();
        }
        Ok(self.source().map(|source| source.read()).transpose()?)
    }

    /// Where the password comes from, for a service that reads it later.
    pub(super) fn source(&self) -> Option<SecretSource> {
        if let Some(password) = &self.storepass {
            let password = Secret::copied_from(password.as_bytes());
            return Some(SecretSource::Inline(password));
        }
        let variable = self.storepass_env.clone().map(SecretSource::Environment);
        variable.or_else(|| self.storepass_file.clone().map(SecretSource::File))
    }
}

pub(super) fn warn_of_visible_password() {
    if io::stderr().is_terminal() {
        note(
            "warning: other users can see a password on the command line; \
             -storepass:env NAME and -storepass:file FILE keep it to yourself",
        );
    }
}
