//! Private keys and certificates of a PKCS12 store.

use std::time::{Duration, SystemTime};

use super::Pkcs12;
use super::bag::{Attributes, Bag, BagContent, key_id_of};
use super::safe::{Place, Safe};
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{Encrypted, EncryptionError};
use crate::keystore::error::KeystoreError;
use crate::keystore::new_protection::NewProtection;
use crate::keystore::private_key::PrivateKey;
use crate::keystore::provenance::Provenance;

impl Pkcs12 {
    /// The certificates of an entry, a private key's own first.
    pub(in crate::keystore) fn certificates(
        &self,
        alias: &Alias,
    ) -> Result<Vec<Vec<u8>>, KeystoreError> {
        let Some((place, bag)) = self.find(alias) else {
            return Err(self.why_not(alias));
        };
        let places = match &bag.content {
            BagContent::PrivateKey(_) => self.view().chain_at(place),
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
        let bag = self.find(alias).map(|(_, bag)| &bag.content);
        let Some(BagContent::PrivateKey(encrypted)) = bag else {
            return Err(self.why_not_private(alias));
        };
        let key_info = Encrypted::parse(encrypted)
            .and_then(|sealed| sealed.open(&self.password.or(key_password)))
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
        provenance: &Provenance,
    ) -> Result<(), KeystoreError> {
        let encryption = self.encryption_for_key(&NewProtection::default())?;
        let encrypted = Encrypted::seal(&encryption, &self.password, key.key_info.expose_bytes())
            .map_err(EncryptionError::while_writing)?;
        let created = self.unused_date(provenance.created);
        let key_id = key_id_of(created);
        self.add_certificate_bags(chain(alias, &key_id, &key.certificates))?;
        let attributes = Attributes::of_new_entry(alias, created);
        let bag = Bag::of_private_key(&encrypted, attributes, &provenance.attributes);
        self.add_plain_bag(bag)
    }

    pub(in crate::keystore) fn add_trusted_certificate(
        &mut self,
        alias: &Alias,
        certificate: &[u8],
        provenance: &Provenance,
    ) -> Result<(), KeystoreError> {
        let attributes = Attributes::of_trusted(alias);
        let bag = Bag::of_certificate(certificate, attributes, &provenance.attributes);
        self.add_certificate_bags(vec![bag])
    }

    /// Gives a private key other certificates. Its key bag keeps its bytes, unless it has no
    /// localKeyID by which its certificate finds it.
    pub(in crate::keystore) fn replace_certificates(
        &mut self,
        alias: &Alias,
        certificates: &[Vec<u8>],
    ) -> Result<(), KeystoreError> {
        let view = self.view();
        let key_place = view.place_of(alias);
        let old = view.places_of(alias);
        let Some((place, key)) = key_place.and_then(|place| Some((place, self.bag_at(place)?)))
        else {
            return Err(self.why_not_private(alias));
        };
        if !matches!(key.content, BagContent::PrivateKey(_)) {
            return Err(self.why_not_private(alias));
        }
        let identified = match &key.attributes.local_key_id {
            Some(_) => None,
            None => Some(key.identified(self.unused_date(SystemTime::now()))?),
        };
        let attributes = &identified.as_ref().unwrap_or(key).attributes;
        let key_id = attributes.local_key_id.clone().unwrap_or_default();
        if let Some(bag) = identified {
            self.safes[place.0]
                .edit(|bags| bags[place.1] = bag)
                .map_err(EncryptionError::while_writing)?;
        }
        self.add_certificate_bags(chain(alias, &key_id, certificates))?;
        self.remove(&old.into_iter().filter(|at| *at != place).collect())
    }

    /// Adds to the container that holds certificates already, otherwise to a new one, encrypted as
    /// the JDK does it.
    fn add_certificate_bags(&mut self, added: Vec<Bag>) -> Result<(), KeystoreError> {
        let is_certificate = |bag: &Bag| matches!(bag.content, BagContent::Certificate(_));
        let password = &self.password;
        let holds_some = |safe: &&mut Safe| {
            safe.bags(password)
                .is_ok_and(|bags| bags.iter().any(is_certificate))
        };
        if let Some(safe) = self.safes.iter_mut().find(holds_some) {
            return safe
                .edit(|bags| bags.extend(added))
                .map_err(EncryptionError::while_writing);
        }
        self.add_certificate_safe(added)
    }

    fn why_not_private(&self, alias: &Alias) -> KeystoreError {
        match self.why_not(alias) {
            KeystoreError::NotASecret { alias, kind } => {
                KeystoreError::NotAPrivateKey { alias, kind }
            }
            other => other,
        }
    }

    pub(super) fn bag_at(&self, (safe, at): Place) -> Option<&Bag> {
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

/// The certificates of a private key: its own, which shares its localKeyID, and its issuers.
fn chain(alias: &Alias, key_id: &[u8], certificates: &[Vec<u8>]) -> Vec<Bag> {
    let attributes = |index| match index {
        0 => Attributes {
            friendly_name: Some(alias.as_str().to_owned()),
            local_key_id: Some(key_id.to_vec()),
            ..Attributes::default()
        },
        _ => Attributes::default(),
    };
    let bag = |(index, certificate): (usize, &Vec<u8>)| {
        Bag::of_certificate(certificate, attributes(index), &[])
    };
    certificates.iter().enumerate().map(bag).collect()
}

fn same_millisecond(one: SystemTime, other: SystemTime) -> bool {
    use crate::keystore::entry::java_time;
    java_time(one) == java_time(other)
}
