//! `keyward migrate status`: how far the stored passwords of a file are.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::user_file_options::UserFileOptions;
use crate::cli::failure::Failure;
use crate::migrate::{Census, LeftAlone, UserFile};

/// Say how many stored passwords are old, wrapped and current, by scheme
#[derive(Args)]
pub(super) struct Status {
    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    file: UserFileOptions,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
pub(super) struct Counted<'a> {
    all: u64,
    schemes: Vec<Count<'a>>,
    left_alone: Vec<Left<'a>>,
}

#[derive(Serialize)]
struct Count<'a> {
    scheme: &'a str,
    standing: &'static str,
    #[serde(rename = "count")]
    values: u64,
}

#[derive(Serialize)]
struct Left<'a> {
    line: usize,
    name: &'a str,
    reason: &'a str,
}

impl Status {
    pub(super) fn run(self) -> Result<(), Failure> {
        let file = self.file.open()?;
        let (census, left_alone) = file.census()?;
        let counted = Counted::of(&census, &left_alone);
        let mut output = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut output, &counted).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            write_table(&mut output, &counted)?;
        }
        output.flush()?;
        outcome(&file, &census, &left_alone)
    }
}

impl<'a> Counted<'a> {
    pub(super) fn of(census: &'a Census, left_alone: &'a [LeftAlone]) -> Self {
        let counts = census.counts.iter();
        let schemes = counts.map(|((scheme, standing), count)| Count {
            scheme,
            standing: standing.name(),
            values: *count,
        });
        let left = left_alone.iter().map(|left| Left {
            line: left.line,
            name: &left.name,
            reason: &left.reason,
        });
        Self {
            all: census.all(),
            schemes: schemes.collect(),
            left_alone: left.collect(),
        }
    }
}

pub(super) fn write_table(output: &mut impl Write, counted: &Counted<'_>) -> io::Result<()> {
    writeln!(output, "{} stored passwords", counted.all)?;
    for Count {
        scheme,
        standing,
        values,
    } in &counted.schemes
    {
        writeln!(output, "{values:>8} {standing:<8} {scheme}")?;
    }
    for Left { line, name, reason } in &counted.left_alone {
        let name = name.replace(char::is_control, "?");
        writeln!(output, "line {line}, {name}: {reason}")?;
    }
    Ok(())
}

/// A file without any value is a failure; values that are left alone are one that the output has told.
pub(super) fn outcome(
    file: &UserFile,
    census: &Census,
    left_alone: &[LeftAlone],
) -> Result<(), Failure> {
    if census.all() == 0 {
        return Err(Failure::new(format!(
            "{}: no stored password in it. Is it the right file? An LDIF entry has userPassword; a CSV record or JSON line has \
             password or stored",
            file.path.display()
        )));
    }
    if left_alone.is_empty() {
        return Ok(());
    }
    Err(Failure::silent())
}
