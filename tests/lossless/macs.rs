//! What guards the file: every MAC, none at all, and passwords of every kind.

use keyward::Secret;
use keyward::keystore::{Alias, EntryKind, Keystore, KeystoreError};

use crate::file::{File, named, sealed, secret, value_of};
use crate::pkcs12::{self, Mac};
use crate::{DER, PASSWORD, reveal, rfc9879};

#[test]
fn a_store_without_a_mac_stays_without_one() {
    let bags = [secret(DER, "decoy"), secret(DER, "db1")];
    let file = File::guarded(DER, &[pkcs12::plain(DER, &bags)], &bags[1..], Mac::None);
    file.survives_edits();
    assert_eq!(reveal(&file.open(), "db1"), value_of("db1"));
}

#[test]
fn without_a_mac_a_wrong_password_loses_no_entry() {
    let bags = [secret(DER, "db1"), secret(DER, "db2")];
    let mut file = File::guarded(DER, &[pkcs12::plain(DER, &bags)], &bags, Mac::None);
    file.password = b"wrong".to_vec();
    let mut store = file.open();
    assert_eq!(store.entries().len(), 2);
    store
        .add_secret(&Alias::new("new"), &Secret::copied_from(b"x"))
        .unwrap();
    file.assert_untouched(&store.to_bytes());
}

#[test]
fn pbmac1_is_verified_and_kept() {
    for (sha512, length) in [(false, 32), (true, 64)] {
        let password = PASSWORD.to_owned();
        let mac = Mac::Pbmac1 {
            password,
            key_length: Some(length),
            sha512,
        };
        let bags = [secret(DER, "decoy"), secret(DER, "db1")];
        let mut file = File::guarded(DER, &[pkcs12::plain(DER, &bags)], &bags[1..], mac);
        file.survives_edits();
        file.password = b"wrong".to_vec();
        let outcome = Keystore::open(&file.bytes, &Secret::copied_from(&file.password));
        assert!(matches!(
            outcome,
            Err(KeystoreError::WrongPassword { .. } | KeystoreError::Tampered { .. })
        ));
    }
}

#[test]
fn pbmac1_without_a_key_length_or_with_another_than_the_digests_is_refused() {
    for key_length in [None, Some(31), Some(33), Some(1), Some(0), Some(1 << 30)] {
        let parameters = pkcs12::Pbmac1Parameters {
            salt: b"salt",
            iterations: 1,
            key_length,
            sha512: false,
        };
        let safe = DER.sequence(&[&pkcs12::plain(DER, &[secret(DER, "db1")])]);
        let file = pkcs12::pfx_of(
            DER,
            &safe,
            &parameters.mac_data(DER, &[0; 32], b"NOT USED", 1),
        );
        let outcome = Keystore::open(&file, &Secret::copied_from(PASSWORD.as_bytes()));
        assert!(
            matches!(outcome, Err(KeystoreError::UnsupportedIntegrity { .. })),
            "{key_length:?}"
        );
    }
}

#[test]
fn the_example_of_rfc_9879_is_opened_and_kept() {
    let content = rfc9879::authenticated_safe();
    let mac = rfc9879::parameters().mac_data(DER, &rfc9879::MAC, b"NOT USED", 1);
    let whole = pkcs12::pfx_of(DER, &content, &mac);
    assert_eq!(whole, rfc9879::file());
    let password = Secret::copied_from(b"1234");
    let mut store = Keystore::open(&whole, &password).ok().unwrap();
    assert_eq!(store.entries().len(), 1);
    assert_eq!(store.entries()[0].kind, EntryKind::PrivateKey);
    store
        .add_secret(&Alias::new("new"), &Secret::copied_from(b"x"))
        .unwrap();
    let mut store = Keystore::open(&store.to_bytes(), &password).ok().unwrap();
    store.delete(&Alias::new("new")).unwrap();
    assert_eq!(store.to_bytes(), whole);
}

#[test]
fn the_counterexamples_of_rfc_9879_are_refused() {
    let wrong_iterations = pkcs12::Pbmac1Parameters {
        iterations: 2049,
        ..rfc9879::parameters()
    };
    let wrong_salt = pkcs12::Pbmac1Parameters {
        salt: b"NOT USED",
        ..rfc9879::parameters()
    };
    let no_length = pkcs12::Pbmac1Parameters {
        key_length: None,
        ..rfc9879::parameters()
    };
    for (parameters, outer_salt, outer_count) in [
        (wrong_iterations, &b"NOT USED"[..], 2048),
        (wrong_salt, rfc9879::SALT, 1),
        (no_length, rfc9879::SALT, 2048),
    ] {
        let mac = parameters.mac_data(DER, &rfc9879::MAC, outer_salt, outer_count);
        let file = pkcs12::pfx_of(DER, &rfc9879::authenticated_safe(), &mac);
        assert!(Keystore::open(&file, &Secret::copied_from(b"1234")).is_err());
    }
}

#[test]
fn an_empty_password_opens_in_both_its_encodings() {
    for encoding in [&[0, 0][..], &[]] {
        let mac = Mac::Pkcs12 {
            sha1: true,
            password: encoding.to_vec(),
            iterations: Some(1000),
        };
        let bags = [
            sealed(DER, "decoy", "", 1, &named("decoy")),
            sealed(DER, "db1", "", 1, &named("db1")),
        ];
        let mut file = File::guarded(DER, &[pkcs12::plain(DER, &bags)], &bags[1..], mac);
        file.password.clear();
        file.survives_edits();
        assert_eq!(reveal(&file.open(), "db1"), value_of("db1"));
    }
}

#[test]
fn passwords_beyond_ascii_open_and_are_kept() {
    for password in ["pässwörd", "пароль", "🔑🔑"] {
        let bags = [
            sealed(DER, "decoy", password, 1, &named("decoy")),
            sealed(DER, "db1", password, 1, &named("db1")),
        ];
        let mut file = File::guarded(
            DER,
            &[pkcs12::plain(DER, &bags)],
            &bags[1..],
            Mac::of(password, 1000),
        );
        file.password = password.as_bytes().to_vec();
        file.survives_edits();
        assert_eq!(reveal(&file.open(), "db1"), value_of("db1"));
    }
}

#[test]
fn a_mac_of_5000001_iterations_is_refused() {
    let containers = [pkcs12::plain(DER, &[secret(DER, "db1")])];
    let file = File::guarded(DER, &containers, &[], Mac::of(PASSWORD, 5_000_001));
    let outcome = Keystore::open(&file.bytes, &Secret::copied_from(&file.password));
    assert!(matches!(
        outcome,
        Err(KeystoreError::UnsupportedIntegrity { .. })
    ));
}

#[test]
fn a_mac_of_5000000_iterations_is_verified_and_kept() {
    let containers = [pkcs12::plain(DER, &[secret(DER, "db1")])];
    let file = File::guarded(DER, &containers, &[], Mac::of(PASSWORD, 5_000_000));
    assert_eq!(file.open().to_bytes(), file.bytes);
}

#[test]
fn a_mac_without_a_count_means_one_iteration() {
    let password = pkcs12::utf16_terminated(PASSWORD);
    let mac = Mac::Pkcs12 {
        sha1: true,
        password,
        iterations: None,
    };
    let bags = [secret(DER, "decoy"), secret(DER, "db1")];
    File::guarded(DER, &[pkcs12::plain(DER, &bags)], &bags[1..], mac).survives_edits();
}
