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

/// The form of a report.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    /// `{"files":[…],"summary":{…}}`, a file a line. The field names are stable.
    Json,
}

/// A report that grows file by file on standard output, so that a run that is ended has said what it did.
pub(super) struct Report {
    purpose: Purpose,
    format: Format,
    summary: Summary,
    /// What standard output last refused: the user stores go on without it.
    refused: Option<io::Error>,
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

impl Report {
    pub(super) fn begin(purpose: Purpose, format: Format) -> Self {
        let mut report = Self {
            purpose,
            format,
            summary: Summary::default(),
            refused: None,
        };
        if format == Format::Json {
            report.print(|output| write!(output, "{{\n  \"files\": ["));
        }
        report
    }

    /// Prints what became of one user store.
    pub(super) fn add(&mut self, outcome: &FileOutcome) {
        let is_first = self.summary.user_stores + self.summary.skipped == 0;
        self.summary.add(outcome);
        let purpose = self.purpose;
        match self.format {
            Format::Text => self.print(|output| print_file(output, outcome, purpose)),
            Format::Json => self.print(|output| {
                let comma = if is_first { "" } else { "," };
                write!(output, "{comma}\n    ")?;
                Ok(serde_json::to_writer(output, &file(outcome))?)
            }),
        }
    }

    /// Prints the summary; the number of user stores with problems.
    pub(super) fn finish(mut self) -> Result<usize, Failure> {
        let summary = std::mem::take(&mut self.summary);
        let purpose = self.purpose;
        match self.format {
            Format::Text => self.print(|output| print_summary(output, &summary, purpose)),
            Format::Json => self.print(|output| {
                write!(output, "\n  ],\n  \"summary\": ")?;
                serde_json::to_writer(&mut *output, &summary)?;
                writeln!(output, "\n}}")
            }),
        }
        match self.refused {
            Some(reason) => Err(reason.into()),
            None => Ok(summary.failed),
        }
    }

    fn print(&mut self, what: impl FnOnce(&mut io::StdoutLock<'_>) -> io::Result<()>) {
        if self.refused.is_some() {
            return;
        }
        let mut output = io::stdout().lock();
        let printed = what(&mut output).and_then(|()| output.flush());
        self.refused = printed.err();
    }
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

impl Summary {
    fn add(&mut self, outcome: &FileOutcome) {
        if matches!(outcome.state, FileState::Skipped | FileState::NoFolder) {
            self.skipped += 1;
            return;
        }
        let is_written = matches!(
            outcome.state,
            FileState::Written(_) | FileState::WouldBeWritten
        );
        self.user_stores += 1;
        self.changed += usize::from(is_written);
        self.failed += usize::from(outcome.has_failed());
        let count = |name: &str| outcome.count(|state| name_of(state) == name);
        self.reencrypted += count("reencrypted");
        self.under_target += count("under-target");
        self.left_alone += count("empty") + count("reference");
        self.unreadable += count("unreadable");
    }
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
