//! Bags of every kind, and attributes of every kind.

use keyward::Secret;
use keyward::keystore::{Alias, EntryKind, Keystore, KeystoreError, StoreType};

use crate::ber::{bmp, number, oid, primitive};
use crate::file::{File, named, sealed, secret, value_of};
use crate::{DER, PASSWORD, certificate, find, pkcs12, reveal};

#[test]
fn a_bag_of_an_unknown_type_is_kept() {
    let unknown = pkcs12::bag(
        DER,
        "2.999.7",
        &primitive(0x0c, b"of the future"),
        &named("unknown"),
    );
    File::of_bags(DER, &[unknown]).survives_edits();
}

#[test]
fn a_certificate_revocation_list_is_kept() {
    File::of_bags(
        DER,
        &[
            pkcs12::crl_bag(DER, &named("list")),
            pkcs12::crl_bag(DER, &[]),
        ],
    )
    .survives_edits();
}

#[test]
fn an_unencrypted_private_key_is_kept() {
    let key_info = DER.sequence(&[
        &number(0),
        &DER.sequence(&[&oid("1.2.840.113549.1.1.1")]),
        &DER.octets(b"key"),
    ]);
    let key = pkcs12::bag(DER, pkcs12::KEY_BAG, &key_info, &named("clear"));
    File::of_bags(DER, &[key]).survives_edits();
}

#[test]
fn a_certificate_that_nothing_trusts_is_kept() {
    let certificate = pkcs12::certificate_bag(DER, &certificate("stray", "root"), &named("stray"));
    File::of_bags(DER, &[certificate]).survives_edits();
}

#[test]
fn a_certificate_and_a_secret_of_unknown_types_are_kept() {
    let of_type = |bag_type| {
        let value = DER.sequence(&[&oid("2.999.8"), &DER.explicit(&DER.octets(b"odd"))]);
        pkcs12::bag(DER, bag_type, &value, &named("odd"))
    };
    File::of_bags(
        DER,
        &[
            of_type(pkcs12::CERTIFICATE_BAG),
            of_type(pkcs12::SECRET_BAG),
        ],
    )
    .survives_edits();
}

#[test]
fn nested_safe_contents_are_kept() {
    let inner = pkcs12::safe_contents(DER, &[secret(DER, "nested")]);
    let nested = pkcs12::bag(DER, pkcs12::SAFE_CONTENTS_BAG, &inner, &named("nest"));
    File::of_bags(DER, &[nested]).survives_edits();
}

#[test]
fn attributes_of_every_kind_are_kept() {
    let attributes = [
        pkcs12::friendly_name(DER, "extra"),
        pkcs12::attribute(DER, "2.999.1", &primitive(0x0c, "ä note".as_bytes())),
        DER.sequence(&[
            &oid("1.3.6.1.4.1.99999.18446744073"),
            &DER.set(&[&number(1), &number(2)]),
        ]),
        DER.sequence(&[&oid("2.999.2"), &DER.set(&[])]),
    ];
    let file = File::of_bags(DER, &[sealed(DER, "extra", PASSWORD, 1, &attributes)]);
    file.survives_edits();
    assert_eq!(reveal(&file.open(), "extra"), value_of("extra"));
}

#[test]
fn attributes_go_along_into_another_pkcs12_store_and_are_named_for_others() {
    let note = pkcs12::attribute(DER, "2.999.1", &primitive(0x0c, "ä note".as_bytes()));
    let attributes = [named("extra"), vec![note.clone()]].concat();
    let file = File::of_bags(DER, &[sealed(DER, "extra", PASSWORD, 1, &attributes)]);
    let (source, password) = (file.open(), Secret::copied_from(PASSWORD.as_bytes()));
    let extra = Alias::new("extra");
    assert_eq!(source.attributes(&extra), ["2.999.1"]);
    let mut target = Keystore::new(StoreType::Pkcs12, &password).unwrap();
    target.copy_entry(&source, &extra, &password).unwrap();
    assert_eq!(target.attributes(&extra), ["2.999.1"]);
    assert!(find(&target.to_bytes(), &note).is_some());
    let mut target = Keystore::new(StoreType::Jceks, &password).unwrap();
    target.copy_entry(&source, &extra, &password).unwrap();
    assert_eq!(reveal(&target, "extra"), value_of("extra"));
    assert!(target.attributes(&extra).is_empty());
}

