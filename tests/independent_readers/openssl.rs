//! `openssl pkcs12`: keys and certificates, in BER where it streams, with its own defaults and those of its past.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keyward::Secret;
use keyward::keystore::{Alias, Keystore, KeystoreFile, StoreType};
use tempfile::TempDir;

use crate::support::leave_out;
use crate::{key_and_certificate, open, password, save};

/// How openssl may write a file.
const WAYS: [&[&str]; 8] = [
    &[],
    &["-legacy"],
    &["-certpbe", "NONE"],
    &["-certpbe", "NONE", "-keypbe", "NONE"],
    &["-macalg", "sha512", "-iter", "3", "-maciter"],
    &["-macalg", "sha1", "-nomaciter"],
    &["-nomac"],
    &["-keypbe", "AES-128-CBC", "-certpbe", "DES-EDE3-CBC"],
];

#[test]
fn openssl_verifies_and_decrypts_what_keyward_writes() {
    let Some(openssl) = OpenSsl::found() else {
        return;
    };
    let (key, certificate) = key_and_certificate();
    let mut keystore = Keystore::new(StoreType::Pkcs12, &password()).unwrap();
    keystore
        .add_private_key(&Alias::new("server"), &key)
        .unwrap();
    let root = Alias::new("root-ca");
    keystore
        .add_trusted_certificate(&root, &certificate)
        .unwrap();
    let secret = Secret::copied_from(b"x34!2axf");
    keystore
        .add_secret(&Alias::new("db1pass"), &secret)
        .unwrap();
    let path = openssl.file("keyward.p12");
    save(&keystore, &path);
    openssl.assert_holds(&path, &[&key.certificates[..], &[certificate]].concat());
}

#[test]
fn keyward_reads_and_edits_what_openssl_writes() {
    let Some(openssl) = OpenSsl::found() else {
        return;
    };
    let (key, root) = key_and_certificate();
    for (number, way) in WAYS.iter().enumerate() {
        let path = openssl.file(&format!("{number}.p12"));
        openssl.export(&path, way);

        let server = Alias::new("server");
        let keystore = open(&path);
        let clear = way.windows(2).any(|pair| pair == ["-keypbe", "NONE"]);
        let entries = keystore.entries();
        if clear {
            // Java shows no key that is not encrypted; keyward keeps it.
            assert!(keystore.private_key(&server, &password()).is_err());
        } else {
            let read = keystore.private_key(&server, &password()).unwrap();
            openssl.assert_same_key(&read.key_info);
            assert_eq!(read.certificates, key.certificates, "{way:?}");
        }
        let secret = Secret::copied_from(b"by keyward");
        KeystoreFile::at(&path)
            .edit(&password(), |keystore| {
                keystore.add_secret(&Alias::new("added"), &secret)?;
                keystore.add_trusted_certificate(&Alias::new("root-ca"), &root)
            })
            .unwrap_or_else(|error| panic!("{way:?}: {error}"));
        let after = open(&path).entries();
        assert!(entries.iter().all(|entry| after.contains(entry)), "{way:?}");
        openssl.assert_holds(
            &path,
            &[&key.certificates[..], std::slice::from_ref(&root)].concat(),
        );
    }
}

/// The program, a private key and its certificate as PEM files.
struct OpenSsl {
    folder: TempDir,
}

impl OpenSsl {
    /// None, and a report, if openssl is not on this machine.
    fn found() -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            leave_out("openssl is not here");
            return None;
        }
        let found = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let (key, _) = key_and_certificate();
        fs::write(found.file("key.der"), key.key_info.expose_bytes()).unwrap();
        fs::write(found.file("certificate.der"), &key.certificates[0]).unwrap();
        found.run(&[
            "pkey", "-inform", "DER", "-in", "key.der", "-out", "key.pem",
        ]);
        found.run(&[
            "x509",
            "-inform",
            "DER",
            "-in",
            "certificate.der",
            "-out",
            "certificate.pem",
        ]);
        Some(found)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn export(&self, path: &Path, way: &[&str]) {
        let path = path.to_str().unwrap();
        let export = [
            "pkcs12",
            "-export",
            "-name",
            "server",
            "-passout",
            "pass:changeit",
        ];
        let files = ["-inkey", "key.pem", "-in", "certificate.pem", "-out", path];
        self.run(&[&export, &files[..], way].concat());
    }

    /// openssl checks the MAC where there is one, and finds this very key and these certificates.
    #[track_caller]
    fn assert_holds(&self, path: &Path, certificates: &[Vec<u8>]) {
        let path = path.to_str().unwrap();
        let import = ["pkcs12", "-in", path, "-passin", "pass:changeit", "-legacy"];
        self.run(&[&import[..], &["-nocerts", "-noenc", "-out", "found.pem"]].concat());
        self.run(&[
            "pkey",
            "-in",
            "found.pem",
            "-outform",
            "DER",
            "-out",
            "found.der",
        ]);
        self.run(&[
            "pkey",
            "-in",
            "key.pem",
            "-outform",
            "DER",
            "-out",
            "expected.der",
        ]);
        let bytes = |name| fs::read(self.file(name)).unwrap();
        assert_eq!(bytes("found.der"), bytes("expected.der"));

        let pem = self.run(&[&import[..], &["-nokeys"]].concat());
        let mut found = certificates_of_pem(&pem);
        let mut expected = certificates.to_vec();
        found.sort();
        expected.sort();
        assert_eq!(found, expected);
    }

    /// openssl writes some keys in another form than Java.
    #[track_caller]
    fn assert_same_key(&self, key_info: &Secret) {
        fs::write(self.file("read.der"), key_info.expose_bytes()).unwrap();
        let public = |name, form| self.run(&["pkey", "-in", name, "-inform", form, "-pubout"]);
        assert_eq!(public("read.der", "DER"), public("key.pem", "PEM"));
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        let output = Command::new("openssl")
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }
}

fn certificates_of_pem(pem: &str) -> Vec<Vec<u8>> {
    let blocks = pem.split("-----BEGIN CERTIFICATE-----").skip(1);
    blocks
        .map(|block| {
            let base64 = block.split("-----END").next().unwrap();
            base64_bytes(base64)
        })
        .collect()
}

fn base64_bytes(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text.bytes() {
        let Some(value) = DIGITS.iter().position(|&of| of == digit) else {
            continue;
        };
        bits = bits << 6 | u32::try_from(value).unwrap();
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap());
        }
    }
    bytes
}
