//! What `importkeystore` prints, for a reader and as JSON.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::cli::failure::Failure;
use crate::keystore::{Alias, Entry, KeystoreError};

/// What became of each entry.
pub(super) struct ImportReport<'a> {
    source: &'a Path,
    destination: &'a Path,
    /// Their aliases in the destination.
    pub(super) imported: Vec<Alias>,
    failed: Vec<FailedEntry>,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Report<'a> {
    source: String,
    destination: String,
    imported: Vec<&'a str>,
    failed: &'a [FailedEntry],
}

#[derive(Serialize)]
struct FailedEntry {
    alias: String,
    kind: String,
    reason: String,
}

impl<'a> ImportReport<'a> {
    pub(super) fn new(source: &'a Path, destination: &'a Path) -> Self {
        Self {
            source,
            destination,
            imported: Vec::new(),
            failed: Vec::new(),
        }
    }

    pub(super) fn fail(&mut self, entry: &Entry, error: &KeystoreError) {
        let reason = match error {
            KeystoreError::AliasExists { alias } => {
                format!("<{alias}> is in the destination already: --replace replaces it")
            }
            KeystoreError::WrongKeyPassword { .. } => {
                "it is under another password than the keystore (-srckeypass:env NAME), or damaged"
                    .to_owned()
            }
            KeystoreError::UnreadableEntry { reason, .. } => reason.clone(),
            other => other.to_string(),
        };
        self.fail_because(entry, reason);
    }

    pub(super) fn fail_because(&mut self, entry: &Entry, reason: String) {
        self.failed.push(FailedEntry {
            alias: entry.alias.to_string(),
            kind: entry.kind.to_string(),
            reason,
        });
    }

    /// The form for a reader.
    pub(super) fn write_text(&self, output: &mut impl Write) -> io::Result<()> {
        for failed in &self.failed {
            writeln!(
                output,
                "not imported <{}>, {}: {}",
                failed.alias, failed.kind, failed.reason
            )?;
        }
        let imported = self.imported.len();
        let total = imported + self.failed.len();
        let noun = if total == 1 { "entry" } else { "entries" };
        writeln!(
            output,
            "{imported} of {total} {noun} imported: {} -> {}",
            self.source.display(),
            self.destination.display()
        )
    }

    pub(super) fn write_json(&self, output: &mut impl Write) -> io::Result<()> {
        let report = Report {
            source: self.source.display().to_string(),
            destination: self.destination.display().to_string(),
            imported: self.imported.iter().map(Alias::as_str).collect(),
            failed: &self.failed,
        };
        serde_json::to_writer_pretty(&mut *output, &report)?;
        writeln!(output)
    }

    /// A failure where an entry was not imported.
    pub(super) fn outcome(&self) -> Result<(), Failure> {
        let noun = match self.failed.len() {
            0 => return Ok(()),
            1 => "1 entry was",
            _ => "some entries were",
        };
        Err(Failure::new(format!(
            "{}: {noun} not imported; the list above says why",
            self.source.display()
        )))
    }
}