#[test]
fn a_secret_without_a_local_key_id_is_read_and_kept() {
    let file = File::of_bags(
        DER,
        &[sealed(DER, "undated", PASSWORD, 1, &named("undated"))],
    );
    file.survives_edits();
    let store = file.open();
    assert_eq!(reveal(&store, "undated"), value_of("undated"));
    assert_eq!(store.entry(&Alias::new("undated")).unwrap().created, None);
}

#[test]
fn a_secret_without_any_attribute_is_read_by_its_number_and_kept() {
    let file = File::of_bags(DER, &[sealed(DER, "nameless", PASSWORD, 1, &[])]);
    file.survives_edits();
    assert_eq!(reveal(&file.open(), "1"), value_of("nameless"));
}

#[test]
fn a_private_key_without_a_local_key_id_is_kept() {
    let key = pkcs12::shrouded_key_bag(DER, "of its own", &named("server"));
    let file = File::of_bags(DER, &[key]);
    file.survives_edits();
    assert_eq!(
        file.open().entry(&Alias::new("server")).unwrap().kind,
        EntryKind::PrivateKey
    );
}

#[test]
fn an_emoji_alias_is_read_written_and_kept() {
    let file = File::of_bags(DER, &[secret(DER, "😀")]);
    file.survives_edits();
    let mut store = file.open();
    assert_eq!(reveal(&store, "😀"), value_of("😀"));
    store
        .add_secret(&Alias::new("🔑"), &Secret::copied_from(b"key"))
        .unwrap();
    let written = store.to_bytes();
    assert_eq!(reveal(&file.reopen(&written), "🔑"), b"key");
    assert!(find(&written, &bmp("🔑")).is_some());
}

#[test]
fn of_two_aliases_that_fold_to_one_the_later_counts_and_both_are_kept() {
    let first = sealed(DER, "one", PASSWORD, 1, &named("DbPass"));
    let second = sealed(DER, "two", PASSWORD, 1, &named("dbpass"));
    let file = File::of_bags(DER, &[first, second]);
    file.survives_edits();
    assert_eq!(reveal(&file.open(), "DBPASS"), value_of("two"));
    let mut store = file.open();
    store.delete(&Alias::new("dbpass")).unwrap();
    let store = file.reopen(&store.to_bytes());
    assert!(matches!(
        store.secret(&Alias::new("dbpass")),
        Err(KeystoreError::NoSuchAlias { .. })
    ));
}

#[test]
fn deleting_an_entry_leaves_bags_that_only_bear_its_name() {
    let opaque = [
        pkcs12::crl_bag(DER, &named("decoy")),
        pkcs12::bag(DER, "2.999.7", &number(1), &named("decoy")),
    ];
    let file = File::of_bags(DER, &opaque);
    let mut store = file.open();
    store.delete(&Alias::new("decoy")).unwrap();
    file.assert_untouched(&store.to_bytes());
}

#[test]
fn entries_under_several_key_passwords_are_kept_and_read_with_them() {
    let bags = [
        sealed(DER, "first", "password 1", 1, &named("first")),
        sealed(DER, "second", "password 2", 1, &named("second")),
    ];
    let file = File::of_bags(DER, &bags);
    file.survives_edits();
    let store = file.open();
    for (alias, password) in [("first", "password 1"), ("second", "password 2")] {
        let alias_ = Alias::new(alias);
        assert!(matches!(
            store.secret(&alias_),
            Err(KeystoreError::WrongKeyPassword { .. })
        ));
        let key = store
            .secret_key(&alias_, &Secret::copied_from(password.as_bytes()))
            .ok()
            .unwrap();
        assert_eq!(key.secret.expose_bytes(), value_of(alias));
    }
    assert_eq!(reveal(&store, "last"), value_of("last"));
}

#[test]
fn iteration_counts_from_1_to_5000000_are_read_and_kept() {
    for iterations in [1, 5_000_000] {
        let bag = sealed(DER, "db1", PASSWORD, iterations, &named("db1"));
        let file = File::of_containers(
            DER,
            &[pkcs12::plain(DER, &[secret(DER, "decoy"), bag.clone()])],
            &[bag],
        );
        file.survives_edits();
        assert_eq!(reveal(&file.open(), "db1"), value_of("db1"));
    }
}

#[test]
fn an_entry_of_5000001_iterations_is_not_read_but_kept() {
    let file = File::of_bags(
        DER,
        &[sealed(DER, "db1", PASSWORD, 5_000_001, &named("db1"))],
    );
    file.survives_edits();
    let outcome = file.open().secret(&Alias::new("db1"));
    let Err(KeystoreError::UnreadableEntry { reason, .. }) = outcome else {
        panic!("it was read");
    };
    assert!(reason.contains("5000001"), "{reason}");
}
