//! What one file may cost: Java's limit of 5,000,000 iterations holds for each part of a file, and 20,000,000 for all the
//! parts that opening it needs.
//!
//! A file of a few kilobytes could otherwise keep a processor busy for hours. Each test file would cost 500,000,000
//! iterations; how long some of them take on this machine is measured beside it.

// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "support/ber.rs"]
mod ber;
#[path = "support/jceks.rs"]
mod jceks;
#[path = "support/pkcs12.rs"]
mod pkcs12;

use std::time::Instant;

use keyward::Secret;
use keyward::kdf::{self, DigestAlgorithm, Iterations};
use keyward::keystore::{Alias, EntryKind, Keystore};

use ber::Form::Der;
use pkcs12::Mac;

const PASSWORD: &str = "changeit";
const MOST_ITERATIONS: u64 = 5_000_000;
const PARTS: usize = 100;
/// Containers that openssl or a JDK could have written, but each as expensive as Java allows. Their bytes are those of a
/// cheap container, with its count replaced: nobody who opens them within the budget gets as far as to notice.
#[test]
fn many_expensive_containers_are_left_closed() {
    let certificate = Der.sequence(&[&ber::number(1)]);
    let bag = pkcs12::certificate_bag(Der, &certificate, &[pkcs12::friendly_name(Der, "ca")]);
    let container = with_count(&pkcs12::encrypted(Der, &[bag], PASSWORD, 1000));
    let file = pkcs12::pfx(Der, &vec![container; PARTS], &Mac::of(PASSWORD, 1));
    let started = Instant::now();

    let keystore = open(&file);
    let entries = keystore.entries();
    assert_eq!(entries.len(), PARTS);
    let over_budget = entries.iter().filter(|entry| {
        matches!(&entry.kind, EntryKind::Opaque(reason) if reason.contains("too many iterations"))
    });
    assert_eq!(over_budget.count(), PARTS - 4);
    // Closed is not lost.
    assert_eq!(keystore.to_bytes(), file);
    assert_cost_at_most(20_000_000, started);
}

/// Without the password nothing is derived at all.
#[test]
fn many_expensive_secrets_cost_nothing_until_one_is_asked_for() {
    let bags: Vec<Vec<u8>> = (0..PARTS).map(expensive_secret).collect();
    let file = pkcs12::pfx(Der, &[pkcs12::plain(Der, &bags)], &Mac::of(PASSWORD, 1));
    let started = Instant::now();
    let mut keystore = open(&file);
    let entries = keystore.entries();
    assert_eq!(entries.len(), PARTS);
    for entry in &entries {
        let protection = entry.protection.as_ref().unwrap();
        assert_eq!(u64::from(protection.iterations.get()), MOST_ITERATIONS);
    }
    keystore.delete(&Alias::new("secret-50")).unwrap();
    keystore
        .change_alias(&Alias::new("secret-51"), &Alias::new("renamed"))
        .unwrap();
    assert_eq!(open(&keystore.to_bytes()).entries(), keystore.entries());
    assert_cost_at_most(1_000_000, started);
}

/// A wrong password must not buy an attacker the derivation of every entry, in search of one that it opens.
#[test]
fn a_wrong_password_tries_few_expensive_secrets() {
    let bags: Vec<Vec<u8>> = (0..PARTS).map(expensive_secret).collect();
    let file = pkcs12::pfx(Der, &[pkcs12::plain(Der, &bags)], &Mac::of(PASSWORD, 1));
    let started = Instant::now();
    let wrong = Secret::copied_from(b"wrong password");
    assert!(Keystore::open(&file, &wrong).is_err());
    assert_cost_at_most(5_000_000, started);
}

#[test]
fn many_expensive_jceks_secrets_cost_nothing_until_one_is_asked_for() {
    let seal = jceks::Seal::cheap(PASSWORD);
    let entries: Vec<Vec<u8>> = (0..PARTS)
        .map(|number| {
            let entry = jceks::secret_entry(format!("secret-{number}").as_bytes(), b"x", &seal);
            // The DER of the parameters: salt, then 20 iterations. One more length octet each, three more of content.
            let cheap = [0x30, 13, 4, 8].as_slice();
            let at = entry.windows(4).position(|window| window == cheap).unwrap();
            let mut expensive = entry[..at - 4].to_vec();
            expensive.extend(17_u32.to_be_bytes());
            expensive.extend([0x30, 15, 4, 8]);
            expensive.extend(&entry[at + 4..at + 12]);
            expensive.extend(ber::number(MOST_ITERATIONS));
            expensive.extend(&entry[at + 15..]);
            expensive
        })
        .collect();
    let file = jceks::store(jceks::JCEKS, 2, &entries, PASSWORD);
    let started = Instant::now();
    let mut keystore = open(&file);
    assert_eq!(keystore.entries().len(), PARTS);
    keystore.delete(&Alias::new("secret-50")).unwrap();
    assert_eq!(open(&keystore.to_bytes()).entries().len(), PARTS - 1);
    let wrong = Secret::copied_from(b"wrong password");
    assert!(Keystore::open(&file, &wrong).is_err());
    assert_cost_at_most(1_000_000, started);
}

fn expensive_secret(number: usize) -> Vec<u8> {
    let sealed = pkcs12::Sealed {
        plaintext: b"x",
        password: PASSWORD,
        iterations: 1000,
    };
    let name = pkcs12::friendly_name(Der, &format!("secret-{number}"));
    let bag = pkcs12::secret_bag(Der, &sealed, &[name]);
    with_count(&bag)
}

/// The element with its 1000 iterations replaced by the most that Java allows, all lengths around it adjusted.
fn with_count(element: &[u8]) -> Vec<u8> {
    let element = ber::Read::first(element);
    if element.raw == ber::number(1000) {
        return ber::number(MOST_ITERATIONS);
    }
    let constructed = element.tag & 0x20 != 0;
    let holds_elements =
        element.tag == 4 && element.content.first() == Some(&0x30) && element.content.len() > 40;
    if !constructed && !holds_elements {
        return element.raw.to_vec();
    }
    let children = element.children();
    let parts: Vec<Vec<u8>> = children.iter().map(|child| with_count(child.raw)).collect();
    ber::primitive(element.tag, &parts.concat())
}

#[track_caller]
fn open(file: &[u8]) -> Keystore {
    let password = Secret::copied_from(PASSWORD.as_bytes());
    Keystore::open(file, &password).unwrap_or_else(|error| panic!("{error}"))
}

/// That no more time has passed than this many iterations take, give or take what else the machine does.
#[track_caller]
fn assert_cost_at_most(iterations: u32, started: Instant) {
    const MEASURED: u32 = 100_000;
    let taken = started.elapsed();
    let measuring = Instant::now();
    let count = Iterations::new(MEASURED.into()).unwrap();
    let password = PASSWORD.as_bytes();
    kdf::pbkdf2(
        DigestAlgorithm::Sha256,
        password,
        b"salt",
        count,
        &mut [0; 32],
    );
    let allowed = measuring.elapsed() * (3 * iterations / MEASURED);
    assert!(taken < allowed, "{taken:?} is more than {allowed:?}");
}
