//! `-changealias`: renames an entry. Nothing is decrypted, so that no key password is needed and the
//! entry keeps its date, both of which keytool cannot do.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::store_file::StoreFile;
use crate::cli::terminal::Input;
use crate::keystore::Alias;

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let file = StoreFile::find(line)?;
    let destination = match line.text(KeytoolOption::Destalias) {
        Some(alias) => alias.to_owned(),
        None => input
            .prompted_text("Enter destination alias name:  ")?
            .filter(|alias| !alias.is_empty())
            .ok_or_else(|| Failure::new("Must specify destination alias"))?,
    };
    let store = file.open_for_writing(line, input)?;
    if store.has(&destination) {
        return Err(Failure::new(format!(
            "Destination alias <{destination}> already exists"
        )));
    }
    if !store.has(line.alias()) {
        return Err(Failure::no_such_alias(line.alias()));
    }
    let (from, to) = (Alias::new(line.alias()), Alias::new(&destination));
    let ((), warnings) = store.edit(|keystore| keystore.change_alias(&from, &to))?;
    Ok(warnings)
}
