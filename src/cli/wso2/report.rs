//! What became of the user stores: a line a file, a line a property, a summary; or JSON.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::cli::failure::Failure;
use crate::userstore::{FileOutcome, FileState, PropertyOutcome, PropertyState};

/// Whether it was done, or only looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Done,
    WouldBe,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Report<'a> {
    files: Vec<File<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    tenant: String,
    path: &'a Path,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    written_to: Option<&'a Path>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    properties: Vec<Property<'a>>,
}

#[derive(Serialize)]
struct Property<'a> {
    name: &'a str,
    line: usize,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Summary {
    user_stores: usize,
    changed: usize,
    failed: usize,
    reencrypted: usize,
    under_target: usize,
    left_alone: usize,
    unreadable: usize,
    skipped: usize,
}

/// Prints the report to standard output.
pub(super) fn print(outcomes: &[FileOutcome], purpose: Purpose, json: bool) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    if json {
        let report = Report {
            files: outcomes.iter().map(file).collect(),
            summary: summary(outcomes),
        };
        serde_json::to_writer_pretty(&mut output, &report).map_err(io::Error::from)?;
        writeln!(output)?;
        return Ok(output.flush()?);
    }
    for outcome in outcomes {
        print_file(&mut output, outcome, purpose)?;
    }
    print_summary(&mut output, &summary(outcomes), purpose)?;
    Ok(output.flush()?)
}

fn print_file(output: &mut impl Write, outcome: &FileOutcome, purpose: Purpose) -> io::Result<()> {
    let path = outcome.path.display();
    match &outcome.state {
        FileState::Written(to) if *to == outcome.path => writeln!(output, "{path}: written")?,
        FileState::Written(to) => writeln!(output, "{path}: written to {}", to.display())?,
        FileState::WouldBeWritten => writeln!(output, "{path}: would be written")?,
        FileState::Skipped => writeln!(output, "{path}: skipped, it is no .xml file")?,
        FileState::NoFolder => writeln!(output, "{path}: skipped, there is no such folder")?,
        // The message begins with the path.
        FileState::Failed(error) => writeln!(output, "{error}")?,
        _ => writeln!(output, "{path}: unchanged")?,
    }
    for property in &outcome.properties {
        let PropertyOutcome { name, line, state } = property;
        let became = match (state, purpose) {
            (PropertyState::Reencrypted, Purpose::Done) => "re-encrypted".to_owned(),
            (PropertyState::Reencrypted, Purpose::WouldBe) => "would be re-encrypted".to_owned(),
            (PropertyState::UnderTarget, _) => "under the target key already".to_owned(),
            (PropertyState::Empty, _) => "empty".to_owned(),
            (PropertyState::Reference(reference), _) => format!("{reference}, left alone"),
            (PropertyState::Unreadable(error), _) => format!("left as it was: {error}"),
        };
        writeln!(output, "  line {line}, {name}: {became}")?;
    }
    Ok(())
}

fn print_summary(output: &mut impl Write, summary: &Summary, purpose: Purpose) -> io::Result<()> {
    let done = match purpose {
        Purpose::Done => "re-encrypted",
        Purpose::WouldBe => "would be re-encrypted",
    };
    writeln!(
        output,
        "{} user stores: {} values {done}, {} under the target key already, {} empty or references, {} unreadable; \
         {} files with problems",
        summary.user_stores,
        summary.reencrypted,
        summary.under_target,
        summary.left_alone,
        summary.unreadable,
        summary.failed
    )
}

fn summary(outcomes: &[FileOutcome]) -> Summary {
    let mut summary = Summary::default();
    for outcome in outcomes {
        if matches!(outcome.state, FileState::Skipped | FileState::NoFolder) {
            summary.skipped += 1;
            continue;
        }
        let is_written = matches!(
            outcome.state,
            FileState::Written(_) | FileState::WouldBeWritten
        );
        summary.user_stores += 1;
        summary.changed += usize::from(is_written);
        summary.failed += usize::from(outcome.has_failed());
        let count = |name: &str| outcome.count(|state| name_of(state) == name);
        summary.reencrypted += count("reencrypted");
        summary.under_target += count("under-target");
        summary.left_alone += count("empty") + count("reference");
        summary.unreadable += count("unreadable");
    }
    summary
}

fn file(outcome: &FileOutcome) -> File<'_> {
    let (state, written_to, reason) = match &outcome.state {
        FileState::Written(path) => ("written", Some(path.as_path()), None),
        FileState::WouldBeWritten => ("would-be-written", None, None),
        FileState::Skipped => ("skipped", None, Some("it is no .xml file".to_owned())),
        FileState::NoFolder => ("skipped", None, Some("there is no such folder".to_owned())),
        FileState::Failed(error) => ("failed", None, Some(error.to_string())),
        _ => ("unchanged", None, None),
    };
    File {
        tenant: outcome.tenant.to_string(),
        path: &outcome.path,
        state,
        written_to,
        reason,
        properties: outcome.properties.iter().map(property).collect(),
    }
}

fn property(outcome: &PropertyOutcome) -> Property<'_> {
    let reason = match &outcome.state {
        PropertyState::Reference(reference) => Some(reference.clone()),
        PropertyState::Unreadable(error) => Some(error.to_string()),
        _ => None,
    };
    Property {
        name: &outcome.name,
        line: outcome.line,
        state: name_of(&outcome.state),
        reason,
    }
}

/// Its stable name.
fn name_of(state: &PropertyState) -> &'static str {
    match state {
        PropertyState::Reencrypted => "reencrypted",
        PropertyState::UnderTarget => "under-target",
        PropertyState::Empty => "empty",
        PropertyState::Reference(_) => "reference",
        PropertyState::Unreadable(_) => "unreadable",
    }
}
