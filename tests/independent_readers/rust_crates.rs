//! Other people's Rust: the `p12-keystore` crate reads what keyward writes and the other way round, and the `pkcs8`
//! crate decrypts what is inside.

use std::collections::BTreeMap;

use keyward::Secret;
use keyward::keystore::{Alias, EntryKind, Keystore, StoreType};
use p12_keystore::secret::SecretKeyType;
use p12_keystore::{
    EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, Pkcs12ImportPolicy,
};
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::der::{AnyRef, Decode, Reader, SliceReader};
use pkcs8::{EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef};

use crate::{PASSWORD, password};

const SECRETS: [(&str, &str); 3] = [
    ("db1pass", "x34!2axf"),
    ("email pass", "  spaces around  "),
    ("pepper", "~!@#%^&*()_+|`"),
];

#[test]
fn p12_keystore_reads_what_keyward_writes() {
    let store = store_of_keyward();
    assert_eq!(read_by_p12_keystore(&store.to_bytes()), expected(&SECRETS));
}

#[test]
fn p12_keystore_reads_what_keyward_leaves_after_delete() {
    let mut store = store_of_keyward();
    store.delete(&Alias::new("email pass")).unwrap();
    let left = [SECRETS[0], SECRETS[2]];
    assert_eq!(read_by_p12_keystore(&store.to_bytes()), expected(&left));
}

#[test]
fn keyward_reads_and_extends_what_p12_keystore_writes() {
    let aes = EncryptionAlgorithm::PbeWithHmacSha256AndAes256;
    let written_with = [
        (aes, MacAlgorithm::HmacSha1),
        (aes, MacAlgorithm::HmacSha256),
        (aes, MacAlgorithm::HmacSha512_256),
        (
            EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc,
            MacAlgorithm::HmacSha512,
        ),
        (
            EncryptionAlgorithm::PbeWithShaAnd40BitRc4Cbc,
            MacAlgorithm::HmacSha256,
        ),
    ];
    for (encryption, mac) in written_with {
        let written = written_by_p12_keystore(encryption, mac);
        let mut store = Keystore::open(&written, &password()).unwrap();
        for (alias, secret) in SECRETS {
            let read = store.secret(&Alias::new(alias)).unwrap();
            assert_eq!(read.expose_text(), Ok(secret), "{encryption:?} {mac:?}");
        }
        let added = ("added", "by keyward");
        store
            .add_secret(
                &Alias::new(added.0),
                &Secret::copied_from(added.1.as_bytes()),
            )
            .unwrap();
        let all = [&SECRETS[..], &[added]].concat();
        assert_eq!(
            read_by_p12_keystore(&store.to_bytes()),
            expected(&all),
            "{encryption:?} {mac:?}"
        );
    }
}

#[test]
fn pkcs8_decrypts_a_secret_of_keyward() {
    let mut store = Keystore::new(StoreType::Pkcs12, &password()).unwrap();
    store
        .add_secret(&Alias::new("db1pass"), &Secret::copied_from(b"x34!2axf"))
        .unwrap();
    let bytes = store.to_bytes();

    let bag = bytes_in_secret_bag(&bytes);
    let decrypted = EncryptedPrivateKeyInfoRef::from_der(bag)
        .unwrap()
        .decrypt(PASSWORD)
        .unwrap();
    let key: PrivateKeyInfoRef<'_> = decrypted.decode_msg().unwrap();
    assert_eq!(key.private_key.as_bytes(), b"x34!2axf");
    // pbeWithMD5AndDES-CBC: the label by which Java knows a password
    assert_eq!(
        key.algorithm.oid,
        ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.3")
    );
}

#[test]
fn other_kinds_of_entry_are_left_to_p12_keystore_as_they_were() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    for file in [
        "jdk11-mixed.p12",
        "jdk17-mixed.p12",
        "jdk21-mixed.p12",
        "jdk25-mixed.p12",
    ] {
        let before = std::fs::read(format!("{folder}/{file}")).unwrap();
        let mut store = Keystore::open(&before, &password()).unwrap();
        let secrets = store
            .entries()
            .into_iter()
            .filter(|entry| entry.kind == EntryKind::Secret);
        for entry in secrets {
            store.delete(&entry.alias).unwrap();
        }
        let strict = |bytes: &[u8]| {
            KeyStore::from_pkcs12(bytes, PASSWORD, Pkcs12ImportPolicy::Strict).unwrap()
        };
        let kept = |store: KeyStore| -> Vec<(String, KeyStoreEntry)> {
            let entries = store
                .entries()
                .filter(|(_, entry)| !matches!(entry, KeyStoreEntry::Secret(_)));
            entries
                .map(|(alias, entry)| (alias.clone(), entry.clone()))
                .collect()
        };
        let after = strict(&store.to_bytes());
        assert_eq!(after.entries_len(), 2, "{file}");
        assert_eq!(kept(after), kept(strict(&before)), "{file}");
    }
}

fn store_of_keyward() -> Keystore {
    let mut store = Keystore::new(StoreType::Pkcs12, &password()).unwrap();
    for (alias, secret) in SECRETS {
        store
            .add_secret(&Alias::new(alias), &Secret::copied_from(secret.as_bytes()))
            .unwrap();
    }
    store
}

fn written_by_p12_keystore(encryption: EncryptionAlgorithm, mac: MacAlgorithm) -> Vec<u8> {
    let mut store = KeyStore::new();
    for (alias, secret) in SECRETS {
        let secret = p12_keystore::secret::Secret::builder(SecretKeyType::Aes)
            .with_key(secret.as_bytes().to_vec())
            .build()
            .unwrap();
        store.add_entry(alias, KeyStoreEntry::Secret(secret));
    }
    store
        .writer(PASSWORD)
        .encryption_algorithm(encryption)
        .mac_algorithm(mac)
        .write()
        .unwrap()
}

fn read_by_p12_keystore(bytes: &[u8]) -> BTreeMap<String, String> {
    let store = KeyStore::from_pkcs12(bytes, PASSWORD, Pkcs12ImportPolicy::Strict).unwrap();
    let secrets = store.entries().map(|(alias, entry)| {
        let KeyStoreEntry::Secret(secret) = entry else {
            panic!("{alias} is not a secret");
        };
        (
            alias.clone(),
            String::from_utf8(secret.key().to_vec()).unwrap(),
        )
    });
    secrets.collect()
}

fn expected(secrets: &[(&str, &str)]) -> BTreeMap<String, String> {
    secrets
        .iter()
        .map(|&(alias, secret)| (alias.to_owned(), secret.to_owned()))
        .collect()
}

/// The DER of the `EncryptedPrivateKeyInfo` in the only secret bag of a PKCS12 file: what follows the bag's type,
/// inside `[0]` and an OCTET STRING.
fn bytes_in_secret_bag(file: &[u8]) -> &[u8] {
    const SECRET_TYPE: &[u8] = b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x0a\x01\x02";
    let start = file
        .windows(SECRET_TYPE.len())
        .position(|window| window == SECRET_TYPE);
    let mut reader = SliceReader::new(&file[start.unwrap() + SECRET_TYPE.len()..]).unwrap();
    let explicit: AnyRef<'_> = reader.decode().unwrap();
    let octets = <&OctetStringRef>::from_der(explicit.value()).unwrap();
    octets.as_bytes()
}
