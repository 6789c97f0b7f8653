//! Keystores opened, read, edited and converted: nothing of a password or a secret is left in freed memory.

use keyward::SecretSource;
use keyward::keystore::{
    Alias, KeyPasswords, Keystore, KeystoreFile, NewProtection, ProtectionChoice, StoreProtection,
    StoreType,
};

use super::allocator::{Turn, assert_wiped};
use super::canaries::{NEW_SECRET, OTHER_PASSWORD, SECRET, STORE_PASSWORD};
use super::stage::{Stage, alias, store};

const SECRET_STORES: [StoreType; 2] = [StoreType::Pkcs12, StoreType::Jceks];

#[test]
fn a_keystore_is_opened_and_a_secret_read() {
    let _turn = Turn::take();
    for store_type in SECRET_STORES {
        let bytes = store(store_type, STORE_PASSWORD, SECRET);
        assert_wiped(|| {
            let store = Keystore::open(&bytes, &STORE_PASSWORD.secret()).unwrap();
            assert!(SECRET.is(store.secret(&alias()).unwrap().expose_bytes()));
            let expecting = [alias()];
            let store = Keystore::open_expecting(&bytes, &STORE_PASSWORD.secret(), &expecting);
            let mut store = store.unwrap();
            store.derive_all_ahead();
            assert!(SECRET.is(store.secret(&alias()).unwrap().expose_bytes()));
            store.forget_derived_keys();
        });
    }
}

#[test]
fn a_wrong_password_is_refused() {
    let _turn = Turn::take();
    for store_type in SECRET_STORES {
        let bytes = store(store_type, STORE_PASSWORD, SECRET);
        assert_wiped(|| {
            let refused = Keystore::open(&bytes, &OTHER_PASSWORD.secret())
                .err()
                .unwrap();
            let _ = (refused.to_string(), format!("{refused:?}"));
            let store = Keystore::open(&bytes, &STORE_PASSWORD.secret()).unwrap();
            let refused = store.secret_key(&alias(), &OTHER_PASSWORD.secret());
            let _ = format!("{:?}", refused.err().unwrap());
        });
    }
}

#[test]
fn secrets_are_imported_set_and_batched_in_a_file() {
    for store_type in SECRET_STORES {
        let stage = Stage::new(store_type);
        let path = stage.path("store");
        assert_wiped(|| {
            let file = KeystoreFile::at(&path);
            file.edit(&STORE_PASSWORD.secret(), |store| {
                store.add_secret(&Alias::new("other"), &NEW_SECRET.secret())
            })
            .unwrap();
            file.edit(&STORE_PASSWORD.secret(), |store| {
                store.prepare_additions(2)?;
                store.set_secret(&alias(), &NEW_SECRET.secret())?;
                store.set_secret(&Alias::new("other"), &SECRET.secret())
            })
            .unwrap();
            let new = stage.path("new");
            let new = KeystoreFile::at(&new);
            new.edit_or_create(store_type, &OTHER_PASSWORD.secret(), |store| {
                store.add_secret(&alias(), &SECRET.secret())
            })
            .unwrap();
        });
    }
}

#[test]
fn a_refused_edit_leaves_nothing_behind() {
    for store_type in SECRET_STORES {
        let stage = Stage::new(store_type);
        let path = stage.path("store");
        assert_wiped(|| {
            let taken = KeystoreFile::at(&path).edit(&STORE_PASSWORD.secret(), |store| {
                store.add_secret(&alias(), &NEW_SECRET.secret())
            });
            let _ = format!("{:?}", taken.err().unwrap());
        });
    }
}

#[test]
fn a_store_and_its_keys_are_put_under_other_passwords() {
    for store_type in SECRET_STORES {
        let stage = Stage::new(store_type);
        let path = stage.path("store");
        assert_wiped(|| {
            let file = KeystoreFile::at(&path);
            file.edit(&STORE_PASSWORD.secret(), |store| {
                store.change_store_password(&OTHER_PASSWORD.secret(), KeyPasswords::Follow)
            })
            .unwrap();
            file.edit(&OTHER_PASSWORD.secret(), |store| {
                let (old, new) = (OTHER_PASSWORD.secret(), STORE_PASSWORD.secret());
                store.change_key_password(&alias(), &old, &new)
            })
            .unwrap();
            let store = file.open(&OTHER_PASSWORD.secret()).unwrap();
            let key = store
                .secret_key(&alias(), &STORE_PASSWORD.secret())
                .unwrap();
            assert!(SECRET.is(key.secret.expose_bytes()));
        });
    }
}

#[test]
fn entries_are_converted_between_store_types() {
    let _turn = Turn::take();
    for (from, to) in [
        (StoreType::Pkcs12, StoreType::Jceks),
        (StoreType::Jceks, StoreType::Pkcs12),
    ] {
        let bytes = store(from, STORE_PASSWORD, SECRET);
        assert_wiped(|| {
            let source = Keystore::open(&bytes, &STORE_PASSWORD.secret()).unwrap();
            let mut target = Keystore::new(to, &OTHER_PASSWORD.secret()).unwrap();
            let key = source
                .secret_key(&alias(), &STORE_PASSWORD.secret())
                .unwrap();
            let protection = NewProtection::default();
            target.add_secret_key(&alias(), &key, &protection).unwrap();
            let written = target.to_bytes();
            let read = Keystore::open(&written, &OTHER_PASSWORD.secret()).unwrap();
            assert!(SECRET.is(read.secret(&alias()).unwrap().expose_bytes()));
        });
    }
}

/// The old algorithms take the password in UTF-16.
#[test]
fn the_algorithms_of_old_jdks_leave_nothing_behind() {
    for algorithm in [
        "PBEWithSHA1AndDESede",
        "PBEWithSHA1AndRC2_40",
        "PBEWithSHA1AndRC4_128",
        "PBEWithHmacSHA1AndAES_128",
        "PBEWithHmacSHA512AndAES_256",
    ] {
        assert_wiped(|| {
            let password = STORE_PASSWORD.secret();
            let mut store = Keystore::new(StoreType::Pkcs12, &password).unwrap();
            let keys = ProtectionChoice {
                algorithm: Some(algorithm.to_owned()),
                iterations: None,
            };
            let protection = StoreProtection {
                keys,
                ..StoreProtection::default()
            };
            store.protect_additions(&protection).unwrap();
            store.add_secret(&alias(), &SECRET.secret()).unwrap();
            let read = Keystore::open(&store.to_bytes(), &password).unwrap();
            assert!(SECRET.is(read.secret(&alias()).unwrap().expose_bytes()));
        });
    }
}

#[test]
fn a_password_comes_from_a_file() {
    let stage = Stage::new(StoreType::Pkcs12);
    let password = SecretSource::File(stage.path("password"));
    assert_wiped(|| assert!(STORE_PASSWORD.is(password.read().unwrap().expose_bytes())));
}
