//! `keyward diff`: in what two keystores differ, never a value.

mod comparison;
mod report;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::store_password::StorePassword;
use super::terminal::Input;
use crate::keystore::KeystoreFile;
use crate::{Secret, SecretSource};
use comparison::{Aspects, Comparison, Scope, Side, Values};
use report::{ComparedKeystores, write_text};

/// Show in what two keystores differ, never a value
#[derive(Args)]
#[command(
    after_help = "Entries are compared by alias: kind, algorithm and iterations of the protection, certificates, and whether the \
                  values are the same, which is told by decrypting both and comparing them in constant time. Creation dates, \
                  salts and the order of the entries do not count. A value that cannot be decrypted counts as different.\n\
                  Exit code 0 when they are the same, 1 when they differ.\n\
                  Example: keyward diff old.jceks new.p12 --content-only -storepass:env KEY_PASS"
)]
pub(super) struct Diff {
    /// The first keystore
    #[arg(value_name = "FIRST")]
    first: PathBuf,

    /// The second keystore
    #[arg(value_name = "SECOND")]
    second: PathBuf,

    /// Compare what the keystores hold, not how it is protected: useful after `convert`
    #[arg(long)]
    content_only: bool,

    /// Decrypt nothing: values are not compared unless they are stored as the same bytes
    #[arg(long)]
    quick: bool,

    /// The environment variable that holds the second keystore's password, where it is another
    #[arg(
        long = "other-storepass:env",
        id = "other_storepass_env",
        value_name = "NAME"
    )]
    #[arg(conflicts_with = "other_storepass_file")]
    other_storepass_env: Option<String>,

    /// The file whose first line is the second keystore's password, where it is another
    #[arg(
        long = "other-storepass:file",
        id = "other_storepass_file",
        value_name = "FILE"
    )]
    other_storepass_file: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    password: StorePassword,
}

impl Diff {
    pub(super) fn run(self) -> Result<(), Failure> {
        let other = self.other_storepass_env.map(SecretSource::Environment);
        let other = other.or_else(|| self.other_storepass_file.map(SecretSource::File));
        let password = self.password.read(&mut Input::standard())?;
        let other = match other {
            Some(source) => source.read()?,
            None => Secret::copied_from(password.expose_bytes()),
        };
        let first = open(&self.first, password)?;
        let second = open(&self.second, other)?;
        let scope = Scope {
            aspects: if self.content_only {
                Aspects::ContentOnly
            } else {
                Aspects::All
            },
            values: if self.quick {
                Values::LeftOut
            } else {
                Values::Compared
            },
        };
        let comparison = Comparison::of(&first, &second, scope);
        let types = [&first, &second].map(|side| side.store.store_type());
        let mut output = io::stdout().lock();
        if self.json {
            let paths = [self.first.as_path(), self.second.as_path()];
            let compared = ComparedKeystores::of(paths, types, &comparison);
            serde_json::to_writer_pretty(&mut output, &compared).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            write_text(&mut output, types, &comparison)?;
        }
        output.flush()?;
        if comparison.is_same() {
            return Ok(());
        }
        Err(Failure::silent())
    }
}

fn open(path: &Path, password: Secret) -> Result<Side, Failure> {
    let store = KeystoreFile::at(path).open(&password)?;
    Ok(Side { store, password })
}
