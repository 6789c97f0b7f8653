//! What `diff` prints, for a reader and as JSON.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::comparison::{ComparedEntry, Comparison, Difference, Facts, Value};
use crate::cli::hexadecimal;
use crate::keystore::{Protection, StoreType};

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
pub(super) struct ComparedKeystores<'a> {
    same: bool,
    first: ComparedKeystore,
    second: ComparedKeystore,
    entries: Vec<ListedComparison<'a>>,
}

#[derive(Serialize)]
struct ComparedKeystore {
    keystore: String,
    store_type: &'static str,
}

#[derive(Serialize)]
struct ListedComparison<'a> {
    alias: &'a str,
    /// `same`, `different`, `only-in-first`, `only-in-second`.
    status: &'static str,
    /// `kind`, `stored-bytes`, `protection`, `certificates`, `key-algorithm`, `value`.
    differences: Vec<&'static str>,
    /// `same`, `different`, `unknown`, `not-compared`; never what it is.
    value: Option<&'static str>,
    /// Why the values could not be compared.
    reason: Option<&'a str>,
    first: Option<ListedFacts<'a>>,
    second: Option<ListedFacts<'a>>,
}

#[derive(Serialize)]
struct ListedFacts<'a> {
    kind: String,
    algorithm: Option<&'a str>,
    iterations: Option<u32>,
    key_algorithm: Option<&'a str>,
    /// SHA-256 of each, a private key's own first.
    certificates: Vec<String>,
}

impl<'a> ComparedKeystores<'a> {
    pub(super) fn of(paths: [&Path; 2], types: [StoreType; 2], comparison: &'a Comparison) -> Self {
        let keystore = |index: usize| ComparedKeystore {
            keystore: paths[index].display().to_string(),
            store_type: types[index].name(),
        };
        Self {
            same: comparison.is_same(),
            first: keystore(0),
            second: keystore(1),
            entries: comparison
                .entries
                .iter()
                .map(ListedComparison::of)
                .collect(),
        }
    }
}

impl<'a> ListedComparison<'a> {
    fn of(compared: &'a ComparedEntry) -> Self {
        let status = match (&compared.first, &compared.second) {
            (Some(_), None) => "only-in-first",
            (None, _) => "only-in-second",
            (Some(_), Some(_)) if compared.differences.is_empty() => "same",
            (Some(_), Some(_)) => "different",
        };
        Self {
            alias: compared.alias.as_str(),
            status,
            differences: compared
                .differences
                .iter()
                .map(|difference| difference.name())
                .collect(),
            value: compared.value.as_ref().map(Value::name),
            reason: match &compared.value {
                Some(Value::Unknown(reason)) => Some(reason),
                _ => None,
            },
            first: compared.first.as_ref().map(ListedFacts::of),
            second: compared.second.as_ref().map(ListedFacts::of),
        }
    }
}

impl<'a> ListedFacts<'a> {
    fn of(facts: &'a Facts) -> Self {
        let protection = facts.protection.as_ref();
        Self {
            kind: facts.kind.to_string(),
            algorithm: protection.map(|protection| protection.algorithm.as_str()),
            iterations: protection.map(|protection| protection.iterations.get()),
            key_algorithm: facts.key_algorithm.as_deref(),
            certificates: facts
                .certificates
                .iter()
                .map(|digest| hexadecimal::text(digest))
                .collect(),
        }
    }
}

impl Value {
    /// Its stable name.
    fn name(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Different => "different",
            Self::Unknown(_) => "unknown",
            Self::NotCompared => "not-compared",
        }
    }
}

/// The form for a reader: a line for each entry that is not the same, and how many are.
pub(super) fn write_text(
    output: &mut impl Write,
    types: [StoreType; 2],
    comparison: &Comparison,
) -> io::Result<()> {
    if !comparison.counted_store_type() {
        let [first, second] = types;
        writeln!(output, "! store type: {first} -> {second}")?;
    }
    for compared in &comparison.entries {
        let alias = &compared.alias;
        match (&compared.first, &compared.second) {
            (Some(first), None) => writeln!(output, "- {alias}: {}", first.kind)?,
            (None, Some(second)) => writeln!(output, "+ {alias}: {}", second.kind)?,
            (Some(first), Some(second)) if !compared.differences.is_empty() => {
                let described = described(compared, first, second);
                writeln!(output, "~ {alias}: {described}")?;
            }
            _ => {}
        }
    }
    let same = comparison.entries.iter().filter(|entry| entry.is_same());
    let (same, total) = (same.count(), comparison.entries.len());
    let noun = if total == 1 { "entry" } else { "entries" };
    writeln!(output, "{same} of {total} {noun} the same")
}

fn described(compared: &ComparedEntry, first: &Facts, second: &Facts) -> String {
    let mut parts: Vec<String> = compared
        .differences
        .iter()
        .filter(|difference| **difference != Difference::Value)
        .map(|difference| match difference {
            Difference::Kind => format!("{} -> {}", first.kind, second.kind),
            Difference::Protection => {
                let [one, other] =
                    [first, second].map(|facts| protection(facts.protection.as_ref()));
                format!("protection {one} -> {other}")
            }
            Difference::Certificates => {
                let [one, other] = [first, second].map(certificates);
                format!("certificates {one} -> {other}")
            }
            Difference::KeyAlgorithm => {
                let [one, other] =
                    [first, second].map(|facts| facts.key_algorithm.as_deref().unwrap_or("none"));
                format!("key algorithm {one} -> {other}")
            }
            Difference::StoredBytes => format!("{}, its stored bytes differ", first.kind),
            Difference::Value => String::new(),
        })
        .collect();
    parts.extend(compared.value.as_ref().map(|value| match value {
        Value::Unknown(reason) => format!("value unknown: {reason}"),
        value => format!("value {}", value.name().replace('-', " ")),
    }));
    parts.join("; ")
}

fn protection(protection: Option<&Protection>) -> String {
    protection.map_or_else(
        || "none".to_owned(),
        |protection| {
            format!(
                "{} ({} iterations)",
                protection.algorithm, protection.iterations
            )
        },
    )
}

/// The beginning of each SHA-256: enough to tell them apart in a line.
fn certificates(facts: &Facts) -> String {
    if facts.certificates.is_empty() {
        return "none".to_owned();
    }
    let short = |digest: &[u8; 32]| hexadecimal::text(&digest[..8]);
    facts
        .certificates
        .iter()
        .map(short)
        .collect::<Vec<_>>()
        .join(", ")
}
