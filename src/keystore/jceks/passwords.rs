//! New passwords for a JCEKS or JKS store: for the store as a whole, or for one entry.

use std::mem;

use super::Jceks;
use super::stored_entry::StoredEntry;
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::EncryptionError;
use crate::keystore::error::KeystoreError;
use crate::keystore::password::Password;
use crate::keystore::secret_key::KeyPasswords;

impl Jceks {
    /// Changes the digest's password, and that of the keys too where `keys` says so. Gives the
    /// entries that are under another password than the new one afterwards.
    pub(in crate::keystore) fn change_store_password(
        &mut self,
        new: &Secret,
        keys: KeyPasswords,
    ) -> Result<Vec<Alias>, KeystoreError> {
        let mut old = mem::replace(&mut self.password, Password::of(new));
        let mut left = Vec::new();
        let mut renewals = Vec::new();
        if keys == KeyPasswords::Follow {
            old.derive_ahead(
                self.entries
                    .iter()
                    .filter_map(StoredEntry::derivation)
                    .collect(),
            );
        }
        for (at, entry) in self.entries.iter().enumerate() {
            let renewal = match keys {
                KeyPasswords::Follow => entry
                    .renewal(&old)
                    .map_err(EncryptionError::while_writing)?,
                KeyPasswords::Keep => None,
            };
            match renewal {
                Some(renewal) => renewals.push((at, renewal)),
                None if entry.has_password() => left.push(entry.alias.clone()),
                None => {}
            }
        }
        let derivations = renewals.iter().filter_map(|(_, one)| one.derivation());
        self.password.derive_ahead(derivations.collect());
        for (at, renewal) in &renewals {
            let renewed = self.entries[*at].renew(renewal, &self.password);
            renewed.map_err(EncryptionError::while_writing)?;
        }
        left.extend(self.unparsed.as_ref().map(|tail| tail.alias.clone()));
        Ok(left)
    }

    /// Puts one entry under a password of its own.
    pub(in crate::keystore) fn change_key_password(
        &mut self,
        alias: &Alias,
        old: &Secret,
        new: &Secret,
    ) -> Result<(), KeystoreError> {
        let old = self.password.or(old);
        let renewal = self
            .find(alias)?
            .renewal(&old)
            .map_err(EncryptionError::while_writing)?;
        let Some(renewal) = renewal else {
            let alias = alias.clone();
            return Err(KeystoreError::WrongKeyPassword { alias });
        };
        let renewed = self.entry_mut(alias)?.renew(&renewal, &Password::of(new));
        renewed.map_err(EncryptionError::while_writing)
    }
}
