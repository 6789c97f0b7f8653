//! Damaged keystores never make keyward panic, and never make it give out another secret than was stored.

use std::fs;
use std::path::Path;

use keyward::Secret;
use keyward::keystore::{Alias, Keystore};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::PASSWORD;
use crate::ber::Form;
use crate::jceks::{self, JCEKS, JKS, Seal};
use crate::pkcs12::{self, Mac, Sealed};

/// What happens to a file.
#[derive(Clone, Debug)]
enum Damage {
    Flip(Index, u8),
    Set(Index, u8),
    Cut(Index),
    Remove(Index, usize),
    /// A part of the file once more, somewhere else.
    Splice(Index, Index, usize),
}

impl Damage {
    fn any() -> impl Strategy<Value = Self> {
        let place = any::<Index>;
        prop_oneof![
            4 => (place(), 0..8_u8).prop_map(|(at, bit)| Self::Flip(at, bit)),
            4 => (place(), any::<u8>()).prop_map(|(at, byte)| Self::Set(at, byte)),
            1 => place().prop_map(Self::Cut),
            2 => (place(), 1..40_usize).prop_map(|(at, length)| Self::Remove(at, length)),
            2 => (place(), place(), 1..200_usize).prop_map(|(from, to, length)| Self::Splice(from, to, length)),
        ]
    }

    fn applied_to(&self, file: &mut Vec<u8>) {
        if file.is_empty() {
            return;
        }
        let end = |at: usize, length: usize| (at + length).min(file.len());
        match self {
            Self::Flip(at, bit) => *at.get_mut(file) ^= 1 << bit,
            Self::Set(at, byte) => *at.get_mut(file) = *byte,
            Self::Cut(at) => file.truncate(at.index(file.len())),
            Self::Remove(at, length) => {
                let at = at.index(file.len());
                drop(file.drain(at..end(at, *length)));
            }
            Self::Splice(from, to, length) => {
                let from = from.index(file.len());
                let part = file[from..end(from, *length)].to_vec();
                let to = to.index(file.len());
                drop(file.splice(to..to, part));
            }
        }
    }
}

/// Each file here holds these secrets, or some of them, or none.
const SECRETS: [(&str, &[u8]); 3] = [
    ("db1", b"sqluser"),
    ("db1pass", b"x34!2axf"),
    ("emailpass", b"  spaces around  "),
];

fn cheap_pkcs12(form: Form) -> Vec<u8> {
    let secrets = SECRETS.map(|(alias, plaintext)| {
        let attributes = [
            pkcs12::friendly_name(form, alias),
            pkcs12::local_key_id(form, b"Time 1795281145928"),
        ];
        pkcs12::secret_bag(
            form,
            &Sealed {
                plaintext,
                password: PASSWORD,
                iterations: 1,
            },
            &attributes,
        )
    });
    let trusted = [pkcs12::friendly_name(form, "CA"), pkcs12::trusted(form)];
    let certificate = pkcs12::certificate_bag(form, b"no certificate at all", &trusted);
    let key = pkcs12::shrouded_key_bag(form, PASSWORD, &[pkcs12::friendly_name(form, "server")]);
    let bags = [&secrets[..], &[key, pkcs12::crl_bag(form, &[])]].concat();
    let containers = [
        pkcs12::plain(form, &bags),
        pkcs12::encrypted(form, &[certificate], PASSWORD, 1),
    ];
    pkcs12::pfx(form, &containers, &Mac::of(PASSWORD, 1))
}

fn jceks_entries() -> Vec<Vec<u8>> {
    let mut entries: Vec<Vec<u8>> = SECRETS
        .iter()
        .map(|(alias, secret)| {
            jceks::secret_entry(alias.as_bytes(), secret, &Seal::cheap(PASSWORD))
        })
        .collect();
    entries.push(jceks::certificate_entry(2, "ca", b"no certificate at all"));
    entries.push(jceks::private_key_entry(
        2,
        "server",
        b"no key at all",
        &[b"chain"],
    ));
    entries
}

