//! JCEKS and JKS entries of every kind and age.

use keyward::Secret;
use keyward::kdf::EqualHalves;
use keyward::keystore::{Alias, EntryKind, Keystore, KeystoreError};

use crate::jceks::{self, JCEKS, JKS, Seal};
use crate::{DER, PASSWORD, ber, certificate, find, reveal};

fn password() -> Secret {
    Secret::copied_from(PASSWORD.as_bytes())
}

#[track_caller]
fn open(bytes: &[u8]) -> Keystore {
    match Keystore::open(bytes, &password()) {
        Ok(store) => store,
        Err(error) => panic!("{error}"),
    }
}

fn secret(alias: &str) -> Vec<u8> {
    jceks::secret_entry(alias.as_bytes(), b"x34!2axf", &Seal::cheap(PASSWORD))
}

/// A store of `decoy`, these entries and `last` survives an import and a deletion.
#[track_caller]
fn survive_edits(magic: u32, version: u32, entries: &[Vec<u8>]) -> Keystore {
    let decoy = jceks::certificate_entry(version, "decoy", &certificate("decoy", "decoy"));
    let last = jceks::certificate_entry(version, "last", &certificate("last", "last"));
    let all = [&[decoy], entries, &[last]].concat();
    let whole = jceks::store(magic, version, &all, PASSWORD);
    let mut store = open(&whole);
    assert_eq!(store.to_bytes(), whole);
    let listed = store.entries();
    if magic == JCEKS {
        store
            .add_secret(&Alias::new("added"), &Secret::copied_from(b"new"))
            .unwrap();
        let written = store.to_bytes();
        assert_untouched(&written, version, all.len() + 1, &all);
        store = open(&written);
        assert_eq!(reveal(&store, "added"), b"new");
        store.delete(&Alias::new("added")).unwrap();
        assert_eq!(store.to_bytes(), whole);
    }
    store.delete(&Alias::new("decoy")).unwrap();
    let written = store.to_bytes();
    assert_untouched(&written, version, all.len() - 1, &all[1..]);
    let store = open(&written);
    assert_eq!(store.entries(), listed[1..]);
    store
}

#[track_caller]
fn assert_untouched(written: &[u8], version: u32, count: usize, units: &[Vec<u8>]) {
    let count = u32::try_from(count).unwrap().to_be_bytes();
    assert_eq!(written[4..12], [version.to_be_bytes(), count].concat());
    let mut rest = written;
    for (index, unit) in units.iter().enumerate() {
        let at = find(rest, unit).unwrap_or_else(|| panic!("entry {index} is not as it was"));
        rest = &rest[at + unit.len()..];
    }
    let (content, digest) = written.split_last_chunk::<20>().unwrap();
    assert_eq!(*digest, jceks::digest(content, PASSWORD));
}

/// A class that keyward has never heard of, with a value of every type, enums and nested objects.
fn unknown_object() -> Vec<u8> {
    let types = [b'B', b'C', b'D', b'F', b'I', b'J', b'S', b'Z'];
    let primitives = types.map(|kind| jceks::field(kind, "p", &[]));
    let fields = [
        jceks::field(b'L', "name", &jceks::text("Ljava/lang/String;")),
        jceks::field(b'[', "numbers", &jceks::text("[I")),
        jceks::field(b'L', "inner", &jceks::text("Ljava/lang/Object;")),
        jceks::field(b'L', "nothing", &jceks::text("Ljava/lang/Object;")),
    ];
    let fields = [&primitives[..], &fields].concat();
    // Serializable with a writeObject of its own: annotations follow the fields.
    let class = jceks::class("com.example.Token", 3, &fields, &[0x70]);
    let numbers = jceks::class("[I", 2, &[], &[0x70]);
    let inner = jceks::class("com.example.Inner", 0x0c, &[], &[0x70]);
    [
        &jceks::STREAM_HEADER[..],
        &[0x73],
        &class,
        &[7; 1 + 2 + 8 + 4 + 4 + 8 + 2 + 1],
        &jceks::text("a token"),
        &[0x75],
        &numbers,
        &[0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2],
        &[0x73],
        &inner,
        &[0x77, 3, 1, 2, 3, 0x7a, 0, 0, 0, 1, 9, 0x78],
        &[0x70],
        &[0x77, 2, 0x73, 0x78],
        &jceks::text("an annotation"),
        &[0x78],
    ]
    .concat()
}

#[test]
fn a_secret_of_an_unknown_class_stays_opaque_and_whole() {
    let unknown = [jceks::head(3, b"token"), unknown_object()].concat();
    let store = survive_edits(JCEKS, 2, &[secret("db1"), unknown, secret("db2")]);
    assert_eq!(reveal(&store, "db2"), b"x34!2axf");
    let Err(KeystoreError::UnreadableEntry { reason, .. }) = store.secret(&Alias::new("token"))
    else {
        panic!("it was read");
    };
    assert!(reason.contains("com.example.Token"), "{reason}");
}

