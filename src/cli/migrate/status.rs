//! `keyward migrate status`: how far the stored passwords of a store are.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::history::{Finding, History};
use super::plot;
use super::report::{self, Report};
use super::store_options::StoreOptions;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::migrate::{Migration, Moved};
use crate::safe_file::{FileEdit, SafeFileError};

/// Say how many stored passwords are old, wrapped and current, by scheme
#[derive(Args)]
pub(super) struct Status {
    /// Add what is found to this file, and tell how that has moved since the last time
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,

    /// Draw what --history has as an SVG picture
    #[arg(long, value_name = "FILE", requires = "history")]
    plot: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: StoreOptions,
}

impl Status {
    pub(super) fn run(self) -> Result<(), Failure> {
        let opened = self.store.open()?;
        let migration = opened.migration();
        let found = census(&migration)?;
        let name = migration.store.name();
        let findings = match &self.history {
            Some(path) => History::open(path, &name)?.add(Finding::now(&name, &found))?,
            None => Vec::new(),
        };
        if let Some(path) = &self.plot {
            let picture = plot::draw(&name, &findings);
            let edit = FileEdit::begin(path).map_err(Failure::new)?;
            let written = edit.commit(picture.as_bytes(), |_| Ok::<(), SafeFileError>(()));
            written.map_err(Failure::new)?;
        }
        let mut output = io::stdout().lock();
        let report = Report::of_census(&found).with_history(&findings);
        if self.json {
            report.write_json(&mut output)?;
        } else {
            report.write_table(&mut output)?;
        }
        output.flush()?;
        report::outcome(&name, opened.no_value(), &found)
    }
}

/// What stands in a store. Whoever presses Ctrl-C ends it at once, since nothing is written.
pub(super) fn census(migration: &Migration<'_>) -> Result<Moved, Failure> {
    let mut progress = Progress::counting("read");
    let nobody = AtomicBool::new(false);
    let found = migration.census(&nobody, |found| progress.at(found.census.all()))?;
    Ok(found)
}
