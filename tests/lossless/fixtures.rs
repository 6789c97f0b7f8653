//! The keystores that JDKs and openssl wrote.

use std::fs;
use std::path::{Path, PathBuf};

use keyward::Secret;
use keyward::keystore::{Alias, Keystore};

use crate::PASSWORD;

#[test]
fn adding_and_deleting_a_secret_gives_back_the_same_bytes_for_every_keystore_of_others() {
    let mut tried = 0;
    for path in fixtures() {
        let whole = fs::read(&path).unwrap();
        let password = Secret::copied_from(PASSWORD.as_bytes());
        let Ok(mut store) = Keystore::open(&whole, &password) else {
            assert!(
                path.ends_with("mac-digest-is-hmac.p12"),
                "{}",
                path.display()
            );
            continue;
        };
        let alias = Alias::new("added");
        if store
            .add_secret(&alias, &Secret::copied_from(b"x"))
            .is_err()
        {
            assert!(
                path.ends_with("key-and-certificate.jks"),
                "{}",
                path.display()
            );
            assert_eq!(store.to_bytes(), whole);
            continue;
        }
        let mut store = Keystore::open(&store.to_bytes(), &password).ok().unwrap();
        store.delete(&alias).unwrap();
        assert!(
            store.to_bytes() == whole,
            "{} is written back changed",
            path.display()
        );
        tried += 1;
    }
    assert!(tried >= 30, "{tried} fixtures");
}

/// Every keystore in `tests/fixtures`.
fn fixtures() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let is_store = |path: &PathBuf| {
        path.extension()
            .is_some_and(|ending| ["p12", "jceks", "jks"].iter().any(|&known| ending == known))
    };
    files.filter(is_store).collect()
}
