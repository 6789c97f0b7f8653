//! `keyward list`: what is in a keystore, never a value.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::SystemTime;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::certificate::sha256;
use super::failure::Failure;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::keystore::{Alias, Entry, EntryKind, Keystore, KeystoreError};

/// List the entries of a keystore, never a value
#[derive(Args)]
#[command(
    after_help = "Example: keyward list -keystore keystores/secure.jks -storepass:env KEY_PASS"
)]
pub(super) struct List {
    /// Only the entry of this alias
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    alias: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: StoreOptions,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Listing<'a> {
    keystore: String,
    store_type: &'static str,
    entries: Vec<ListedEntry<'a>>,
}

#[derive(Serialize)]
struct ListedEntry<'a> {
    alias: &'a str,
    /// keytool's word, or `opaque`.
    kind: String,
    /// RFC 3339, UTC.
    created: Option<String>,
    algorithm: Option<&'a str>,
    iterations: Option<u32>,
    /// The fingerprint of its own certificate: `AB:CD:…`.
    sha256: Option<String>,
    /// Why the entry is opaque.
    reason: Option<&'a str>,
}

impl List {
    pub(super) fn run(self) -> Result<(), Failure> {
        let opened = self.store.open_to_read(&mut Input::standard())?;
        let alias = self.alias.as_deref().map(Alias::new);
        let entries = selected(&opened.store, alias.as_ref());
        let entries = entries.map_err(|error| opened.failure(error))?;
        // Standard output by itself is written line by line.
        let mut output = BufWriter::new(io::stdout().lock());
        if self.json {
            write_json(&mut output, &opened.path, &opened.store, &entries)?;
        } else if alias.is_some() {
            write_entries(&mut output, &opened.store, &entries)?;
        } else {
            write_listing(&mut output, &opened.store, &entries)?;
        }
        Ok(output.flush()?)
    }
}

/// All entries by alias, or the one that was asked for.
fn selected(store: &Keystore, alias: Option<&Alias>) -> Result<Vec<Entry>, KeystoreError> {
    let Some(alias) = alias else {
        let mut entries = store.entries();
        entries.sort_by(|one, other| one.alias.cmp(&other.alias));
        return Ok(entries);
    };
    let entry = store.entry(alias);
    entry
        .map(|entry| vec![entry])
        .ok_or_else(|| KeystoreError::NoSuchAlias {
            alias: alias.clone(),
        })
}

fn write_json(
    output: &mut impl Write,
    path: &Path,
    store: &Keystore,
    entries: &[Entry],
) -> Result<(), Failure> {
    let listing = Listing {
        keystore: path.display().to_string(),
        store_type: store.store_type().name(),
        entries: entries
            .iter()
            .map(|entry| ListedEntry::of(entry, store))
            .collect(),
    };
    serde_json::to_writer_pretty(&mut *output, &listing).map_err(io::Error::from)?;
    Ok(writeln!(output)?)
}

/// keytool's own form, and below it what Java does not show.
fn write_listing(output: &mut impl Write, store: &Keystore, entries: &[Entry]) -> io::Result<()> {
    let (shown, opaque): (Vec<&Entry>, Vec<&Entry>) = entries
        .iter()
        .partition(|entry| !matches!(entry.kind, EntryKind::Opaque(_)));
    let store_type = store.store_type();
    writeln!(output, "Keystore type: {store_type}")?;
    writeln!(output, "Keystore provider: {}\n", store_type.provider())?;
    let noun = if shown.len() == 1 { "entry" } else { "entries" };
    writeln!(output, "Your keystore contains {} {noun}\n", shown.len())?;
    write_entries(output, store, shown)?;
    if opaque.is_empty() {
        return Ok(());
    }
    writeln!(output, "\nKept as it is, though Java does not show it:")?;
    write_entries(output, store, opaque)
}

fn write_entries<'a>(
    output: &mut impl Write,
    store: &Keystore,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> io::Result<()> {
    for Entry {
        alias,
        kind,
        created,
        ..
    } in entries
    {
        let day = created.map_or_else(|| "no date".to_owned(), local_day);
        match kind {
            EntryKind::Opaque(reason) => writeln!(output, "{alias}, {day}, opaque: {reason}")?,
            kind => writeln!(output, "{alias}, {day}, {kind}, ")?,
        }
        if let Some(fingerprint) = fingerprint(store, alias, kind) {
            writeln!(output, "Certificate fingerprint (SHA-256): {fingerprint}")?;
        }
    }
    Ok(())
}

/// That of an entry's own certificate.
fn fingerprint(store: &Keystore, alias: &Alias, kind: &EntryKind) -> Option<String> {
    if !matches!(kind, EntryKind::PrivateKey | EntryKind::TrustedCertificate) {
        return None;
    }
    let certificates = store.certificates(alias).ok()?;
    Some(sha256(certificates.first()?))
}

impl<'a> ListedEntry<'a> {
    fn of(entry: &'a Entry, store: &Keystore) -> Self {
        let protection = entry.protection.as_ref();
        Self {
            alias: entry.alias.as_str(),
            kind: entry.kind.to_string(),
            created: entry
                .created
                .and_then(timestamp)
                .map(|created| created.to_string()),
            algorithm: protection.map(|protection| protection.algorithm.as_str()),
            iterations: protection.map(|protection| protection.iterations.get()),
            sha256: fingerprint(store, &entry.alias, &entry.kind),
            reason: match &entry.kind {
                EntryKind::Opaque(reason) => Some(reason),
                _ => None,
            },
        }
    }
}

/// As an English JVM shows it: `Nov 21, 2026`, in the local time zone.
fn local_day(time: SystemTime) -> String {
    let day = timestamp(time).map(|time| time.to_zoned(TimeZone::system()));
    day.map_or_else(
        || "no date".to_owned(),
        |day| day.strftime("%b %-d, %Y").to_string(),
    )
}

fn timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}
