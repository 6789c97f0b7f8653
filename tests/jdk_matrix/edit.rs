//! Edits by keyward, and what keytool does to the result.

use std::fs;
use std::path::Path;

use keyward::keystore::{Alias, KeyPasswords, KeystoreFile, PrivateKey, StoreType};

use crate::keytool_script::KeytoolScript;
use crate::support::{JavaStore, Record};
use crate::{Expected, Made, NEW_PASSWORD, date_in, secret, store_password, store_type};

const NEW_NAME: &str = "renamed ключ 😀";

/// A private key with a chain of three, which every store is given.
pub(crate) struct Gift(Record);

impl Gift {
    pub(crate) fn from(made: &[Made]) -> Self {
        let of_chains = |made: &&Made| made.store.path.ends_with("chains.PKCS12");
        let chains = made.iter().find(of_chains).unwrap();
        let leaf = chains.records.iter().find(|record| record.alias == "leaf");
        let leaf = leaf.unwrap().clone();
        assert_eq!(leaf.certificates.len(), 3);
        Self(leaf)
    }

    fn key(&self) -> PrivateKey {
        PrivateKey {
            key_info: keyward::Secret::copied_from(&self.0.key),
            certificates: self.0.certificates.clone(),
        }
    }
}

/// Deletes, renames and adds: a secret, a private key and a trusted certificate.
pub(crate) fn edited(made: &Made, gift: &Gift) -> Expected {
    let mut store = copied(&made.store, "edited");
    let store_type = store_type(&store);
    let holds_secrets = store_type != StoreType::Jks;
    let mut records = dated(made);
    let deleted = records.remove(0);
    let renamed = records.last().unwrap().alias.clone();
    let root = gift.0.certificates[2].clone();
    KeystoreFile::at(&store.path)
        .edit(&store_password(), |keystore| {
            keystore.delete(&Alias::new(&deleted.alias))?;
            keystore.change_alias(&Alias::new(&renamed), &Alias::new(NEW_NAME))?;
            if holds_secrets {
                keystore.add_secret(&Alias::new("Added"), &secret("by keyward"))?;
                keystore.add_secret(&Alias::new("added text"), &secret("Größe\n😀"))?;
            }
            keystore.add_private_key(&Alias::new("Added-Key"), &gift.key())?;
            keystore.add_trusted_certificate(&Alias::new("Added-CA"), &root)
        })
        .unwrap_or_else(|error| panic!("{error}"));

    NEW_NAME.clone_into(&mut records.last_mut().unwrap().alias);
    for (alias, password) in &mut store.key_passwords {
        if *alias == renamed {
            NEW_NAME.clone_into(alias);
        }
        assert_ne!(password, NEW_PASSWORD);
    }
    if holds_secrets {
        records.push(added_secret("added", "PBEWithMD5AndDES", "by keyward"));
        records.push(added_secret("added text", "AES", "Größe\n😀"));
    }
    records.push(Record {
        alias: "added-key".to_owned(),
        created: 0,
        ..gift.0.clone()
    });
    records.push(Record {
        alias: "added-ca".to_owned(),
        kind: "certificate".to_owned(),
        algorithm: "X.509".to_owned(),
        created: 0,
        key: Vec::new(),
        certificates: vec![root],
    });
    Expected { store, records }
}

/// The store under another password; the entries under passwords of their own stay there.
pub(crate) fn with_new_password(made: &Made) -> Expected {
    let mut store = copied(&made.store, "under-new-password");
    let left = KeystoreFile::at(&store.path)
        .edit(&store_password(), |keystore| {
            keystore.change_store_password(&secret(NEW_PASSWORD), KeyPasswords::Follow)
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let mut left: Vec<&str> = left.iter().map(Alias::as_str).collect();
    left.sort_unstable();
    let mut own: Vec<&str> = made
        .store
        .key_passwords
        .iter()
        .map(|(alias, _)| alias.as_str())
        .collect();
    own.sort_unstable();
    assert_eq!(left, own, "{}", store.path.display());
    NEW_PASSWORD.clone_into(&mut store.password);
    let records = dated(made);
    Expected { store, records }
}

/// A copy to which keytool adds a secret, or from which it deletes an entry where the store holds no secrets.
pub(crate) fn continued_by_keytool(edited: &Expected, script: &mut KeytoolScript) -> Expected {
    let store = copied(&edited.store, "continued");
    let mut records = edited.records.clone();
    if store_type(&store) == StoreType::Jks {
        script.pipe_to(&store, "", "-delete -alias added-ca", &[]);
        records.retain(|record| record.alias != "added-ca");
    } else {
        script.pipe_to(&store, "by keytool", "-importpass -alias Continued", &[]);
        records.push(added_secret("continued", "PBEWithMD5AndDES", "by keytool"));
    }
    Expected { store, records }
}

fn added_secret(alias: &str, algorithm: &str, text: &str) -> Record {
    Record {
        alias: alias.to_owned(),
        kind: "secret".to_owned(),
        algorithm: algorithm.to_owned(),
        created: 0,
        key: text.as_bytes().to_vec(),
        certificates: Vec::new(),
    }
}

/// What Java got, with the dates that it will get again.
fn dated(made: &Made) -> Vec<Record> {
    let mut records = made.records.clone();
    for record in &mut records {
        record.created = date_in(store_type(&made.store), record);
    }
    records
}

fn copied(store: &JavaStore, what: &str) -> JavaStore {
    let path = with_added_extension(&store.path, what);
    fs::copy(&store.path, &path).unwrap();
    JavaStore {
        path,
        ..store.clone()
    }
}

pub(crate) fn with_added_extension(path: &Path, extension: &str) -> std::path::PathBuf {
    let name = path.file_name().unwrap().to_str().unwrap();
    path.with_file_name(format!("{name}.{extension}"))
}
