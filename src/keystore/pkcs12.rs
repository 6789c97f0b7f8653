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

mod addition;
mod bag;
mod bag_edit;
mod certificate_index;
mod certificates;
mod java_view;
mod key_info;
mod mac;
mod passwords;
mod pfx;
mod safe;

use std::borrow::Cow;
use std::collections::HashSet;
use std::thread;
use std::time::SystemTime;

use super::alias::Alias;
use super::der;
use super::encryption::{Encrypted, Encryption, EncryptionError, derivation_of};
use super::entry::{Entry, EntryKind, Protection};
use super::error::KeystoreError;
use super::integrity::Integrity;
use super::password::Password;
use super::provenance::Provenance;
use super::secret_key::SecretKey;
use super::store_protection::{ProtectionChoice, StoreProtection};
use super::store_type::StoreType;
use crate::Secret;
use crate::kdf::KeyDerivation;
use bag::{Bag, BagContent};
use java_view::JavaView;
use mac::Mac;
use pfx::{Pfx, parse_safes};
use safe::{Place, Safe};

/// An opened PKCS12 file: its containers as they stand in it, and what guards them.
pub(super) struct Pkcs12 {
    safes: Vec<Safe>,
    mac: Option<Mac>,
    /// What follows the structure in the file.
    trailing: Vec<u8>,
    password: Password,
    /// How what is added is encrypted.
    protection: StoreProtection,
    /// Encryptions for keys to come, of that kind, whose keys are derived already.
    prepared: Vec<Encryption>,
}

impl Pkcs12 {
    pub(super) fn new(password: &Secret) -> Result<Self, KeystoreError> {
        Ok(Self {
            safes: Vec::new(),
            mac: Mac::fresh(&ProtectionChoice::default())?,
            trailing: Vec::new(),
            password: Password::of(password),
            protection: StoreProtection::default(),
            prepared: Vec::new(),
        })
    }

    /// Checks the MAC, then takes the containers apart. The keys of the `expected` entries are
    /// derived meanwhile; nothing is done with them before the MAC is known to match.
    pub(super) fn open(
        bytes: &[u8],
        password: &Secret,
        expected: &[Alias],
    ) -> Result<Self, KeystoreError> {
        let pfx = Pfx::parse(bytes)?;
        let verifies = || {
            let mac = pfx.mac.as_ref();
            mac.is_none_or(|mac| mac.verifies(password, &pfx.content))
        };
        let (is_genuine, password, safes) = if expected.is_empty() {
            (verifies(), Password::of(password), None)
        } else {
            thread::scope(|scope| {
                let check = thread::Builder::new().spawn_scoped(scope, verifies);
                let safes = parse_safes(&pfx.content);
                let mut password = Password::of(password);
                if let Ok(safes) = &safes {
                    password.derive_ahead(derivations(safes, expected));
                }
                let is_genuine = match check {
                    // A check that did not come to an end has not passed.
                    Ok(check) => check.join().unwrap_or(false),
                    // The system gives no more threads.
                    Err(_) => verifies(),
                };
                (is_genuine, password, Some(safes))
            })
        };
        if !is_genuine {
            let safes = safes.unwrap_or_else(|| parse_safes(&pfx.content));
            let opens = safes.is_ok_and(|safes| opens_some_entry(&safes, &password));
            return Err(mac_mismatch(opens));
        }
        Ok(Self {
            safes: safes.unwrap_or_else(|| parse_safes(&pfx.content))?,
            mac: pfx.mac,
            trailing: pfx.trailing.to_vec(),
            password,
            protection: StoreProtection::default(),
            prepared: Vec::new(),
        })
    }

    /// What can be seen without a password, unchecked: encrypted containers stay closed.
    pub(super) fn open_unverified(bytes: &[u8]) -> Result<Self, KeystoreError> {
        let pfx = Pfx::parse(bytes)?;
        let safes = parse_safes(&pfx.content)?.into_iter();
        Ok(Self {
            safes: safes.map(Safe::left_closed).collect(),
            mac: pfx.mac,
            trailing: pfx.trailing.to_vec(),
            password: Password::of(&Secret::copied_from(&[])),
            protection: StoreProtection::default(),
            prepared: Vec::new(),
        })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let safes: Vec<Cow<'_, [u8]>> = self
            .safes
            .iter()
            .map(|safe| safe.to_der(&self.password))
            .collect();
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
        let bag = self.find(alias).map(|(_, bag)| &bag.content);
        let Some(BagContent::Secret(encrypted)) = bag else {
            return Err(self.why_not(alias));
        };
        let of_entry = |error| KeystoreError::of_entry(alias, &error);
        let plaintext = Encrypted::parse(encrypted).and_then(|sealed| {
            let password = self.password.or(key_password);
            sealed.open(&password)
        });
        key_info::decode(&plaintext.map_err(of_entry)?).ok_or_else(|| {
            KeystoreError::WrongKeyPassword {
                alias: alias.clone(),
            }
        })
    }

