//! PKCS12: the JDK's default store type since 9.
//!
//! ```text
//! PFX = SEQUENCE { INTEGER 3, ContentInfo { data, [0] OCTET STRING AuthenticatedSafe },
//!                  MacData OPTIONAL }
//! AuthenticatedSafe = SEQUENCE OF ContentInfo             one container each, see `safe`
//! ```
//! SunJSSE puts keys and secrets into one plain container, each encrypted by itself, and all
//! certificates into one encrypted container. The MAC covers the AuthenticatedSafe.
//!
//! Source: RFC 7292; `sun.security.pkcs12.PKCS12KeyStore` (JDK 17).

mod bag;
mod bag_edit;
mod certificate_index;
mod certificates;
mod java_view;
mod key_info;
mod mac;
mod passwords;
mod safe;

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::SystemTime;

use super::alias::Alias;
use super::ber::{Element, Reader, tag};
use super::encryption::{DEFAULT_ALGORITHM, DEFAULT_ITERATIONS, Encrypted, Encryption};
use super::entry::{Entry, EntryKind, Protection};
use super::error::KeystoreError;
use super::integrity::Integrity;
use super::new_protection::NewProtection;
use super::secret_key::SecretKey;
use super::store_type::StoreType;
use super::{der, oid};
use crate::Secret;
use bag::{Bag, BagContent};
use java_view::JavaView;
use mac::Mac;
use safe::{Place, Safe};

/// An opened PKCS12 file: its containers as they stand in it, and what guards them.
pub(super) struct Pkcs12 {
    safes: Vec<Safe>,
    mac: Option<Mac>,
    /// What follows the structure in the file.
    trailing: Vec<u8>,
    password: Secret,
}

impl Pkcs12 {
    pub(super) fn new(password: &Secret) -> Result<Self, KeystoreError> {
        Ok(Self {
            safes: Vec::new(),
            mac: Some(Mac::java_default()?),
            trailing: Vec::new(),
            password: Secret::copied_from(password.expose_bytes()),
        })
    }

    /// Checks the MAC, then takes the containers apart. Nothing is decrypted.
    pub(super) fn open(bytes: &[u8], password: &Secret) -> Result<Self, KeystoreError> {
        let pfx = Pfx::parse(bytes)?;
        let mac = pfx.mac.as_ref();
        if !mac.is_none_or(|mac| mac.verifies(password, &pfx.content)) {
            let safes = parse_safes(&pfx.content);
            let opens = safes.is_ok_and(|safes| opens_some_entry(&safes, password));
            return Err(mac_mismatch(opens));
        }
        Ok(Self {
            safes: parse_safes(&pfx.content)?,
            mac: pfx.mac,
            trailing: pfx.trailing.to_vec(),
            password: Secret::copied_from(password.expose_bytes()),
        })
    }

    /// What can be seen without a password, unchecked.
    pub(super) fn entries_unverified(bytes: &[u8]) -> Result<Vec<Entry>, KeystoreError> {
        let safes = parse_safes(&Pfx::parse(bytes)?.content)?;
        Ok(JavaView::of_plain(&safes).entries())
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let safes: Vec<Cow<'_, [u8]>> = self.safes.iter().map(Safe::to_der).collect();
        let content = der::sequence(&safes.iter().map(AsRef::as_ref).collect::<Vec<_>>());
        let mac = self
            .mac
            .as_ref()
            .map(|mac| mac.to_der(&self.password, &content));
        let mut bytes = der::sequence(&[
            &der::number(3),
            &safe::data_content_info(&content),
            &mac.unwrap_or_default(),
        ]);
        bytes.extend_from_slice(&self.trailing);
        bytes
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.view().entries()
    }

    /// What the MAC is.
    pub(super) fn integrity(&self) -> Option<Integrity> {
        self.mac.as_ref().map(Mac::integrity)
    }

    /// How the encrypted containers are encrypted.
    pub(super) fn container_protections(&self) -> Vec<Protection> {
        self.safes.iter().filter_map(Safe::protection).collect()
    }

