//! Private keys and certificates of a PKCS12 store.

use std::time::{Duration, SystemTime};

use super::Pkcs12;
use super::bag::{Attributes, Bag, BagContent};
use super::safe::{Place, Safe};
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{Encrypted, Encryption, EncryptionError};
use crate::keystore::entry::EntryKind;
use crate::keystore::error::KeystoreError;
use crate::keystore::private_key::PrivateKey;

impl Pkcs12 {
    /// The certificates of an entry, a private key's own first.
    pub(in crate::keystore) fn certificates(
        &self,
        alias: &Alias,
    ) -> Result<Vec<Vec<u8>>, KeystoreError> {
        let view = self.view();
        let Some(place) = view.place_of(alias) else {
            return Err(self.why_not(alias));
        };
        let places = match view.kind_of(alias) {
            Some(EntryKind::PrivateKey) => view.chain_at(place),
            _ => vec![place],
        };
        let certificate = |place| match &self.bag_at(place)?.content {
            BagContent::Certificate(certificate) => Some(certificate.clone()),
            _ => None,
        };
        Ok(places.into_iter().filter_map(certificate).collect())
    }

    pub(in crate::keystore) fn private_key(
        &self,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<PrivateKey, KeystoreError> {
        let bag = self
            .view()
            .place_of(alias)
            .and_then(|place| self.bag_at(place));
        let Some(BagContent::PrivateKey(encrypted)) = bag.map(|bag| &bag.content) else {
            return Err(match self.why_not(alias) {
                KeystoreError::NotASecret { alias, kind } => {
                    KeystoreError::NotAPrivateKey { alias, kind }
                }
                other => other,
            });
        };
        let key_info = Encrypted::parse(encrypted)
            .and_then(|sealed| sealed.open(key_password))
            .map_err(|error| KeystoreError::of_entry(alias, &error))?;
        Ok(PrivateKey {
            key_info: Secret::copied_from(&key_info),
            certificates: self.certificates(alias)?,
        })
    }

    pub(in crate::keystore) fn add_private_key(
        &mut self,
        alias: &Alias,
        key: &PrivateKey,
        created: SystemTime,
    ) -> Result<(), KeystoreError> {
        let cannot = |error: EncryptionError| KeystoreError::cannot_rewrite(&error);
        let encrypted = Encryption::java_default()
            .and_then(|default| {
                Encrypted::seal(&default, &self.password, key.key_info.expose_bytes())
            })
            .map_err(cannot)?;
        let created = self.unused_date(created);
        let certificates = key
            .certificates
            .iter()
            .enumerate()
            .map(|(index, certificate)| {
                let attributes = match index {
                    0 => Attributes::of_new_entry(alias, created),
                    _ => Attributes::default(),
                };
                Bag::of_certificate(certificate, attributes)
            });
        self.add_certificate_bags(certificates.collect())?;
        self.add_plain_bag(Bag::of_private_key(alias, created, &encrypted))
    }

    pub(in crate::keystore) fn add_trusted_certificate(
        &mut self,
        alias: &Alias,
        certificate: &[u8],
    ) -> Result<(), KeystoreError> {
        let attributes = Attributes::of_trusted(alias);
        self.add_certificate_bags(vec![Bag::of_certificate(certificate, attributes)])
    }

    /// Adds to the container that holds certificates already, otherwise to a new one, encrypted as
    /// the JDK does it.
    fn add_certificate_bags(&mut self, added: Vec<Bag>) -> Result<(), KeystoreError> {
        let cannot = |error: EncryptionError| KeystoreError::cannot_rewrite(&error);
        let is_certificate = |bag: &Bag| matches!(bag.content, BagContent::Certificate(_));
        let password = &self.password;
        let holds_some = |safe: &&mut Safe| {
            safe.bags(password)
                .is_ok_and(|bags| bags.iter().any(is_certificate))
        };
        if let Some(safe) = self.safes.iter_mut().find(holds_some) {
            return safe
                .edit(password, |bags| bags.extend(added))
                .map_err(cannot);
        }
        let safe = Encryption::java_default()
            .and_then(|default| Safe::encrypted(default, password, added))
            .map_err(cannot)?;
        self.safes.push(safe);
        Ok(())
    }

    fn bag_at(&self, (safe, at): Place) -> Option<&Bag> {
        self.safes.get(safe)?.bags(&self.password).ok()?.get(at)
    }

    /// A date that no other localKeyID has: by it a certificate finds its key.
    fn unused_date(&self, date: SystemTime) -> SystemTime {
        let taken: Vec<SystemTime> = self
            .entries()
            .iter()
            .filter_map(|entry| entry.created)
            .collect();
        let mut date = date;
        while taken.iter().any(|other| same_millisecond(*other, date)) {
            date += Duration::from_millis(1);
        }
        date
    }
}

fn same_millisecond(one: SystemTime, other: SystemTime) -> bool {
    use crate::keystore::entry::java_time;
    java_time(one) == java_time(other)
}
