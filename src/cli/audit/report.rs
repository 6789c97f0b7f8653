//! What `audit` prints of a keystore, for a reader and as JSON.

use std::io::{self, Write};
use std::path::Path;

use comfy_table::presets::NOTHING;
use comfy_table::{ContentArrangement, Table};
use serde::Serialize;

use super::examination::{Examination, ExaminedEntry};
use super::expiry::{ExaminedCertificate, rfc_3339};
use super::finding::Finding;
use super::key_check::Readability;
use crate::cli::hexadecimal;
use crate::kdf::Iterations;
use crate::keystore::{Alias, EntryKind, Protection};

/// How many aliases a line of findings names.
const NAMED_ALIASES: usize = 5;

/// The JSON form of one keystore. Its field names are stable.
#[derive(Serialize)]
pub(super) struct AuditedKeystore<'a> {
    keystore: String,
    /// Why the keystore could not be looked at; the fields below are then absent.
    error: Option<String>,
    #[serde(flatten)]
    audit: Option<Audit<'a>>,
}

#[derive(Serialize)]
struct Audit<'a> {
    /// `A` to `F`.
    grade: char,
    store_type: &'static str,
    /// None for a PKCS12 keystore without a MAC.
    integrity: Option<Algorithm<'a>>,
    /// How the certificates of a PKCS12 keystore are encrypted.
    certificate_protection: Vec<Algorithm<'a>>,
    /// Octal, as `0600`.
    mode: Option<String>,
    entries: Vec<AuditedEntry<'a>>,
    findings: Vec<AuditFinding<'a>>,
}

#[derive(Serialize)]
struct Algorithm<'a> {
    algorithm: &'a str,
    iterations: Option<u32>,
}

#[derive(Serialize)]
struct AuditedEntry<'a> {
    alias: &'a str,
    kind: String,
    algorithm: Option<&'a str>,
    iterations: Option<u32>,
    /// Whether Java can read it: `yes`, `no`, `own-password`, `not-checked`.
    readable: &'static str,
    /// Why it cannot.
    reason: Option<&'a str>,
    certificates: Vec<AuditedCertificate>,
}

#[derive(Serialize)]
struct AuditedCertificate {
    sha256: String,
    /// RFC 3339, UTC.
    not_before: Option<String>,
    not_after: Option<String>,
    /// `valid`, `expiring`, `expired`, `not-yet-valid`, `unknown`.
    state: &'static str,
}

#[derive(Serialize)]
struct AuditFinding<'a> {
    rule: &'static str,
    /// Letters that it takes off the grade.
    deduction: u32,
    reason: &'a str,
    aliases: Vec<&'a str>,
}

impl<'a> AuditedKeystore<'a> {
    pub(super) fn of(examination: &'a Examination) -> Self {
        let integrity = examination.integrity.as_ref();
        let audit = Audit {
            grade: examination.findings.grade().letter(),
            store_type: examination.store_type.name(),
            integrity: integrity.map(|integrity| Algorithm {
                algorithm: &integrity.algorithm,
                iterations: integrity.iterations.map(Iterations::get),
            }),
            certificate_protection: examination.containers.iter().map(Algorithm::of).collect(),
            mode: examination.mode.map(|mode| format!("{mode:04o}")),
            entries: examination.entries.iter().map(AuditedEntry::of).collect(),
            findings: examination
                .findings
                .with_deductions()
                .into_iter()
                .map(|(deduction, finding)| AuditFinding {
                    rule: finding.rule.name(),
                    deduction,
                    reason: &finding.reason,
                    aliases: finding.aliases.iter().map(Alias::as_str).collect(),
                })
                .collect(),
        };
        Self {
            keystore: examination.path.display().to_string(),
            error: None,
            audit: Some(audit),
        }
    }

    pub(super) fn unreadable(path: &Path, error: String) -> Self {
        Self {
            keystore: path.display().to_string(),
            error: Some(error),
            audit: None,
        }
    }
}

impl<'a> Algorithm<'a> {
    fn of(protection: &'a Protection) -> Self {
        Self {
            algorithm: &protection.algorithm,
            iterations: Some(protection.iterations.get()),
        }
    }
}

