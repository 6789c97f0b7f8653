//! `keyward password verify --file`: whose stored password is this one.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::hashed_as::HashedAs;
use super::user_file::{UserFile, UserValue};
use crate::Secret;
use crate::cli::failure::Failure;
use crate::password::Conventions;

/// A line of the JSON form. Its field names are stable.
#[derive(Serialize)]
struct Verdict<'a> {
    line: usize,
    name: &'a str,
    attribute: &'a str,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// What was found, by number of values.
#[derive(Default)]
struct Tally {
    right: usize,
    wrong: usize,
    unjudged: usize,
}

/// Checks what was typed against every stored password of the file.
pub(super) fn run(
    file: &UserFile,
    conventions: &Conventions,
    (hashed_as, typed): (&HashedAs, &Secret),
    json: bool,
) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut tally = Tally::default();
    let read = file.for_each(|value| {
        let line = judged(&value, conventions, (hashed_as, typed));
        tally.count(&line);
        if json {
            serde_json::to_writer(&mut output, &line).map_err(io::Error::from)?;
            writeln!(output)?;
        } else if let Some(error) = &line.error {
            writeln!(output, "{value}: {error}")?;
        } else if line.ok {
            let scheme = line.scheme.unwrap_or_default();
            writeln!(output, "{value}: {scheme}: {} is right", hashed_as.what())?;
        }
        Ok(())
    });
    let Tally {
        right,
        wrong,
        unjudged,
    } = tally;
    let total = right + wrong + unjudged;
    if !json {
        writeln!(
            output,
            "{total} stored passwords: right for {right}, wrong for {wrong}, not to be judged for {unjudged}"
        )?;
    }
    output.flush()?;
    read?;
    if total == 0 {
        return Err(file.without_values());
    }
    if wrong + unjudged == 0 {
        return Ok(());
    }
    Err(Failure::silent())
}

fn judged<'a>(
    value: &'a UserValue,
    conventions: &Conventions,
    (hashed_as, typed): (&HashedAs, &Secret),
) -> Verdict<'a> {
    let mut line = Verdict {
        line: value.line,
        name: &value.name,
        attribute: &value.attribute,
        ok: false,
        scheme: None,
        error: None,
    };
    let Some(stored) = &value.stored else {
        line.error = Some("the stored password is not UTF-8".to_owned());
        return line;
    };
    let verdict = conventions.recognise(stored).and_then(|stored| {
        line.scheme = Some(stored.scheme().name);
        hashed_as.verify(&stored, typed)
    });
    match verdict {
        Ok(ok) => line.ok = ok,
        Err(error) => line.error = Some(error.to_string()),
    }
    line
}

impl Tally {
    fn count(&mut self, line: &Verdict<'_>) {
        match line {
            Verdict { error: Some(_), .. } => self.unjudged += 1,
            Verdict { ok: true, .. } => self.right += 1,
            _ => self.wrong += 1,
        }
    }
}
