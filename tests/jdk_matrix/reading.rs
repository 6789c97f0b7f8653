//! keyward lists and reads a store of keytool's: what a Java program got from it.

use std::time::{SystemTime, UNIX_EPOCH};

use keyward::keystore::{Alias, Keystore};

use crate::support::Record;
use crate::{Made, date_in, java_order, key_password, open, store_type};

#[track_caller]
pub(crate) fn assert_read_alike(made: &Made) {
    let keystore = open(&made.store);
    assert_eq!(keystore.store_type(), store_type(&made.store));
    let mut read: Vec<Record> = keystore
        .entries()
        .iter()
        .map(|entry| read(made, &keystore, &entry.alias))
        .collect();
    read.sort_by(|one, other| java_order(&one.alias, &other.alias));
    let mut expected = made.records.clone();
    for record in &mut expected {
        record.created = date_in(keystore.store_type(), record);
    }
    assert_eq!(read, expected, "{}", made.store.path.display());
}

fn read(made: &Made, keystore: &Keystore, alias: &Alias) -> Record {
    let entry = keystore.entry(alias).unwrap();
    let password = key_password(&made.store, alias.as_str());
    let mut record = Record {
        alias: alias.as_str().to_owned(),
        kind: String::new(),
        algorithm: String::new(),
        created: entry.created.map_or(0, java_time),
        key: Vec::new(),
        certificates: keystore.certificates(alias).unwrap(),
    };
    match entry.kind.to_string().as_str() {
        "SecretKeyEntry" => {
            let key = keystore.secret_key(alias, &password).unwrap();
            "secret".clone_into(&mut record.kind);
            record.algorithm = key.algorithm;
            record.key = key.secret.expose_bytes().to_vec();
        }
        "PrivateKeyEntry" => {
            let key = keystore.private_key(alias, &password).unwrap();
            "private-key".clone_into(&mut record.kind);
            // Java alone names the algorithm of a private key.
            let java = made.records.iter().find(|java| java.alias == record.alias);
            record.algorithm.clone_from(&java.unwrap().algorithm);
            record.key = key.key_info.expose_bytes().to_vec();
            assert_eq!(key.certificates, record.certificates);
        }
        "trustedCertEntry" => {
            "certificate".clone_into(&mut record.kind);
            "X.509".clone_into(&mut record.algorithm);
        }
        other => panic!("{}: <{alias}> is {other}", made.store.path.display()),
    }
    record
}

fn java_time(created: SystemTime) -> u64 {
    let since = created.duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(since.as_millis()).unwrap()
}
