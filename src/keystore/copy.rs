//! Copying an entry from one store to another.

use super::alias::Alias;
use super::entry::EntryKind;
use super::error::KeystoreError;
use super::new_protection::NewProtection;
use super::provenance::Provenance;
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
        let kind = source.kind_of(alias).ok_or_else(no_such)?;
        let provenance = source.provenance(alias).unwrap_or_else(Provenance::now);
        match kind {
            EntryKind::Secret => self.copy_secret(source, alias, key_password, &provenance),
            EntryKind::PrivateKey => {
                let key = source.private_key(alias, key_password)?;
                self.check_free(alias)?;
                match &mut self.format {
                    Format::Pkcs12(store) => store.add_private_key(alias, &key, &provenance),
                    Format::Jceks(store) => store.add_private_key(alias, &key, &provenance),
                }
            }
            EntryKind::TrustedCertificate => {
                let certificates = source.certificates(alias)?;
                let der = certificates.first().ok_or_else(no_such)?;
                self.check_free(alias)?;
                match &mut self.format {
                    Format::Pkcs12(store) => store.add_trusted_certificate(alias, der, &provenance),
                    Format::Jceks(store) => store.add_trusted_certificate(alias, der, &provenance),
                }
            }
            EntryKind::Opaque(reason) => Err(KeystoreError::UnreadableEntry {
                alias: alias.clone(),
                reason,
            }),
        }
    }

    /// The identifiers of the attributes that the entry under `alias` has besides name, date and
    /// trust. A PKCS12 store takes them over from another; JCEKS and JKS have none.
    #[must_use]
    pub fn attributes(&self, alias: &Alias) -> Vec<String> {
        match &self.format {
            Format::Pkcs12(store) => store.attributes(alias),
            Format::Jceks(_) => Vec::new(),
        }
    }

    fn provenance(&self, alias: &Alias) -> Option<Provenance> {
        match &self.format {
            Format::Pkcs12(store) => store.provenance(alias),
            Format::Jceks(store) => store.provenance(alias),
        }
    }

    fn copy_secret(
        &mut self,
        source: &Self,
        alias: &Alias,
        key_password: &Secret,
        provenance: &Provenance,
    ) -> Result<(), KeystoreError> {
        let key = source.secret_key(alias, key_password)?;
        let alias = alias.clone();
        if key.secret.is_empty() {
            return Err(KeystoreError::EmptySecret { alias });
        }
        self.check_free(&alias)?;
        let default = NewProtection::default();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_secret_key(&alias, &key, &default, provenance)?,
            Format::Jceks(store) => store.add_secret_key(&alias, &key, &default, provenance)?,
        }
        self.added.insert(alias, key.secret);
        Ok(())
    }
}
