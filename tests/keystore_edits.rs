//! Edits of whole entries: renamed, under new passwords, from one store into another. The JDK reads what comes of them.

// All of this is test code.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use keyward::Secret;
use keyward::keystore::{
    Alias, EntryKind, KeyPasswords, Keystore, KeystoreError, NewProtection, PrivateKey, SecretKey,
    StoreType,
};
use support::{JavaEntry, STORE_PASSWORD, fixture, jdks};

fn password() -> Secret {
    Secret::copied_from(STORE_PASSWORD.as_bytes())
}

fn open(path: &Path, password: &Secret) -> Keystore {
    Keystore::open(&fs::read(path).unwrap(), password).unwrap_or_else(|error| panic!("{error}"))
}

/// What each JDK at hand finds in `store`, under [`STORE_PASSWORD`].
fn seen_by_jdks(store: &Keystore) -> Vec<Vec<JavaEntry>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    fs::write(&path, store.to_bytes()).unwrap();
    jdks().filter_map(|jdk| jdk.entries(&path, "-")).collect()
}

fn entry<'a>(entries: &'a [JavaEntry], alias: &str) -> &'a JavaEntry {
    entries
        .iter()
        .find(|entry| entry.alias == alias)
        .unwrap_or_else(|| panic!("no {alias}"))
}

const MIXED: [&str; 5] = [
    "jdk11-mixed.p12",
    "jdk17-mixed.p12",
    "jdk21-mixed.p12",
    "jdk25-mixed.p12",
    "jdk17-mixed.jceks",
];

#[test]
fn a_renamed_entry_keeps_its_key_its_chain_and_its_date() {
    for name in MIXED {
        let mut store = open(&fixture(name), &password());
        for (old, new) in [
            ("db1pass", "Пароль"),
            ("server", "tls"),
            ("root-ca", "ca"),
            ("aeskey", "aes"),
        ] {
            let before = store.entry(&Alias::new(old)).unwrap();
            let certificates = store.certificates(&Alias::new(old)).unwrap();
            store
                .change_alias(&Alias::new(old), &Alias::new(new))
                .unwrap();
            let after = store.entry(&Alias::new(new)).unwrap();
            assert_eq!((after.kind, after.created), (before.kind, before.created));
            assert_eq!(store.certificates(&Alias::new(new)).unwrap(), certificates);
            assert!(store.entry(&Alias::new(old)).is_none());
        }
        for entries in seen_by_jdks(&store) {
            assert_eq!(entries.len(), 4, "{name}");
            assert_eq!(entry(&entries, "пароль").text, "x34!2axf");
            assert_eq!(entry(&entries, "tls").kind, "private-key");
        }
    }
}

#[test]
fn a_taken_or_missing_alias_is_not_renamed() {
    let mut store = open(&fixture("jdk17-mixed.p12"), &password());
    let before = store.to_bytes();
    let taken = store.change_alias(&Alias::new("server"), &Alias::new("DB1PASS"));
    assert!(matches!(taken, Err(KeystoreError::AliasExists { .. })));
    let missing = store.change_alias(&Alias::new("nope"), &Alias::new("new"));
    assert!(matches!(missing, Err(KeystoreError::NoSuchAlias { .. })));
    assert_eq!(store.to_bytes(), before);
}

#[test]
fn a_new_store_password_keeps_every_value_and_every_date() {
    let old_password = password();
    for name in
        MIXED
            .into_iter()
            .chain(["protections.p12", "legacy.p12", "key-and-certificate.jks"])
    {
        let mut store = open(&fixture(name), &old_password);
        let dates: Vec<_> = store.entries().iter().map(|entry| entry.created).collect();
        let protections: Vec<_> = store
            .entries()
            .into_iter()
            .map(|entry| entry.protection)
            .collect();
        let new = Secret::copied_from(b"another password");
        assert_eq!(
            store
                .change_store_password(&new, KeyPasswords::Follow)
                .unwrap(),
            []
        );
        let bytes = store.to_bytes();
        assert!(Keystore::open(&bytes, &old_password).is_err(), "{name}");
        let mut store = Keystore::open(&bytes, &new).unwrap();
        assert_eq!(
            store
                .entries()
                .iter()
                .map(|entry| entry.created)
                .collect::<Vec<_>>(),
            dates
        );
        let after: Vec<_> = store
            .entries()
            .into_iter()
            .map(|entry| entry.protection)
            .collect();
        assert_eq!(after, protections, "{name}");
        // Back again, so that the JDKs can look with the usual password.
        assert_eq!(
            store
                .change_store_password(&old_password, KeyPasswords::Follow)
                .unwrap(),
            []
        );
        let original = open(&fixture(name), &old_password);
        for entry in original.entries() {
            match entry.kind {
                EntryKind::Secret => assert!(
                    store
                        .secret(&entry.alias)
                        .unwrap()
                        .is_same_as(&original.secret(&entry.alias).unwrap())
                ),
                EntryKind::PrivateKey => {
                    let key = |store: &Keystore| {
                        store
                            .private_key(&entry.alias, &password())
                            .unwrap()
                            .key_info
                    };
                    assert!(key(&store).is_same_as(&key(&original)));
                }
                _ => {}
            }
        }
    }
    let mut store = open(&fixture("jdk17-mixed.p12"), &old_password);
    store
        .change_store_password(&old_password, KeyPasswords::Follow)
        .unwrap();
    for entries in seen_by_jdks(&store) {
        assert_eq!(entry(&entries, "db1pass").text, "x34!2axf");
        assert_eq!(entry(&entries, "server").kind, "private-key");
    }
}

