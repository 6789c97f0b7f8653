//! `-storepasswd`: gives a keystore another store password. Creation dates stay, and so do entries
//! under other passwords, at which keytool gives up.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::prompts;
use super::store_file::StoreFile;
use crate::Secret;
use crate::cli::terminal::{Input, note};
use crate::keystore::{KeyPasswords, StoreType};

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let store = StoreFile::find(line)?.open_for_writing(line, input)?;
    let new = match line.password(KeytoolOption::New) {
        Some(new) => Secret::copied_from(new.expose_bytes()),
        None => prompts::new_password(input, "keystore password", &store.password)?,
    };
    let (left, warnings) =
        store.edit(|keystore| keystore.change_store_password(&new, KeyPasswords::Keep))?;
    // Entries of the other store types have passwords of their own by design.
    if store.store_type == StoreType::Pkcs12 {
        for alias in left {
            note(format!(
                "<{alias}> is not under the old store password; it keeps the password that it has"
            ));
        }
    }
    Ok(warnings)
}
