//! `-importkeystore`: takes one entry or all entries over from another keystore.
//!
//! First everything is read and asked, then the destination is changed in one write. An entry that
//! cannot be taken over is named, the others go on, and the command fails at the end; keytool gives
//! up at the first, or says that it succeeded.

mod imported_entry;
mod in_place;

use std::fs;
use std::path::Path;

use super::command_line::CommandLine;
use super::failure::Failure;
use super::opening;
use super::option::KeytoolOption;
use super::prompts;
use super::store_file::{self, StoreFile, WritableStore};
use crate::Secret;
use crate::cli::certificate::{Certificate, Pool};
use crate::cli::entry_copy::EntryCopy;
use crate::cli::terminal::Input;
use crate::keystore::{Alias, EntryKind, Keystore, KeystoreFile, StoreType};
use imported_entry::ImportedEntry;

/// The keystore that entries come from.
struct Source<'a> {
    name: &'a str,
    store: Keystore,
    password: Secret,
    key_password: Option<Secret>,
}

/// How many entries went which way.
#[derive(Default)]
struct Tally {
    imported: usize,
    cancelled: usize,
    failed: usize,
}

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let name = line
        .text(KeytoolOption::Srckeystore)
        .ok_or_else(|| Failure::new("Please specify -srckeystore"))?;
    if fs::metadata(name).is_ok_and(|found| found.is_file() && found.len() == 0) {
        return Err(Failure::new(format!(
            "Source keystore file exists, but is empty: {name}"
        )));
    }
    check_source_protected(line)?;
    let destination = store_file::name_of(line)?;
    if is_same_file(name, &destination) {
        return in_place::run(line, input, name);
    }
    eprintln!("Importing keystore {name} to {destination}...");
    let question = "Enter destination keystore password:  ";
    let store = StoreFile::find(line)?.open_as_destination(line, input, question)?;
    let source = Source::open(line, input, name)?;
    check_single(line)?;
    let mut tally = Tally::default();
    let entries = read_entries(line, input, &source, Some(&store), &mut tally)?;
    let new_key_password = new_key_password(line, &store);
    let mut weak = Vec::new();
    let ((), warnings) = store.edit(|keystore| {
        let keys = entries.iter().filter(|entry| entry.copy.password.is_some());
        keystore.prepare_additions(keys.count())?;
        for entry in &entries {
            let copy = &entry.copy;
            if line.has(KeytoolOption::Noprompt) && keystore.check_free(&copy.to).is_err() {
                let alias = &entry.alias;
                eprintln!("Warning: Overwriting existing alias {alias} in destination keystore");
            }
            weak.extend(weaknesses(&source, keystore, copy));
            let outcome = copy.run(
                &source.store,
                keystore,
                &store.password,
                new_key_password.as_ref(),
            );
            let outcome = outcome.map_err(Failure::of_keystore);
            tally.count(line, &entry.alias, outcome.map(|()| Done::Imported));
        }
        Ok(())
    })?;
    tally.finish(line)?;
    weak.extend(warnings);
    Ok(weak)
}

/// What keytool warns of: the weaknesses of the entry's own certificate.
fn weaknesses(source: &Source<'_>, destination: &Keystore, copy: &EntryCopy) -> Vec<String> {
    let certificates = source.store.certificates(&copy.from).unwrap_or_default();
    let own = certificates.first().and_then(|der| Certificate::read(der));
    let Some(own) = own.filter(|own| !own.is_sound()) else {
        return Vec::new();
    };
    let marks = Pool::of(destination).marks(&own);
    own.warnings(&format!("<{}>", copy.to), marks)
}

/// What became of an entry that could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Imported,
    Cancelled,
}

impl Tally {
    /// Counts one entry and says what became of it.
    fn count(&mut self, line: &CommandLine, alias: &str, outcome: Result<Done, Failure>) {
        match outcome {
            Ok(Done::Cancelled) => self.cancelled += 1,
            Ok(Done::Imported) => {
                self.imported += 1;
                if takes_all(line) {
                    eprintln!("Entry for alias {alias} successfully imported.");
                }
            }
            Err(failure) => {
                self.failed += 1;
                eprintln!(
                    "Problem importing entry for alias {alias}: {failure}.\n\
                     Entry for alias {alias} not imported."
                );
            }
        }
    }

    fn finish(&self, line: &CommandLine) -> Result<(), Failure> {
        let lost = self.failed + self.cancelled;
        if takes_all(line) {
            eprintln!(
                "Import command completed:  {} entries successfully imported, {lost} entries failed or cancelled",
                self.imported
            );
        }
        if self.failed == 0 {
            return Ok(());
        }
        Err(Failure::new(format!(
            "{} of {} entries were not imported; standard error names them",
            self.failed,
            self.imported + lost
        )))
    }
}