#[test]
fn what_stands_behind_a_class_without_an_end_is_kept() {
    let class = jceks::class("com.example.Own", 4, &[], &[0x70]);
    let endless = [
        jceks::head(3, b"own"),
        jceks::STREAM_HEADER.to_vec(),
        vec![0x73],
        class,
        vec![1; 40],
    ]
    .concat();
    let store = survive_edits(JCEKS, 2, &[secret("db1"), endless, secret("db2")]);
    assert_eq!(reveal(&store, "db1"), b"x34!2axf");
    assert!(matches!(
        store.entry(&Alias::new("own")).unwrap().kind,
        EntryKind::Opaque(_)
    ));
    // It may be in there, so it must not be called missing.
    let outcome = store.secret(&Alias::new("db2"));
    assert!(matches!(
        outcome,
        Err(KeystoreError::UnreadableEntry { .. })
    ));
}

#[test]
fn private_keys_and_certificates_are_kept() {
    let chain = [certificate("server", "root"), certificate("root", "root")];
    let chain: Vec<&[u8]> = chain.iter().map(Vec::as_slice).collect();
    let key = jceks::private_key_entry(2, "server", b"any bytes at all", &chain);
    let alone = jceks::private_key_entry(2, "alone", b"", &[]);
    for magic in [JCEKS, JKS] {
        let store = survive_edits(magic, 2, &[key.clone(), alone.clone()]);
        assert_eq!(
            store.entry(&Alias::new("server")).unwrap().kind,
            EntryKind::PrivateKey
        );
    }
}

#[test]
fn files_of_version_1_stay_files_of_version_1() {
    let chain = certificate("server", "server");
    let key = jceks::private_key_entry(1, "server", b"any bytes at all", &[&chain]);
    survive_edits(JKS, 1, std::slice::from_ref(&key));
    survive_edits(JCEKS, 1, &[key, secret("db1")]);
}

#[test]
fn what_is_added_to_a_file_of_version_1_is_of_version_1() {
    let password = Secret::copied_from(PASSWORD.as_bytes());
    let first = jceks::certificate_entry(1, "first", &certificate("first", "first"));
    let file = jceks::store(JKS, 1, &[first], PASSWORD);
    let mut store = Keystore::open(&file, &password).unwrap();
    let added = certificate("added", "added");
    store
        .add_trusted_certificate(&Alias::new("added"), &added)
        .unwrap();
    let reopened = Keystore::open(&store.to_bytes(), &password).unwrap();
    assert_eq!(reopened.entries().len(), 2);
    assert_eq!(
        reopened.certificates(&Alias::new("added")).unwrap(),
        [added]
    );
}

#[test]
fn salts_of_equal_halves_open_as_old_and_new_jdks_derive_them() {
    for equal_halves in [EqualHalves::Reversed, EqualHalves::Misreversed] {
        let seal = Seal {
            salt: *b"saltsalt",
            equal_halves,
            ..Seal::cheap(PASSWORD)
        };
        let store = survive_edits(JCEKS, 2, &[jceks::secret_entry(b"db1", b"x34!2axf", &seal)]);
        assert_eq!(reveal(&store, "db1"), b"x34!2axf");
    }
}

#[test]
fn a_salt_of_equal_halves_opens_even_where_the_wrong_derivation_passes_the_padding() {
    for number in 0..1000_u32 {
        let mut salt = [0; 8];
        salt[..4].copy_from_slice(&number.to_be_bytes());
        salt.copy_within(..4, 4);
        let seal = Seal {
            salt,
            iterations: 1,
            equal_halves: EqualHalves::Misreversed,
            ..Seal::cheap(PASSWORD)
        };
        let file = jceks::store(
            JCEKS,
            2,
            &[jceks::secret_entry(b"db1", b"x34!2axf", &seal)],
            PASSWORD,
        );
        assert_eq!(reveal(&open(&file), "db1"), b"x34!2axf");
    }
}

#[test]
fn iteration_counts_from_1_on_are_read_and_above_5000000_only_kept() {
    for iterations in [1, 20, 9_999] {
        let seal = Seal {
            iterations,
            ..Seal::cheap(PASSWORD)
        };
        let store = survive_edits(JCEKS, 2, &[jceks::secret_entry(b"db1", b"x34!2axf", &seal)]);
        assert_eq!(reveal(&store, "db1"), b"x34!2axf");
    }
    let seal = Seal {
        iterations: 5_000_001,
        ..Seal::cheap(PASSWORD)
    };
    let store = survive_edits(JCEKS, 2, &[jceks::secret_entry(b"db1", b"x34!2axf", &seal)]);
    let outcome = store.secret(&Alias::new("db1"));
    assert!(matches!(
        outcome,
        Err(KeystoreError::UnreadableEntry { .. })
    ));
}

