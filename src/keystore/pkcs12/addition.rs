//! Adding to a PKCS12 store: how what is new is protected, and where it goes.

use super::Pkcs12;
use super::bag::{Attributes, Bag};
use super::key_info;
use super::mac::Mac;
use super::passwords::encrypted_key;
use super::safe::Safe;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{
    DEFAULT_ALGORITHM, DEFAULT_ITERATIONS, Encrypted, Encryption, EncryptionError, derivation_of,
};
use crate::keystore::error::KeystoreError;
use crate::keystore::new_protection::NewProtection;
use crate::keystore::provenance::Provenance;
use crate::keystore::secret_key::SecretKey;
use crate::keystore::store_protection::{ProtectionChoice, StoreProtection};
use crate::keystore::store_type::StoreType;

impl Pkcs12 {
    /// How what is added from now on is encrypted. The MAC stays.
    pub(in crate::keystore) fn protect_additions(
        &mut self,
        protection: StoreProtection,
    ) -> Result<(), KeystoreError> {
        encryption_of(&protection.keys)?;
        if !protection.certificates.is_none() {
            encryption_of(&protection.certificates)?;
        }
        self.protection = protection;
        self.prepared.clear();
        Ok(())
    }

    /// What guards the file as a whole from now on.
    pub(in crate::keystore) fn replace_mac(
        &mut self,
        choice: &ProtectionChoice,
    ) -> Result<(), KeystoreError> {
        self.mac = Mac::fresh(choice)?;
        Ok(())
    }

    /// Derives the keys of entries that will be read, side by side.
    pub(in crate::keystore) fn derive_ahead(&mut self, aliases: &[Alias]) {
        let derivation = |alias: &Alias| {
            let (_, bag) = self.find(alias)?;
            derivation_of(encrypted_key(bag)?)
        };
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
        let missing = count.saturating_sub(self.prepared.len());
        for _ in 0..missing {
            self.prepared.push(encryption_of(&self.protection.keys)?);
        }
        let derivations = self.prepared.iter().filter_map(Encryption::derivation);
        self.password.derive_ahead(derivations.collect());
        Ok(())
    }

    pub(in crate::keystore) fn add_secret_key(
        &mut self,
        alias: &Alias,
        key: &SecretKey,
        new: &NewProtection<'_>,
        provenance: &Provenance,
    ) -> Result<(), KeystoreError> {
        let key_info = key_info::encode(key).ok_or_else(|| KeystoreError::NoKeyIdentifier {
            algorithm: key.algorithm.clone(),
        })?;
        let encryption = self.encryption_for_key(new)?;
        let password = self.password.or(new.key_password.unwrap_or(&self.password));
        let encrypted = Encrypted::seal(&encryption, &password, &key_info)
            .map_err(EncryptionError::while_writing)?;
        let attributes = Attributes::of_new_entry(alias, provenance.created);
        let bag = Bag::of_secret(&encrypted, attributes, &provenance.attributes);
        self.add_plain_bag(bag)
    }

    /// How a new key is encrypted, under a fresh salt.
    pub(super) fn encryption_for_key(
        &mut self,
        new: &NewProtection<'_>,
    ) -> Result<Encryption, KeystoreError> {
        if new.algorithm.is_none()
            && new.iterations.is_none()
            && let Some(prepared) = self.prepared.pop()
        {
            return Ok(prepared);
        }
        let keys = &self.protection.keys;
        encryption_of(&ProtectionChoice {
            algorithm: new
                .algorithm
                .map(str::to_owned)
                .or_else(|| keys.algorithm.clone()),
            iterations: new.iterations.or(keys.iterations),
        })
    }

    /// Adds to the container of the keys and secrets, or to a new one.
    pub(super) fn add_plain_bag(&mut self, bag: Bag) -> Result<(), KeystoreError> {
        let is_key = |bag: &Bag| encrypted_key(bag).is_some();
        let holds_keys = |safe: &&mut Safe| {
            let bags = safe.plain_bags();
            bags.is_some_and(|bags| bags.is_empty() || bags.iter().any(is_key))
        };
        let Some(safe) = self.safes.iter_mut().find(holds_keys) else {
            self.safes.insert(0, Safe::plain(vec![bag]));
            return Ok(());
        };
        safe.edit(|bags| bags.push(bag))
            .map_err(EncryptionError::while_writing)
    }

    /// A new container of certificates.
    pub(super) fn add_certificate_safe(&mut self, bags: Vec<Bag>) -> Result<(), KeystoreError> {
        let certificates = &self.protection.certificates;
        self.safes.push(if certificates.is_none() {
            Safe::plain(bags)
        } else {
            Safe::encrypted(encryption_of(certificates)?, bags)
        });
        Ok(())
    }
}

/// An encryption of that kind under a fresh salt.
fn encryption_of(choice: &ProtectionChoice) -> Result<Encryption, KeystoreError> {
    let algorithm = choice.algorithm.as_deref().unwrap_or(DEFAULT_ALGORITHM);
    let iterations = choice.iterations.unwrap_or(DEFAULT_ITERATIONS);
    Encryption::by_java_name(algorithm, iterations)
        .map_err(EncryptionError::while_writing)?
        .ok_or_else(|| choice.unknown_in(StoreType::Pkcs12))
}
