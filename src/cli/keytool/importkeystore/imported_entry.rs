//! [`ImportedEntry`]: an entry on its way from one keystore to another.

use super::super::failure::Failure;
use super::super::keypasswd::opens;
use super::super::prompts;
use super::Source;
use crate::Secret;
use crate::cli::entry_copy::EntryCopy;
use crate::cli::terminal::Input;
use crate::keystore::{Alias, EntryKind, StoreType};

/// An entry of the source, and what it is to be called.
pub(super) struct ImportedEntry {
    /// Its alias in the source, as the user wrote it.
    pub(super) alias: String,
    pub(super) copy: EntryCopy,
}

impl ImportedEntry {
    /// Finds an entry and its password, asking for that where the store's does not open it.
    pub(super) fn find(
        input: &mut Input,
        source: &Source<'_>,
        alias: &str,
        name: &str,
    ) -> Result<Self, Failure> {
        let entry = Alias::new(alias);
        let password = match source.store.kind_of(&entry) {
            None | Some(EntryKind::Opaque(_)) => return Err(Failure::no_such_alias(alias)),
            Some(EntryKind::TrustedCertificate) => None,
            Some(_) => Some(password_of(input, source, alias, &entry)?),
        };
        Ok(Self {
            alias: alias.to_owned(),
            copy: EntryCopy {
                from: entry,
                to: Alias::new(name),
                password,
            },
        })
    }
}

/// The password that opens the entry: what `-srckeypass` says, the store's, or what the user says.
fn password_of(
    input: &mut Input,
    source: &Source<'_>,
    alias: &str,
    entry: &Alias,
) -> Result<Secret, Failure> {
    if let Some(password) = &source.key_password {
        return Ok(Secret::copied_from(password.expose_bytes()));
    }
    let is_pkcs12 = source.store.store_type() == StoreType::Pkcs12;
    if is_pkcs12 || opens(&source.store, entry, &source.password) {
        return Ok(Secret::copied_from(source.password.expose_bytes()));
    }
    prompts::present_key_password(input, alias)
}
