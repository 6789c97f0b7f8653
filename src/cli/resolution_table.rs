//! The table of every alias that documents name; never a value unless it is asked for.

use std::path::Path;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};

use crate::service::{Outcome, Resolution};

/// Whether the table has a column with the secrets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    Hidden,
    Revealed,
}

/// The table, ready to be printed.
pub(super) fn table(resolutions: &[Resolution], values: Values) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    let mut header = vec!["DOCUMENT", "SETTING", "ALIAS", "KEYSTORE", "READABLE"];
    if values == Values::Revealed {
        header.push("SECRET");
    }
    table.set_header(header);
    for resolution in resolutions {
        let mut row = vec![
            format!("{}:{}", shown(&resolution.document), resolution.line),
            resolution.setting.clone(),
            resolution.alias.clone(),
            resolution
                .keystore
                .as_ref()
                .map_or_else(|| "-".to_owned(), |keystore| shown(&keystore.path)),
            readable(&resolution.outcome),
        ];
        if values == Values::Revealed {
            row.push(revealed(resolution));
        }
        table.add_row(row);
    }
    table.trim_fmt()
}

/// How many of the aliases cannot be read.
pub(super) fn unreadable(resolutions: &[Resolution]) -> usize {
    resolutions
        .iter()
        .filter(|resolution| resolution.outcome != Outcome::Readable)
        .count()
}

/// The secret as text; bytes that are no text as such.
pub(super) fn revealed(resolution: &Resolution) -> String {
    let Some(secret) = &resolution.secret else {
        return String::new();
    };
    match secret.expose_text() {
        Ok(text) => text.to_owned(),
        Err(_) => format!("({} bytes that are not UTF-8)", secret.len()),
    }
}

fn readable(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Readable => "yes".to_owned(),
        Outcome::Unreadable(reason) | Outcome::Missing(reason) => format!("no: {reason}"),
    }
}

/// The file's name: the table is about one folder or two, and its rows should fit a terminal.
fn shown(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
