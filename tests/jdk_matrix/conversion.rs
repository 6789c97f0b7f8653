//! Conversions by keyward: every entry that the target's store type can hold, in a new store of that type.

use keyward::keystore::{Alias, Keystore, KeystoreError, KeystoreFile, StoreType};

use crate::support::{JavaStore, Record, STORE_PASSWORD};
use crate::{Expected, Made, date_in, key_password, open, store_password, store_type};

const TYPES: [(StoreType, &str); 3] = [
    (StoreType::Pkcs12, "PKCS12"),
    (StoreType::Jceks, "JCEKS"),
    (StoreType::Jks, "JKS"),
];

/// Algorithms for which Java has no object identifier, so that PKCS12 cannot name them.
const NAMELESS: [&str; 2] = ["ChaCha20", "HmacMD5"];

/// What is converted to JCEKS: a key in it costs 400,000 rounds, and each is written and read a few times.
const TO_JCEKS: [&str; 3] = ["passwords", "secret-keys", "chains"];

/// The store in each type but its own.
pub(crate) fn conversions(made: &Made) -> Vec<Expected> {
    let own = store_type(&made.store);
    let name = made.store.path.file_stem().unwrap().to_str().unwrap();
    let others = TYPES.iter().filter(|(target, _)| *target != own);
    others
        .filter(|(target, _)| *target != StoreType::Jceks || TO_JCEKS.contains(&name))
        .filter_map(|&(target, name)| converted(made, target, name))
        .collect()
}

/// None where the target can hold nothing of it.
fn converted(made: &Made, target: StoreType, name: &'static str) -> Option<Expected> {
    let source = open(&made.store);
    let mut keystore = Keystore::new(target, &store_password()).unwrap();
    let mut records = Vec::new();
    for record in &made.records {
        let alias = Alias::new(&record.alias);
        let password = key_password(&made.store, &record.alias);
        let copied = keystore.copy_entry(&source, &alias, &password);
        match refusal(record, target) {
            None => copied.unwrap_or_else(|e| panic!("{}: {e}", made.store.path.display())),
            Some(expected) => {
                assert_eq!(
                    std::mem::discriminant(&copied.unwrap_err()),
                    std::mem::discriminant(&expected),
                    "<{alias}> in {}",
                    made.store.path.display()
                );
                continue;
            }
        }
        let mut record = record.clone();
        record.created = date_in(source.store_type(), &record).min(date_in(target, &record));
        records.push(record);
    }
    if records.is_empty() {
        return None;
    }
    let path = crate::edit::with_added_extension(&made.store.path, &format!("as.{name}"));
    KeystoreFile::at(&path)
        .create(&keystore)
        .unwrap_or_else(|error| panic!("{error}"));
    let store = JavaStore {
        path,
        store_type: name,
        password: STORE_PASSWORD.to_owned(),
        key_passwords: Vec::new(),
    };
    Some(Expected { store, records })
}

/// Why a store of this type cannot hold the entry.
fn refusal(record: &Record, target: StoreType) -> Option<KeystoreError> {
    if record.kind != "secret" {
        return None;
    }
    match target {
        StoreType::Jks => Some(KeystoreError::NoSecretsInJks),
        StoreType::Pkcs12 if NAMELESS.contains(&record.algorithm.as_str()) => {
            let algorithm = record.algorithm.clone();
            Some(KeystoreError::NoKeyIdentifier { algorithm })
        }
        _ => None,
    }
}
