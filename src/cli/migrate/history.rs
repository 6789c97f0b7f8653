//! [`History`]: what `keyward migrate status` found each time, so that it can say how far things have moved.
//!
//! ```text
//! {"time":"2026-11-22T08:00:00Z","store":"staff.csv","old":120,"readable":0,"wrapped":80,"current":3,"unknown":0}
//! ```
//! A line each time, the oldest first.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::cli::failure::Failure;
use crate::migrate::{Moved, Standing};
use crate::safe_file::{FileEdit, SafeFileError};

/// What was found once. Its field names are stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finding {
    pub(super) time: Timestamp,
    store: String,
    old: u64,
    readable: u64,
    wrapped: u64,
    current: u64,
    unknown: u64,
}

/// The findings in one store.
pub(super) struct History {
    path: PathBuf,
    edit: FileEdit,
    /// All lines, also those of other stores.
    lines: String,
    findings: Vec<Finding>,
}

impl Finding {
    /// What was found just now.
    pub(super) fn now(store: &str, found: &Moved) -> Self {
        let count = |standing| found.census.of(standing);
        Self {
            time: Timestamp::now(),
            store: store.to_owned(),
            old: count(Standing::Old),
            readable: count(Standing::Readable),
            wrapped: count(Standing::Wrapped),
            current: count(Standing::Current),
            unknown: count(Standing::Unknown),
        }
    }

    pub(super) fn count(&self, standing: Standing) -> u64 {
        match standing {
            Standing::Old => self.old,
            Standing::Readable => self.readable,
            Standing::Wrapped => self.wrapped,
            Standing::Current => self.current,
            Standing::Unknown => self.unknown,
        }
    }

    /// How the counts have moved since an earlier finding: `old -20, wrapped +20`; empty if they have not.
    pub(super) fn moved_since(&self, earlier: &Self) -> String {
        let moved = Standing::ALL.iter().filter_map(|&standing| {
            let (now, then) = (self.count(standing), earlier.count(standing));
            let sign = if now > then { '+' } else { '-' };
            (now != then).then(|| format!("{} {sign}{}", standing.name(), now.abs_diff(then)))
        });
        moved.collect::<Vec<_>>().join(", ")
    }
}

impl History {
    /// The history in the file at `path`, which may not be there yet.
    pub(super) fn open(path: &Path, store: &str) -> Result<Self, Failure> {
        let edit = FileEdit::begin(path).map_err(Failure::new)?;
        let bytes = edit.current().unwrap_or_default();
        let malformed = |line: usize, reason: &dyn std::fmt::Display| {
            Failure::new(format!(
                "{}:{line}: it is no line of a history: {reason}. Name another file, or remove the line",
                path.display()
            ))
        };
        let mut lines = String::from_utf8(bytes.to_vec()).map_err(|error| malformed(1, &error))?;
        let mut findings = Vec::new();
        for (number, line) in lines.lines().enumerate() {
            let finding: Finding =
                serde_json::from_str(line).map_err(|error| malformed(number + 1, &error))?;
            if finding.store == store {
                findings.push(finding);
            }
        }
        if !lines.is_empty() && !lines.ends_with('\n') {
            lines.push('\n');
        }
        Ok(Self {
            path: path.to_owned(),
            edit,
            lines,
            findings,
        })
    }

    /// Adds a finding; all of the store, the oldest first.
    pub(super) fn add(mut self, finding: Finding) -> Result<Vec<Finding>, Failure> {
        let line = serde_json::to_string(&finding)
            .map_err(|error| Failure::new(format!("{}: {error}", self.path.display())))?;
        self.lines.push_str(&line);
        self.lines.push('\n');
        let written = self
            .edit
            .commit(self.lines.as_bytes(), |_| Ok::<(), SafeFileError>(()));
        written.map_err(Failure::new)?;
        self.findings.push(finding);
        Ok(self.findings)
    }
}
