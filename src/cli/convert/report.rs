//! What `convert` prints, for a reader and as JSON.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::conversion::Conversion;
use crate::keystore::StoreType;

/// From where to where.
pub(super) struct Route<'a> {
    pub(super) source: &'a Path,
    pub(super) source_type: StoreType,
    pub(super) target: &'a Path,
    pub(super) target_type: StoreType,
}

/// Whether the new keystore was written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Written,
    Refused,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
pub(super) struct ConversionReport<'a> {
    source: String,
    source_type: &'static str,
    target: String,
    target_type: &'static str,
    written: bool,
    converted: Vec<&'a str>,
    left_out: Vec<ListedLeftOut<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct ListedLeftOut<'a> {
    alias: &'a str,
    kind: String,
    reason: &'a str,
}

impl<'a> ConversionReport<'a> {
    pub(super) fn of(route: &Route<'_>, conversion: &'a Conversion, outcome: Outcome) -> Self {
        let converted = conversion.converted.iter();
        let left_out = conversion.left_out.iter();
        Self {
            source: route.source.display().to_string(),
            source_type: route.source_type.name(),
            target: route.target.display().to_string(),
            target_type: route.target_type.name(),
            written: outcome == Outcome::Written,
            converted: converted.map(|entry| entry.alias.as_str()).collect(),
            left_out: left_out
                .map(|left_out| ListedLeftOut {
                    alias: left_out.entry.alias.as_str(),
                    kind: left_out.entry.kind.to_string(),
                    reason: &left_out.reason,
                })
                .collect(),
            notes: &conversion.notes,
        }
    }
}

/// The form for a reader.
pub(super) fn write_text(
    output: &mut impl Write,
    route: &Route<'_>,
    conversion: &Conversion,
    outcome: Outcome,
) -> io::Result<()> {
    for left_out in &conversion.left_out {
        let (alias, kind) = (&left_out.entry.alias, &left_out.entry.kind);
        writeln!(output, "left out <{alias}>, {kind}: {}", left_out.reason)?;
    }
    for note in &conversion.notes {
        writeln!(output, "note: {note}")?;
    }
    if outcome == Outcome::Refused {
        return Ok(());
    }
    let converted = conversion.converted.len();
    let total = converted + conversion.left_out.len();
    let noun = if total == 1 { "entry" } else { "entries" };
    let Route {
        source,
        source_type,
        target,
        target_type,
    } = route;
    let (source, target) = (source.display(), target.display());
    writeln!(
        output,
        "{converted} of {total} {noun} converted: {source} ({source_type}) -> {target} ({target_type})"
    )
}
