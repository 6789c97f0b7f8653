//! PKCS12: lengths, nesting, counts and chains.

use crate::PASSWORD;
use crate::ber::{Form, null, number, oid, primitive};
use crate::opening::opening;
use crate::pkcs12::{self, Mac, Pbmac1Parameters, Sealed};

const DER: Form = Form::Der;

fn without_mac(content_infos: &[Vec<u8>]) -> Vec<u8> {
    pkcs12::pfx(DER, content_infos, &Mac::None)
}

fn secret(alias: &str, iterations: u64) -> Vec<u8> {
    let sealed = Sealed {
        plaintext: b"x34!2axf",
        password: PASSWORD,
        iterations,
    };
    pkcs12::secret_bag(DER, &sealed, &[pkcs12::friendly_name(DER, alias)])
}

#[test]
fn p12_mac_iterations_5000001() {
    let containers = [pkcs12::plain(DER, &[secret("x", 1)])];
    opening(&pkcs12::pfx(
        DER,
        &containers,
        &Mac::of(PASSWORD, 5_000_001),
    ))
    .is_refused("5000001");
    opening(&pkcs12::pfx(DER, &containers, &Mac::of(PASSWORD, u64::MAX)))
        .is_refused("18446744073709551615");
    opening(&pkcs12::pfx(DER, &containers, &Mac::of(PASSWORD, 0))).is_refused("0 is outside");
}

#[test]
fn p12_negative_iterations() {
    let info = DER.sequence(&[
        &DER.sequence(&[&oid("2.16.840.1.101.3.4.2.1"), &null()]),
        &DER.octets(&[0; 32]),
    ]);
    for count in [&[0xff][..], &[0x80, 0, 0, 0], &[], &[0x7f; 9]] {
        let mac = DER.sequence(&[&info, &DER.octets(b"salt"), &primitive(2, count)]);
        let safe = DER.sequence(&[&pkcs12::plain(DER, &[])]);
        opening(&pkcs12::pfx_of(DER, &safe, &mac)).is_refused("number");
    }
}

#[test]
fn p12_secret_iterations_5000001() {
    let file = without_mac(&[pkcs12::plain(DER, &[secret("x", 5_000_001)])]);
    opening(&file).is_opened("5000001");
}

