//! `keyward password verify`: whether a password is the one that was stored.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::batch;
use super::dialect_option::DialectOption;
use super::directory_options::DirectoryOptions;
use super::encoder_options::{EncoderOptions, ReadList};
use super::hashed_as::{HashedAs, HashedAsOptions};
use super::user_file::UserFile;
use super::verify_file;
use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Input, note};
use crate::password::Conventions;

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
    #[arg(value_name = "STORED", conflicts_with = "file")]
    stored: Option<String>,

    #[command(flatten)]
    dialect: DialectOption,

    #[command(flatten)]
    directory: DirectoryOptions,

    #[command(flatten)]
    users: UserFile,

    /// A file of JSON lines, or - for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["stored", "encoders", "file"])]
    batch: Option<PathBuf>,

    #[command(flatten)]
    hashed_as: HashedAsOptions,

    #[command(flatten)]
    encoders: EncoderOptions,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    ok: bool,
    scheme: &'static str,
    /// Of a list of encoders, the one that made the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    encoder: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reencoding_due: Option<bool>,
    #[serde(skip)]
    reencoding: Option<String>,
}

impl Verify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut conventions = self.directory.conventions(self.dialect.dialect)?;
        let encoders = self.encoders.read()?;
        if encoders.is_some() && self.directory.is_given() {
            return Err(Failure::usage(
                "the encoders of a list read no values of a directory; leave out --opendj-keys, --stored-order, --hash-order and --salt-encoding",
            ));
        }
        let mut input = Input::standard();
        let hashed_as = self.hashed_as.read(&mut input)?;
        conventions.layer_key = hashed_as.layer_key();
        if let Some(path) = &self.batch {
            return batch::verify(path, &conventions, &hashed_as);
        }
        if self.users.is_given() {
            if encoders.is_some() {
                return Err(Failure::usage(
                    "--encoders is for one stored password; leave out --file",
                ));
            }
            let typed = typed(&mut input, &hashed_as)?;
            return verify_file::run(&self.users, &conventions, (&hashed_as, &typed), self.json);
        }
        let stored = match &self.stored {
            Some(stored) => stored.clone(),
            None => input.text("Stored password:  ", "the stored password")?,
        };
        let verdict = match &encoders {
            Some(read) => by_encoder(read, &stored, &hashed_as, &mut input)?,
            None => by_scheme(&stored, &conventions, &hashed_as, &mut input)?,
        };
        self.report(&verdict, &hashed_as)
    }

    fn report(&self, verdict: &Verdict, hashed_as: &HashedAs) -> Result<(), Failure> {
        let what = hashed_as.what();
        let by = verdict.encoder.as_deref().unwrap_or(verdict.scheme);
        let mut output = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut output, verdict).map_err(io::Error::from)?;
            writeln!(output)?;
        } else if verdict.ok {
            writeln!(output, "{by}: {what} is right")?;
            if let Some(reason) = &verdict.reencoding {
                writeln!(output, "re-encoding is due: {reason}")?;
            }
        }
        output.flush()?;
        match (verdict.ok, self.json) {
            (true, _) => Ok(()),
            (false, true) => Err(Failure::silent()),
            (false, false) => Err(Failure::new(format!("{by}: {what} is wrong"))),
        }
    }
}

fn typed(input: &mut Input, hashed_as: &HashedAs) -> Result<Secret, Failure> {
    let what = hashed_as.what();
    input.secret(&format!("Enter {what}:  "), what)
}

fn by_scheme(
    stored: &str,
    conventions: &Conventions,
    hashed_as: &HashedAs,
    input: &mut Input,
) -> Result<Verdict, Failure> {
    let stored = conventions.recognise(stored)?;
    let typed = typed(input, hashed_as)?;
    Ok(Verdict {
        ok: hashed_as.verify(&stored, &typed)?,
        scheme: stored.scheme().name,
        encoder: None,
        reencoding_due: None,
        reencoding: None,
    })
}

fn by_encoder(
    read: &ReadList,
    stored: &str,
    hashed_as: &HashedAs,
    input: &mut Input,
) -> Result<Verdict, Failure> {
    // Nobody should type a password for what cannot be judged.
    read.list.recognise(stored)?;
    let typed = typed(input, hashed_as)?;
    let (made, ok) = hashed_as.verify_by(&read.list, stored, &typed)?;
    if !ok && made.encoder().names_pepper() && hashed_as.pepper().is_none() {
        note(format!(
            "{} names a pepper, and none was given: add --pepper ALIAS, or --config DOCUMENT",
            made.encoder().id()
        ));
    }
    let reencoding = made.reencoding();
    Ok(Verdict {
        ok,
        scheme: made.stored().scheme().name,
        encoder: Some(made.encoder().id().to_owned()),
        reencoding_due: Some(reencoding.is_some()),
        reencoding: reencoding.map(|reason| reason.to_string()),
    })
}
