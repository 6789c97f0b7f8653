//! `keyward password verify`: whether a password is the one that was stored.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::batch;
use super::dialect_option::DialectOption;
use super::directory_options::DirectoryOptions;
use super::user_file::UserFile;
use super::verify_file;
use crate::cli::failure::Failure;
use crate::cli::terminal::Input;

/// Check a password against a stored one
#[derive(Args)]
#[command(
    after_help = "The password is asked for without echo, or is the first line of standard input; without STORED that line is the \
                  stored password, and the password the second.\n\
                  A batch has a JSON object a line: {\"stored\": …, \"password\": …, \"dialect\": …}, for Keycloak \
                  \"credentialData\" and \"secretData\" in place of \"stored\"; a JSON line each is the answer.\n\
                  With --file the password is checked against every stored one of the file.\n\
                  Exit codes: 0 it is right, 1 it is wrong or cannot be judged; of a batch or file, 1 if a line is wrong or cannot be judged."
)]
pub(super) struct Verify {
    /// The stored password
    #[arg(value_name = "STORED")]
    stored: Option<String>,

    #[command(flatten)]
    dialect: DialectOption,

    #[command(flatten)]
    directory: DirectoryOptions,

    #[command(flatten)]
    users: UserFile,

    /// A file of JSON lines, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stored", "file"])]
    batch: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Verdict {
    ok: bool,
    scheme: &'static str,
}

impl Verify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let conventions = self.directory.conventions(self.dialect.dialect)?;
        if let Some(path) = &self.batch {
            return batch::verify(path, &conventions);
        }
        let mut input = Input::standard();
        if self.users.is_given() {
            let password = input.secret("Enter the password:  ", "the password")?;
            return verify_file::run(&self.users, &conventions, &password, self.json);
        }
        let stored = match self.stored {
            Some(stored) => stored,
            None => input.text("Stored password:  ", "the stored password")?,
        };
        let stored = conventions.recognise(&stored)?;
        let password = input.secret("Enter the password:  ", "the password")?;
        let ok = stored.verify(&password)?;
        let scheme = stored.scheme();
        let mut output = io::stdout().lock();
        if self.json {
            let verdict = Verdict {
                ok,
                scheme: scheme.name,
            };
            serde_json::to_writer(&mut output, &verdict).map_err(io::Error::from)?;
            writeln!(output)?;
        } else if ok {
            writeln!(output, "{}: the password is right", scheme.name)?;
        }
        output.flush()?;
        if ok {
            return Ok(());
        }
        if self.json {
            return Err(Failure::silent());
        }
        Err(Failure::new(format!(
            "{}: the password is wrong",
            scheme.name
        )))
    }
}
