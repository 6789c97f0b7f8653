//! [`JavaView`]: which entries Java sees in the bags of a file.
//!
//! A key or secret is an entry under its friendlyName; one without a name is called `1`, `2`, …
//! A certificate is an entry when it carries Oracle's trust mark, otherwise it belongs to the key
//! whose localKeyID it shares, or to the chain above that certificate. Of two entries whose names
//! fold to the same alias the later one counts.
//!
//! Source: `sun.security.pkcs12.PKCS12KeyStore.{loadSafeContents, engineLoad}` (JDK 17).

use std::collections::HashSet;

use sha2::{Digest, Sha256};

use super::bag::{Bag, BagContent};
use super::safe::Safe;
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::ber::{BerError, Reader, tag};
use crate::keystore::entry::{Entry, EntryKind};

/// Iterations that opening all the encrypted containers of one file may cost together.
const OPENING_BUDGET: u32 = 20_000_000;

/// Where a bag is: the container's index, the bag's index in it.
pub(super) type Place = (usize, usize);

/// The entries of a file, in its order, and where each of them is.
pub(super) struct JavaView<'a> {
    bags: Vec<(Place, &'a Bag)>,
    /// `None` stands for a container that could not be opened.
    entries: Vec<(Option<Place>, Entry)>,
}

impl<'a> JavaView<'a> {
    pub(super) fn of(safes: &'a [Safe], password: &Secret) -> Self {
        let mut view = Self {
            bags: Vec::new(),
            entries: Vec::new(),
        };
        let mut unopened = Vec::new();
        let mut budget = OPENING_BUDGET;
        for (index, safe) in safes.iter().enumerate() {
            let opened = match budget.checked_sub(safe.cost()) {
                Some(rest) => {
                    budget = rest;
                    safe.bags(password)
                }
                None => Err("opening it would take too many iterations".to_owned()),
            };
            match opened {
                Ok(bags) => {
                    let places = bags.iter().enumerate().map(|(at, bag)| ((index, at), bag));
                    view.bags.extend(places);
                }
                Err(reason) => unopened.push((None, unopened_entry(safe, reason))),
            }
        }
        view.add_entries();
        view.entries.append(&mut unopened);
        view
    }

    pub(super) fn entries(self) -> Vec<Entry> {
        self.entries.into_iter().map(|(_, entry)| entry).collect()
    }

    /// Where the entry that Java finds under `alias` is.
    pub(super) fn place_of(&self, alias: &Alias) -> Option<Place> {
        let shown = |entry: &Entry| !matches!(entry.kind, EntryKind::Opaque(_));
        let found = self
            .entries
            .iter()
            .find(|(_, entry)| entry.alias == *alias && shown(entry))?;
        found.0
    }

