//! [`JavaView`]: which entries Java sees in the bags of a file.
//!
//! A key or secret is an entry under its friendlyName; one without a name is called `1`, `2`, …
//! A certificate is an entry when it carries Oracle's trust mark, otherwise it belongs to the key
//! whose localKeyID it shares, or to the chain above that certificate. Of two entries whose names
//! fold to the same alias the later one counts.
//!
//! Source: `sun.security.pkcs12.PKCS12KeyStore.{loadSafeContents, engineLoad}` (JDK 17).

use std::collections::HashSet;

use super::bag::{Bag, BagContent};
use super::certificate_index::CertificateIndex;
use super::safe::{Place, Safe};
use crate::keystore::alias::Alias;
use crate::keystore::entry::{Entry, EntryKind};
use crate::keystore::password::Password;

/// Iterations that opening all the encrypted containers of one file may cost together.
const OPENING_BUDGET: u32 = 20_000_000;
/// How many certificates a chain may have; real ones have three or four.
const LONGEST_CHAIN: usize = 64;

/// The entries of a file, in its order, and where each of them is.
pub(super) struct JavaView<'a> {
    bags: Vec<(Place, &'a Bag)>,
    certificates: CertificateIndex<'a>,
    entries: Vec<Seen<'a>>,
}

/// One entry as Java names it, or something that Java does not show.
struct Seen<'a> {
    alias: Alias,
    kind: EntryKind,
    source: Source<'a>,
}

enum Source<'a> {
    Bag(Place, &'a Bag),
    /// A container that could not be opened.
    Unopened(&'a Safe),
}

impl<'a> JavaView<'a> {
    pub(super) fn of(safes: &'a [Safe], password: &Password) -> Self {
        let mut bags = Vec::new();
        let mut unopened = Vec::new();
        for (index, safe, opened) in opened(safes, password) {
            match opened {
                Ok(opened) => {
                    bags.extend(
                        opened
                            .iter()
                            .enumerate()
                            .map(|(at, bag)| ((index, at), bag)),
                    );
                }
                Err(reason) => unopened.push(Seen {
                    alias: Alias::new("(encrypted container)"),
                    kind: EntryKind::Opaque(reason),
                    source: Source::Unopened(safe),
                }),
            }
        }
        let certificates = CertificateIndex::of(&bags);
        let mut view = Self {
            bags,
            certificates,
            entries: Vec::new(),
        };
        view.entries = view.seen_bags();
        hide_earlier_duplicates(&mut view.entries);
        view.entries.append(&mut unopened);
        view
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        self.entries.iter().map(Seen::entry).collect()
    }

    /// What Java finds under `alias`; where it finds nothing, what it does not show.
    pub(super) fn kind_of(&self, alias: &Alias) -> Option<&EntryKind> {
        let of_name = || self.entries.iter().filter(|seen| seen.alias == *alias);
        let shown = of_name().find(|seen| !seen.is_opaque());
        shown
            .or_else(|| of_name().next_back())
            .map(|seen| &seen.kind)
    }

    /// Where the entry that Java finds under `alias` is.
    pub(super) fn place_of(&self, alias: &Alias) -> Option<Place> {
        let shown = |seen: &&Seen<'_>| seen.alias == *alias && !seen.is_opaque();
        self.entries.iter().find(shown)?.source.place()
    }

    /// Every bag that belongs to `alias`: the entries of that name, earlier ones that the last
    /// hides included, and the certificates of a private key unless another key's chain uses them
    /// too. Where nothing that Java shows has the name, what it does not show.
    pub(super) fn places_of(&self, alias: &Alias) -> HashSet<Place> {
        let of_name = self.entries.iter().filter(|seen| seen.alias == *alias);
        let places: Vec<(Place, &Bag)> = of_name
            .filter_map(|seen| seen.source.place().zip(seen.source.named_bag()))
            .collect();
        let (shown, others): (Vec<_>, Vec<_>) =
            places.into_iter().partition(|(_, bag)| bag.is_java_entry());
        let named = if shown.is_empty() { others } else { shown };
        let named: HashSet<Place> = named.into_iter().map(|(place, _)| place).collect();
        let mut others = HashSet::new();
        let mut own = named.clone();
        for (place, key) in self.private_keys() {
            let belongs = if named.contains(&place) {
                &mut own
            } else {
                &mut others
            };
            belongs.extend(self.chain_of(key));
        }
        own.retain(|place| named.contains(place) || !others.contains(place));
        let copies = self.bags.iter().filter(|(place, bag)| {
            let original = self.certificates.original_of(bag);
            let in_chain = |(original, _)| own.contains(&original) && !named.contains(&original);
            !bag.attributes.trusted && !others.contains(place) && original.is_some_and(in_chain)
        });
        let copies: Vec<Place> = copies.map(|(place, _)| *place).collect();
        own.extend(copies);
        own
    }

    /// Where the certificates of the private key at `place` are, its own first.
    pub(super) fn chain_at(&self, place: Place) -> Vec<Place> {
        let key = self.private_keys().find(|(at, _)| *at == place);
        key.map(|(_, key)| self.chain_of(key)).unwrap_or_default()
    }

    fn seen_bags(&self) -> Vec<Seen<'a>> {
        let chained: HashSet<Place> = self
            .private_keys()
            .flat_map(|(_, key)| self.chain_of(key))
            .collect();
        let mut unnamed = 0_u32;
        let mut seen = Vec::new();
        for &(place, bag) in &self.bags {
            let is_chained = chained.contains(&place) || self.is_copy(place, bag, &chained);
            let Some(kind) = kind_of_bag(bag, is_chained) else {
                continue;
            };
            let name = match &bag.attributes.friendly_name {
                Some(name) => name.clone(),
                None if matches!(kind, EntryKind::Opaque(_)) => "(unnamed)".to_owned(),
                None => {
                    unnamed += 1;
                    unnamed.to_string()
                }
            };
            seen.push(Seen {
                alias: Alias::new(&name),
                kind,
                source: Source::Bag(place, bag),
            });
        }
        seen
    }

    /// Whether it is one more copy of a certificate that Java shows, or that is in a chain.
    fn is_copy(&self, place: Place, bag: &Bag, chained: &HashSet<Place>) -> bool {
        let Some((original, first)) = self.certificates.original_of(bag) else {
            return false;
        };
        original != place && (chained.contains(&original) || first.attributes.trusted)
    }

    fn private_keys(&self) -> impl Iterator<Item = (Place, &'a Bag)> {
        let keys = self.bags.iter().copied();
        keys.filter(|(_, bag)| matches!(bag.content, BagContent::PrivateKey(_)))
    }

    /// The certificates of a private key: the one that shares its localKeyID, and its issuers.
    fn chain_of(&self, key: &Bag) -> Vec<Place> {
        let mut chain = Vec::new();
        let mut next = self.leaf_of(key);
        while let Some((place, bag)) = next {
            if chain.contains(&place) || chain.len() == LONGEST_CHAIN {
                break;
            }
            if !bag.attributes.trusted {
                chain.push(place);
            }
            next = self.certificates.issuer_of(bag);
        }
        chain
    }

    fn leaf_of(&self, key: &Bag) -> Option<(Place, &'a Bag)> {
        match &key.attributes.local_key_id {
            Some(key_id) => self.certificates.by_key_id.get(key_id.as_slice()).copied(),
            // A file with a single key needs no localKeyID: its first certificate is the leaf.
            None if self.private_keys().nth(1).is_none() => self.certificates.first,
            None => None,
        }
    }
}

