//! The JDKs as judges: what keytool writes, keyward reads; what keyward writes, keytool and Java programs read.
//!
//! Every scenario runs with each JDK that is there (see `tests/support/jdk.rs`) and reports the others as left out.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use keyward::Secret;
use keyward::keystore::{Alias, Entry, Keystore};
use support::{JavaEntry, STORE_PASSWORD, TestStore, fixture, jdks, keyward};

/// Store types that hold secrets, with the ending of the fixtures' names.
const STORE_TYPES: [(&str, &str); 2] = [("PKCS12", "p12"), ("JCEKS", "jceks")];

/// Aliases and secrets that a JDK or keyward stores in these tests.
const SECRETS: [(&str, &str); 3] = [
    ("db1pass", "x34!2axf"),
    ("Email Pass", "  spaces and $ \" ' \\ around  "),
    ("пароль", "~!@#%^&*()_+|`"),
];

#[test]
fn keyward_gets_every_secret_of_the_fixtures_as_the_jdk_does() {
    for jdk in jdks() {
        for (_, ending) in STORE_TYPES {
            let store = TestStore::copy_of(&format!("jdk{}.{ending}", jdk.version));
            let Some(entries) = store.java_entries(&jdk) else {
                return;
            };
            assert_eq!(entries.len(), 4);
            for entry in entries {
                assert_eq!(
                    store.get(&entry.alias),
                    entry.text,
                    "{ending} {}",
                    jdk.version
                );
            }
        }
    }
}

#[test]
fn keyward_gets_what_keytool_has_just_stored() {
    for jdk in jdks() {
        for (store_type, _) in STORE_TYPES {
            let store = TestStore::absent(store_type);
            for (alias, secret) in SECRETS {
                store.keytool_importpass(&jdk, alias, secret);
            }
            for (alias, secret) in SECRETS {
                assert_eq!(store.get(alias), secret, "{store_type} {}", jdk.version);
            }
        }
    }
}

#[test]
fn secrets_are_listed_in_the_words_of_keytool() {
    let files = [
        "aliases.p12",
        "aliases.jceks",
        "jdk11.p12",
        "jdk25.jceks",
        "empty-secret.p12",
        "mac-none.p12",
    ];
    for jdk in jdks() {
        for file in files {
            let path = fixture(file);
            let arguments = [
                "-keystore",
                path.to_str().unwrap(),
                "-storepass",
                STORE_PASSWORD,
            ];
            let by_keytool = jdk
                .keytool(&[&["-list"], &arguments[..]].concat(), "")
                .of_success();
            let by_keyward = keyward(&[&["list"], &arguments[..]].concat(), "").of_success();
            assert_eq!(
                by_keyward.stdout, by_keytool.stdout,
                "{file} {}",
                jdk.version
            );
        }
    }
}

#[test]
fn secret_keys_have_the_bytes_that_the_jdk_sees() {
    for jdk in jdks() {
        for file in ["jdk11-mixed.p12", "jdk17-mixed.p12", "jdk17-mixed.jceks"] {
            let path = fixture(file);
            let Some(mut entries) = jdk.entries(&path, "-") else {
                return;
            };
            entries.retain(|entry| entry.kind == "secret");
            assert_eq!(entries.len(), 2);
            let keystore = open(&path);
            for entry in entries {
                let secret = keystore.secret(&Alias::new(&entry.alias)).unwrap();
                assert_eq!(
                    secret.expose_bytes(),
                    entry.encoded,
                    "{file} {}",
                    entry.alias
                );
            }
        }
    }
}

#[test]
fn the_jdk_reads_a_new_store_of_keyward() {
    for jdk in jdks() {
        for (store_type, _) in STORE_TYPES {
            let store = TestStore::absent(store_type);
            for (alias, secret) in SECRETS {
                store.keyward_importpass(alias, secret);
            }
            let expected = java_entries(&SECRETS);
            assert_eq!(
                store.keytool_list(&jdk),
                listed(&expected),
                "{store_type} {}",
                jdk.version
            );
            let Some(entries) = store.java_entries(&jdk) else {
                return;
            };
            assert_eq!(entries, expected, "{store_type} {}", jdk.version);
        }
    }
}

#[test]
fn the_jdk_reads_its_store_after_keyward_has_added_and_deleted() {
    for jdk in jdks() {
        for ending in [".p12", ".jceks", "-mixed.p12"] {
            let file = format!("jdk{}{ending}", jdk.version);
            let store = TestStore::copy_of(&file);
            let Some(mut expected) = store.java_entries(&jdk) else {
                return;
            };
            store.keyward_importpass("added", "by keyward");
            store.keyward_delete("DB1pass");

            expected.retain(|entry| entry.alias != "db1pass");
            expected.push(JavaEntry::of_password("added", "by keyward"));
            expected.sort_by(|one, other| one.alias.cmp(&other.alias));
            assert_eq!(store.java_entries(&jdk).unwrap(), expected, "{file}");
            assert_eq!(store.keytool_list(&jdk), listed(&expected), "{file}");
        }
    }
}

