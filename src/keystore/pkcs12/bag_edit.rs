//! New bags out of old ones: every part that is not meant keeps its bytes.

use std::time::SystemTime;

use zeroize::Zeroizing;

use super::bag::{Bag, BagContent};
use crate::keystore::alias::Alias;
use crate::keystore::ber::{BerError, Element, Reader, tag};
use crate::keystore::{der, oid};

/// The parts of a SafeBag, as they are encoded.
struct Parts<'a> {
    bag_type: &'a [u8],
    value: &'a [u8],
    /// The attributes, where there are any.
    attributes: Option<Element<'a>>,
}

impl<'a> Parts<'a> {
    fn of(raw: &'a [u8]) -> Result<Self, BerError> {
        let (element, _) = Element::first_of(raw)?;
        let mut fields = element.reader();
        Ok(Self {
            bag_type: fields.expect(tag::OBJECT_IDENTIFIER, "a bag type")?.raw,
            value: fields.expect(tag::CONTEXT_0, "a bag value")?.raw,
            attributes: fields.optional(tag::SET)?,
        })
    }
}

impl Bag {
    /// The attributes that Java's keystore does not look at: their identifiers and encodings.
    pub(super) fn other_attributes(&self) -> Vec<(String, Vec<u8>)> {
        let known = [
            oid::FRIENDLY_NAME,
            oid::LOCAL_KEY_ID,
            oid::TRUSTED_KEY_USAGE,
        ];
        let set = Parts::of(&self.raw).ok().and_then(|parts| parts.attributes);
        let mut attributes = Reader::new(set.map_or(&[][..], |set| set.content));
        let mut others = Vec::new();
        while let Ok(Some(attribute)) = attributes.next() {
            match attribute.reader().oid("an attribute") {
                Ok(name) if !known.contains(&name) => {
                    others.push((name.to_string(), attribute.raw.to_vec()));
                }
                _ => {}
            }
        }
        others
    }

    /// The same bag under another name.
    pub(super) fn renamed(&self, alias: &Alias) -> Result<Self, BerError> {
        let parts = Parts::of(&self.raw)?;
        let name = super::bag::friendly_name(alias.as_str());
        let mut attributes = Vec::new();
        let mut old = Reader::new(parts.attributes.map_or(&[][..], |set| set.content));
        while let Some(attribute) = old.next()? {
            if attribute.reader().oid("an attribute")? != oid::FRIENDLY_NAME {
                attributes.push(attribute.raw);
            }
        }
        attributes.insert(0, &name);
        reread(der::sequence(&[
            parts.bag_type,
            parts.value,
            &der::set(&attributes),
        ]))
    }

    /// The same bag with the localKeyID of a new entry, for one that has none.
    pub(super) fn identified(&self, created: SystemTime) -> Result<Self, BerError> {
        let parts = Parts::of(&self.raw)?;
        let key_id = super::bag::local_key_id(&super::bag::key_id_of(created));
        let mut attributes = Vec::new();
        let mut old = Reader::new(parts.attributes.map_or(&[][..], |set| set.content));
        while let Some(attribute) = old.next()? {
            attributes.push(attribute.raw);
        }
        attributes.push(&key_id);
        reread(der::sequence(&[
            parts.bag_type,
            parts.value,
            &der::set(&attributes),
        ]))
    }

    /// The same bag around another EncryptedPrivateKeyInfo.
    pub(super) fn with_encrypted_key(&self, encrypted: &[u8]) -> Result<Self, BerError> {
        let parts = Parts::of(&self.raw)?;
        let value = match self.content {
            BagContent::Secret(_) => der::explicit_0(&super::bag::secret_value(encrypted)),
            _ => der::explicit_0(encrypted),
        };
        let attributes = parts.attributes.map_or(&[][..], |set| set.raw);
        reread(der::sequence(&[parts.bag_type, &value, attributes]))
    }
}

fn reread(raw: Vec<u8>) -> Result<Bag, BerError> {
    let raw = Zeroizing::new(raw);
    let (element, _) = Element::first_of(&raw)?;
    Bag::parse(&element)
}

#[cfg(test)]
mod tests {
    use super::super::bag::Attributes;
    use super::*;

    fn secret(alias: &str) -> Bag {
        let attributes = Attributes::of_new_entry(&Alias::new(alias), SystemTime::now());
        Bag::of_secret(&[4, 1, 7], attributes, &[])
    }

    #[test]
    fn a_renamed_bag_keeps_everything_but_its_name() {
        let bag = secret("old");
        let renamed = bag.renamed(&Alias::new("пароль")).unwrap();
        assert_eq!(renamed.attributes.friendly_name.as_deref(), Some("пароль"));
        assert_eq!(renamed.attributes.local_key_id, bag.attributes.local_key_id);
        let back = renamed.renamed(&Alias::new("old")).unwrap();
        assert_eq!(*back.raw, *bag.raw);
    }

    #[test]
    fn a_bag_with_another_key_keeps_its_attributes() {
        let bag = secret("name");
        let changed = bag.with_encrypted_key(&[4, 2, 8, 9]).unwrap();
        assert!(matches!(&changed.content, BagContent::Secret(key) if *key == [4, 2, 8, 9]));
        assert_eq!(changed.attributes.local_key_id, bag.attributes.local_key_id);
        assert_eq!(
            *changed.with_encrypted_key(&[4, 1, 7]).unwrap().raw,
            *bag.raw
        );
    }
}
