//! `-list`: what is in a keystore, never a secret.

use std::io::{self, BufWriter, Write};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::readable_store::{ReadableStore, is_shown};
use super::store_file::StoreFile;
use crate::cli::certificate::{self, Certificate, Pool, pem};
use crate::cli::terminal::{Input, note};
use crate::keystore::{Entry, EntryKind};

const STARS: &str = "*******************************************";

/// How an entry is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// One line, and the fingerprint of its certificate.
    Short,
    /// `-v`.
    Verbose,
    /// `-rfc`: certificates in PEM.
    Rfc,
}

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let style = match (line.is_verbose(), line.has(KeytoolOption::Rfc)) {
        (true, true) => {
            return Err(line.usage("Must not specify both -v and -rfc with 'list' command"));
        }
        (true, false) => Style::Verbose,
        (false, true) => Style::Rfc,
        (false, false) => Style::Short,
    };
    let opened = StoreFile::find(line)?.open_for_reading(line, input)?;
    let mut listing = Listing {
        output: BufWriter::new(io::stdout().lock()),
        pool: opened.pool(),
        opened: &opened,
        style,
        warnings: Vec::new(),
    };
    match line.text(KeytoolOption::Alias) {
        Some(alias) => listing.write_one(alias)?,
        None => listing.write_all()?,
    }
    listing.output.flush()?;
    let mut warnings = listing.warnings;
    warnings.extend(opened.warnings());
    Ok(warnings)
}

/// A listing on its way to standard output.
struct Listing<'a, W> {
    output: W,
    opened: &'a ReadableStore,
    pool: Pool,
    style: Style,
    /// What is weak.
    warnings: Vec<String>,
}

impl<W: Write> Listing<'_, W> {
    fn write_one(&mut self, alias: &str) -> Result<(), Failure> {
        let entry = self.opened.entry(alias)?;
        self.write_entry(entry, alias, "The certificate")
    }

    fn write_all(&mut self) -> Result<(), Failure> {
        let opened = self.opened;
        let (mut entries, hidden): (Vec<&Entry>, Vec<&Entry>) =
            opened.entries.iter().partition(|entry| is_shown(entry));
        entries
            .sort_by_cached_key(|entry| entry.alias.as_str().encode_utf16().collect::<Vec<u16>>());
        let (store_type, provider) = &opened.shown_as;
        writeln!(self.output, "Keystore type: {store_type}")?;
        writeln!(self.output, "Keystore provider: {provider}\n")?;
        let noun = if entries.len() == 1 {
            "entry"
        } else {
            "entries"
        };
        let count = with_separators(entries.len());
        writeln!(self.output, "Your keystore contains {count} {noun}\n")?;
        for entry in entries {
            let alias = entry.alias.as_str();
            self.write_entry(entry, alias, &format!("<{alias}>"))?;
            if self.style != Style::Short {
                writeln!(self.output, "\n\n{STARS}\n{STARS}\n\n")?;
            }
        }
        // Without a password that may be anything, certificates above all.
        if opened.is_verified() && !hidden.is_empty() {
            self.output.flush()?;
            let count = hidden.len();
            note(format!(
                "{}: {count} more that Java does not show are kept as they are; `keyward list` names them",
                opened.name
            ));
        }
        Ok(())
    }

    /// `label` is what warnings call its certificates.
    fn write_entry(&mut self, entry: &Entry, alias: &str, label: &str) -> Result<(), Failure> {
        let day = local_day(entry.created.unwrap_or_else(SystemTime::now));
        let kind = &entry.kind;
        if self.style == Style::Short {
            writeln!(self.output, "{alias}, {day}, {kind}, ")?;
        } else {
            writeln!(self.output, "Alias name: {alias}\nCreation date: {day}")?;
            writeln!(self.output, "Entry type: {kind}")?;
        }
        if *kind == EntryKind::Secret {
            return Ok(());
        }
        let certificates = self.opened.certificates(entry)?;
        self.write_certificates(kind, &certificates)?;
        for (index, certificate) in certificates.iter().enumerate() {
            let label = match self.style {
                Style::Short => one_of_many(label, index, certificates.len()),
                Style::Verbose | Style::Rfc => label.to_owned(),
            };
            if let Some(certificate) = Certificate::read(certificate) {
                let marks = self.pool.marks(&certificate);
                self.warnings.extend(certificate.warnings(&label, marks));
            }
        }
        Ok(())
    }

    fn write_certificates(
        &mut self,
        kind: &EntryKind,
        certificates: &[Vec<u8>],
    ) -> Result<(), Failure> {
        let Some(own) = certificates.first() else {
            return Ok(writeln!(self.output, "Certificate chain length: 0")?);
        };
        if self.style == Style::Short {
            let fingerprint = certificate::sha256(own);
            return Ok(writeln!(
                self.output,
                "Certificate fingerprint (SHA-256): {fingerprint}"
            )?);
        }
        if *kind == EntryKind::TrustedCertificate {
            writeln!(self.output)?;
            return self.write_certificate(own);
        }
        let length = certificates.len();
        writeln!(self.output, "Certificate chain length: {length}")?;
        for (index, certificate) in certificates.iter().enumerate() {
            writeln!(self.output, "Certificate[{}]:", with_separators(index + 1))?;
            self.write_certificate(certificate)?;
        }
        Ok(())
    }

    fn write_certificate(&mut self, der: &[u8]) -> Result<(), Failure> {
        let words = Certificate::read(der)
            .filter(|_| self.style == Style::Verbose)
            .and_then(|certificate| certificate.in_words(self.pool.marks(&certificate)));
        let text = words.unwrap_or_else(|| pem::certificate(der, pem::LineEnd::CrLf));
        Ok(self.output.write_all(text.as_bytes())?)
    }
}

/// What a warning calls one of several certificates.
pub(super) fn one_of_many(label: &str, index: usize, count: usize) -> String {
    if count == 1 {
        return label.to_owned();
    }
    format!("{label} #{} of {count}", index + 1)
}

/// As an English JVM shows a number: `1,000`.
pub(super) fn with_separators(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// As an English JVM shows a day: `Nov 21, 2026`, in the local time zone.
fn local_day(time: SystemTime) -> String {
    Timestamp::try_from(time).map_or_else(
        |_| "no date".to_owned(),
        |time| {
            let day = time.to_zoned(TimeZone::system());
            day.strftime("%b %-d, %Y").to_string()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let shown = [0, 7, 999, 1000, 65536, 1_234_567].map(with_separators);
        assert_eq!(shown, ["0", "7", "999", "1,000", "65,536", "1,234,567"]);
    }
}