#[test]
fn an_entry_under_a_password_of_its_own_stays_there_and_is_named() {
    for name in ["jdk17.p12", "jdk17.jceks"] {
        let own = Secret::copied_from(b"its own password");
        let new = Secret::copied_from(b"another password");
        let alias = Alias::new("db1");
        let mut store = open(&fixture(name), &password());
        store
            .change_key_password(&alias, &password(), &own)
            .unwrap();
        assert!(
            matches!(
                store.secret(&alias),
                Err(KeystoreError::WrongKeyPassword { .. })
            ),
            "{name}"
        );
        let again = store.change_key_password(&alias, &password(), &own);
        assert!(
            matches!(again, Err(KeystoreError::WrongKeyPassword { .. })),
            "{name}"
        );
        let left = store
            .change_store_password(&new, KeyPasswords::Follow)
            .unwrap();
        assert_eq!(left, std::slice::from_ref(&alias), "{name}");
        let store = Keystore::open(&store.to_bytes(), &new).unwrap();
        assert_eq!(
            store
                .secret_key(&alias, &own)
                .ok()
                .unwrap()
                .secret
                .expose_bytes(),
            b"sqluser"
        );
        assert_eq!(
            store
                .secret(&Alias::new("db1pass"))
                .ok()
                .unwrap()
                .expose_bytes(),
            b"x34!2axf"
        );
    }
}

#[test]
fn keys_of_a_jceks_store_keep_their_password_where_that_is_asked_for() {
    let mut store = open(&fixture("jdk17.jceks"), &password());
    let new = Secret::copied_from(b"another password");
    let left = store
        .change_store_password(&new, KeyPasswords::Keep)
        .unwrap();
    assert_eq!(left.len(), 4);
    let store = Keystore::open(&store.to_bytes(), &new).unwrap();
    assert!(store.secret(&Alias::new("db1")).is_err());
    let key = store
        .secret_key(&Alias::new("db1"), &password())
        .ok()
        .unwrap();
    assert_eq!(key.secret.expose_bytes(), b"sqluser");
}

#[test]
fn private_keys_and_certificates_move_between_all_store_types() {
    for source in ["jdk17-mixed.p12", "jdk17-mixed.jceks", "jdk25-mixed.p12"] {
        let source = open(&fixture(source), &password());
        let key = source
            .private_key(&Alias::new("server"), &password())
            .unwrap();
        let trusted = source
            .certificates(&Alias::new("root-ca"))
            .unwrap()
            .remove(0);
        for store_type in [StoreType::Pkcs12, StoreType::Jceks, StoreType::Jks] {
            let mut store = Keystore::new(store_type, &password()).unwrap();
            store.add_private_key(&Alias::new("one"), &key).unwrap();
            let other = PrivateKey {
                key_info: Secret::copied_from(key.key_info.expose_bytes()),
                certificates: key.certificates.clone(),
            };
            store.add_private_key(&Alias::new("two"), &other).unwrap();
            store
                .add_trusted_certificate(&Alias::new("Root"), &trusted)
                .unwrap();
            let reopened = Keystore::open(&store.to_bytes(), &password()).unwrap();
            let read = reopened
                .private_key(&Alias::new("two"), &password())
                .unwrap();
            assert!(read.key_info.is_same_as(&key.key_info));
            assert_eq!(read.certificates, key.certificates);
            for entries in seen_by_jdks(&store) {
                assert_eq!(entries.len(), 3, "{store_type}");
                assert_eq!(entry(&entries, "one").kind, "private-key");
                assert_eq!(entry(&entries, "two").kind, "private-key");
                assert_eq!(entry(&entries, "root").kind, "certificate");
            }
        }
    }
}

#[test]
fn secret_keys_keep_their_algorithm() {
    for store_type in [StoreType::Pkcs12, StoreType::Jceks] {
        let mut store = Keystore::new(store_type, &password()).unwrap();
        for algorithm in ["AES", "HmacSHA256", "DESede"] {
            let key = SecretKey {
                algorithm: algorithm.to_owned(),
                secret: Secret::copied_from(&[7; 24]),
            };
            store
                .add_secret_key(&Alias::new(algorithm), &key, &NewProtection::default())
                .unwrap();
        }
        for entries in seen_by_jdks(&store) {
            for algorithm in ["AES", "HmacSHA256", "DESede"] {
                let seen = entry(&entries, &algorithm.to_lowercase());
                // JDK 11 shows keys whose names it does not know by their identifiers, its own HMAC keys too.
                let known = [algorithm, "1.2.840.113549.2.9", "1.3.14.3.2.17"];
                assert!(
                    known.contains(&seen.algorithm.as_str()),
                    "{store_type} {seen:?}"
                );
                assert_eq!(seen.encoded, [7; 24]);
            }
        }
    }
}

