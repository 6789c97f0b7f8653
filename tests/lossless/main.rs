//! Edits keep every byte of what they do not touch, whatever program wrote the file and whatever it put there.
//!
//! The PKCS12 files here are what other readers lose entries of, refuse, or write back changed: bags of every
//! kind, BER, missing attributes, several key passwords. Each is opened, gets a secret, loses it again, loses
//! another entry; what was not edited must still be there, byte for byte and in its order.

// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/ber.rs"]
mod ber;
#[path = "../support/jceks.rs"]
mod jceks;
#[path = "../support/pkcs12.rs"]
mod pkcs12;
#[path = "../support/rfc9879.rs"]
mod rfc9879;

mod bags;
mod containers;
mod file;
mod fixtures;
mod jceks_entries;
mod macs;

use keyward::keystore::{Alias, Keystore};

const PASSWORD: &str = "changeit";
const DER: ber::Form = ber::Form::Der;

#[track_caller]
fn reveal(store: &Keystore, alias: &str) -> Vec<u8> {
    match store.secret(&Alias::new(alias)) {
        Ok(secret) => secret.expose_bytes().to_vec(),
        Err(error) => panic!("{error}"),
    }
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len())
        .position(|window| window == needle)
}

/// A certificate as far as a keystore looks at one.
fn certificate(subject: &str, issuer: &str) -> Vec<u8> {
    let name = |text: &str| DER.sequence(&[&ber::primitive(0x0c, text.as_bytes())]);
    let empty = DER.sequence(&[]);
    DER.sequence(&[&DER.sequence(&[
        &ber::number(1),
        &empty,
        &name(issuer),
        &empty,
        &name(subject),
    ])])
}
