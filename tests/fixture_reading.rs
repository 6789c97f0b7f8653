//! keyward reads what keytool and openssl wrote: the keystores in `tests/fixtures` and `keystores`, whose READMEs
//! have the same tables. No JDK is needed.

// All of this is test code.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use keyward::Secret;
use keyward::keystore::{Alias, Keystore, KeystoreError, StoreType};

const PRINTABLE: &str = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

/// What `importpass` stored: alias and secret, in file order.
type Secrets<'a> = &'a [(&'a str, &'a str)];

const JDK_SECRETS: Secrets<'_> = &[
    ("db1", "sqluser"),
    ("db1pass", "x34!2axf"),
    ("emailpass", "  spaces around  "),
    ("printable", PRINTABLE),
];
const ONE_SECRET: Secrets<'_> = &[("db1pass", "x34!2axf")];
const UNUSUAL_ALIASES: Secrets<'_> = &[
    ("пароль", "cyrillic"),
    ("перец", "cyrillic capitals"),
    ("😀", "emoji"),
    ("with two spaces", "spaces"),
    ("mixedcase", "mixed case"),
    ("straße/é", "accents"),
];

#[test]
fn secrets_of_every_jdk_are_read() {
    for jdk in [11, 17, 21, 25] {
        assert_secrets(&format!("jdk{jdk}.p12"), StoreType::Pkcs12, JDK_SECRETS);
        assert_secrets(&format!("jdk{jdk}.jceks"), StoreType::Jceks, JDK_SECRETS);
    }
}

#[test]
fn secrets_under_every_cipher_of_keytool_are_read() {
    let ciphers = [
        "PBEWithMD5AndDES",
        "PBEWithSHA1AndDESede",
        "PBEWithSHA1AndRC2_40",
        "PBEWithSHA1AndRC2_128",
        "PBEWithSHA1AndRC4_128",
        "PBEWithHmacSHA1AndAES_128",
        "PBEWithHmacSHA256AndAES_128",
        "PBEWithHmacSHA256AndAES_256",
        "PBEWithHmacSHA512AndAES_256",
    ];
    assert_secrets("protections.p12", StoreType::Pkcs12, &named_by(&ciphers));
    let truncated = [
        "PBEWithHmacSHA512/224AndAES_128",
        "PBEWithHmacSHA512/256AndAES_256",
    ];
    assert_secrets(
        "protections-jdk25.p12",
        StoreType::Pkcs12,
        &named_by(&truncated),
    );
    assert_eq!(secret(&fixture("legacy.p12"), "db1pass"), "x34!2axf");
}

#[test]
fn stores_with_every_mac_of_keytool_and_without_one_are_read() {
    let files = [
        "mac-sha1.p12",
        "mac-sha224.p12",
        "mac-sha256.p12",
        "mac-sha384.p12",
        "mac-sha512.p12",
        "mac-sha512-224.p12",
        "mac-sha512-256.p12",
        "mac-iterations-1.p12",
        "mac-none.p12",
    ];
    for file in files {
        assert_secrets(file, StoreType::Pkcs12, ONE_SECRET);
    }
}

#[test]
fn aliases_beyond_ascii_are_found_whatever_their_case() {
    assert_secrets("aliases.p12", StoreType::Pkcs12, UNUSUAL_ALIASES);
    assert_secrets("aliases.jceks", StoreType::Jceks, UNUSUAL_ALIASES);
    for file in ["aliases.p12", "aliases.jceks"] {
        let keystore = fixture(file);
        assert_eq!(secret(&keystore, "MIXEDcase"), "mixed case");
        assert_eq!(secret(&keystore, "Пароль"), "cyrillic");
        assert_eq!(secret(&keystore, "перец"), "cyrillic capitals");
    }
}

#[test]
fn entries_of_every_kind_are_told_apart() {
    let mixed = [
        "jdk11-mixed.p12",
        "jdk17-mixed.p12",
        "jdk21-mixed.p12",
        "jdk25-mixed.p12",
        "jdk17-mixed.jceks",
    ];
    for file in mixed {
        let keystore = fixture(file);
        assert_eq!(secret(&keystore, "db1pass"), "x34!2axf", "{file}");
        assert_eq!(
            kinds(&keystore),
            [
                "aeskey SecretKeyEntry",
                "db1pass SecretKeyEntry",
                "root-ca trustedCertEntry",
                "server PrivateKeyEntry"
            ],
            "{file}"
        );
        assert_eq!(
            keystore.secret(&Alias::new("aeskey")).unwrap().len(),
            32,
            "{file}"
        );
        assert_not_a_secret(&keystore, "server");
        assert_not_a_secret(&keystore, "Root-CA");
    }
    let jks = fixture("key-and-certificate.jks");
    assert_eq!(jks.store_type(), StoreType::Jks);
    assert_eq!(
        kinds(&jks),
        ["root-ca trustedCertEntry", "server PrivateKeyEntry"]
    );
    assert_eq!(
        kinds(&fixture("legacy.p12")),
        ["db1pass SecretKeyEntry", "root-ca trustedCertEntry"]
    );
}

