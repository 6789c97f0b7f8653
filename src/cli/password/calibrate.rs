//! `keyward password calibrate`: the cost at which each function takes a given time on this machine.

use std::io::{self, Write};
use std::time::Duration;

use clap::Args;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use crate::cli::failure::Failure;
use crate::cli::progress::Progress;
use crate::password::{Calibration, Dialect, LONGEST_TARGET, PasswordError, scheme};

/// What is measured: the function, with a scheme of it.
const FUNCTIONS: [(&str, &str, Dialect); 6] = [
    (
        "PBKDF2-HMAC-SHA1, iterations",
        "PBKDF2-SHA1",
        Dialect::OpenLdap,
    ),
    (
        "PBKDF2-HMAC-SHA256, iterations",
        "PBKDF2-SHA256",
        Dialect::OpenLdap,
    ),
    (
        "PBKDF2-HMAC-SHA512, iterations",
        "PBKDF2-SHA512",
        Dialect::OpenLdap,
    ),
    ("bcrypt, logarithm", "bcrypt", Dialect::Crypt),
    ("scrypt, logarithm of N, r 8", "scrypt", Dialect::Phc),
    ("Argon2id, passes over 19 MiB", "argon2id", Dialect::Phc),
];

/// Measure which cost takes how long on this machine
#[derive(Args)]
#[command(
    after_help = "One core computes, and the shortest of some computations counts: run it where and when the server is idle.\n\
                  No cost below OWASP's figure is chosen, even where that takes longer than asked for."
)]
pub(super) struct Calibrate {
    #[command(flatten)]
    target: TargetOption,

    /// Print JSON, with all that was measured
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
struct TargetOption {
    /// How long one computation may take, in milliseconds, up to 10000
    #[arg(long, value_name = "N", default_value_t = 250)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=10_000))]
    target_ms: u32,
}

/// The JSON form. Its field names are stable; times are in milliseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    function: &'static str,
    cost: u32,
    takes_ms: f64,
    /// OWASP's figure.
    least: u32,
    measured: Vec<Measured>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Measured {
    cost: u32,
    takes_ms: f64,
}

impl Calibrate {
    pub(super) fn run(self) -> Result<(), Failure> {
        let target = Duration::from_millis(self.target.target_ms.into());
        let mut progress = Progress::new("measured", FUNCTIONS.len());
        let mut rows = Vec::new();
        for (function, name, dialect) in FUNCTIONS {
            let calibration = scheme(name, Some(dialect))?.calibrate(target)?;
            rows.push(row(function, &calibration));
            progress.step();
        }
        drop(progress);
        let mut output = io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut output, &rows).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            writeln!(output, "{}", table(&rows))?;
        }
        Ok(output.flush()?)
    }
}

/// The cost of `--target-ms` for one scheme; says on standard error what was chosen.
pub(super) fn chosen_cost(
    scheme: &crate::password::Scheme,
    milliseconds: u32,
) -> Result<u32, PasswordError> {
    let target = Duration::from_millis(milliseconds.into()).min(LONGEST_TARGET);
    let found = scheme.calibrate(target)?;
    let takes = milliseconds_of(found.takes);
    let beyond = if found.is_beyond(target) {
        "; that is longer than asked for, and no lower cost is chosen"
    } else {
        ""
    };
    crate::cli::terminal::note(format!(
        "{}: the cost {} takes {takes:.1} ms on this machine{beyond}",
        scheme.name, found.cost
    ));
    Ok(found.cost)
}

fn row(function: &'static str, found: &Calibration) -> Row {
    let measured = found.measured.iter().map(|(cost, takes)| Measured {
        cost: *cost,
        takes_ms: milliseconds_of(*takes),
    });
    Row {
        function,
        cost: found.cost,
        takes_ms: milliseconds_of(found.takes),
        least: found.least,
        measured: measured.collect(),
    }
}

fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header([
        "FUNCTION, COST",
        "CHOSEN",
        "TAKES, MS",
        "OWASP",
        "TAKES, MS",
    ]);
    for row in rows {
        // The least cost is the first that is measured.
        let least = row.measured.first().map_or(row.takes_ms, |it| it.takes_ms);
        table.add_row([
            row.function,
            &row.cost.to_string(),
            &format!("{:.1}", row.takes_ms),
            &row.least.to_string(),
            &format!("{least:.1}"),
        ]);
    }
    table.trim_fmt()
}

fn milliseconds_of(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
