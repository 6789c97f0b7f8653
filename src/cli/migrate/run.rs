//! `keyward migrate wrap` and `keyward migrate convert`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::status::{self, Counted};
use super::user_file_options::UserFileOptions;
use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::migrate::{Standing, Task, UserFile};

#[derive(Args)]
#[command(
    after_help = "The file is replaced at once, when all is done: a run that is ended leaves it as it was. What is done already is left alone, so \
                  --limit and further runs go on.\n\
                  Values that no scheme fits are listed and left. Exit code: 1 if there are such, else 0."
)]
pub(super) struct Run {
    /// Write the changed file there, and leave FILE alone
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,

    /// Move at most so many values
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,

    /// Only say how many values would be moved
    #[arg(long = "dry-run")]
    dry: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    file: UserFileOptions,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Report<'a> {
    moved: u64,
    #[serde(flatten)]
    counted: Counted<'a>,
}

impl Run {
    pub(super) fn run(self, task: Task) -> Result<(), Failure> {
        let file = self.file.open()?;
        if self.dry {
            return dry_run(&file, task, self.limit, self.json);
        }
        let mut progress = None;
        let moved = file.run(task, self.limit, self.output.as_deref(), |all| {
            let progress = progress.get_or_insert_with(|| Progress::new("hashed", all));
            progress.step();
        })?;
        drop(progress);
        let mut output = io::stdout().lock();
        let counted = Counted::of(&moved.census, &moved.left_alone);
        if self.json {
            let report = Report {
                moved: moved.moved,
                counted,
            };
            serde_json::to_writer(&mut output, &report).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            let done = match task {
                Task::Wrap => "wrapped",
                Task::Convert => "converted",
            };
            writeln!(output, "{} {done}", moved.moved)?;
            status::write_table(&mut output, &counted)?;
        }
        output.flush()?;
        status::outcome(&file, &moved.census, &moved.left_alone)
    }
}

fn dry_run(file: &UserFile, task: Task, limit: Option<usize>, json: bool) -> Result<(), Failure> {
    let (census, left_alone) = file.census()?;
    let standing = match task {
        Task::Wrap => Standing::Old,
        Task::Convert => Standing::Readable,
    };
    let count = census.of(standing).min(limit.unwrap_or(usize::MAX) as u64);
    let mut output = io::stdout().lock();
    let counted = Counted::of(&census, &left_alone);
    if json {
        let report = Report { moved: 0, counted };
        serde_json::to_writer(&mut output, &report).map_err(io::Error::from)?;
        writeln!(output)?;
    } else {
        writeln!(output, "{count} would be moved; nothing was written")?;
        status::write_table(&mut output, &counted)?;
    }
    output.flush()?;
    status::outcome(file, &census, &left_alone)
}
