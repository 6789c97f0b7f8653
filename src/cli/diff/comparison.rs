//! [`Comparison`]: two keystores, entry by entry.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::Secret;
use crate::cli::progress::Progress;
use crate::keystore::{Alias, Entry, EntryKind, Keystore, KeystoreError, Protection};

/// One of the two keystores.
pub(super) struct Side {
    pub(super) store: Keystore,
    pub(super) password: Secret,
}

/// What counts as a difference.
#[derive(Clone, Copy)]
pub(super) struct Scope {
    pub(super) aspects: Aspects,
    pub(super) values: Values,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aspects {
    All,
    /// Not how the keystore and its entries are protected.
    ContentOnly,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    Compared,
    /// Which costs no derivation.
    LeftOut,
}

/// Two keystores, by alias.
pub(super) struct Comparison {
    pub(super) same_store_type: bool,
    pub(super) entries: Vec<ComparedEntry>,
    scope: Scope,
}

/// What the two keystores have under one alias.
pub(super) struct ComparedEntry {
    pub(super) alias: Alias,
    pub(super) first: Option<Facts>,
    pub(super) second: Option<Facts>,
    /// In what they differ; nothing where only one of them has the entry.
    pub(super) differences: Vec<Difference>,
    /// None where there is nothing to compare.
    pub(super) value: Option<Value>,
}

/// What can be told of an entry without its value.
pub(super) struct Facts {
    pub(super) kind: EntryKind,
    pub(super) protection: Option<Protection>,
    /// SHA-256 of each certificate, a private key's own first.
    pub(super) certificates: Vec<[u8; 32]>,
    /// What the keystore calls a secret key, once it has been decrypted.
    pub(super) key_algorithm: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    Kind,
    /// The stored bytes of something that keyward does not understand.
    StoredBytes,
    Protection,
    Certificates,
    KeyAlgorithm,
    Value,
}

/// Whether the two values are the same; never what they are.
pub(super) enum Value {
    Same,
    Different,
    /// One of them cannot be decrypted, and why.
    Unknown(String),
    NotCompared,
}

impl Comparison {
    pub(super) fn of(first: &Side, second: &Side, scope: Scope) -> Self {
        let mut pairs: BTreeMap<(Alias, usize), [Option<Entry>; 2]> = BTreeMap::new();
        for (side, entries) in [&first.store, &second.store]
            .map(numbered)
            .into_iter()
            .enumerate()
        {
            for (name, entry) in entries {
                pairs.entry(name).or_default()[side] = Some(entry);
            }
        }
        let mut progress = Progress::new("compared", pairs.len());
        let mut entries = Vec::with_capacity(pairs.len());
        for ((alias, _), pair) in pairs {
            entries.push(compare(alias, pair, [first, second], scope));
            progress.step();
        }
        Self {
            same_store_type: first.store.store_type() == second.store.store_type(),
            entries,
            scope,
        }
    }

    pub(super) fn is_same(&self) -> bool {
        self.counted_store_type() && self.entries.iter().all(ComparedEntry::is_same)
    }

    /// Whether the store types are the same, or do not count.
    pub(super) fn counted_store_type(&self) -> bool {
        self.same_store_type || self.scope.aspects == Aspects::ContentOnly
    }
}

impl ComparedEntry {
    pub(super) fn is_same(&self) -> bool {
        self.first.is_some() && self.second.is_some() && self.differences.is_empty()
    }
}

impl Difference {
    /// Its stable name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::StoredBytes => "stored-bytes",
            Self::Protection => "protection",
            Self::Certificates => "certificates",
            Self::KeyAlgorithm => "key-algorithm",
            Self::Value => "value",
        }
    }
}

