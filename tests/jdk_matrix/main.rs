//! The matrix: every kind of entry that a JDK's keytool makes, in every store type and protection, is listed, read,
//! edited and converted by keyward; then that JDK gets every entry of the result, compared value by value.
//!
//! A JDK has one JVM for each of four steps, since starting them is what costs: keytool makes the stores, Java reads
//! them, keytool lists and changes what keyward wrote, Java reads that.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod conversion;
mod edit;
mod keytool_script;
mod made_stores;
mod reading;

use std::path::Path;

use keyward::Secret;
use keyward::keystore::{Keystore, KeystoreFile, StoreType};

use keytool_script::KeytoolScript;
use support::{JavaStore, Jdk, Record, STORE_PASSWORD};

const NEW_PASSWORD: &str = "new-changeit";

/// A store that a JDK's keytool made, and what a Java program got from it.
struct Made {
    store: JavaStore,
    records: Vec<Record>,
}

/// A store that keyward wrote, and what a Java program must get from it.
struct Expected {
    store: JavaStore,
    records: Vec<Record>,
}

#[test]
fn jdk_11_reads_what_keyward_makes_of_its_stores() {
    judge(11);
}

#[test]
fn jdk_17_reads_what_keyward_makes_of_its_stores() {
    judge(17);
}

#[test]
fn jdk_21_reads_what_keyward_makes_of_its_stores() {
    judge(21);
}

#[test]
fn jdk_25_reads_what_keyward_makes_of_its_stores() {
    judge(25);
}

fn judge(version: u32) {
    let Some(jdk) = support::jdk(version) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let Some(made) = make(&jdk, folder.path()) else {
        return;
    };
    for made in &made {
        reading::assert_read_alike(made);
    }
    let gift = edit::Gift::from(&made);
    let mut expected = Vec::new();
    for made in &made {
        expected.push(edit::edited(made, &gift));
        expected.push(edit::with_new_password(made));
        expected.extend(conversion::conversions(made));
    }
    assert_keytool_goes_on(&jdk, &mut expected);
    assert_java_reads(&jdk, &expected);
}

/// The stores of [`made_stores`], each read by Java. None, and a report, if there is no javac.
fn make(jdk: &Jdk, folder: &Path) -> Option<Vec<Made>> {
    let mut script = KeytoolScript::in_folder(folder);
    made_stores::write(&mut script, jdk.version);
    let stores = script.run(jdk)?;
    let read = jdk.read_stores(&stores)?;
    let made = stores.into_iter().zip(read).map(|(store, records)| {
        let what = store.path.display();
        assert!(!records.is_empty(), "{what}");
        let readable = |record: &Record| !record.kind.starts_with("un");
        assert!(records.iter().all(readable), "{what}: {records:#?}");
        let records = named_alike(records);
        Made { store, records }
    });
    Some(made.collect())
}

/// keytool lists each edited store, and adds to a copy of it or takes from it.
fn assert_keytool_goes_on(jdk: &Jdk, expected: &mut Vec<Expected>) {
    let mut script = KeytoolScript::default();
    let mut copies = Vec::new();
    for written in expected.iter() {
        if written.store.path.extension().unwrap() == "edited" {
            script.list(&written.store);
            copies.push(edit::continued_by_keytool(written, &mut script));
        }
    }
    script.run(jdk);
    expected.extend(copies);
}

fn assert_java_reads(jdk: &Jdk, expected: &[Expected]) {
    let stores: Vec<JavaStore> = expected
        .iter()
        .map(|written| written.store.clone())
        .collect();
    let read = jdk.read_stores(&stores).unwrap();
    for (written, records) in expected.iter().zip(read) {
        let what = format!("JDK {}: {}", jdk.version, written.store.path.display());
        assert_same(named_alike(records), &written.records, &what);
    }
}

/// In PKCS12 a JDK knows some secret keys by their object identifiers alone, and JDK 17 has a second name for DES.
fn named_alike(mut records: Vec<Record>) -> Vec<Record> {
    for record in &mut records {
        let name = match record.algorithm.as_str() {
            "1.2.840.113549.2.7" => "HmacSHA1",
            "1.2.840.113549.2.9" => "HmacSHA256",
            "1.2.840.113549.2.11" => "HmacSHA512",
            "DES/CBC" | "1.3.14.3.2.7" => "DES",
            "1.3.14.3.2.17" => "DESede",
            "1.3.6.1.4.1.3029.1.1.2" => "Blowfish",
            _ => continue,
        };
        name.clone_into(&mut record.algorithm);
    }
    records
}

/// A created date of 0 stands for any.
#[track_caller]
fn assert_same(mut read: Vec<Record>, expected: &[Record], what: &str) {
    let mut expected = expected.to_vec();
    expected.sort_by(|one, other| java_order(&one.alias, &other.alias));
    for (record, expected) in read.iter_mut().zip(&expected) {
        if expected.created == 0 {
            record.created = 0;
        }
    }
    assert_eq!(read, expected, "{what}");
}

/// `String.compareTo`: by UTF-16 units.
fn java_order(one: &str, other: &str) -> std::cmp::Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// The creation date that Java shows; 0 where it shows the time of day: trusted certificates in PKCS12 have none.
fn date_in(store_type: StoreType, record: &Record) -> u64 {
    if store_type == StoreType::Pkcs12 && record.kind == "certificate" {
        return 0;
    }
    record.created
}

fn open(store: &JavaStore) -> Keystore {
    KeystoreFile::at(&store.path)
        .open(&secret(&store.password))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn store_type(store: &JavaStore) -> StoreType {
    store.store_type.parse().unwrap()
}

/// The password of one entry.
fn key_password(store: &JavaStore, alias: &str) -> Secret {
    let own = store.key_passwords.iter().find(|(of, _)| of == alias);
    secret(own.map_or(&store.password, |(_, password)| password))
}

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

fn store_password() -> Secret {
    secret(STORE_PASSWORD)
}
