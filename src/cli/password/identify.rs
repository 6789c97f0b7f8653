//! `keyward password identify`: every scheme that a stored password can be in.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::dialect_option::DialectOption;
use super::directory_options::DirectoryOptions;
use super::hashed_as::HashedAs;
use super::identify_file;
use super::pepper_options::PepperOptions;
use super::user_file::UserFile;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Input, note};
use crate::password::{Identification, StoredHash};

/// Tell which schemes a stored password can be in
#[derive(Args)]
#[command(
    after_help = "With --file each stored password of the file has its line, and each scheme its count at the end; with --json \
                  these are JSON lines.\n\
                  Exit codes: 0 a scheme fits, 1 none does.\n\
                  Example: keyward password identify '{SSHA}s6Ow5N8G7b0EYDUv2mcGSR7vU3g0k2hQ'"
)]
pub(super) struct Identify {
    /// The stored password [default: the first line of standard input]
    #[arg(value_name = "STORED", conflicts_with = "file")]
    stored: Option<String>,

    #[command(flatten)]
    dialect: DialectOption,

    #[command(flatten)]
    directory: DirectoryOptions,

    #[command(flatten)]
    users: UserFile,

    #[command(flatten)]
    pepper: PepperOptions,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The next step where a stored password is ambiguous.
pub(super) const CHOOSE: &str = "the readings differ: choose one with --dialect";

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Report {
    readings: Vec<Reading>,
    /// Why schemes whose mark it has do not fit.
    refusals: Vec<String>,
}

/// A reading in the JSON form, of a file as well. Its field names are stable.
#[derive(Serialize)]
pub(super) struct Reading {
    scheme: &'static str,
    dialects: Vec<&'static str>,
    function: String,
    soundness: &'static str,
}

impl Identify {
    pub(super) fn run(self) -> Result<(), Failure> {
        let conventions = self.directory.conventions(self.dialect.dialect)?;
        if self.users.is_given() {
            if self.pepper.is_given() {
                return Err(Failure::usage(
                    "a pepper is for one stored password, to tell how much room it leaves; leave it out, or leave out --file",
                ));
            }
            return identify_file::run(&self.users, &conventions, self.json);
        }
        let mut input = Input::standard();
        let hashed_as = HashedAs::with(self.pepper.read(&mut input)?);
        let stored = match self.stored {
            Some(stored) => stored,
            None => input.text("Stored password:  ", "the stored password")?,
        };
        let identification = conventions.identify(&stored);
        let mut output = io::stdout().lock();
        if self.json {
            let report = Report::of(&identification);
            serde_json::to_writer_pretty(&mut output, &report).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            for stored in &identification.readings {
                let scheme = stored.scheme();
                let (function, soundness) = (stored.function(), scheme.soundness.name());
                writeln!(output, "{scheme:?}: {function}; {soundness}")?;
                hashed_as.warn_of_little_room(function);
            }
        }
        output.flush()?;
        judge(identification, self.json)
    }
}

fn judge(identification: Identification, json: bool) -> Result<(), Failure> {
    let Identification {
        readings,
        mut refusals,
    } = identification;
    let Some((first, others)) = readings.split_first() else {
        if json {
            return Err(Failure::silent());
        }
        refusals.truncate(1);
        return Err(refusals.pop().map_or_else(
            || {
                Failure::new(
                    "no scheme has this notation. `keyward password schemes` lists those that are known",
                )
            },
            Failure::new,
        ));
    };
    if !others.iter().all(|other| first.is_same_as(other)) {
        note(CHOOSE);
    }
    Ok(())
}

impl Report {
    fn of(identification: &Identification) -> Self {
        let refusals = identification.refusals.iter();
        Self {
            readings: identification.readings.iter().map(Reading::of).collect(),
            refusals: refusals.map(ToString::to_string).collect(),
        }
    }
}

impl Reading {
    pub(super) fn of(stored: &StoredHash) -> Self {
        let scheme = stored.scheme();
        let dialects = scheme.dialects.iter();
        Self {
            scheme: scheme.name,
            dialects: dialects.map(|dialect| dialect.name()).collect(),
            function: stored.function().to_string(),
            soundness: scheme.soundness.name(),
        }
    }
}