    pub(super) fn secret_key(
        &self,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<SecretKey, KeystoreError> {
        let Some(encrypted) = self.find_secret(alias) else {
            return Err(self.why_not(alias));
        };
        let of_entry = |error| KeystoreError::of_entry(alias, &error);
        let plaintext = Encrypted::parse(encrypted).and_then(|sealed| sealed.open(key_password));
        key_info::decode(&plaintext.map_err(of_entry)?).ok_or_else(|| {
            KeystoreError::WrongKeyPassword {
                alias: alias.clone(),
            }
        })
    }

    pub(super) fn add_secret_key(
        &mut self,
        alias: &Alias,
        key: &SecretKey,
        new: &NewProtection<'_>,
        created: SystemTime,
    ) -> Result<(), KeystoreError> {
        let cannot = |error| KeystoreError::cannot_rewrite(&error);
        let key_info = key_info::encode(key).ok_or_else(|| KeystoreError::NoKeyIdentifier {
            algorithm: key.algorithm.clone(),
        })?;
        let algorithm = new.algorithm.unwrap_or(DEFAULT_ALGORITHM);
        let iterations = new.iterations.unwrap_or(DEFAULT_ITERATIONS);
        let encryption = Encryption::by_java_name(algorithm, iterations)
            .map_err(cannot)?
            .ok_or_else(|| KeystoreError::no_protection(algorithm, StoreType::Pkcs12))?;
        let password = new.key_password.unwrap_or(&self.password);
        let encrypted = Encrypted::seal(&encryption, password, &key_info).map_err(cannot)?;
        let bag = Bag::of_secret(alias, created, &encrypted);
        self.add_plain_bag(bag)
    }

    fn add_plain_bag(&mut self, bag: Bag) -> Result<(), KeystoreError> {
        let mut safes = self.safes.iter_mut();
        let Some(safe) = safes.find(|safe| safe.plain_bags().is_some()) else {
            self.safes.insert(0, Safe::plain(vec![bag]));
            return Ok(());
        };
        safe.edit(&self.password, |bags| bags.push(bag))
            .map_err(|error| KeystoreError::cannot_rewrite(&error))
    }

    /// Renames an entry, a private key together with its own certificate.
    pub(super) fn change_alias(&mut self, from: &Alias, to: &Alias) -> Result<(), KeystoreError> {
        let view = self.view();
        let Some(place) = view.place_of(from) else {
            return Err(self.why_not(from));
        };
        let places: Vec<Place> = [place]
            .into_iter()
            .chain(view.chain_at(place).first().copied())
            .collect();
        for (safe, at) in places {
            let bags = self.safes[safe].bags(&self.password);
            let Some(bag) = bags.ok().and_then(|bags| bags.get(at)) else {
                continue;
            };
            let renamed = bag.renamed(to)?;
            self.safes[safe]
                .edit(&self.password, |bags| bags[at] = renamed)
                .map_err(|error| KeystoreError::cannot_rewrite(&error))?;
        }
        Ok(())
    }

    /// Whether Java finds something under `alias`.
    pub(super) fn shows(&self, alias: &Alias) -> bool {
        self.view().place_of(alias).is_some()
    }

    /// What Java finds under `alias`; where it finds nothing, what it does not show.
    pub(super) fn kind_of(&self, alias: &Alias) -> Option<EntryKind> {
        self.view().kind_of(alias).cloned()
    }

    pub(super) fn delete(&mut self, alias: &Alias) -> Result<(), KeystoreError> {
        let places = self.view().places_of(alias);
        if places.is_empty() {
            return Err(KeystoreError::NoSuchAlias {
                alias: alias.clone(),
            });
        }
        let edited: HashSet<usize> = places.iter().map(|(safe, _)| *safe).collect();
        for &index in &edited {
            let mut at = 0;
            self.safes[index]
                .edit(&self.password, |bags| {
                    bags.retain(|_| {
                        at += 1;
                        !places.contains(&(index, at - 1))
                    });
                })
                .map_err(|error| KeystoreError::cannot_rewrite(&error))?;
        }
        let mut index = 0;
        self.safes.retain(|safe| {
            index += 1;
            let emptied = safe.plain_bags().is_some_and(<[Bag]>::is_empty);
            !(emptied && edited.contains(&(index - 1)))
        });
        Ok(())
    }

    fn view(&self) -> JavaView<'_> {
        JavaView::of(&self.safes, &self.password)
    }

