//! Copying an entry from one store to another.

use std::time::SystemTime;

use super::alias::Alias;
use super::entry::EntryKind;
use super::error::KeystoreError;
use super::new_protection::NewProtection;
use super::{Format, Keystore};
use crate::Secret;

impl Keystore {
    /// Adds the entry that `source` has under `alias`, with its value and its creation date, under
    /// this store's password and as this store type protects new entries. `key_password` opens it
    /// in `source`. The certificates of a PKCS12 store have no date.
    ///
    /// # Errors
    /// When there is no such entry, it cannot be read, the alias is taken here, or a store of this
    /// type cannot hold it.
    pub fn copy_entry(
        &mut self,
        source: &Self,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<(), KeystoreError> {
        let no_such = || KeystoreError::NoSuchAlias {
            alias: alias.clone(),
        };
        let entry = source.entry(alias).ok_or_else(no_such)?;
        let created = entry.created.unwrap_or_else(SystemTime::now);
        match entry.kind {
            EntryKind::Secret => self.copy_secret(source, alias, key_password, created),
            EntryKind::PrivateKey => {
                let key = source.private_key(alias, key_password)?;
                self.check_free(alias)?;
                match &mut self.format {
                    Format::Pkcs12(store) => store.add_private_key(alias, &key, created),
                    Format::Jceks(store) => store.add_private_key(alias, &key, created),
                }
            }
            EntryKind::TrustedCertificate => {
                let certificates = source.certificates(alias)?;
                let certificate = certificates.first().ok_or_else(no_such)?;
                self.check_free(alias)?;
                match &mut self.format {
                    Format::Pkcs12(store) => store.add_trusted_certificate(alias, certificate),
                    Format::Jceks(store) => {
                        store.add_trusted_certificate(alias, certificate, created)
                    }
                }
            }
            EntryKind::Opaque(reason) => Err(KeystoreError::UnreadableEntry {
                alias: alias.clone(),
                reason,
            }),
        }
    }

    fn copy_secret(
        &mut self,
        source: &Self,
        alias: &Alias,
        key_password: &Secret,
        created: SystemTime,
    ) -> Result<(), KeystoreError> {
        let key = source.secret_key(alias, key_password)?;
        let alias = alias.clone();
        if key.secret.is_empty() {
            return Err(KeystoreError::EmptySecret { alias });
        }
        self.check_free(&alias)?;
        let default = NewProtection::default();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_secret_key(&alias, &key, &default, created)?,
            Format::Jceks(store) => store.add_secret_key(&alias, &key, &default, created)?,
        }
        self.added.insert(alias, key.secret);
        Ok(())
    }
}
