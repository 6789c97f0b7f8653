//! `keyward password encoders check`: how many stored values each encoder still has.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::super::encoder_options::{EncoderKinds, ReadList};
use super::census::Census;
use crate::cli::failure::Failure;

/// Count the stored values that each encoder has made
#[derive(Args)]
#[command(
    after_help = "A value that several encoders can have made counts for each of them.\n\
                  Exit codes: 0 each value is of an encoder of the list, 1 there are others."
)]
pub(super) struct Check {
    /// The document with the list: PhixFlow's phixflow-login.xml or phixflow-instance.xml
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,

    /// The stored values: one a line, or JSON lines {"stored": …}; - is standard input
    #[arg(long, value_name = "FILE")]
    values: PathBuf,

    #[command(flatten)]
    kinds: EncoderKinds,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    encoders: Vec<Row<'a>>,
    values: usize,
    of_nobody: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    encoder: &'a str,
    current: bool,
    scheme: Option<&'static str>,
    line: usize,
    /// None where it is not known what the encoder stores.
    values: Option<usize>,
    /// Those of them that another encoder can have made as well.
    shared: usize,
}

impl Check {
    pub(super) fn run(self) -> Result<(), Failure> {
        let read = self.kinds.read(&self.document)?;
        let census = Census::of(&read.list, &self.values)?;
        let report = report(&read, &census);
        let mut output = io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut output, &report).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            writeln!(output, "{}", table(&report.encoders))?;
        }
        output.flush()?;
        let Some(line) = census.first_of_nobody else {
            return Ok(());
        };
        let (of_nobody, total) = (census.of_nobody, census.total);
        let unknown = read.list.unknown();
        let next = if unknown.is_empty() {
            "Another document has the encoder that made them".to_owned()
        } else {
            format!("Say what {0} stores: --encoder {0}=SCHEME", unknown[0])
        };
        Err(Failure::new(format!(
            "{}: {of_nobody} of {total} values are of no encoder of the list that is known, the first in line {line}. {next}",
            self.values.display()
        )))
    }
}

fn report<'a>(read: &'a ReadList, census: &Census) -> Report<'a> {
    let encoders = read.list.encoders().iter().zip(&read.settings);
    let counts = census.values.iter().zip(&census.shared);
    let rows = encoders.zip(counts);
    let rows = rows.map(|((encoder, settings), (values, shared))| Row {
        encoder: encoder.id(),
        current: settings.is_current,
        scheme: encoder.scheme().map(|scheme| scheme.name),
        line: settings.at.line,
        values: encoder.scheme().map(|_| *values),
        shared: *shared,
    });
    Report {
        encoders: rows.collect(),
        values: census.total,
        of_nobody: census.of_nobody,
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["ENCODER", "CURRENT", "SCHEME", "LINE", "VALUES"]);
    for row in rows {
        let values = match (row.values, row.shared) {
            (None, _) => "unknown".to_owned(),
            (Some(values), 0) => values.to_string(),
            (Some(values), shared) => format!("{values}, {shared} of them perhaps of another"),
        };
        table.add_row([
            row.encoder,
            if row.current { "yes" } else { "no" },
            row.scheme.unwrap_or("unknown"),
            &row.line.to_string(),
            &values,
        ]);
    }
    table.trim_fmt()
}
