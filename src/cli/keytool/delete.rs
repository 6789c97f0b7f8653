//! `-delete`: removes an entry.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::store_file::StoreFile;
use crate::cli::terminal::Input;
use crate::keystore::Alias;

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let file = StoreFile::find(line)?;
    let name = match line.text(KeytoolOption::Alias) {
        Some(alias) => alias.to_owned(),
        None => input
            .prompted_text("Enter alias name:  ")?
            .filter(|alias| !alias.is_empty())
            .ok_or_else(|| Failure::new("Must specify alias"))?,
    };
    let store = file.open_for_writing(line, input)?;
    if !store.has(&name) {
        return Err(Failure::no_such_alias(&name));
    }
    let alias = Alias::new(&name);
    let ((), warnings) = store.edit(|keystore| keystore.delete(&alias))?;
    Ok(warnings)
}
