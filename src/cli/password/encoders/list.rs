//! `keyward password encoders list`: the encoders of a document.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::super::encoder_options::EncoderKinds;
use crate::cli::failure::Failure;

/// List the encoders of a document: what each stores, its line, which one makes new values
#[derive(Args)]
#[command(after_help = "Example: keyward password encoders list xml-examples/phixflow-login.xml")]
pub(super) struct List {
    /// The document with the list: PhixFlow's phixflow-login.xml or phixflow-instance.xml
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,

    #[command(flatten)]
    kinds: EncoderKinds,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    encoder: &'a str,
    current: bool,
    scheme: Option<&'static str>,
    strength: Option<u32>,
    pepper: bool,
    line: usize,
    bean: Option<&'a str>,
    class: Option<&'a str>,
}

impl List {
    pub(super) fn run(self) -> Result<(), Failure> {
        let read = self.kinds.read(&self.document)?;
        let encoders = read.list.encoders().iter().zip(&read.settings);
        let rows: Vec<Row<'_>> = encoders
            .map(|(encoder, settings)| Row {
                encoder: encoder.id(),
                current: settings.is_current,
                scheme: encoder.scheme().map(|scheme| scheme.name),
                strength: settings.strength,
                pepper: encoder.names_pepper(),
                line: settings.at.line,
                bean: settings.bean.as_deref(),
                class: settings.class.as_deref(),
            })
            .collect();
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

fn table(rows: &[Row<'_>]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header([
        "ENCODER", "CURRENT", "SCHEME", "COST", "PEPPER", "LINE", "CLASS",
    ]);
    for row in rows {
        let strength = row.strength.map(|strength| strength.to_string());
        table.add_row([
            row.encoder,
            if row.current { "yes" } else { "no" },
            row.scheme.unwrap_or("unknown"),
            strength.as_deref().unwrap_or("-"),
            if row.pepper { "yes" } else { "-" },
            &row.line.to_string(),
            row.class.unwrap_or("-"),
        ]);
    }
    table.trim_fmt()
}
