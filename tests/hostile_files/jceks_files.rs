//! JCEKS and JKS: counts and lengths. Every file has the digest that belongs to it, so that the entries are
//! looked at.

use crate::PASSWORD;
use crate::jceks::{self, JCEKS, JKS, Seal};
use crate::opening::opening;

fn of_count(count: u32, entries: &[u8]) -> Vec<u8> {
    jceks::store_of_count(JCEKS, 2, count, entries, PASSWORD)
}

#[test]
fn jceks_count_overflow() {
    let secret = jceks::secret_entry(b"x", b"x34!2axf", &Seal::cheap(PASSWORD));
    for count in [1, 2, 0x7fff_ffff, 0x8000_0000, u32::MAX] {
        opening(&of_count(count, &[])).is_refused("ends within");
        if count > 1 {
            opening(&of_count(count, &secret)).is_refused("ends within");
        }
    }
    opening(&of_count(0, &secret)).is_refused("more in it than its entries");
}

#[test]
fn jks_certificate_count_overflow() {
    for version in [1, 2] {
        let entry = [&jceks::head(1, b"")[..], &jceks::block(&[]), &[0xff; 4]].concat();
        let file = jceks::store_of_count(JKS, version, 1, &entry, PASSWORD);
        opening(&file).is_opened("ends within an entry");
    }
}

#[test]
fn jks_key_length_ffffffff() {
    for tag in [1, 2] {
        for version in [1, 2] {
            let entry = [&jceks::head(tag, b"x")[..], &[0xff; 40]].concat();
            opening(&jceks::store_of_count(JKS, version, 1, &entry, PASSWORD))
                .is_opened("ends within an entry");
        }
    }
}

#[test]
fn jceks_alias_length_ffff() {
    opening(&of_count(1, &[0, 0, 0, 3, 0xff, 0xff, b'x'])).is_refused("alias");
}

#[test]
fn jceks_alias_that_is_no_modified_utf_8() {
    for alias in [
        &[0xff][..],
        &[0xc0],
        &[0xe0, 0x80],
        &[0xf0, 0x9f, 0x98, 0x80],
        &[0x80],
    ] {
        opening(&of_count(1, &jceks::head(3, alias))).is_refused("alias");
    }
}

#[test]
fn jceks_unknown_tag() {
    opening(&of_count(1, &jceks::head(0, b"x"))).is_opened("unknown kind 0");
    opening(&of_count(1, &jceks::head(u32::MAX, b"x"))).is_opened("unknown kind 4294967295");
}

#[test]
fn jceks_version_0_and_3() {
    for version in [0, 3, u32::MAX] {
        opening(&jceks::store_of_count(JCEKS, version, 0, &[], PASSWORD)).is_refused("version");
    }
}

#[test]
fn jceks_shorter_than_its_digest() {
    let whole = of_count(0, &[]);
    for length in 1..whole.len() {
        opening(&whole[..length]).is_refused("");
    }
}

#[test]
fn jks_secret_that_cannot_be() {
    let secret = jceks::secret_entry(b"x", b"x34!2axf", &Seal::cheap(PASSWORD));
    opening(&jceks::store(JKS, 2, &[secret], PASSWORD)).is_cheap();
}

#[test]
fn jceks_date_beyond_time() {
    let mut entry = jceks::certificate_entry(2, "x", b"certificate");
    let at = 4 + 2 + 1;
    entry[at..at + 8].fill(0xff);
    opening(&of_count(1, &entry)).is_opened("x trustedCertEntry");
}

#[test]
fn jceks_salt_of_another_length_than_8() {
    use crate::ber::{Form, number};
    for length in [0, 7, 9, 100_000] {
        let salt = Form::Der.octets(&vec![1; length]);
        let parameters = Form::Der.sequence(&[&salt, &number(1)]);
        let entry = [
            jceks::head(3, b"x"),
            jceks::sealed_stream(&parameters, &[0; 16]),
        ]
        .concat();
        opening(&of_count(1, &entry)).is_opened("secret: alias <x> cannot be read");
    }
}

#[test]
fn jceks_ciphertext_of_no_whole_block() {
    use crate::ber::{Form, number};
    for length in [0, 1, 7, 9] {
        let parameters = Form::Der.sequence(&[&Form::Der.octets(b"saltSALT"), &number(1)]);
        let entry = [
            jceks::head(3, b"x"),
            jceks::sealed_stream(&parameters, &vec![0; length]),
        ]
        .concat();
        opening(&of_count(1, &entry)).is_opened("secret: alias <x> cannot be");
    }
}
