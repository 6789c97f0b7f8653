//! New passwords for a PKCS12 store: for the store as a whole, or for one entry.

use std::mem;

use super::Pkcs12;
use super::bag::{Bag, BagContent};
use super::mac::Mac;
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{Encrypted, EncryptionError};
use crate::keystore::error::KeystoreError;

impl Pkcs12 {
    /// Puts everything that the present password opens under `new`, each part with its own
    /// algorithm and cost. Gives the entries that are under another password and stay there.
    pub(in crate::keystore) fn change_store_password(
        &mut self,
        new: &Secret,
    ) -> Result<Vec<Alias>, KeystoreError> {
        let cannot = |error: EncryptionError| KeystoreError::cannot_rewrite(&error);
        let old = mem::replace(&mut self.password, Secret::copied_from(new.expose_bytes()));
        let mut left = Vec::new();
        for safe in &mut self.safes {
            if safe.bags(&old).is_err() {
                left.push(Alias::new("(encrypted container)"));
                continue;
            }
            let mut outcome = Ok(Vec::new());
            safe.edit(new, |bags| outcome = rekey_all(bags, &old, new))
                .map_err(cannot)?;
            left.extend(outcome?);
        }
        self.mac = self
            .mac
            .take()
            .map(Mac::renewed)
            .transpose()
            .map_err(cannot)?;
        Ok(left)
    }

    /// Puts one entry under a password of its own.
    pub(in crate::keystore) fn change_key_password(
        &mut self,
        alias: &Alias,
        old: &Secret,
        new: &Secret,
    ) -> Result<(), KeystoreError> {
        let Some((safe, at)) = self.view().place_of(alias) else {
            return Err(self.why_not(alias));
        };
        let bags = self.safes[safe].bags(&self.password);
        let bag = bags.ok().and_then(|bags| bags.get(at));
        let rekeyed = match bag {
            Some(bag) if encrypted_key(bag).is_none() => return Err(self.why_not(alias)),
            Some(bag) => rekeyed(bag, old, new)?,
            None => None,
        };
        let Some(rekeyed) = rekeyed else {
            let alias = alias.clone();
            return Err(KeystoreError::WrongKeyPassword { alias });
        };
        self.safes[safe]
            .edit(&self.password, |bags| bags[at] = rekeyed)
            .map_err(|error| KeystoreError::cannot_rewrite(&error))
    }
}

/// Gives the names of the bags that `old` does not open.
fn rekey_all(bags: &mut [Bag], old: &Secret, new: &Secret) -> Result<Vec<Alias>, KeystoreError> {
    let mut left = Vec::new();
    for bag in bags {
        if encrypted_key(bag).is_none() {
            continue;
        }
        if let Some(rekeyed) = rekeyed(bag, old, new)? {
            *bag = rekeyed;
            continue;
        }
        let name = bag.attributes.friendly_name.as_deref();
        left.push(Alias::new(name.unwrap_or("(unnamed)")));
    }
    Ok(left)
}

/// The bag with its key under `new`, or `None` where `old` does not open it.
fn rekeyed(bag: &Bag, old: &Secret, new: &Secret) -> Result<Option<Bag>, KeystoreError> {
    let Some(encrypted) = encrypted_key(bag) else {
        return Ok(None);
    };
    let rekeyed = Encrypted::rekeyed(encrypted, old, new)
        .map_err(|error| KeystoreError::cannot_rewrite(&error))?;
    let Some(rekeyed) = rekeyed else {
        return Ok(None);
    };
    Ok(Some(bag.with_encrypted_key(&rekeyed)?))
}

fn encrypted_key(bag: &Bag) -> Option<&[u8]> {
    match &bag.content {
        BagContent::Secret(encrypted) | BagContent::PrivateKey(encrypted) => Some(encrypted),
        BagContent::Certificate(_) | BagContent::Other(_) => None,
    }
}
