//! [`ImportedEntry`]: an entry on its way from one keystore to another.

use super::super::failure::Failure;
use super::super::keypasswd::opens;
use super::super::prompts;
use super::Source;
use crate::Secret;
use crate::cli::terminal::Input;
use crate::keystore::{Alias, EntryKind, Keystore, KeystoreError, StoreType};

/// An entry of the source, and what it is to be called.
pub(super) struct ImportedEntry {
    /// Its alias in the source, as the user wrote it.
    pub(super) alias: String,
    /// Its alias in the destination.
    pub(super) name: Alias,
    /// The password that it is under in the source; none for a certificate.
    password: Option<Secret>,
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
            name: Alias::new(name),
            password,
        })
    }

    /// Copies it into `keystore`, in place of what is there under its name. A PKCS12 store has one
    /// password; in the others it stays under its own, or gets `new_password`.
    pub(super) fn copy(
        &self,
        source: &Source<'_>,
        keystore: &mut Keystore,
        store_password: &Secret,
        new_password: Option<&Secret>,
    ) -> Result<(), KeystoreError> {
        self.copy_under_its_name(source, keystore, store_password)?;
        let Some(own) = &self.password else {
            return Ok(());
        };
        let password = match keystore.store_type() {
            StoreType::Pkcs12 => store_password,
            StoreType::Jceks | StoreType::Jks => new_password.unwrap_or(own),
        };
        if password.is_same_as(store_password) {
            return Ok(());
        }
        keystore.change_key_password(&self.name, store_password, password)
    }

    fn copy_under_its_name(
        &self,
        source: &Source<'_>,
        keystore: &mut Keystore,
        store_password: &Secret,
    ) -> Result<(), KeystoreError> {
        let alias = Alias::new(&self.alias);
        let password = self.password.as_ref().unwrap_or(&source.password);
        let is_taken = keystore.check_free(&self.name).is_err();
        if alias == self.name && !is_taken {
            return keystore.copy_entry(&source.store, &alias, password);
        }
        // By way of an empty store: what cannot be copied must not cost the entry that is there.
        let mut between = Keystore::new(keystore.store_type(), store_password)?;
        between.copy_entry(&source.store, &alias, password)?;
        if alias != self.name {
            between.change_alias(&alias, &self.name)?;
        }
        if is_taken {
            keystore.delete(&self.name)?;
        }
        keystore.copy_entry(&between, &self.name, store_password)
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