impl<'a> Source<'a> {
    fn open(line: &CommandLine, input: &mut Input, name: &'a str) -> Result<Self, Failure> {
        let asked = line.text(KeytoolOption::Srcstoretype);
        let bytes = KeystoreFile::at(Path::new(name)).read();
        let bytes = bytes.map_err(|error| Failure::of_source_file(name, error))?;
        let store_type = store_file::check_type(&bytes, asked)?;
        let password = match line.password(KeytoolOption::Srcstorepass) {
            Some(password) => Secret::copied_from(password.expose_bytes()),
            None => input
                .prompted_secret("Enter source keystore password:  ")?
                .ok_or_else(|| {
                    Failure::unsupported(
                        "keyward takes entries only from a keystore whose integrity it has checked, \
                         which takes the store password: -srcstorepass:env NAME",
                    )
                })?,
        };
        let mut key_password = line
            .password(KeytoolOption::Srckeypass)
            .map(|given| Secret::copied_from(given.expose_bytes()));
        if store_type == StoreType::Pkcs12 {
            let differs = |given: &Secret| !given.is_same_as(&password);
            if key_password.as_ref().is_some_and(differs) {
                prompts::warn_of_key_password("-srckeypass");
            }
            key_password = None;
        }
        let mut store = opening::open(&bytes, &password)?;
        if takes_all(line) {
            store.derive_all_ahead();
        }
        Ok(Self {
            name,
            store,
            password,
            key_password,
        })
    }

    /// The aliases that Java shows.
    fn aliases(&self) -> Vec<Alias> {
        let entries = self.store.entries().into_iter();
        entries
            .filter(|entry| !matches!(entry.kind, EntryKind::Opaque(_)))
            .map(|entry| entry.alias)
            .collect()
    }
}

fn check_source_protected(line: &CommandLine) -> Result<(), Failure> {
    if !line.has(KeytoolOption::Srcprotected) {
        return Ok(());
    }
    Err(Failure::unsupported(
        "-srcprotected: keyward takes entries only from a keystore whose integrity it has checked: \
         -srcstorepass:env NAME",
    ))
}

fn takes_all(line: &CommandLine) -> bool {
    line.text(KeytoolOption::Alias).is_none()
}

fn check_single(line: &CommandLine) -> Result<(), Failure> {
    let has_single = line.text(KeytoolOption::Destalias).is_some()
        || line.password(KeytoolOption::Srckeypass).is_some();
    if takes_all(line) && has_single {
        return Err(Failure::new(
            "if alias not specified, destalias and srckeypass must not be specified",
        ));
    }
    Ok(())
}

/// The entries to take over, under the names that they get. `destination` is none where it begins
/// empty.
fn read_entries(
    line: &CommandLine,
    input: &mut Input,
    source: &Source<'_>,
    destination: Option<&WritableStore>,
    tally: &mut Tally,
) -> Result<Vec<ImportedEntry>, Failure> {
    let mut entries = Vec::new();
    if let Some(alias) = line.text(KeytoolOption::Alias) {
        let asked = line.text(KeytoolOption::Destalias).unwrap_or(alias);
        match ask_for_name(line, input, destination, alias, asked)? {
            Some(name) => entries.push(ImportedEntry::find(input, source, alias, &name)?),
            None => tally.count(line, alias, Ok(Done::Cancelled)),
        }
        return Ok(entries);
    }
    for alias in source.aliases() {
        let alias = alias.as_str();
        let Some(name) = ask_for_name(line, input, destination, alias, alias)? else {
            tally.count(line, alias, Ok(Done::Cancelled));
            continue;
        };
        match ImportedEntry::find(input, source, alias, &name) {
            Ok(entry) => entries.push(entry),
            Err(failure) => tally.count(line, alias, Err(failure)),
        }
    }
    Ok(entries)
}

/// The name in the destination; none where the user cancels.
fn ask_for_name(
    line: &CommandLine,
    input: &mut Input,
    destination: Option<&WritableStore>,
    alias: &str,
    asked: &str,
) -> Result<Option<String>, Failure> {
    let is_taken = |name: &str| destination.is_some_and(|store| store.has(name));
    if !is_taken(asked) {
        return Ok(Some(asked.to_owned()));
    }
    if line.has(KeytoolOption::Noprompt) {
        return Ok(Some(asked.to_owned()));
    }
    let question = format!("Existing entry alias {alias} exists, overwrite? [no]:  ");
    if prompts::yes_or_no(input, &question)? {
        return Ok(Some(asked.to_owned()));
    }
    let question = "Enter new alias name\t(RETURN to cancel import for this entry):  ";
    let answer = input.prompted_text(question)?.unwrap_or_default();
    if answer.is_empty() {
        eprintln!("Entry for alias {alias} not imported.");
        return Ok(None);
    }
    if is_taken(&answer) {
        return Err(Failure::new(format!(
            "Destination alias <{answer}> already exists"
        )));
    }
    Ok(Some(answer))
}

/// What `-destkeypass` says, where the destination has key passwords.
fn new_key_password(line: &CommandLine, store: &WritableStore) -> Option<Secret> {
    let given = line.password(KeytoolOption::Destkeypass)?;
    if store.store_type != StoreType::Pkcs12 {
        return Some(Secret::copied_from(given.expose_bytes()));
    }
    if !given.is_same_as(&store.password) {
        prompts::warn_of_key_password("-destkeypass");
    }
    None
}

fn is_same_file(one: &str, other: &str) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}
