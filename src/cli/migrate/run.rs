//! `keyward migrate wrap` and `keyward migrate convert`.

use std::io::{self, IsTerminal, Write};
use std::num::NonZero;
use std::path::PathBuf;

use clap::Args;

use super::interruption::Interruption;
use super::report::{self, Report};
use super::sql_options::SharingOptions;
use super::status::census;
use super::store_options::{OpenedStore, StoreOptions};
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::cli::terminal::note;
use crate::migrate::{Bounds, Migration, Task};

#[derive(Args)]
#[command(
    after_help = "What is done already is left alone, so that another run goes on where one was ended; --limit and Ctrl-C end a run when what it has \
                  begun is stored. A file is replaced by a whole one each minute and at the end. A value that a user changes meanwhile stays.\n\
                  Any number of processes, on any number of hosts, share the work on a PostgreSQL table; `keyward migrate fleet` shows them.\n\
                  Values that no scheme fits are listed and left. Exit code: 1 if there are such, or if the run was ended early by Ctrl-C, else 0."
)]
pub(super) struct Run {
    /// Write the changed file there, over what is there, and leave STORE alone; another run goes on with OUT as its STORE
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    /// Move at most so many values
    #[arg(long, value_name = "NUMBER")]
    limit: Option<u64>,

    /// Move at most so many values a second
    #[arg(long, value_name = "NUMBER")]
    rate: Option<NonZero<u32>>,

    /// Only say how many values would be moved
    #[arg(long = "dry-run")]
    dry: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: StoreOptions,

    #[command(flatten)]
    sharing: SharingOptions,
}

impl Run {
    pub(super) fn run(self, task: Task) -> Result<(), Failure> {
        let goes_on = match &self.output {
            // STORE has the old values yet.
            Some(output) => format!("Go on with {} as STORE", output.display()),
            None => "The same command goes on".to_owned(),
        };
        let mut opened = self.store.open_to_change(self.output)?;
        if !opened.can_be_shared() && self.sharing.is_given() {
            return Err(Failure::usage(
                "--alone, --new-job, --lease and --lease-table go with a table of PostgreSQL: leave them out",
            ));
        }
        if self.dry {
            return dry_run(&opened, task, self.limit, self.json);
        }
        let what = match task {
            Task::Wrap => "wrapped",
            Task::Convert => "converted",
        };
        let words = opened.words(task);
        if let (true, Some(sharing)) = (opened.can_be_shared(), self.sharing.sharing(words)) {
            opened = opened.share(&sharing)?;
        }
        if let Some(job) = opened.joined() {
            note(format!(
                "goes on with job {}, begun at {}: {} of {} parts are done. --new-job begins anew",
                job.number, job.begun, job.done, job.parts
            ));
        }
        let migration = opened.migration();
        let interruption = Interruption::listen()?;
        let bounds = Bounds {
            limit: self.limit,
            rate: self.rate,
            stop: interruption.flag(),
        };
        let mut progress = Progress::of_total("moved or seen", total(&migration)?);
        let done = migration.run(task, bounds, |done| progress.at(done.census.all()))?;
        drop(progress);
        let report = Report::of_run(&done);
        write(&report, self.json, &format!("{} {what}", done.moved))?;
        let name = migration.store.name();
        if done.is_cut_short && interruption.has_come() {
            return Err(Failure::new(format!(
                "{name}: ended early; what was done is stored. {goes_on}"
            )));
        }
        if opened.is_done_by_others(&done)? {
            return Ok(());
        }
        report::outcome(&name, opened.no_value(), &done)
    }
}

/// Nobody waits for a count that nobody sees.
fn total(migration: &Migration<'_>) -> Result<Option<u64>, Failure> {
    if !io::stderr().is_terminal() {
        return Ok(None);
    }
    Ok(migration.store.count()?)
}

fn dry_run(
    opened: &OpenedStore,
    task: Task,
    limit: Option<u64>,
    json: bool,
) -> Result<(), Failure> {
    let migration = opened.migration();
    let found = census(&migration)?;
    let count = found.census.of(task.moves()).min(limit.unwrap_or(u64::MAX));
    let said = format!("{count} would be moved; nothing was written");
    write(&Report::of_dry_run(&found, count), json, &said)?;
    report::outcome(&migration.store.name(), opened.no_value(), &found)
}

fn write(report: &Report<'_>, json: bool, said: &str) -> io::Result<()> {
    let mut output = io::stdout().lock();
    if json {
        report.write_json(&mut output)?;
    } else {
        writeln!(output, "{said}")?;
        report.write_table(&mut output)?;
    }
    output.flush()
}