#[test]
fn private_keys_of_openssl_are_listed() {
    for file in ["openssl.p12", "openssl-rc2-40.p12"] {
        let keystore = fixture(file);
        assert_eq!(kinds(&keystore), ["server PrivateKeyEntry"], "{file}");
        assert_not_a_secret(&keystore, "server");
    }
}

#[test]
fn a_secret_under_its_own_key_password_leaves_the_others_readable() {
    let keystore = fixture("key-password.jceks");
    assert_eq!(secret(&keystore, "db1"), "sqluser");
    let error = keystore.secret(&Alias::new("db1pass")).err().unwrap();
    assert!(error.to_string().contains("db1pass"), "{error}");
}

#[test]
fn an_empty_secret_leaves_the_others_readable() {
    let keystore = fixture("empty-secret.p12");
    assert_eq!(
        kinds(&keystore),
        ["db1pass SecretKeyEntry", "empty SecretKeyEntry"]
    );
    assert_eq!(secret(&keystore, "db1pass"), "x34!2axf");
}

#[test]
fn an_alias_that_is_not_there_is_named() {
    let keystore = fixture("jdk17.p12");
    let error = keystore.secret(&Alias::new("Db2Pass")).err().unwrap();
    assert!(
        matches!(error, KeystoreError::NoSuchAlias { .. }),
        "{error}"
    );
    assert!(error.to_string().contains("db2pass"), "{error}");
    assert!(keystore.entry(&Alias::new("Db2Pass")).is_none());
}

#[test]
fn secrets_carry_the_date_of_their_import() {
    let first = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    for file in ["jdk11.p12", "jdk25.p12", "jdk11.jceks", "jdk25.jceks"] {
        for entry in fixture(file).entries() {
            let created = entry.created.unwrap();
            assert!(
                created > first && created < SystemTime::now(),
                "{file}: {created:?}"
            );
        }
    }
}

#[test]
fn a_wrong_password_opens_no_store() {
    for file in [
        "jdk11.p12",
        "jdk17.p12",
        "legacy.p12",
        "jdk17.jceks",
        "key-and-certificate.jks",
        "openssl.p12",
    ] {
        for password in ["changeiT", "changeit ", "", "ключ"] {
            let opened = Keystore::open(&bytes(file), &Secret::copied_from(password.as_bytes()));
            assert!(opened.is_err(), "{file} opens with {password:?}");
        }
    }
}

#[test]
fn without_a_mac_a_wrong_password_shows_at_the_secret() {
    let keystore =
        Keystore::open(&bytes("mac-none.p12"), &Secret::copied_from(b"changeiT")).unwrap();
    assert_eq!(kinds(&keystore), ["db1pass SecretKeyEntry"]);
    assert!(keystore.secret(&Alias::new("db1pass")).is_err());
}

#[test]
fn a_store_that_jdk_17_itself_cannot_open_is_refused_with_a_reason() {
    let error = Keystore::open(&bytes("mac-digest-is-hmac.p12"), &password())
        .err()
        .unwrap();
    assert!(error.to_string().contains("MAC"), "{error}");
}

#[test]
fn a_truncated_store_is_refused() {
    for file in [
        "jdk17.p12",
        "jdk17-mixed.p12",
        "jdk17.jceks",
        "key-and-certificate.jks",
    ] {
        let whole = bytes(file);
        for length in (0..whole.len()).step_by(7) {
            let opened = Keystore::open(&whole[..length], &password());
            assert!(
                opened.is_err(),
                "{file} opens with its first {length} bytes"
            );
        }
    }
}

#[test]
fn one_damaged_byte_of_a_pkcs12_store_never_gives_a_wrong_secret() {
    // The MAC of one iteration is the quickest to check, so many times over.
    let whole = bytes("mac-iterations-1.p12");
    let mut noticed = 0;
    for damaged in with_one_byte_damaged(&whole) {
        let Ok(keystore) = Keystore::open(&damaged, &password()) else {
            noticed += 1;
            continue;
        };
        let secret = keystore.secret(&Alias::new("db1pass")).unwrap();
        assert_eq!(secret.expose_text(), Ok("x34!2axf"));
    }
    assert!(
        noticed > whole.len() * 9 / 10,
        "{noticed} of {}",
        whole.len()
    );
}