#[test]
fn p12_length_ffffffff() {
    for length in [
        &[0x84, 0xff, 0xff, 0xff, 0xff][..],
        &[0x83, 0xff, 0xff, 0xff],
        &[0x82, 0xff, 0xff],
    ] {
        opening(&[&[0x30], length, &[2, 1, 3]].concat()).is_refused("ends before");
        let safe = [&[0x30], length, &[0]].concat();
        opening(&pkcs12::pfx_of(DER, &safe, &[])).is_refused("ends before");
        let safe = DER.sequence(&[&pkcs12::content_info(
            DER,
            &[&[0x30], length, &[0]].concat(),
        )]);
        opening(&pkcs12::pfx_of(DER, &safe, &[])).is_refused("ends before");
    }
    opening(&[0x30, 0x88, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).is_refused("length");
    opening(&[&[0x30, 0xff][..], &[0xff; 127]].concat()).is_refused("length");
}

#[test]
fn p12_tag_without_end() {
    opening(&[&[0x30, 0x80][..], &vec![0xff; 100_000]].concat()).is_refused("ends before");
}

#[test]
fn p12_indefinite_nesting_100000() {
    opening(&[0x30, 0x80].repeat(100_000)).is_refused("nested");
    let deep = [0x24, 0x80].repeat(100_000);
    opening(&pkcs12::pfx_of(DER, &deep, &[])).is_refused("nested");
    let pieces = [&[0xa0, 0x80][..], &deep].concat();
    opening(&DER.sequence(&[&number(3), &DER.sequence(&[&oid(pkcs12::DATA), &pieces])]))
        .is_refused("nested");
}

#[test]
fn p12_definite_nesting_100000() {
    let mut string = Vec::new();
    for _ in 0..20_000 {
        string = primitive(0x24, &string);
        if string.len() > 60_000 {
            break;
        }
    }
    let safe = DER.sequence(&[&oid(pkcs12::DATA), &DER.explicit(&string)]);
    opening(&DER.sequence(&[&number(3), &safe])).is_refused("nested");
    let mut nest = Vec::new();
    for _ in 0..2_000 {
        let contents = pkcs12::safe_contents(DER, &[nest]);
        nest = pkcs12::bag(DER, pkcs12::SAFE_CONTENTS_BAG, &contents, &[]);
    }
    opening(&without_mac(&[pkcs12::plain(DER, &[nest])])).is_opened("nested safe contents");
}

#[test]
fn p12_a_string_of_many_empty_pieces() {
    let string = [&[0x24, 0x80][..], &[4, 0].repeat(500_000), &[0, 0]].concat();
    let safe = DER.sequence(&[&oid(pkcs12::DATA), &DER.explicit(&string)]);
    opening(&DER.sequence(&[&number(3), &safe])).is_refused("");
}

#[test]
fn p12_chains_of_every_key_through_every_certificate() {
    let name = |text: &str| DER.sequence(&[&primitive(0x0c, text.as_bytes())]);
    let empty = DER.sequence(&[]);
    let certificate = |number_: u32| {
        let (issuer, subject) = (
            name(&format!("{}", number_ + 1)),
            name(&format!("{number_}")),
        );
        DER.sequence(&[&DER.sequence(&[&number(1), &empty, &issuer, &empty, &subject])])
    };
    let id = |text: &[u8]| pkcs12::local_key_id(DER, text);
    let key = pkcs12::bag(DER, pkcs12::SHROUDED_KEY_BAG, &empty, &[id(b"0")]);
    let mut bags = vec![key; 2_000];
    bags.extend(
        (0..2_000).map(|number| pkcs12::certificate_bag(DER, &certificate(number), &[id(b"0")])),
    );
    opening(&without_mac(&[pkcs12::plain(DER, &bags)])).is_opened("PrivateKeyEntry");
}

#[test]
fn p12_certificates_that_issue_each_other_in_a_circle() {
    let name = |text: &str| DER.sequence(&[&primitive(0x0c, text.as_bytes())]);
    let empty = DER.sequence(&[]);
    let certificate = |issuer: &str, subject: &str| {
        let (issuer, subject) = (name(issuer), name(subject));
        DER.sequence(&[&DER.sequence(&[&number(1), &empty, &issuer, &empty, &subject])])
    };
    let bags = [
        pkcs12::certificate_bag(DER, &certificate("a", "b"), &[]),
        pkcs12::certificate_bag(DER, &certificate("b", "a"), &[]),
        pkcs12::shrouded_key_bag(DER, PASSWORD, &[pkcs12::friendly_name(DER, "x")]),
    ];
    opening(&without_mac(&[pkcs12::plain(DER, &bags)])).is_opened("x PrivateKeyEntry");
}

#[test]
fn p12_thousands_of_entries_of_one_alias() {
    let bags = vec![secret("x", 1); 3_000];
    opening(&without_mac(&[pkcs12::plain(DER, &bags)])).is_opened("hidden by a later entry");
}

#[test]
fn p12_salts_and_vectors_of_wrong_lengths() {
    for (salt, iv) in [
        (0, 16),
        (1 << 20, 16),
        (20, 0),
        (20, 15),
        (20, 17),
        (20, 1 << 20),
    ] {
        let parameters = DER.sequence(&[&DER.octets(&vec![1; salt]), &number(1)]);
        let derivation = DER.sequence(&[&oid("1.2.840.113549.1.5.12"), &parameters]);
        let scheme = DER.sequence(&[&oid("2.16.840.1.101.3.4.1.42"), &DER.octets(&vec![1; iv])]);
        let pbes2 = DER.sequence(&[
            &oid("1.2.840.113549.1.5.13"),
            &DER.sequence(&[&derivation, &scheme]),
        ]);
        let encrypted = DER.sequence(&[&pbes2, &DER.octets(&[0; 32])]);
        let value = DER.sequence(&[
            &oid(pkcs12::SHROUDED_KEY_BAG),
            &DER.explicit(&DER.octets(&encrypted)),
        ]);
        let bag = pkcs12::bag(
            DER,
            pkcs12::SECRET_BAG,
            &value,
            &[pkcs12::friendly_name(DER, "x")],
        );
        opening(&without_mac(&[pkcs12::plain(DER, &[bag])]))
            .is_opened("secret: alias <x> cannot be");
    }
}

#[test]
fn p12_ciphertexts_of_no_whole_block() {
    for length in [0, 1, 15, 17] {
        let parameters = DER.sequence(&[&DER.octets(b"salt"), &number(1)]);
        let algorithm = DER.sequence(&[&oid("1.2.840.113549.1.12.1.3"), &parameters]);
        let encrypted = DER.sequence(&[&algorithm, &DER.octets(&vec![0; length])]);
        let value = DER.sequence(&[
            &oid(pkcs12::SHROUDED_KEY_BAG),
            &DER.explicit(&DER.octets(&encrypted)),
        ]);
        let bag = pkcs12::bag(
            DER,
            pkcs12::SECRET_BAG,
            &value,
            &[pkcs12::friendly_name(DER, "x")],
        );
        opening(&without_mac(&[pkcs12::plain(DER, &[bag])]))
            .is_opened("secret: alias <x> cannot be");
    }
}

#[test]
fn p12_pbmac1_key_length_4294967295() {
    for length in [u64::from(u32::MAX), u64::MAX, 1 << 40] {
        let parameters = Pbmac1Parameters {
            salt: b"salt",
            iterations: 1,
            key_length: Some(length),
            sha512: false,
        };
        let mac = parameters.mac_data(DER, &[0; 32], b"NOT USED", 1);
        opening(&pkcs12::pfx_of(DER, &DER.sequence(&[]), &mac)).is_refused("PBMAC1");
    }
}

#[test]
fn p12_aliases_of_half_characters() {
    for alias in [&[0xd8][..], &[0xd8, 0x3d], &[0xde, 0x00, 0xd8, 0x3d], &[0]] {
        let name = pkcs12::attribute(DER, "1.2.840.113549.1.9.20", &primitive(0x1e, alias));
        let bag = pkcs12::bag(DER, pkcs12::CRL_BAG, &number(1), &[name]);
        opening(&without_mac(&[pkcs12::plain(DER, &[bag])])).is_opened("");
    }
}

#[test]
fn p12_object_identifiers_without_end() {
    for content in [&[][..], &[0x80], &[0xff; 10_000]] {
        let bag = DER.sequence(&[&primitive(6, content), &DER.explicit(&number(1))]);
        opening(&without_mac(&[pkcs12::plain(DER, &[bag])])).is_cheap();
    }
}
