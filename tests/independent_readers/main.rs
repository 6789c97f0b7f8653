//! Second opinions on keystores: readers and writers that are neither keyward nor a JDK. What keyward writes, each of
//! them reads; what they write, keyward reads and edits.

// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod bouncy_castle;
mod openssl;
mod pyjks;
mod rust_crates;

use std::path::Path;

use keyward::Secret;
use keyward::keystore::{Alias, Keystore, KeystoreFile, PrivateKey};

const PASSWORD: &str = "changeit";

fn password() -> Secret {
    Secret::copied_from(PASSWORD.as_bytes())
}

#[track_caller]
fn open(path: &Path) -> Keystore {
    KeystoreFile::at(path)
        .open(&password())
        .unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn save(keystore: &Keystore, path: &Path) {
    KeystoreFile::at(path)
        .create(keystore)
        .unwrap_or_else(|error| panic!("{error}"));
}

/// The private key `server` and the certificate `root-ca` that JDK 17 made.
fn key_and_certificate() -> (PrivateKey, Vec<u8>) {
    let source = open(&support::fixture("jdk17-mixed.p12"));
    let key = source.private_key(&Alias::new("server"), &password());
    let certificates = source.certificates(&Alias::new("root-ca")).unwrap();
    (key.unwrap(), certificates[0].clone())
}
