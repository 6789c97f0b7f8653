//! `keyward migrate fleet`: the processes that share the work on a PostgreSQL table, and how far they are.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::sql_options::{DatabasePassword, LeaseOptions};
use crate::cli::failure::Failure;
use crate::cli::store_options::StoreOptions;
use crate::cli::terminal::visible;
use crate::migrate::{Fleet, SqlAddress, Worker};

/// Say who works on a PostgreSQL table, how quickly, and when all is done
#[derive(Args)]
#[command(
    after_help = "It shows the jobs that are not done, and the last one.\n\
                  Exit code: 0 if each is done or somebody works on it, 1 if nobody works on one that has parts left, 3 if there was never a job."
)]
pub(super) struct FleetCommand {
    /// The database: postgres://USER@HOST/DATABASE
    #[arg(value_name = "URL")]
    url: String,

    /// Print JSON, a line a job
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    leases: LeaseOptions,

    #[command(flatten)]
    password: DatabasePassword,

    #[command(flatten)]
    keystore: StoreOptions,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Overview<'a> {
    job: u64,
    task: &'a str,
    is_done: bool,
    free: u64,
    leased: u64,
    expired: u64,
    done: u64,
    taken_over: u64,
    expected_rows: u64,
    seen: u64,
    replaced: u64,
    rows_per_second: f64,
    seconds_left: Option<f64>,
    workers: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    owner: &'a str,
    done: u64,
    leased: u64,
    expired: u64,
    seen: u64,
    replaced: u64,
    rows_per_second: f64,
    silent_seconds: f64,
}

impl FleetCommand {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Some(address) = SqlAddress::parse(&self.url) else {
            // Behind a scheme that is only mistyped there may be a password.
            return Err(Failure::usage(
                "URL is none of a database: postgres://USER@HOST/DATABASE",
            ));
        };
        if self.keystore.names_keystore() && !self.password.is_named() {
            return Err(Failure::usage(
                "which entry of the keystore? Add --db-password-alias ALIAS for the password of the database's user",
            ));
        }
        let name = address.to_string();
        let password = self.password.read(&address, &self.keystore)?;
        let table = self.leases.table();
        let fleets = Fleet::find(address, password.as_ref(), table)?;
        if fleets.is_empty() {
            return Err(Failure::missing(format!(
                "{name}: there was never a job: no lease in {table}. `keyward migrate wrap` begins one; check --lease-table"
            )));
        }
        let mut output = io::stdout().lock();
        for fleet in &fleets {
            if self.json {
                serde_json::to_writer(&mut output, &Overview::of(fleet))
                    .map_err(io::Error::from)?;
                writeln!(output)?;
            } else {
                write_table(&mut output, fleet)?;
            }
        }
        output.flush()?;
        let is_left = |fleet: &&Fleet| !fleet.is_done() && fleet.leased == 0;
        match fleets.iter().find(is_left) {
            Some(fleet) => Err(Failure::new(format!(
                "{name}: nobody works on job {}: `keyward migrate` with the same options goes on with it, and with --new-job forgets it",
                fleet.job
            ))),
            None => Ok(()),
        }
    }
}

impl<'a> Overview<'a> {
    fn of(fleet: &'a Fleet) -> Self {
        let line = |worker: &'a Worker| Line {
            owner: &worker.owner,
            done: worker.done,
            leased: worker.leased,
            expired: worker.expired,
            seen: worker.seen,
            replaced: worker.replaced,
            rows_per_second: worker.rate,
            silent_seconds: worker.silent,
        };
        Self {
            job: fleet.job,
            task: &fleet.task,
            is_done: fleet.is_done(),
            free: fleet.free,
            leased: fleet.leased,
            expired: fleet.expired,
            done: fleet.done,
            taken_over: fleet.taken_over,
            expected_rows: fleet.expected_rows,
            seen: fleet.seen,
            replaced: fleet.replaced,
            rows_per_second: fleet.rate,
            seconds_left: fleet.seconds_left(),
            workers: fleet.workers.iter().map(line).collect(),
        }
    }
}

fn write_table(output: &mut impl Write, fleet: &Fleet) -> io::Result<()> {
    let Fleet {
        free,
        leased,
        expired,
        done,
        ..
    } = fleet;
    let state = if fleet.is_done() { ", done" } else { "" };
    writeln!(output, "job {}{state}: {}", fleet.job, visible(&fleet.task))?;
    writeln!(
        output,
        "parts: {done} done, {leased} leased, {expired} expired, {free} free; {} taken over",
        fleet.taken_over
    )?;
    writeln!(
        output,
        "rows: {} of about {} seen, {} replaced",
        fleet.seen, fleet.expected_rows, fleet.replaced
    )?;
    if let (false, Some(left)) = (fleet.is_done(), fleet.seconds_left()) {
        writeln!(
            output,
            "{:.0} rows a second, {} left",
            fleet.rate,
            duration(left)
        )?;
    }
    for worker in &fleet.workers {
        let state = match (worker.leased, worker.expired) {
            (1.., _) => "works".to_owned(),
            (0, 1..) => format!("silent for {}", duration(worker.silent)),
            (0, 0) => "has ended".to_owned(),
        };
        writeln!(
            output,
            "{:<32} {state}: {} parts done, {} rows seen, {:.0} a second",
            visible(&worker.owner),
            worker.done,
            worker.seen,
            worker.rate
        )?;
    }
    Ok(())
}

/// Hours, minutes and seconds.
fn duration(seconds: f64) -> String {
    // It is never negative, and shorter than the age of the world.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = seconds.max(0.0) as u64;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {} s", seconds % 60),
        _ => format!("{hours} h {minutes} min"),
    }
}