    /// When an entry was made, and its attributes; of a private key those of its key.
    pub(super) fn provenance(&self, alias: &Alias) -> Option<Provenance> {
        let (_, bag) = self.find(alias)?;
        Some(Provenance {
            attributes: bag
                .other_attributes()
                .into_iter()
                .map(|(_, encoded)| encoded)
                .collect(),
            ..Provenance::at(bag.attributes.created().unwrap_or_else(SystemTime::now))
        })
    }

    /// The identifiers of an entry's attributes besides name, date and trust.
    pub(super) fn attributes(&self, alias: &Alias) -> Vec<String> {
        let others = self.find(alias).map(|(_, bag)| bag.other_attributes());
        let others = others.unwrap_or_default().into_iter();
        others.map(|(name, _)| name).collect()
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
                .edit(|bags| bags[at] = renamed)
                .map_err(EncryptionError::while_writing)?;
        }
        Ok(())
    }

    /// Whether Java finds something under `alias`.
    pub(super) fn shows(&self, alias: &Alias) -> bool {
        self.find(alias).is_some()
    }

    /// What Java finds under `alias`; where it finds nothing, what it does not show.
    pub(super) fn kind_of(&self, alias: &Alias) -> Option<EntryKind> {
        match self.find(alias).map(|(_, bag)| &bag.content) {
            Some(BagContent::Secret(_)) => Some(EntryKind::Secret),
            Some(BagContent::PrivateKey(_)) => Some(EntryKind::PrivateKey),
            Some(BagContent::Certificate(_)) => Some(EntryKind::TrustedCertificate),
            Some(BagContent::Other(_)) => self.view().kind_of(alias).cloned(),
            None if self.may_hide(alias) => self.view().kind_of(alias).cloned(),
            None => None,
        }
    }

    pub(super) fn delete(&mut self, alias: &Alias) -> Result<(), KeystoreError> {
        let places = self.view().places_of(alias);
        if places.is_empty() {
            return Err(KeystoreError::NoSuchAlias {
                alias: alias.clone(),
            });
        }
        self.remove(&places)
    }

    /// Removes bags; a plain container that is empty then goes too.
    fn remove(&mut self, places: &HashSet<Place>) -> Result<(), KeystoreError> {
        let edited: HashSet<usize> = places.iter().map(|(safe, _)| *safe).collect();
        for &index in &edited {
            let mut at = 0;
            self.safes[index]
                .edit(|bags| {
                    bags.retain(|_| {
                        at += 1;
                        !places.contains(&(index, at - 1))
                    });
                })
                .map_err(EncryptionError::while_writing)?;
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

    /// Whether something that Java does not show may have that name. What has none of its own is
    /// called by a word in parentheses.
    fn may_hide(&self, alias: &Alias) -> bool {
        let has_named = |bags: &[Bag]| bags.iter().any(|bag| bag.is_named(alias));
        alias.as_str().starts_with('(')
            || java_view::opened(&self.safes, &self.password)
                .any(|(_, _, bags)| bags.is_ok_and(has_named))
    }

    /// The entry that Java finds under `alias`: the last one of that name. Plain containers are
    /// looked through first, since they need no derivation.
    fn find(&self, alias: &Alias) -> Option<(Place, &Bag)> {
        // Java calls entries without a name by a number.
        if alias.as_str().bytes().all(|byte| byte.is_ascii_digit()) {
            let place = self.view().place_of(alias)?;
            return Some((place, self.bag_at(place)?));
        }
        let last_in = |index: usize, bags: &'_ [Bag]| -> Option<Place> {
            let is_it = |bag: &Bag| bag.is_java_entry() && bag.is_named(alias);
            let at = bags.iter().rposition(is_it)?;
            Some((index, at))
        };
        let mut plain = self.safes.iter().enumerate().rev();
        let in_plain = plain.find_map(|(index, safe)| last_in(index, safe.plain_bags()?));
        let place = in_plain.or_else(|| {
            java_view::opened(&self.safes, &self.password)
                .filter_map(|(index, _, bags)| last_in(index, bags.ok()?))
                .last()
        })?;
        Some((place, self.bag_at(place)?))
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

/// How the keys of those entries are derived which can be found without a password.
fn derivations(safes: &[Safe], aliases: &[Alias]) -> Vec<KeyDerivation> {
    let bags = safes.iter().filter_map(Safe::plain_bags).flatten();
    let expected = bags.filter(|bag| aliases.iter().any(|alias| bag.is_named(alias)));
    let keys = expected.filter_map(passwords::encrypted_key);
    keys.filter_map(derivation_of).collect()
}

/// Whether the password opens the first secret, which a wrong password does not.
fn opens_some_entry(safes: &[Safe], password: &Password) -> bool {
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
