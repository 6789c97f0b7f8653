//! WSO2: values that its own classes wrote and read, and the user stores of a whole home re-encrypted.
//!
//! `keystores/make.sh` made the keystores; `values-by-wso2.txt` has what WSO2's crypto providers wrote with them.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../support/mod.rs"]
mod support;

mod command_line;
mod configured_home;
mod destinations;
mod drop_in_files;
mod files;
mod home;
mod judges;
#[cfg(unix)]
mod kills;
mod known_keys;
mod reencryption;
mod reports;
mod target_among_sources;
mod tenants;
mod values;

use std::path::PathBuf;

use keyward::Secret;
use keyward::keystore::Alias;
use keyward::userstore::{EncryptionKey, KeyError, KeyPair, SymmetricKey};

/// The default of Identity Server: 32 characters, which are the key as they are.
const SYMMETRIC: &str = "03BAFEB27A8E871CAD83C5CD4E771DAB";
const SECRET: &str = "x34!2axf";

fn keystore(name: &str) -> PathBuf {
    support::repository()
        .join("tests/wso2/keystores")
        .join(name)
}

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

fn read_pair(name: &str, alias: &str, key_password: &str) -> Result<KeyPair, KeyError> {
    let store_password = secret(support::STORE_PASSWORD);
    KeyPair::read(
        &keystore(name),
        &store_password,
        &Alias::new(alias),
        &secret(key_password),
    )
}

fn pair(name: &str, alias: &str) -> EncryptionKey {
    let pair = read_pair(name, alias, support::STORE_PASSWORD);
    EncryptionKey::KeyPair(Box::new(pair.unwrap_or_else(|error| panic!("{error}"))))
}

fn primary() -> EncryptionKey {
    pair("primary.p12", "wso2carbon")
}

fn internal() -> EncryptionKey {
    pair("internal.p12", "internal")
}

fn symmetric(text: &str) -> EncryptionKey {
    let key = SymmetricKey::from_text(&secret(text));
    EncryptionKey::Symmetric(key.unwrap_or_else(|error| panic!("{error}")))
}
