//! pyjks: a reader of JCEKS and JKS in Python, made from the formats and not from Java's code.

use std::fmt::Write;
use std::process::Command;

use keyward::Secret;
use keyward::keystore::{Alias, Keystore, StoreType};

use crate::support::{leave_out, peer, repository};
use crate::{PASSWORD, key_and_certificate, password, save};

/// Not beyond the basic plane: a surrogate pair makes pyjks give up on the whole file.
const SECRETS: [(&str, &str, &str); 3] = [
    ("db1pass", "x34!2axf", "PBEWithMD5AndDES"),
    ("email pass", "  spaces around  ", "PBEWithMD5AndDES"),
    ("ключ", "Größe\n😀", "AES"),
];

#[test]
fn pyjks_reads_what_keyward_writes() {
    for store_type in [StoreType::Jceks, StoreType::Jks] {
        let mut keystore = Keystore::new(store_type, &password()).unwrap();
        let (key, certificate) = key_and_certificate();
        let mut expected = vec![
            format!("root-ca\tcertificate\t\t{}", hex(&certificate)),
            format!(
                "server\tprivate-key\t{}\t{}",
                hex(key.key_info.expose_bytes()),
                hex(&key.certificates[0])
            ),
        ];
        assert_eq!(key.certificates.len(), 1);
        keystore
            .add_private_key(&Alias::new("Server"), &key)
            .unwrap();
        let root = Alias::new("Root-CA");
        keystore
            .add_trusted_certificate(&root, &certificate)
            .unwrap();
        if store_type == StoreType::Jceks {
            for (alias, text, algorithm) in SECRETS {
                let secret = Secret::copied_from(text.as_bytes());
                keystore.add_secret(&Alias::new(alias), &secret).unwrap();
                expected.push(format!("{alias}\t{algorithm}\t{}\t", hex(text.as_bytes())));
            }
        }
        expected.sort();
        let Some(read) = read(&keystore) else { return };
        assert_eq!(read, expected);
    }
}

/// The lines of `read_with_pyjks.py`; none, and a report, if pyjks is not on this machine.
fn read(keystore: &Keystore) -> Option<Vec<String>> {
    let packages = peer("pyjks");
    if !packages.is_dir() {
        leave_out("pyjks is not here (bash .ci/peers fetches it)");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store");
    save(keystore, &path);
    let output = Command::new("python3")
        .arg(repository().join("tests/independent_readers/read_with_pyjks.py"))
        .args([path.to_str().unwrap(), PASSWORD])
        .env("PYTHONPATH", packages)
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    })
}