#[test]
fn a_secret_under_its_own_key_password_is_kept_and_read_with_it() {
    let own = jceks::secret_entry(b"db1", b"x34!2axf", &Seal::cheap("another"));
    let store = survive_edits(JCEKS, 2, &[own, secret("db2")]);
    let alias = Alias::new("db1");
    assert!(matches!(
        store.secret(&alias),
        Err(KeystoreError::WrongKeyPassword { .. })
    ));
    let key = store
        .secret_key(&alias, &Secret::copied_from(b"another"))
        .ok()
        .unwrap();
    assert_eq!(key.secret.expose_bytes(), b"x34!2axf");
}

#[test]
fn aliases_in_modified_utf_8_are_read_and_kept() {
    // Two surrogates of three bytes; a NUL of two; a lone surrogate, which Java allows.
    let emoji = [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80];
    let entries = [
        jceks::secret_entry(&emoji, b"emoji", &Seal::cheap(PASSWORD)),
        jceks::secret_entry(&[b'a', 0xc0, 0x80, b'b'], b"nul", &Seal::cheap(PASSWORD)),
        jceks::secret_entry(&[0xed, 0xa0, 0xbd], b"lone", &Seal::cheap(PASSWORD)),
        jceks::secret_entry("ПЕРЕЦ".as_bytes(), b"capitals", &Seal::cheap(PASSWORD)),
        jceks::secret_entry(b"", b"empty", &Seal::cheap(PASSWORD)),
    ];
    let store = survive_edits(JCEKS, 2, &entries);
    for (alias, value) in [
        ("😀", "emoji"),
        ("a\0b", "nul"),
        ("перец", "capitals"),
        ("", "empty"),
    ] {
        assert_eq!(reveal(&store, alias), value.as_bytes());
    }
}

#[test]
fn of_two_aliases_that_fold_to_one_both_are_kept() {
    let entries = [
        secret("DbPass"),
        jceks::secret_entry(b"dbpass", b"two", &Seal::cheap(PASSWORD)),
    ];
    assert_eq!(reveal(&survive_edits(JCEKS, 2, &entries), "dbpass"), b"two");
}

#[test]
fn a_sealed_object_of_another_cipher_is_kept() {
    let stream = jceks::sealed_object(b"noise", &Seal::cheap(PASSWORD));
    let name = b"PBEWithMD5AndTripleDES";
    let at = stream.len() - name.len();
    let other = [&stream[..at], b"PBEWithSHA512AndAES256"].concat();
    let store = survive_edits(JCEKS, 2, &[[jceks::head(3, b"db1"), other].concat()]);
    assert!(matches!(
        store.entry(&Alias::new("db1")).unwrap().kind,
        EntryKind::Opaque(_)
    ));
}

#[test]
fn parameters_that_are_no_parameters_leave_the_entry_unread_and_kept() {
    for parameters in [
        &b""[..],
        b"\x30\x00",
        &DER.sequence(&[&DER.octets(b"short"), &ber::number(1)]),
    ] {
        let entry = [
            jceks::head(3, b"db1"),
            jceks::sealed_stream(parameters, &[0; 16]),
        ]
        .concat();
        let store = survive_edits(JCEKS, 2, &[entry]);
        assert!(store.secret(&Alias::new("db1")).is_err());
    }
}

#[test]
fn a_wrong_digest_opens_nothing() {
    let whole = jceks::store(JCEKS, 2, &[secret("db1")], PASSWORD);
    for at in [whole.len() - 1, whole.len() - 20, 30] {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        let outcome = Keystore::open(&damaged, &password());
        assert!(
            matches!(outcome, Err(KeystoreError::WrongPassword { .. })),
            "byte {at}"
        );
    }
    let outcome = Keystore::open(&whole, &Secret::copied_from(b"wrong"));
    assert!(matches!(outcome, Err(KeystoreError::WrongPassword { .. })));
}

#[test]
fn a_digest_under_a_password_beyond_ascii_is_verified() {
    let entry = jceks::certificate_entry(2, "ca", &certificate("ca", "ca"));
    let whole = jceks::store(JKS, 2, &[entry], "пароль 😀");
    let store = Keystore::open(&whole, &Secret::copied_from("пароль 😀".as_bytes()))
        .ok()
        .unwrap();
    assert_eq!(store.to_bytes(), whole);
}