#[test]
fn deleting_a_private_key_takes_its_certificates_with_it_and_no_others() {
    for name in MIXED {
        let mut store = open(&fixture(name), &password());
        store.delete(&Alias::new("server")).unwrap();
        let store = Keystore::open(&store.to_bytes(), &password()).unwrap();
        let kinds: Vec<EntryKind> = store
            .entries()
            .into_iter()
            .map(|entry| entry.kind)
            .collect();
        assert_eq!(kinds.len(), 3, "{name}: {kinds:?}");
        assert!(kinds.contains(&EntryKind::TrustedCertificate));
        for entries in seen_by_jdks(&store) {
            assert_eq!(entries.len(), 3, "{name}");
        }
    }
}

#[test]
fn a_secret_that_is_set_again_is_replaced_in_one_write() {
    for name in ["jdk17.p12", "jdk17.jceks"] {
        let mut store = open(&fixture(name), &password());
        store
            .set_secret(&Alias::new("DB1"), &Secret::copied_from(b"n3w"))
            .unwrap();
        store
            .set_secret(&Alias::new("added"), &Secret::copied_from(b"also"))
            .unwrap();
        for entries in seen_by_jdks(&store) {
            assert_eq!(entries.len(), 5);
            assert_eq!(entry(&entries, "db1").text, "n3w");
            assert_eq!(entry(&entries, "added").text, "also");
        }
    }
    let mut store = open(&fixture("jdk17-mixed.p12"), &password());
    let before = store.to_bytes();
    let key = store.set_secret(&Alias::new("server"), &Secret::copied_from(b"x"));
    assert!(matches!(key, Err(KeystoreError::NotASecret { .. })));
    let empty = store.set_secret(&Alias::new("db1pass"), &Secret::copied_from(b""));
    assert!(matches!(empty, Err(KeystoreError::EmptySecret { .. })));
    assert_eq!(store.to_bytes(), before);
}

#[test]
fn a_private_key_gets_another_chain_and_keeps_its_bytes() {
    for name in MIXED {
        let mut store = open(&fixture(name), &password());
        let server = Alias::new("server");
        let before = store.private_key(&server, &password()).unwrap();
        let root = store.certificates(&Alias::new("root-ca")).unwrap();
        let count = store.entries().len();
        // An issuer that the store trusts as well: no entry may come of its second copy.
        let chain = [before.certificates.clone(), root.clone()].concat();
        for chain in [&chain, &before.certificates, &chain] {
            store.replace_certificates(&server, chain).unwrap();
            let reopened = Keystore::open(&store.to_bytes(), &password()).unwrap();
            let after = reopened.private_key(&server, &password()).unwrap();
            assert!(after.key_info.is_same_as(&before.key_info));
            assert_eq!(after.certificates[0], before.certificates[0], "{name}");
            assert_eq!(reopened.entries().len(), count, "{name}");
            assert_eq!(reopened.certificates(&Alias::new("root-ca")).unwrap(), root);
        }
        let secret = store.replace_certificates(&Alias::new("db1pass"), &root);
        assert!(matches!(secret, Err(KeystoreError::NotAPrivateKey { .. })));
        for entries in seen_by_jdks(&store) {
            assert_eq!(entries.len(), 4, "{name}");
            assert_eq!(entry(&entries, "server").kind, "private-key");
        }
    }
}

#[test]
fn entries_are_the_same_whether_their_keys_were_derived_ahead_or_not() {
    for store_type in [StoreType::Pkcs12, StoreType::Jceks] {
        let mut store = Keystore::new(store_type, &password()).unwrap();
        let aliases: Vec<Alias> = (0..19)
            .map(|number| Alias::new(&format!("{number}x")))
            .collect();
        store.prepare_additions(11).unwrap();
        for alias in &aliases {
            let secret = Secret::copied_from(alias.as_str().as_bytes());
            store.add_secret(alias, &secret).unwrap();
        }
        let bytes = store.to_bytes();
        let mut ahead = Keystore::open_expecting(&bytes, &password(), &aliases[..5]).unwrap();
        ahead.derive_ahead(&aliases);
        let later = open_bytes(&bytes);
        for alias in &aliases {
            let secret = ahead.secret(alias).unwrap();
            assert_eq!(secret.expose_bytes(), alias.as_str().as_bytes());
        }
        assert!(later.secret(&aliases[18]).is_ok());
        let wrong = Secret::copied_from(b"wrong password");
        assert!(Keystore::open_expecting(&bytes, &wrong, &aliases).is_err());
        // A key that is under a password of its own is not opened by the store's.
        ahead
            .change_key_password(&aliases[0], &password(), &wrong)
            .unwrap();
        ahead.derive_ahead(&aliases);
        assert!(ahead.secret(&aliases[0]).is_err());
        assert!(ahead.secret_key(&aliases[0], &wrong).is_ok());
    }
}

fn open_bytes(bytes: &[u8]) -> Keystore {
    Keystore::open(bytes, &password()).unwrap_or_else(|error| panic!("{error}"))
}
