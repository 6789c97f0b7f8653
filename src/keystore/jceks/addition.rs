//! Adding to a JCEKS store: how what is new is protected.

use std::mem;

use super::Jceks;
use super::sealed_object::SealedObject;
use super::secret_object;
use super::stored_entry::StoredEntry;
use crate::kdf::{EqualHalves, Iterations};
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{EncryptionError, JceksProtection};
use crate::keystore::error::KeystoreError;
use crate::keystore::new_protection::NewProtection;
use crate::keystore::provenance::Provenance;
use crate::keystore::secret_key::SecretKey;
use crate::keystore::store_protection::ProtectionChoice;
use crate::keystore::store_type::StoreType;

impl Jceks {
    pub(in crate::keystore) fn add_secret_key(
        &mut self,
        alias: &Alias,
        key: &SecretKey,
        new: &NewProtection<'_>,
        provenance: &Provenance,
    ) -> Result<(), KeystoreError> {
        if self.store_type == StoreType::Jks {
            return Err(KeystoreError::NoSecretsInJks);
        }
        if let Some(algorithm) = new.algorithm {
            return Err(KeystoreError::no_protection(algorithm, self.store_type));
        }
        let protection = self.protection_for_key(new.iterations)?;
        let password = self.password.or(new.key_password.unwrap_or(&self.password));
        let object = secret_object::encode(key);
        let sealed = SealedObject::seal(protection, &password, &object)
            .map_err(EncryptionError::while_writing)?;
        let entry = StoredEntry::of_secret(alias, provenance.created, sealed)?;
        self.entries.push(entry);
        Ok(())
    }

    /// How a new key is encrypted, under a fresh salt.
    pub(super) fn protection_for_key(
        &mut self,
        iterations: Option<Iterations>,
    ) -> Result<JceksProtection, KeystoreError> {
        if iterations.is_none()
            && let Some(prepared) = self.prepared.pop()
        {
            return Ok(prepared);
        }
        let default = JceksProtection::java_default().map_err(EncryptionError::while_writing)?;
        Ok(match iterations.or(self.iterations) {
            Some(iterations) => default.with_iterations(iterations),
            None => default,
        })
    }

    /// How the keys that are added from now on are protected: only the iterations can be chosen.
    pub(in crate::keystore) fn protect_additions(
        &mut self,
        keys: &ProtectionChoice,
    ) -> Result<(), KeystoreError> {
        if keys.algorithm.is_some() {
            return Err(keys.unknown_in(self.store_type));
        }
        self.iterations = keys.iterations;
        self.prepared.clear();
        Ok(())
    }

    /// Derives the keys of entries that will be read, side by side.
    pub(in crate::keystore) fn derive_ahead(&mut self, aliases: &[Alias]) {
        let derivation = |alias: &Alias| self.find(alias).ok()?.derivation();
        let derivations = aliases.iter().filter_map(derivation).collect();
        self.password.derive_ahead(derivations);
    }

    pub(in crate::keystore) fn forget_derived_keys(&mut self) {
        self.password.forget_derived_keys();
    }

    /// Derives the keys of as many entries that will be added, side by side.
    pub(in crate::keystore) fn prepare_additions(
        &mut self,
        count: usize,
    ) -> Result<(), KeystoreError> {
        let mut prepared = mem::take(&mut self.prepared);
        while prepared.len() < count {
            prepared.push(self.protection_for_key(None)?);
        }
        let derivation =
            |protection: &JceksProtection| protection.derivation(EqualHalves::Reversed);
        self.password
            .derive_ahead(prepared.iter().map(derivation).collect());
        self.prepared = prepared;
        Ok(())
    }
}
