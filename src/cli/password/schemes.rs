//! `keyward password schemes`: the table of what is known.

use std::io::{self, Write};

use clap::Args;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::dialect_option::DialectOption;
use crate::cli::failure::Failure;
use crate::password::{Scheme, schemes};

/// List every scheme: what is verified, what is made, what is obsolete
#[derive(Args)]
#[command(
    after_help = "JUDGE names the program of others that the tests compare a scheme with; - is none."
)]
pub(super) struct Schemes {
    #[command(flatten)]
    dialect: DialectOption,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Row {
    scheme: &'static str,
    dialects: Vec<&'static str>,
    verifies: bool,
    produces: bool,
    salt: &'static str,
    cost: &'static str,
    soundness: &'static str,
    judge: Option<&'static str>,
}

impl Schemes {
    pub(super) fn run(self) -> Result<(), Failure> {
        let dialect = self.dialect.dialect;
        let rows = schemes()
            .filter(|scheme| dialect.is_none_or(|dialect| scheme.dialects.contains(&dialect)))
            .map(Row::of);
        let rows: Vec<Row> = rows.collect();
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

impl Row {
    fn of(scheme: &'static Scheme) -> Self {
        let dialects = scheme.dialects.iter();
        Self {
            scheme: scheme.name,
            dialects: dialects.map(|dialect| dialect.name()).collect(),
            verifies: true,
            produces: scheme.produces(),
            salt: scheme.salt,
            cost: scheme.cost,
            soundness: scheme.soundness.name(),
            judge: scheme.judge,
        }
    }
}

fn table(rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header([
        "SCHEME", "DIALECTS", "VERIFIES", "MAKES", "SALT", "COST", "SOUND", "JUDGE",
    ]);
    for row in rows {
        table.add_row([
            row.scheme,
            &row.dialects.join(", "),
            yes_or_no(row.verifies),
            yes_or_no(row.produces),
            row.salt,
            row.cost,
            row.soundness,
            row.judge.unwrap_or("-"),
        ]);
    }
    table.trim_fmt()
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