/// The containers of a file with their bags, or why a container stays closed. All are opened
/// within one budget.
pub(super) fn opened<'a>(
    safes: &'a [Safe],
    password: &Password,
) -> impl Iterator<Item = (usize, &'a Safe, Result<&'a [Bag], String>)> {
    let mut budget = OPENING_BUDGET;
    let safes = safes.iter().enumerate();
    safes.map(move |(index, safe)| (index, safe, open_within(&mut budget, safe, password)))
}

fn open_within<'a>(
    budget: &mut u32,
    safe: &'a Safe,
    password: &Password,
) -> Result<&'a [Bag], String> {
    let rest = budget.checked_sub(safe.cost());
    *budget = rest.ok_or("opening it would take too many iterations")?;
    safe.bags(password)
}

/// What a bag is for Java; nothing where it is part of a key's chain.
fn kind_of_bag(bag: &Bag, chained: bool) -> Option<EntryKind> {
    Some(match &bag.content {
        BagContent::Secret(_) => EntryKind::Secret,
        BagContent::PrivateKey(_) => EntryKind::PrivateKey,
        BagContent::Certificate(_) if bag.attributes.trusted => EntryKind::TrustedCertificate,
        BagContent::Certificate(_) if chained => return None,
        BagContent::Certificate(_) => EntryKind::Opaque(
            "a certificate that is neither marked as trusted nor in a key's chain".to_owned(),
        ),
        BagContent::Other(what) => EntryKind::Opaque(what.clone()),
    })
}

fn hide_earlier_duplicates(entries: &mut [Seen<'_>]) {
    let mut taken = HashSet::new();
    for seen in entries.iter_mut().rev() {
        if !seen.is_opaque() && !taken.insert(seen.alias.clone()) {
            seen.kind = EntryKind::Opaque("hidden by a later entry of the same alias".to_owned());
        }
    }
}

impl Seen<'_> {
    fn is_opaque(&self) -> bool {
        matches!(self.kind, EntryKind::Opaque(_))
    }

    fn entry(&self) -> Entry {
        let (alias, kind) = (self.alias.clone(), self.kind.clone());
        match &self.source {
            Source::Bag(_, bag) => Entry {
                alias,
                kind,
                created: bag.attributes.created(),
                protection: bag.protection(),
                fingerprint: bag.fingerprint(),
            },
            Source::Unopened(safe) => Entry {
                alias,
                kind,
                created: None,
                protection: None,
                fingerprint: safe.fingerprint(),
            },
        }
    }
}

impl Source<'_> {
    fn place(&self) -> Option<Place> {
        match self {
            Self::Bag(place, _) => Some(*place),
            Self::Unopened(_) => None,
        }
    }

    /// The bag, unless Java would have to make up a name for it that it never shows.
    fn named_bag(&self) -> Option<&Bag> {
        match self {
            Self::Bag(_, bag) if bag.is_java_entry() || bag.attributes.friendly_name.is_some() => {
                Some(bag)
            }
            _ => None,
        }
    }
}