/// The entries by alias. Where several have the same, the one that Java finds is the first of them.
fn numbered(store: &Keystore) -> Vec<((Alias, usize), Entry)> {
    let mut entries = store.entries();
    entries.sort_by_key(|entry| (entry.alias.clone(), is_opaque(entry)));
    let mut numbered: Vec<((Alias, usize), Entry)> = Vec::with_capacity(entries.len());
    for entry in entries {
        let number = match numbered.last() {
            Some(((alias, number), _)) if *alias == entry.alias => number + 1,
            _ => 0,
        };
        numbered.push(((entry.alias.clone(), number), entry));
    }
    numbered
}

fn is_opaque(entry: &Entry) -> bool {
    matches!(entry.kind, EntryKind::Opaque(_))
}

fn compare(
    alias: Alias,
    pair: [Option<Entry>; 2],
    [first, second]: [&Side; 2],
    scope: Scope,
) -> ComparedEntry {
    let [one, other] = pair;
    let (Some(one), Some(other)) = (&one, &other) else {
        return ComparedEntry {
            alias,
            first: one.map(|entry| Facts::of(&first.store, entry)),
            second: other.map(|entry| Facts::of(&second.store, entry)),
            differences: Vec::new(),
            value: None,
        };
    };
    let same_bytes = one.fingerprint == other.fingerprint;
    let mut facts = [
        Facts::of(&first.store, one.clone()),
        Facts::of(&second.store, other.clone()),
    ];
    let mut differences = Vec::new();
    let mut value = None;
    if std::mem::discriminant(&one.kind) != std::mem::discriminant(&other.kind) {
        differences.push(Difference::Kind);
    } else if is_opaque(one) {
        differences.extend((!same_bytes).then_some(Difference::StoredBytes));
    } else if one.kind != EntryKind::TrustedCertificate {
        value = Some(match scope.values {
            _ if same_bytes => Value::Same,
            Values::LeftOut => Value::NotCompared,
            Values::Compared => compare_values(&alias, &mut facts, [first, second]),
        });
    }
    let [one, other] = facts;
    if scope.aspects == Aspects::All && one.protection != other.protection {
        differences.push(Difference::Protection);
    }
    if one.certificates != other.certificates {
        differences.push(Difference::Certificates);
    }
    if one.key_algorithm != other.key_algorithm {
        differences.push(Difference::KeyAlgorithm);
    }
    // What cannot be decrypted has not been shown to be the same.
    if matches!(value, Some(Value::Different | Value::Unknown(_))) {
        differences.push(Difference::Value);
    }
    ComparedEntry {
        alias,
        first: Some(one),
        second: Some(other),
        differences,
        value,
    }
}

/// Decrypts both values and compares them in constant time; notes the algorithms of secret keys.
fn compare_values(alias: &Alias, facts: &mut [Facts; 2], sides: [&Side; 2]) -> Value {
    let [first, second] = sides.map(|side| open(alias, side));
    match (first, second) {
        (Ok((one_algorithm, one)), Ok((other_algorithm, other))) => {
            facts[0].key_algorithm = one_algorithm;
            facts[1].key_algorithm = other_algorithm;
            if one.is_same_as(&other) {
                Value::Same
            } else {
                Value::Different
            }
        }
        (Err(error), _) | (_, Err(error)) => Value::Unknown(error.to_string()),
    }
}

/// The value, and what the keystore calls it where it is a secret.
fn open(alias: &Alias, side: &Side) -> Result<(Option<String>, Secret), KeystoreError> {
    let Side { store, password } = side;
    if store.kind_of(alias) == Some(EntryKind::PrivateKey) {
        return Ok((None, store.private_key(alias, password)?.key_info));
    }
    let key = store.secret_key(alias, password)?;
    Ok((Some(key.algorithm), key.secret))
}

impl Facts {
    fn of(store: &Keystore, entry: Entry) -> Self {
        let certificates = if is_opaque(&entry) {
            Vec::new()
        } else {
            store.certificates(&entry.alias).unwrap_or_default()
        };
        Self {
            kind: entry.kind,
            protection: entry.protection,
            certificates: certificates
                .iter()
                .map(|certificate| Sha256::digest(certificate).into())
                .collect(),
            key_algorithm: None,
        }
    }
}