/// Everything that can be asked of a store; a secret that is given out is the one that was stored.
fn assert_no_other_secret(file: &[u8]) {
    let Some(store) = read_all(file) else {
        return;
    };
    for (alias, secret) in SECRETS {
        if let Ok(found) = store.secret(&Alias::new(alias)) {
            assert_eq!(found.expose_bytes(), secret, "{alias}");
        }
    }
}

fn read_all(file: &[u8]) -> Option<Keystore> {
    let password = Secret::copied_from(PASSWORD.as_bytes());
    let mut store = Keystore::open(file, &password).ok()?;
    for entry in store.entries() {
        let _ = store.secret(&entry.alias);
    }
    let alias = Alias::new("server");
    let before = store.entries().len();
    if store.delete(&alias).is_ok() {
        assert!(store.entries().len() < before);
    }
    let written = store.to_bytes();
    Keystore::open(&written, &password)
        .unwrap_or_else(|error| panic!("what keyward wrote: {error}"));
    Some(store)
}

fn damaged(file: &[u8], damages: &[Damage]) -> Vec<u8> {
    let mut file = file.to_vec();
    for damage in damages {
        damage.applied_to(&mut file);
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    #[test]
    fn a_damaged_pkcs12_store_gives_no_other_secret(damages in vec(Damage::any(), 1..4), scattered: bool) {
        let form = if scattered { Form::Scattered } else { Form::Der };
        assert_no_other_secret(&damaged(&cheap_pkcs12(form), &damages));
    }

    #[test]
    fn a_damaged_jceks_store_gives_no_other_secret(damages in vec(Damage::any(), 1..4)) {
        let whole = jceks::store(JCEKS, 2, &jceks_entries(), PASSWORD);
        assert_no_other_secret(&damaged(&whole, &damages));
    }

    // Behind a digest that fits, every entry is looked at; then there is nothing that guards it.
    #[test]
    fn a_jceks_store_damaged_under_its_digest_is_read_without_a_panic(
        damages in vec(Damage::any(), 1..6),
        count in 0..8_u32,
        version in 1..=2_u32,
        jks: bool,
    ) {
        let entries = damaged(&jceks_entries().concat(), &damages);
        let magic = if jks { JKS } else { JCEKS };
        read_all(&jceks::store_of_count(magic, version, count, &entries, PASSWORD));
    }

    // The same for a PKCS12 file without a MAC.
    #[test]
    fn a_pkcs12_store_damaged_under_no_mac_is_read_without_a_panic(damages in vec(Damage::any(), 1..6)) {
        let whole = cheap_pkcs12(Form::Der);
        let content = pkcs12::Taken::apart(&whole).content_infos.concat();
        let safe = crate::ber::primitive(0x30, &damaged(&content, &damages));
        read_all(&pkcs12::pfx_of(Form::Der, &safe, &[]));
    }

    #[test]
    fn bytes_without_any_form_are_refused(bytes in vec(any::<u8>(), 0..300), magic in 0..4_usize) {
        let magics: [&[u8]; 4] = [&[], &[0x30], &[0xce; 4], &[0xfe, 0xed, 0xfe, 0xed]];
        read_all(&[magics[magic], &bytes].concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    #[test]
    fn a_damaged_keystore_of_a_jdk_or_of_openssl_gives_no_other_secret(
        file in prop::sample::select(vec![
            "jdk11.jceks", "jdk17.jceks", "jdk17.p12", "jdk25.p12", "jdk17-mixed.p12", "jdk17-mixed.jceks", "mac-sha1.p12",
            "mac-sha512.p12", "mac-iterations-1.p12", "legacy.p12", "openssl.p12", "openssl-rc2-40.p12",
            "key-and-certificate.jks",
        ]),
        damages in vec(Damage::any(), 1..4),
    ) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(file);
        assert_no_other_secret(&damaged(&fs::read(path).unwrap(), &damages));
    }
}