    /// Every bag that belongs to `alias`: those under the name, and the certificates of a private
    /// key unless another key's chain uses them too.
    pub(super) fn places_of(&self, alias: &Alias) -> HashSet<Place> {
        let named: HashSet<Place> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.alias == *alias)
            .filter_map(|&(place, _)| place)
            .collect();
        let mut others = HashSet::new();
        let mut own = named.clone();
        for &(place, bag) in &self.bags {
            if matches!(bag.content, BagContent::PrivateKey(_)) {
                let chain = self.chain_of(bag);
                let belongs = if named.contains(&place) {
                    &mut own
                } else {
                    &mut others
                };
                belongs.extend(chain);
            }
        }
        own.retain(|place| named.contains(place) || !others.contains(place));
        own
    }

    fn add_entries(&mut self) {
        let mut unnamed = 0_u32;
        let mut name_of = |bag: &Bag| {
            Alias::new(&bag.attributes.friendly_name.clone().unwrap_or_else(|| {
                unnamed += 1;
                unnamed.to_string()
            }))
        };
        let chained: HashSet<Place> = self
            .bags
            .iter()
            .filter(|(_, bag)| matches!(bag.content, BagContent::PrivateKey(_)))
            .flat_map(|(_, bag)| self.chain_of(bag))
            .collect();
        let mut entries = Vec::new();
        for &(place, bag) in &self.bags {
            let kind = match &bag.content {
                BagContent::Secret(_) => EntryKind::Secret,
                BagContent::PrivateKey(_) => EntryKind::PrivateKey,
                BagContent::Certificate(_) if bag.attributes.trusted => {
                    EntryKind::TrustedCertificate
                }
                BagContent::Certificate(_) if chained.contains(&place) => continue,
                BagContent::Certificate(_) => EntryKind::Opaque(
                    "a certificate that is neither marked as trusted nor in a key's chain"
                        .to_owned(),
                ),
                BagContent::Other(what) => EntryKind::Opaque(what.clone()),
            };
            let alias = match kind {
                EntryKind::Opaque(_) => Alias::new(
                    bag.attributes
                        .friendly_name
                        .as_deref()
                        .unwrap_or("(unnamed)"),
                ),
                _ => name_of(bag),
            };
            let created = bag.attributes.created();
            let (protection, fingerprint) = (bag.protection(), bag.fingerprint());
            let entry = Entry {
                alias,
                kind,
                created,
                protection,
                fingerprint,
            };
            entries.push((Some(place), entry));
        }
        hide_earlier_duplicates(&mut entries);
        self.entries = entries;
    }

    /// The certificates of a private key: the one that shares its localKeyID, and its issuers.
    fn chain_of(&self, key: &Bag) -> Vec<Place> {
        let mut chain = Vec::new();
        let mut next = self.leaf_of(key);
        while let Some((place, certificate)) = next {
            if chain.contains(&place) {
                break;
            }
            chain.push(place);
            let Ok(names) = Names::of(certificate) else {
                break;
            };
            if names.issuer == names.subject {
                break;
            }
            next = self.certificates().find(|(_, candidate)| {
                Names::of(candidate).is_ok_and(|found| found.subject == names.issuer)
            });
        }
        chain.retain(|place| !self.is_trusted(*place));
        chain
    }

    fn leaf_of(&self, key: &Bag) -> Option<(Place, &'a [u8])> {
        let keys = self
            .bags
            .iter()
            .filter(|(_, bag)| matches!(bag.content, BagContent::PrivateKey(_)));
        // A file with a single key needs no localKeyID: its first certificate is the leaf.
        if key.attributes.local_key_id.is_none() {
            return if keys.count() == 1 {
                self.certificates().next()
            } else {
                None
            };
        }
        self.bags
            .iter()
            .find_map(|&(place, bag)| match &bag.content {
                BagContent::Certificate(certificate)
                    if bag.attributes.local_key_id == key.attributes.local_key_id =>
                {
                    Some((place, certificate.as_slice()))
                }
                _ => None,
            })
    }

    fn certificates(&self) -> impl Iterator<Item = (Place, &'a [u8])> {
        self.bags
            .iter()
            .filter_map(|&(place, bag)| match &bag.content {
                BagContent::Certificate(certificate) => Some((place, certificate.as_slice())),
                _ => None,
            })
    }

    fn is_trusted(&self, place: Place) -> bool {
        self.bags
            .iter()
            .any(|(at, bag)| *at == place && bag.attributes.trusted)
    }
}

fn hide_earlier_duplicates(entries: &mut [(Option<Place>, Entry)]) {
    let mut seen = HashSet::new();
    for (_, entry) in entries.iter_mut().rev() {
        let opaque = matches!(entry.kind, EntryKind::Opaque(_));
        if !opaque && !seen.insert(entry.alias.clone()) {
            entry.kind = EntryKind::Opaque("hidden by a later entry of the same alias".to_owned());
        }
    }
}

fn unopened_entry(safe: &Safe, reason: String) -> Entry {
    Entry {
        alias: Alias::new("(encrypted container)"),
        kind: EntryKind::Opaque(reason),
        created: None,
        protection: None,
        fingerprint: Sha256::digest(safe.raw()).into(),
    }
}

/// Issuer and subject of a certificate, as they are encoded.
struct Names<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
}

impl<'a> Names<'a> {
    fn of(certificate: &'a [u8]) -> Result<Self, BerError> {
        let mut outer = Reader::new(certificate).sequence("a certificate")?;
        let mut fields = outer.sequence("a TBSCertificate")?;
        fields.optional(tag::CONTEXT_0)?;
        fields.expect(tag::INTEGER, "a serial number")?;
        fields.expect(tag::SEQUENCE, "a signature algorithm")?;
        let issuer = fields.expect(tag::SEQUENCE, "an issuer")?.raw;
        fields.expect(tag::SEQUENCE, "a validity")?;
        let subject = fields.expect(tag::SEQUENCE, "a subject")?.raw;
        Ok(Self { issuer, subject })
    }
}
