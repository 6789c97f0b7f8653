//! `keyward migrate status`: how far the stored passwords of a store are.

use std::io::{self, Write};
use std::sync::atomic::AtomicBool;

use clap::Args;

use super::report::{self, Report};
use super::store_options::StoreOptions;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::migrate::{Migration, Moved};

/// Say how many stored passwords are old, wrapped and current, by scheme
#[derive(Args)]
pub(super) struct Status {
    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: StoreOptions,
}

impl Status {
    pub(super) fn run(self) -> Result<(), Failure> {
        let opened = self.store.open(None)?;
        let migration = opened.migration();
        let found = census(&migration)?;
        let mut output = io::stdout().lock();
        let report = Report::of_census(&found);
        if self.json {
            report.write_json(&mut output)?;
        } else {
            report.write_table(&mut output)?;
        }
        output.flush()?;
        report::outcome(&migration.store.name(), &found)
    }
}

/// What stands in a store. Whoever presses Ctrl-C ends it at once, since nothing is written.
pub(super) fn census(migration: &Migration<'_>) -> Result<Moved, Failure> {
    let mut progress = Progress::counting("read");
    let nobody = AtomicBool::new(false);
    let found = migration.census(&nobody, |found| progress.at(found.census.all()))?;
    Ok(found)
}