impl<'a> AuditedEntry<'a> {
    fn of(examined: &'a ExaminedEntry) -> Self {
        let protection = examined.entry.protection.as_ref();
        let (readable, reason) = match &examined.readable {
            Readability::Readable => ("yes", None),
            Readability::Unreadable(reason) => ("no", Some(reason.as_str())),
            Readability::OwnPassword => ("own-password", None),
            Readability::NotChecked => ("not-checked", None),
        };
        Self {
            alias: examined.entry.alias.as_str(),
            kind: examined.entry.kind.to_string(),
            algorithm: protection.map(|protection| protection.algorithm.as_str()),
            iterations: protection.map(|protection| protection.iterations.get()),
            readable,
            reason,
            certificates: examined
                .certificates
                .iter()
                .map(AuditedCertificate::of)
                .collect(),
        }
    }
}

impl AuditedCertificate {
    fn of(certificate: &ExaminedCertificate) -> Self {
        let validity = certificate.validity;
        Self {
            sha256: hexadecimal::text(&certificate.fingerprint),
            not_before: validity.map(|validity| rfc_3339(validity.not_before)),
            not_after: validity.map(|validity| rfc_3339(validity.not_after)),
            state: certificate.state.name(),
        }
    }
}

/// The form for a reader: the grade, what takes letters off it, and every entry.
pub(super) fn write_text(output: &mut impl Write, examination: &Examination) -> io::Result<()> {
    let path = examination.path.display();
    writeln!(output, "{path}: grade {}", examination.findings.grade())?;
    writeln!(output, "  {}", summary(examination))?;
    for (deduction, finding) in examination.findings.with_deductions() {
        let sign = match deduction {
            0 => "   ".to_owned(),
            letters => format!("-{letters} "),
        };
        writeln!(output, "  {sign}{}", described(finding))?;
    }
    if examination.entries.is_empty() {
        return Ok(());
    }
    writeln!(output)?;
    for line in entry_table(&examination.entries).lines() {
        writeln!(output, "  {}", line.trim_end())?;
    }
    Ok(())
}

/// One line on the file as a whole.
fn summary(examination: &Examination) -> String {
    let guard = match &examination.integrity {
        None => "no MAC".to_owned(),
        Some(integrity) => match integrity.iterations {
            Some(iterations) => format!("{} ({iterations} iterations)", integrity.algorithm),
            None => integrity.algorithm.clone(),
        },
    };
    let count = examination.entries.len();
    let noun = if count == 1 { "entry" } else { "entries" };
    let mut parts = vec![
        examination.store_type.to_string(),
        guard,
        format!("{count} {noun}"),
    ];
    parts.extend(examination.containers.iter().map(|protection| {
        let Protection {
            algorithm,
            iterations,
            ..
        } = protection;
        format!("certificates under {algorithm} ({iterations} iterations)")
    }));
    parts.extend(examination.mode.map(|mode| format!("mode {mode:04o}")));
    parts.join(", ")
}

fn described(finding: &Finding) -> String {
    let rule = finding.rule.name();
    let reason = &finding.reason;
    let mut aliases: Vec<&str> = finding.aliases.iter().map(Alias::as_str).collect();
    if aliases.is_empty() {
        return format!("{rule}: {reason}");
    }
    let more = aliases.len().saturating_sub(NAMED_ALIASES);
    aliases.truncate(NAMED_ALIASES);
    let names = aliases.join(">, <");
    match more {
        0 => format!("{rule}: <{names}>: {reason}"),
        _ => format!("{rule}: <{names}> and {more} more: {reason}"),
    }
}

fn entry_table(entries: &[ExaminedEntry]) -> String {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["ALIAS", "ENTRY", "PROTECTION", "ITERATIONS", "READABLE"]);
    for examined in entries {
        let protection = examined.entry.protection.as_ref();
        let dash = || "-".to_owned();
        let readable = match &examined.readable {
            Readability::Readable => "yes",
            Readability::Unreadable(_) => "no",
            Readability::OwnPassword => "own password",
            Readability::NotChecked => "not checked",
        };
        let kind = match &examined.entry.kind {
            EntryKind::Opaque(reason) => format!("opaque: {reason}"),
            kind => kind.to_string(),
        };
        table.add_row([
            examined.entry.alias.to_string(),
            kind,
            protection.map_or_else(dash, |protection| protection.algorithm.clone()),
            protection.map_or_else(dash, |protection| protection.iterations.to_string()),
            readable.to_owned(),
        ]);
    }
    table.trim_fmt()
}
