//! `keyward password identify --file`: a line for each stored password, and a count for each scheme.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::identify::{CHOOSE, Reading};
use super::user_file::{UserFile, UserValue};
use crate::cli::failure::Failure;
use crate::cli::terminal::note;
use crate::password::{Conventions, Identification, StoredHash};

/// A line of the JSON form. Its field names are stable.
#[derive(Serialize)]
struct Identified<'a> {
    line: usize,
    name: &'a str,
    attribute: &'a str,
    /// The schemes of the readings that differ.
    schemes: Vec<&'static str>,
    /// Every reading that fits.
    readings: Vec<Reading>,
    /// Of the readings, where they do not differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    function: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    soundness: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The last line of the JSON form. Its field names are stable.
#[derive(Serialize)]
struct Summary<'a> {
    summary: Vec<Count<'a>>,
}

#[derive(Serialize)]
struct Count<'a> {
    scheme: &'a str,
    count: usize,
}

/// What is counted where no scheme fits.
const NONE: &str = "no scheme";

/// Identifies every stored password of the file.
pub(super) fn run(file: &UserFile, conventions: &Conventions, json: bool) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut readings_differ = false;
    let read = file.for_each(|value| {
        let identification = match &value.stored {
            Some(stored) => conventions.identify(stored),
            None => Identification {
                readings: Vec::new(),
                refusals: Vec::new(),
            },
        };
        readings_differ |= distinct(&identification).len() > 1;
        *counts.entry(name_of(&identification)).or_default() += 1;
        if json {
            write_json(&mut output, &line(&value, &identification))?;
        } else {
            writeln!(output, "{value}: {}", described(&identification))?;
        }
        Ok(())
    });
    write_summary(&mut output, &counts, json)?;
    output.flush()?;
    if readings_differ && !json {
        note(CHOOSE);
    }
    read?;
    if counts.is_empty() {
        return Err(file.without_values());
    }
    if counts.contains_key(NONE) {
        return Err(Failure::silent());
    }
    Ok(())
}

/// The schemes that fit, for the count.
fn name_of(identification: &Identification) -> String {
    let readings = distinct(identification);
    let names: Vec<String> = readings
        .iter()
        .map(|reading| {
            let scheme = reading.scheme();
            format!("{scheme:?}; {}", scheme.soundness.name())
        })
        .collect();
    if names.is_empty() {
        return NONE.to_owned();
    }
    names.join(", or ")
}

/// The readings that do not accept the same passwords.
fn distinct(identification: &Identification) -> Vec<&StoredHash> {
    let mut distinct: Vec<&StoredHash> = Vec::new();
    for reading in &identification.readings {
        if !distinct.iter().any(|other| other.is_same_as(reading)) {
            distinct.push(reading);
        }
    }
    distinct
}

fn described(identification: &Identification) -> String {
    let readings = distinct(identification);
    let described: Vec<String> = readings
        .iter()
        .map(|reading| {
            let (scheme, function) = (reading.scheme(), reading.function());
            format!("{scheme:?}: {function}; {}", scheme.soundness.name())
        })
        .collect();
    if !described.is_empty() {
        return described.join(", or ");
    }
    let refusal = identification.refusals.first();
    refusal.map_or_else(|| NONE.to_owned(), ToString::to_string)
}

fn line<'a>(value: &'a UserValue, identification: &Identification) -> Identified<'a> {
    let readings = distinct(identification);
    let only = match readings.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let refusal = identification.refusals.first();
    let error = refusal.map_or_else(|| NONE.to_owned(), ToString::to_string);
    Identified {
        line: value.line,
        name: &value.name,
        attribute: &value.attribute,
        schemes: readings
            .iter()
            .map(|reading| reading.scheme().name)
            .collect(),
        readings: identification.readings.iter().map(Reading::of).collect(),
        function: only.map(|reading| reading.function().to_string()),
        soundness: only.map(|reading| reading.scheme().soundness.name()),
        error: readings.is_empty().then_some(error),
    }
}

fn write_summary(
    output: &mut impl Write,
    counts: &BTreeMap<String, usize>,
    json: bool,
) -> Result<(), Failure> {
    if json {
        let counts = counts.iter();
        let summary = counts
            .map(|(scheme, &count)| Count { scheme, count })
            .collect();
        return write_json(output, &Summary { summary });
    }
    let total: usize = counts.values().sum();
    writeln!(output, "{total} stored passwords")?;
    for (scheme, count) in counts {
        writeln!(output, "{count:>8} {scheme}")?;
    }
    Ok(())
}

fn write_json(output: &mut impl Write, value: &impl Serialize) -> Result<(), Failure> {
    serde_json::to_writer(&mut *output, value).map_err(io::Error::from)?;
    Ok(writeln!(output)?)
}
