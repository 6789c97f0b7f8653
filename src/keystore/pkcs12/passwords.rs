//! New passwords for a PKCS12 store: for the store as a whole, or for one entry.

use std::mem;

use super::Pkcs12;
use super::bag::{Bag, BagContent};
use super::mac::Mac;
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{EncryptionError, Renewal, derivation_of};
use crate::keystore::error::KeystoreError;
use crate::keystore::password::Password;

impl Pkcs12 {
    /// Puts everything that the present password opens under `new`, each part with its own
    /// algorithm and cost. Gives the entries that are under another password and stay there.
    pub(in crate::keystore) fn change_store_password(
        &mut self,
        new: &Secret,
    ) -> Result<Vec<Alias>, KeystoreError> {
        let mut old = mem::replace(&mut self.password, Password::of(new));
        let mut left = Vec::new();
        for safe in &mut self.safes {
            if safe.bags(&old).is_err() {
                left.push(Alias::new("(encrypted container)"));
                continue;
            }
            let mut outcome = Ok(Vec::new());
            let new = &mut self.password;
            safe.edit(|bags| outcome = rekey_all(bags, &mut old, new))
                .map_err(EncryptionError::while_writing)?;
            left.extend(outcome?);
        }
        self.mac = self
            .mac
            .take()
            .map(Mac::renewed)
            .transpose()
            .map_err(EncryptionError::while_writing)?;
        Ok(left)
    }

    /// Puts one entry under a password of its own.
    pub(in crate::keystore) fn change_key_password(
        &mut self,
        alias: &Alias,
        old: &Secret,
        new: &Secret,
    ) -> Result<(), KeystoreError> {
        let Some(((safe, at), bag)) = self.find(alias) else {
            return Err(self.why_not(alias));
        };
        let Some(key) = encrypted_key(bag) else {
            return Err(self.why_not(alias));
        };
        let renewal =
            Renewal::of(key, &self.password.or(old)).map_err(EncryptionError::while_writing)?;
        let Some(renewal) = renewal else {
            let alias = alias.clone();
            return Err(KeystoreError::WrongKeyPassword { alias });
        };
        let sealed = renewal
            .seal(&Password::of(new))
            .map_err(EncryptionError::while_writing)?;
        let bag = bag.with_encrypted_key(&sealed)?;
        self.safes[safe]
            .edit(|bags| bags[at] = bag)
            .map_err(EncryptionError::while_writing)
    }
}

/// Gives the names of the bags that `old` does not open. The keys are derived side by side.
fn rekey_all(
    bags: &mut [Bag],
    old: &mut Password,
    new: &mut Password,
) -> Result<Vec<Alias>, KeystoreError> {
    let keys = bags.iter().filter_map(encrypted_key);
    old.derive_ahead(keys.filter_map(derivation_of).collect());
    let mut left = Vec::new();
    let mut renewals = Vec::new();
    for (at, bag) in bags.iter().enumerate() {
        let Some(key) = encrypted_key(bag) else {
            continue;
        };
        if let Some(renewal) = Renewal::of(key, old).map_err(EncryptionError::while_writing)? {
            renewals.push((at, renewal));
        } else {
            let name = bag.attributes.friendly_name.as_deref();
            left.push(Alias::new(name.unwrap_or("(unnamed)")));
        }
    }
    let derivations = renewals.iter().filter_map(|(_, one)| one.derivation());
    new.derive_ahead(derivations.collect());
    for (at, renewal) in renewals {
        let sealed = renewal.seal(new).map_err(EncryptionError::while_writing)?;
        bags[at] = bags[at].with_encrypted_key(&sealed)?;
    }
    Ok(left)
}

/// The EncryptedPrivateKeyInfo of a key or secret.
pub(super) fn encrypted_key(bag: &Bag) -> Option<&[u8]> {
    match &bag.content {
        BagContent::Secret(encrypted) | BagContent::PrivateKey(encrypted) => Some(encrypted),
        BagContent::Certificate(_) | BagContent::Other(_) => None,
    }
}