#[test]
fn one_damaged_byte_of_a_jceks_or_jks_store_is_always_noticed() {
    for file in ["jdk17.jceks", "key-and-certificate.jks"] {
        let whole = bytes(file);
        for (position, damaged) in with_one_byte_damaged(&whole).enumerate() {
            let opened = Keystore::open(&damaged, &password());
            assert!(opened.is_err(), "{file} opens with byte {position} damaged");
        }
    }
}

#[test]
fn the_sample_keystores_hold_what_their_readme_says() {
    let secure = sample("secure.jks", "keypass");
    assert_eq!(secure.store_type(), StoreType::Pkcs12);
    assert_eq!(secret(&secure, "db1"), "sqluser");
    assert_eq!(secret(&secure, "db1pass"), "x34!2axf");
    assert_eq!(secret(&secure, "emailuser"), "mailer@example.com");
    assert_eq!(secret(&secure, "emailpass"), "Em4il!pass");
    assert_eq!(secret(&secure, "pepperKey").len(), 24);

    let hidden = sample("hidden.jks", "storepw");
    assert_eq!(hidden.store_type(), StoreType::Pkcs12);
    assert_eq!(secret(&hidden, "phixflow-database-user"), "phixFlow");
    assert_eq!(secret(&hidden, "phixflow-database-password"), "P*59word");

    let hadoop = sample("hadoop.jceks", "hadooppw");
    assert_eq!(hadoop.store_type(), StoreType::Jceks);
    assert_eq!(
        secret(&hadoop, "javax.jdo.option.connectionpassword"),
        "h1ve-Metastore"
    );
    assert_eq!(
        hadoop
            .secret(&Alias::new("dfs.encryption.key"))
            .unwrap()
            .len(),
        32
    );
}

#[track_caller]
fn assert_secrets(file: &str, store_type: StoreType, expected: Secrets<'_>) {
    let keystore = fixture(file);
    assert_eq!(keystore.store_type(), store_type, "{file}");
    let read: Vec<(String, String)> = keystore
        .entries()
        .iter()
        .map(|entry| {
            (
                entry.alias.to_string(),
                secret(&keystore, entry.alias.as_str()),
            )
        })
        .collect();
    let mut expected: Vec<(String, String)> = expected
        .iter()
        .map(|&(alias, secret)| (alias.to_lowercase(), secret.to_owned()))
        .collect();
    if store_type != StoreType::Pkcs12 {
        // JDKs write JCEKS entries in the order of a hash table.
        expected.sort_by_key(|(alias, _)| read.iter().position(|(found, _)| found == alias));
    }
    assert_eq!(read, expected, "{file}");
}

#[track_caller]
fn assert_not_a_secret(keystore: &Keystore, alias: &str) {
    let error = keystore.secret(&Alias::new(alias)).err().unwrap();
    assert!(
        matches!(error, KeystoreError::NotASecret { .. }),
        "{alias}: {error}"
    );
}

/// `-importpass -alias CIPHER -keyalg CIPHER`, with the name as the secret too.
fn named_by<'a>(ciphers: &[&'a str]) -> Vec<(&'a str, &'a str)> {
    ciphers.iter().map(|&cipher| (cipher, cipher)).collect()
}

/// Alias and kind of each entry in the words of `keytool -list`, sorted.
fn kinds(keystore: &Keystore) -> Vec<String> {
    let entries = keystore.entries();
    let mut kinds: Vec<String> = entries
        .iter()
        .map(|entry| format!("{} {}", entry.alias, entry.kind))
        .collect();
    kinds.sort();
    kinds
}

fn secret(keystore: &Keystore, alias: &str) -> String {
    let secret = keystore.secret(&Alias::new(alias));
    let secret = secret.unwrap_or_else(|error| panic!("{alias}: {error}"));
    secret.expose_text().unwrap().to_owned()
}

fn fixture(file: &str) -> Keystore {
    Keystore::open(&bytes(file), &password()).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn sample(file: &str, password: &str) -> Keystore {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("keystores")
        .join(file);
    let password = Secret::copied_from(password.as_bytes());
    Keystore::open(&fs::read(path).unwrap(), &password)
        .unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn bytes(file: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fs::read(folder.join(file)).unwrap()
}

/// `whole` with its first byte damaged, with its second, and so on.
fn with_one_byte_damaged(whole: &[u8]) -> impl Iterator<Item = Vec<u8>> {
    (0..whole.len()).map(|position| {
        let mut damaged = whole.to_vec();
        damaged[position] ^= 0x55;
        damaged
    })
}

fn password() -> Secret {
    Secret::copied_from(b"changeit")
}
