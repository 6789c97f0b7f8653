//! `-list`: what is in a keystore, never a secret.

use std::io::{self, BufWriter, Write};
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::certificate;
use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::pem;
use super::readable_store::{ReadableStore, is_shown};
use super::store_file::StoreFile;
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
    let mut output = BufWriter::new(io::stdout().lock());
    match line.text(KeytoolOption::Alias) {
        Some(alias) => write_one(&mut output, &opened, alias, style)?,
        None => write_all(&mut output, &opened, style)?,
    }
    output.flush()?;
    Ok(opened.warnings())
}

fn write_one(
    output: &mut impl Write,
    opened: &ReadableStore,
    alias: &str,
    style: Style,
) -> Result<(), Failure> {
    write_entry(output, opened, opened.entry(alias)?, alias, style)
}

fn write_all(output: &mut impl Write, opened: &ReadableStore, style: Style) -> Result<(), Failure> {
    let (mut entries, hidden): (Vec<&Entry>, Vec<&Entry>) =
        opened.entries.iter().partition(|entry| is_shown(entry));
    entries.sort_by_cached_key(|entry| entry.alias.as_str().encode_utf16().collect::<Vec<u16>>());
    let (store_type, provider) = &opened.shown_as;
    writeln!(output, "Keystore type: {store_type}")?;
    writeln!(output, "Keystore provider: {provider}\n")?;
    let noun = if entries.len() == 1 {
        "entry"
    } else {
        "entries"
    };
    let count = with_separators(entries.len());
    writeln!(output, "Your keystore contains {count} {noun}\n")?;
    for entry in entries {
        write_entry(output, opened, entry, entry.alias.as_str(), style)?;
        if style != Style::Short {
            writeln!(output, "\n\n{STARS}\n{STARS}\n\n")?;
        }
    }
    // Without a password that may be anything, certificates above all.
    if opened.is_verified() && !hidden.is_empty() {
        output.flush()?;
        let count = hidden.len();
        note(format!(
            "{}: {count} more that Java does not show are kept as they are; `keyward list` names them",
            opened.name
        ));
    }
    Ok(())
}

fn write_entry(
    output: &mut impl Write,
    opened: &ReadableStore,
    entry: &Entry,
    alias: &str,
    style: Style,
) -> Result<(), Failure> {
    let day = local_day(entry.created.unwrap_or_else(SystemTime::now));
    let kind = &entry.kind;
    if style == Style::Short {
        writeln!(output, "{alias}, {day}, {kind}, ")?;
    } else {
        writeln!(output, "Alias name: {alias}\nCreation date: {day}")?;
        writeln!(output, "Entry type: {kind}")?;
    }
    if *kind == EntryKind::Secret {
        return Ok(());
    }
    let certificates = opened.certificates(entry)?;
    write_certificates(output, kind, &certificates, style)
}

fn write_certificates(
    output: &mut impl Write,
    kind: &EntryKind,
    certificates: &[Vec<u8>],
    style: Style,
) -> Result<(), Failure> {
    let Some(own) = certificates.first() else {
        return Ok(writeln!(output, "Certificate chain length: 0")?);
    };
    if style == Style::Short {
        let fingerprint = certificate::sha256(own);
        return Ok(writeln!(
            output,
            "Certificate fingerprint (SHA-256): {fingerprint}"
        )?);
    }
    if *kind == EntryKind::TrustedCertificate {
        writeln!(output)?;
        return write_certificate(output, own, style);
    }
    writeln!(output, "Certificate chain length: {}", certificates.len())?;
    for (index, certificate) in certificates.iter().enumerate() {
        writeln!(output, "Certificate[{}]:", with_separators(index + 1))?;
        write_certificate(output, certificate, style)?;
    }
    Ok(())
}

fn write_certificate(
    output: &mut impl Write,
    certificate: &[u8],
    style: Style,
) -> Result<(), Failure> {
    let words = match style {
        Style::Verbose => certificate::in_words(certificate),
        Style::Short | Style::Rfc => None,
    };
    let text = words.unwrap_or_else(|| pem::certificate(certificate));
    Ok(output.write_all(text.as_bytes())?)
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