    /// The EncryptedPrivateKeyInfo of a secret. Plain containers are looked through first, since
    /// they need no derivation; the last entry of an alias counts, as in Java.
    fn find_secret(&self, alias: &Alias) -> Option<&[u8]> {
        let named = |bag: &Bag| {
            bag.attributes
                .friendly_name
                .as_deref()
                .is_some_and(|name| Alias::new(name) == *alias)
        };
        let plain = self.safes.iter().filter_map(Safe::plain_bags).flatten();
        let found = plain.filter(|bag| named(bag)).last();
        let bag = match found {
            Some(bag) => bag,
            None => self.find_bag_anywhere(alias)?,
        };
        match &bag.content {
            BagContent::Secret(encrypted) => Some(encrypted),
            _ => None,
        }
    }

    /// As Java would name it: an unnamed bag by its number, one in an encrypted container too.
    fn find_bag_anywhere(&self, alias: &Alias) -> Option<&Bag> {
        let (safe, bag) = self.view().place_of(alias)?;
        self.safes[safe].bags(&self.password).ok()?.get(bag)
    }

    fn why_not(&self, alias: &Alias) -> KeystoreError {
        let alias = alias.clone();
        match self.kind_of(&alias) {
            None => KeystoreError::NoSuchAlias { alias },
            Some(EntryKind::Opaque(reason)) => KeystoreError::UnreadableEntry { alias, reason },
            Some(kind) => KeystoreError::NotASecret { alias, kind },
        }
    }
}

/// The outermost structure of a file.
struct Pfx<'a> {
    content: Cow<'a, [u8]>,
    mac: Option<Mac>,
    trailing: &'a [u8],
}

impl<'a> Pfx<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self, KeystoreError> {
        let (pfx, trailing) = Element::first_of(bytes)?;
        let mut fields = pfx.expect(tag::SEQUENCE, "a PFX")?.reader();
        let version = fields.number("a version")?;
        if version != 3 {
            let reason = format!("it has version {version}, not 3");
            return Err(KeystoreError::damaged(StoreType::Pkcs12, &reason));
        }
        let mut content_info = fields.sequence("an authenticated safe")?;
        let content_type = content_info.oid("a content type")?;
        if content_type != oid::DATA {
            return Err(KeystoreError::UnsupportedIntegrity {
                store_type: StoreType::Pkcs12,
                reason: format!("its content has the type {content_type}, not data"),
            });
        }
        let mut explicit = content_info
            .expect(tag::CONTEXT_0, "an authenticated safe")?
            .reader();
        let content = explicit.octet_string("an authenticated safe")?;
        let mac_data = fields.next()?;
        let mac = mac_data.as_ref().map(Mac::parse).transpose()?;
        // What is not understood cannot be written back: better not opened than lost.
        fields.end()?;
        Ok(Self {
            content,
            mac,
            trailing,
        })
    }
}

fn parse_safes(content: &[u8]) -> Result<Vec<Safe>, KeystoreError> {
    let mut outer = Reader::new(content);
    let mut elements = outer.sequence("an AuthenticatedSafe")?;
    outer.end()?;
    let mut safes = Vec::new();
    while let Some(element) = elements.next()? {
        safes.push(Safe::parse(&element)?);
    }
    Ok(safes)
}

/// Whether the password opens the first secret, which a wrong password does not.
fn opens_some_entry(safes: &[Safe], password: &Secret) -> bool {
    let mut bags = safes.iter().filter_map(Safe::plain_bags).flatten();
    let first = bags.find_map(|bag| match &bag.content {
        BagContent::Secret(encrypted) => Some(encrypted),
        _ => None,
    });
    let opened = first.and_then(|encrypted| Encrypted::parse(encrypted).ok()?.open(password).ok());
    opened.is_some_and(|plaintext| key_info::decode(&plaintext).is_some())
}

fn mac_mismatch(password_opens_an_entry: bool) -> KeystoreError {
    if password_opens_an_entry {
        return KeystoreError::Tampered {
            store_type: StoreType::Pkcs12,
        };
    }
    KeystoreError::WrongPassword { check: "MAC" }
}
