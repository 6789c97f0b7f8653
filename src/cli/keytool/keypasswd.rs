//! `-keypasswd`: puts one key or secret of a JCEKS or JKS keystore under another password.

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::prompts;
use super::store_file::{StoreFile, WritableStore};
use crate::Secret;
use crate::cli::terminal::Input;
use crate::keystore::{Alias, EntryKind, Keystore, StoreType};

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let file = StoreFile::find(line)?;
    file.check_password(line)?;
    if file.store_type() == StoreType::Pkcs12 {
        return Err(Failure::unsupported(
            "-keypasswd commands not supported if -storetype is PKCS12",
        ));
    }
    let store = file.open_for_writing(line, input)?;
    let alias = Alias::new(line.alias());
    check_has_key(line, &store)?;
    let old = match line.password(KeytoolOption::Keypass) {
        Some(old) => Secret::copied_from(old.expose_bytes()),
        None => present_password(line, input, &store)?,
    };
    let new = if let Some(new) = line.password(KeytoolOption::New) {
        Secret::copied_from(new.expose_bytes())
    } else {
        let what = format!("key password for <{}>", line.alias());
        prompts::new_password(input, &what, &old)?
    };
    let ((), warnings) = store.edit(|keystore| keystore.change_key_password(&alias, &old, &new))?;
    Ok(warnings)
}

fn check_has_key(line: &CommandLine, store: &WritableStore) -> Result<(), Failure> {
    let alias = Alias::new(line.alias());
    let kind = store
        .current
        .as_ref()
        .and_then(|current| current.kind_of(&alias));
    match kind {
        None => Err(Failure::no_such_alias(line.alias())),
        Some(EntryKind::PrivateKey | EntryKind::Secret) => Ok(()),
        Some(_) => Err(Failure::new(format!("Alias <{}> has no key", line.alias()))),
    }
}

/// The store password where it opens the key, otherwise the one that is asked for.
fn present_password(
    line: &CommandLine,
    input: &mut Input,
    store: &WritableStore,
) -> Result<Secret, Failure> {
    let alias = Alias::new(line.alias());
    let opens = |current: &Keystore| opens(current, &alias, &store.password);
    if store.current.as_ref().is_some_and(opens) {
        return Ok(Secret::copied_from(store.password.expose_bytes()));
    }
    prompts::present_key_password(input, line.alias())
}

/// Whether `password` opens the key or secret under `alias`.
pub(super) fn opens(keystore: &Keystore, alias: &Alias, password: &Secret) -> bool {
    keystore.secret_key(alias, password).is_ok() || keystore.private_key(alias, password).is_ok()
}
