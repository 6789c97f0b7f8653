//! Containers: several in one file, encrypted ones, BER, and what follows them.

use keyward::keystore::{Alias, EntryKind};

use crate::ber::{Form, number, oid};
use crate::file::{File, named, secret, value_of};
use crate::pkcs12::{self, Taken};
use crate::{DER, PASSWORD, certificate, reveal};

#[test]
fn ber_with_indefinite_lengths_and_strings_in_pieces_at_every_level_is_read_and_kept() {
    let form = Form::Scattered;
    let trusted = [
        pkcs12::friendly_name(form, "Trusted-CA"),
        pkcs12::trusted(form),
    ];
    let certificate = pkcs12::certificate_bag(form, &certificate("ca", "ca"), &trusted);
    let bags = [
        secret(form, "decoy"),
        secret(form, "db1"),
        pkcs12::crl_bag(form, &named("list")),
    ];
    let container = pkcs12::encrypted(form, &[certificate], PASSWORD, 500);
    let untouched = [&bags[1..], std::slice::from_ref(&container)].concat();
    let file = File::of_containers(form, &[pkcs12::plain(form, &bags), container], &untouched);
    assert_eq!(file.bytes[..2], [0x30, 0x80]);
    file.survives_edits();
    let store = file.open();
    assert_eq!(reveal(&store, "db1"), value_of("db1"));
    assert_eq!(
        store.entry(&Alias::new("trusted-ca")).unwrap().kind,
        EntryKind::TrustedCertificate
    );
}

#[test]
fn every_one_of_several_containers_is_kept_with_its_own_encryption() {
    let trusted = |name| {
        let attributes = [pkcs12::friendly_name(DER, name), pkcs12::trusted(DER)];
        pkcs12::certificate_bag(DER, &certificate(name, name), &attributes)
    };
    let containers = [
        pkcs12::encrypted(DER, &[trusted("first")], PASSWORD, 2048),
        pkcs12::plain(DER, &[secret(DER, "decoy"), secret(DER, "db1")]),
        pkcs12::plain(DER, &[secret(DER, "db2")]),
        pkcs12::encrypted(
            DER,
            &[trusted("second"), secret(DER, "hidden")],
            PASSWORD,
            3000,
        ),
        pkcs12::encrypted(DER, &[trusted("third")], "another password", 1),
        DER.sequence(&[
            &oid("1.2.840.113549.1.7.3"),
            &DER.explicit(&DER.sequence(&[&number(0)])),
        ]),
    ];
    let untouched = [
        containers[0].clone(),
        secret(DER, "db1"),
        secret(DER, "db2"),
        containers[3].clone(),
        containers[4].clone(),
        containers[5].clone(),
    ];
    let file = File::of_containers(DER, &containers, &untouched);
    file.survives_edits();
    let store = file.open();
    assert_eq!(reveal(&store, "hidden"), value_of("hidden"));
    assert_eq!(
        store.entry(&Alias::new("second")).unwrap().kind,
        EntryKind::TrustedCertificate
    );
}

#[test]
fn a_container_under_another_password_than_the_store_is_told_and_kept() {
    let trusted = pkcs12::certificate_bag(DER, &certificate("ca", "ca"), &[pkcs12::trusted(DER)]);
    let container = pkcs12::encrypted(DER, &[trusted], "another password", 10);
    let containers = [
        pkcs12::plain(DER, &[secret(DER, "decoy")]),
        container.clone(),
    ];
    let file = File::of_containers(DER, &containers, &[container]);
    file.survives_edits();
    let opaque = file.open().entry(&Alias::new("(encrypted container)"));
    assert!(matches!(opaque.unwrap().kind, EntryKind::Opaque(_)));
}

#[test]
fn deleting_one_certificate_keeps_the_others_in_its_container_and_its_encryption() {
    let trusted = |name| {
        let attributes = [pkcs12::friendly_name(DER, name), pkcs12::trusted(DER)];
        pkcs12::certificate_bag(DER, &certificate(name, name), &attributes)
    };
    let bags = [
        trusted("One"),
        pkcs12::crl_bag(DER, &named("list")),
        trusted("Two"),
    ];
    let file = File::of_containers(DER, &[pkcs12::encrypted(DER, &bags, PASSWORD, 1234)], &[]);
    let mut store = file.open();
    store.delete(&Alias::new("one")).unwrap();
    let written = store.to_bytes();
    let taken = Taken::apart(&written);
    let contents = pkcs12::open_encrypted(&taken.content_infos[0], PASSWORD, 1234);
    assert_eq!(contents, pkcs12::safe_contents(DER, &bags[1..]));
    assert!(taken.mac_is(&file.mac));
}

#[test]
fn an_empty_container_is_kept() {
    let containers = [
        pkcs12::plain(DER, &[]),
        pkcs12::plain(DER, &[secret(DER, "decoy"), secret(DER, "db1")]),
    ];
    let file = File::of_containers(DER, &containers, &[secret(DER, "db1")]);
    let mut store = file.open();
    store.delete(&Alias::new("decoy")).unwrap();
    assert_eq!(
        Taken::apart(&store.to_bytes()).content_infos[0],
        containers[0]
    );
}

#[test]
fn bytes_after_the_structure_are_kept() {
    let mut file = File::of_bags(DER, &[secret(DER, "db1")]);
    file.bytes.extend_from_slice(b"\0\0a backup program's mark");
    file.survives_edits();
    let mut store = file.open();
    store.delete(&Alias::new("decoy")).unwrap();
    assert!(store.to_bytes().ends_with(b"\0\0a backup program's mark"));
}

#[test]
fn a_container_of_5000001_iterations_is_not_opened_but_kept() {
    let container = pkcs12::encrypted(DER, &[pkcs12::crl_bag(DER, &[])], PASSWORD, 5_000_001);
    let containers = [
        pkcs12::plain(DER, &[secret(DER, "decoy")]),
        container.clone(),
    ];
    File::of_containers(DER, &containers, &[container]).survives_edits();
}
