//! Bouncy Castle: its PKCS12 files are BER, with indefinite lengths, and its MAC costs 1,200,000 iterations.

use std::path::Path;

use keyward::Secret;
use keyward::keystore::{
    Alias, EntryKind, Keystore, KeystoreError, KeystoreFile, ProtectionChoice, StoreType,
};

use crate::support::{self, JavaStore, Jdk, Provider, Record, leave_out, peer};
use crate::{PASSWORD, key_and_certificate, open, password, save};

const CLASS: &str = "org.bouncycastle.jce.provider.BouncyCastleProvider";

#[test]
fn bouncy_castle_reads_what_keyward_writes() {
    // The latter two are PBMAC1.
    for mac in ["HmacPBESHA256", "PBEWithHmacSHA256", "PBEWithHmacSHA512"] {
        assert_read_by_bouncy_castle(mac);
    }
}

#[track_caller]
fn assert_read_by_bouncy_castle(mac: &str) {
    let Some((jdk, jar)) = judges() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyward.p12");
    let (key, certificate) = key_and_certificate();
    let mut keystore = Keystore::new(StoreType::Pkcs12, &password()).unwrap();
    let choice = ProtectionChoice {
        algorithm: Some(mac.to_owned()),
        iterations: None,
    };
    keystore.replace_mac(&choice).unwrap();
    keystore
        .add_private_key(&Alias::new("server"), &key)
        .unwrap();
    let root = Alias::new("root-ca");
    keystore
        .add_trusted_certificate(&root, &certificate)
        .unwrap();
    save(&keystore, &path);

    let Some(records) = read(&jdk, Some(&jar), &path, "PKCS12") else {
        return;
    };
    let [root_ca, server] = &records[..] else {
        panic!("{records:#?}");
    };
    assert_eq!(
        (&*root_ca.alias, &*root_ca.kind),
        ("root-ca", "certificate")
    );
    assert_eq!(root_ca.certificates, [certificate]);
    assert_eq!((&*server.alias, &*server.kind), ("server", "private-key"));
    assert_eq!(server.certificates, key.certificates);
    assert_eq!(server.key, key.key_info.expose_bytes());
}

#[test]
fn keyward_reads_and_edits_what_bouncy_castle_writes() {
    let Some((jdk, jar)) = judges() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bouncy.p12");
    if !write(&jdk, &jar, &path, "PKCS12") {
        return;
    }
    assert_eq!(std::fs::read(&path).unwrap()[..2], [0x30, 0x80], "BER");
    let by_bouncy_castle = read(&jdk, Some(&jar), &path, "PKCS12").unwrap();
    let by_jdk = read(&jdk, None, &path, "PKCS12").unwrap();
    assert_holds_key_and_certificate(&path);

    let edit = |change: &dyn Fn(&mut Keystore) -> Result<(), KeystoreError>| {
        let edited = KeystoreFile::at(&path).edit(&password(), |keystore| change(keystore));
        edited.unwrap_or_else(|error| panic!("{error}"));
    };
    edit(&|keystore| keystore.change_alias(&Alias::new("root-ca"), &Alias::new("renamed")));
    let after = read(&jdk, Some(&jar), &path, "PKCS12").unwrap();
    assert_eq!(undated(after), undated(renamed(by_bouncy_castle)));

    // The JDK alone: Bouncy Castle 1.86 opens no file with a secret as Java writes it.
    edit(&|keystore| {
        let secret = Secret::copied_from(b"by keyward");
        keystore
            .add_secret(&Alias::new("added"), &secret)
            .map(|_| ())
    });
    let mut after = read(&jdk, None, &path, "PKCS12").unwrap();
    let added = after.remove(0);
    assert_eq!((&*added.alias, &*added.key), ("added", &b"by keyward"[..]));
    assert_eq!(undated(after), undated(renamed(by_jdk)));
}

#[test]
fn keyward_reads_a_pbmac1_of_bouncy_castle() {
    let Some((jdk, jar)) = judges() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bouncy.p12");
    if !write(&jdk, &jar, &path, "PKCS12-PBMAC1") {
        return;
    }
    let integrity = open(&path).integrity().unwrap();
    assert!(integrity.algorithm.contains("PBMAC1"), "{integrity:?}");
    assert_holds_key_and_certificate(&path);
    let wrong = Secret::copied_from(b"wrong password");
    assert!(KeystoreFile::at(&path).open(&wrong).is_err());
}

#[track_caller]
fn assert_holds_key_and_certificate(path: &Path) {
    let keystore = open(path);
    let (key, certificate) = key_and_certificate();
    let (server, root_ca) = (Alias::new("server"), Alias::new("root-ca"));
    assert_eq!(keystore.kind_of(&server), Some(EntryKind::PrivateKey));
    let read = keystore.private_key(&server, &password()).unwrap();
    assert!(read.key_info.is_same_as(&key.key_info));
    assert_eq!(read.certificates, key.certificates);
    assert_eq!(keystore.certificates(&root_ca).unwrap(), [certificate]);
    assert_eq!(keystore.entries().len(), 2);
}

/// JDK 17 and the provider's jar.
fn judges() -> Option<(Jdk, std::path::PathBuf)> {
    let jdk = support::jdk(17)?;
    let jar = peer("bouncy-castle/bcprov.jar");
    if !jar.is_file() {
        leave_out("Bouncy Castle is not here (bash .ci/peers fetches it)");
        return None;
    }
    Some((jdk, jar))
}

/// The key and the certificate in a store of this type; false, and a report, if there is no javac.
fn write(jdk: &Jdk, jar: &Path, path: &Path, store_type: &str) -> bool {
    let source = support::fixture("jdk17-mixed.p12");
    let (source, path) = (source.to_str().unwrap(), path.to_str().unwrap());
    let arguments = [source, "PKCS12", PASSWORD, CLASS, "BC", path, store_type];
    let output = jdk.run_java_with(&[], Some(jar), "WriteWithProvider", &arguments);
    output.map(support::Output::of_success).is_some()
}

/// Every entry, as Bouncy Castle or as the JDK gets it.
fn read(
    jdk: &Jdk,
    jar: Option<&Path>,
    path: &Path,
    store_type: &'static str,
) -> Option<Vec<Record>> {
    let store = JavaStore {
        path: path.to_owned(),
        store_type,
        password: PASSWORD.to_owned(),
        key_passwords: Vec::new(),
    };
    let provider = jar.map(|jar| Provider {
        jar,
        class: CLASS,
        name: "BC",
    });
    let mut read = jdk.read_stores_with(&[store], provider)?;
    read.pop()
}

fn renamed(mut records: Vec<Record>) -> Vec<Record> {
    let root = records.iter_mut().find(|record| record.alias == "root-ca");
    "renamed".clone_into(&mut root.unwrap().alias);
    records
}

/// Bouncy Castle's files have no dates.
fn undated(mut records: Vec<Record>) -> Vec<Record> {
    for record in &mut records {
        record.created = 0;
    }
    records
}
