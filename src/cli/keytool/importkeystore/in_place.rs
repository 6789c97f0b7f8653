//! A keystore that is imported into itself: it gets another type or password, and the old file
//! stays beside it as `NAME.old`.

use std::fs;
use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use super::super::command_line::CommandLine;
use super::super::failure::Failure;
use super::super::option::KeytoolOption;
use super::super::store_file;
use super::super::{prompts, warning};
use super::{Done, Source, Tally, read_entries};
use crate::Secret;
use crate::cli::terminal::Input;
use crate::keystore::{Keystore, StoreType};
use crate::safe_file::FileEdit;

/// How many backups are looked for.
const MOST_BACKUPS: u32 = 10_000;

pub(super) fn run(
    line: &CommandLine,
    input: &mut Input,
    name: &str,
) -> Result<Vec<String>, Failure> {
    if line.text(KeytoolOption::Alias).is_some() {
        return Err(Failure::unsupported(
            "-srcalias with one and the same keystore would drop every other entry: \
             name another -destkeystore",
        ));
    }
    let source = Source::open(line, input, name)?;
    let password = line
        .password(KeytoolOption::Storepass)
        .unwrap_or(&source.password);
    if prompts::characters(password) < prompts::SHORTEST {
        return Err(Failure::new(
            "Keystore password must be at least 6 characters",
        ));
    }
    super::check_single(line)?;
    let store_type = store_file::asked_type(line)?.unwrap_or(StoreType::Pkcs12);
    let protection = line.properties.protection(line.command, store_type)?;
    let edit = FileEdit::begin(Path::new(name))?;
    let mut store = Keystore::new(store_type, password).map_err(Failure::of_keystore)?;
    let protected = store.protect_additions(&protection);
    protected
        .and_then(|()| store.replace_mac(&protection.mac))
        .map_err(Failure::of_keystore)?;
    let store = converted(line, input, &source, store, password)?;
    let backup = back_up(name, edit.current().unwrap_or_default())?;
    if line.is_verbose() {
        eprintln!("[Storing {name}]");
    }
    let bytes = Zeroizing::new(store.to_bytes());
    edit.commit(&bytes, |written| verify(written, &store, password))?;
    Ok(warnings(&source, &store, &backup))
}

/// The new store with every entry. One that cannot be taken over ends it, with the file as it was.
fn converted(
    line: &CommandLine,
    input: &mut Input,
    source: &Source<'_>,
    mut store: Keystore,
    password: &Secret,
) -> Result<Keystore, Failure> {
    let mut tally = Tally::default();
    let entries = read_entries(line, input, source, None, &mut tally)?;
    let new_password = line
        .password(KeytoolOption::Destkeypass)
        .filter(|_| store.store_type() != StoreType::Pkcs12);
    for entry in &entries {
        let outcome = entry
            .copy
            .run(&source.store, &mut store, password, new_password);
        let outcome = outcome.map_err(Failure::of_keystore);
        tally.count(line, &entry.alias, outcome.map(|()| Done::Imported));
    }
    tally.finish(line)?;
    let hidden = source.store.entries().len() - source.aliases().len();
    if hidden > 0 {
        return Err(Failure::new(format!(
            "{}: {hidden} more that Java does not show would be lost; `keyward list` names them. \
             Name another -destkeystore",
            source.name
        )));
    }
    Ok(store)
}

/// Writes the old bytes beside the file, under the first name that is free.
fn back_up(name: &str, bytes: &[u8]) -> Result<String, Failure> {
    for number in 1..MOST_BACKUPS {
        let suffix = if number == 1 {
            String::new()
        } else {
            number.to_string()
        };
        let backup = format!("{name}.old{suffix}");
        match copy_new(name, &backup, bytes) {
            Ok(()) => return Ok(backup),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Failure::of_file(&backup, &error)),
        }
    }
    Err(Failure::new(format!("{name}: there are too many backups")))
}

/// Writes a file that must not exist yet, with the permissions of the original.
fn copy_new(original: &str, copy: &str, bytes: &[u8]) -> io::Result<()> {
    use io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(copy)?;
    file.set_permissions(fs::metadata(original)?.permissions())?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// What was written must hold the same entries.
fn verify(written: &[u8], store: &Keystore, password: &Secret) -> Result<(), Failure> {
    let reopened = Keystore::open(written, password).map_err(Failure::of_keystore)?;
    if reopened.entries() == store.entries() {
        return Ok(());
    }
    Err(Failure::new(
        "nothing was changed: the written file does not hold the same entries",
    ))
}

fn warnings(source: &Source<'_>, store: &Keystore, backup: &str) -> Vec<String> {
    let (from, to) = (source.store.store_type(), store.store_type());
    let name = source.name;
    let mut warnings = Vec::new();
    warnings.extend(warning::of_proprietary_format(name, to, &store.entries()));
    warnings.push(if from == to {
        format!("The original keystore \"{name}\" is backed up as \"{backup}\"...")
    } else {
        format!("Migrated \"{name}\" to {to}. The {from} keystore is backed up as \"{backup}\".")
    });
    warnings
}