#[test]
fn entries_that_keyward_does_not_edit_keep_their_bytes() {
    let files = [
        "protections.p12",
        "legacy.p12",
        "jdk17-mixed.p12",
        "jdk17-mixed.jceks",
        "key-password.jceks",
        "mac-none.p12",
    ];
    for file in files {
        let store = TestStore::copy_of(file);
        let before = open(store.path()).entries();
        store.keyward_importpass("added", "by keyward");
        let mut after: Vec<Entry> = open(store.path()).entries();
        after.retain(|entry| entry.alias.as_str() != "added");
        assert_eq!(after, before, "{file}");
    }
}

#[test]
fn keys_and_certificates_survive_when_their_neighbours_are_deleted() {
    for jdk in [17, 25].into_iter().filter_map(support::jdk) {
        for file in ["jdk17-mixed.p12", "jdk17-mixed.jceks"] {
            let store = TestStore::copy_of(file);
            let Some(mut expected) = store.java_entries(&jdk) else {
                return;
            };
            for alias in ["root-ca", "aeskey", "server"] {
                store.keyward_delete(alias);
                expected.retain(|entry| entry.alias != alias);
                assert_eq!(
                    store.java_entries(&jdk).unwrap(),
                    expected,
                    "{file} without {alias}"
                );
            }
            assert_eq!(expected.len(), 1);
        }
    }
}

#[test]
fn keyward_reads_what_keytool_leaves_after_delete() {
    for jdk in jdks() {
        for (_, ending) in STORE_TYPES {
            let store = TestStore::copy_of(&format!("jdk{}.{ending}", jdk.version));
            store.keyward_importpass("added", "by keyward");
            store.keytool_delete(&jdk, "db1pass");
            let left = ["added", "db1", "emailpass", "printable"];
            assert_eq!(
                store.keyward_list(),
                left.map(|alias| format!("{alias} SecretKeyEntry"))
            );
            assert_eq!(store.get("added"), "by keyward");
            assert_eq!(store.get("db1"), "sqluser");
        }
    }
}

#[test]
fn keytool_and_keyward_take_turns_on_one_store() {
    for jdk in jdks() {
        for (store_type, _) in STORE_TYPES {
            let store = TestStore::absent(store_type);
            store.keytool_importpass(&jdk, "keytool-first", "one");
            store.keyward_importpass("keyward-second", "two");
            store.keytool_importpass(&jdk, "keytool-third", "three");
            store.keyward_delete("keytool-first");
            store.keyward_importpass("keyward-fourth", "four");
            let left = [
                ("keyward-second", "two"),
                ("keytool-third", "three"),
                ("keyward-fourth", "four"),
            ];
            let Some(entries) = store.java_entries(&jdk) else {
                return;
            };
            assert_eq!(entries, java_entries(&left), "{store_type} {}", jdk.version);
        }
    }
}

#[test]
fn the_jdk_reads_a_store_whose_password_was_piped_to_keyward() {
    let Some(jdk) = support::jdk(17) else { return };
    let store = TestStore::absent("PKCS12");
    let path = store.path().to_str().unwrap();
    let arguments = [
        "importpass",
        "-alias",
        "db1",
        "-keystore",
        path,
        "-storetype",
        "PKCS12",
    ];
    let stdin = format!("{STORE_PASSWORD}\n{STORE_PASSWORD}\nsqluser\n");
    keyward(&arguments, &stdin).of_success();
    let Some(entries) = store.java_entries(&jdk) else {
        return;
    };
    assert_eq!(entries, java_entries(&[("db1", "sqluser")]));
}

#[test]
fn values_that_no_pbe_key_can_hold_are_read_by_java_as_bytes() {
    let value = "Größe ключ 😀";
    for jdk in jdks() {
        for (store_type, _) in STORE_TYPES {
            let store = TestStore::absent(store_type);
            store.keyward_importpass("unicode", value);
            assert_eq!(store.get("unicode"), value);
            let Some(entries) = store.java_entries(&jdk) else {
                return;
            };
            assert_eq!(entries.len(), 1);
            assert_eq!(entries[0].kind, "secret", "{}", entries[0].text);
            assert_eq!(entries[0].encoded, value.as_bytes());
        }
    }
}

/// What Java should read: sorted, aliases folded.
fn java_entries(secrets: &[(&str, &str)]) -> Vec<JavaEntry> {
    let mut entries: Vec<JavaEntry> = secrets
        .iter()
        .map(|(alias, secret)| JavaEntry::of_password(&alias.to_lowercase(), secret))
        .collect();
    entries.sort_by(|one, other| one.alias.cmp(&other.alias));
    entries
}

/// How keytool lists what Java reads.
fn listed(entries: &[JavaEntry]) -> Vec<String> {
    let listed = entries.iter().map(|entry| {
        let kind = match entry.kind.as_str() {
            "secret" => "SecretKeyEntry",
            "private-key" => "PrivateKeyEntry",
            "certificate" => "trustedCertEntry",
            other => panic!("{}: {other} {}", entry.alias, entry.text),
        };
        format!("{} {kind}", entry.alias)
    });
    listed.collect()
}

fn open(path: &Path) -> Keystore {
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    Keystore::open(&fs::read(path).unwrap(), &password).unwrap()
}
