//! [`Report`]: what a run has done or found, as text and as JSON.

use std::io::{self, Write};

use serde::Serialize;

use super::history::Finding;
use crate::cli::failure::Failure;
use crate::cli::terminal::visible;
use crate::migrate::{LeftAlone, Moved, Standing};

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
pub(super) struct Report<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    would_move: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_meanwhile: Option<u64>,
    cut_short: bool,
    all: u64,
    schemes: Vec<Count<'a>>,
    left_alone: Vec<Left<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    history: &'a [Finding],
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
    place: &'a str,
    user: &'a str,
    reason: &'a str,
}

impl<'a> Report<'a> {
    /// Of a run that changed values.
    pub(super) fn of_run(done: &'a Moved) -> Self {
        Self {
            moved: Some(done.moved),
            changed_meanwhile: Some(done.changed_meanwhile),
            ..Self::of_census(done)
        }
    }

    /// Of one that only counted how many it would change.
    pub(super) fn of_dry_run(found: &'a Moved, count: u64) -> Self {
        Self {
            would_move: Some(count),
            moved: Some(0),
            changed_meanwhile: Some(0),
            ..Self::of_census(found)
        }
    }

    /// Of one that only looked at them.
    pub(super) fn of_census(done: &'a Moved) -> Self {
        let counts = done.census.counts.iter();
        let schemes = counts.map(|((scheme, standing), count)| Count {
            scheme,
            standing: standing.name(),
            values: *count,
        });
        let left = |left: &'a LeftAlone| Left {
            place: &left.place.0,
            user: &left.user,
            reason: &left.reason,
        };
        Self {
            would_move: None,
            moved: None,
            changed_meanwhile: None,
            cut_short: done.is_cut_short,
            all: done.census.all(),
            schemes: schemes.collect(),
            left_alone: done.left_alone.iter().map(left).collect(),
            history: &[],
        }
    }

    /// With what was found earlier, and now.
    pub(super) fn with_history(self, history: &'a [Finding]) -> Self {
        Self { history, ..self }
    }

    pub(super) fn write_json(&self, output: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *output, self)?;
        writeln!(output)
    }

    pub(super) fn write_table(&self, output: &mut impl Write) -> io::Result<()> {
        let seen = if self.cut_short { " seen" } else { "" };
        writeln!(output, "{} stored passwords{seen}", self.all)?;
        for Count {
            scheme,
            standing,
            values,
        } in &self.schemes
        {
            writeln!(output, "{values:>8} {standing:<8} {scheme}")?;
        }
        if let Some(changed @ 1..) = self.changed_meanwhile {
            writeln!(
                output,
                "{changed} changed meanwhile and left as they are now"
            )?;
        }
        if let [.., earlier, now] = self.history {
            let moved = now.moved_since(earlier);
            let moved = if moved.is_empty() {
                "nothing has moved"
            } else {
                &moved
            };
            writeln!(output, "since {}: {moved}", earlier.time)?;
        }
        for Left {
            place,
            user,
            reason,
        } in &self.left_alone
        {
            let line = format!("{place}, {user}: {reason}");
            writeln!(output, "{}", visible(&line))?;
        }
        Ok(())
    }
}

/// A store without any value is a failure; values that are left alone are one that the output has told.
/// `no_value` is what is to be looked at in the first case.
pub(super) fn outcome(store: &str, no_value: &str, done: &Moved) -> Result<(), Failure> {
    if done.census.all() == 0 && !done.is_cut_short {
        return Err(Failure::new(format!(
            "{store}: no stored password in it. {no_value}"
        )));
    }
    let untold = done.census.of(Standing::Unknown);
    if untold > done.left_alone.len() as u64 {
        return Err(Failure::new(format!(
            "{store}: {untold} values are of no known scheme; the first {} are listed",
            done.left_alone.len()
        )));
    }
    if done.left_alone.is_empty() {
        return Ok(());
    }
    Err(Failure::silent())
}
