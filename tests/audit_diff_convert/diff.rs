//! Two keystores are compared without a value being shown.

use std::fs;
use std::path::Path;

use keyward::Secret;
use keyward::keystore::{Alias, KeyPasswords, Keystore};
use serde_json::Value;

use crate::support::{STORE_PASSWORD, fixture, keyward_command};
use crate::{Folder, PASSWORD, json, run, text, texts};

/// Status and differences of each entry.
pub(crate) fn diff(files: [&Path; 2], options: &[&str]) -> (i32, Vec<String>) {
    let output = run("diff", &files, &[&["--json"], options].concat());
    assert_eq!(output.stderr, "");
    let compared = json(&output);
    let same = compared["same"].as_bool().unwrap();
    assert_eq!(output.status, Some(i32::from(!same)));
    let entries = compared["entries"].as_array().unwrap().iter();
    let described = |entry: &Value| {
        let parts = [
            text(&entry["alias"]),
            text(&entry["status"]),
            texts(&entry["differences"]).join("+"),
            text(&entry["value"]),
        ];
        parts.join(" ")
    };
    (output.status.unwrap(), entries.map(described).collect())
}

#[test]
fn a_keystore_is_the_same_as_its_copy() {
    let folder = Folder::new();
    let path = folder.copy_of("jdk17-mixed.p12");
    let (status, entries) = diff([&path, &fixture("jdk17-mixed.p12")], &[]);
    assert_eq!(status, 0);
    assert_eq!(
        entries,
        [
            "aeskey same  same",
            "db1pass same  same",
            "root-ca same  ",
            "server same  same"
        ]
    );
    let output = run("diff", &[&path, &path], &[]).of_success();
    assert_eq!(output.stdout, "4 of 4 entries the same\n");
}

#[test]
fn every_difference_is_named_and_no_value_shown() {
    let folder = Folder::new();
    let path = folder.path("other.p12");
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    let bytes = fs::read(fixture("jdk17-mixed.p12")).unwrap();
    let mut store = Keystore::open(&bytes, &password).unwrap();
    let server_certificate = store.certificates(&Alias::new("server")).unwrap().remove(0);
    for alias in ["db1pass", "root-ca", "aeskey"] {
        store.delete(&Alias::new(alias)).unwrap();
    }
    let secret = |text: &str| Secret::copied_from(text.as_bytes());
    store
        .add_secret(&Alias::new("db1pass"), &secret("another value"))
        .unwrap();
    store
        .add_secret(&Alias::new("new"), &secret("new value"))
        .unwrap();
    store
        .add_trusted_certificate(&Alias::new("root-ca"), &server_certificate)
        .unwrap();
    fs::write(&path, store.to_bytes()).unwrap();

    let (status, entries) = diff([&fixture("jdk17-mixed.p12"), &path], &[]);
    assert_eq!(status, 1);
    assert_eq!(
        entries,
        [
            "aeskey only-in-first  ",
            "db1pass different value different",
            "new only-in-second  ",
            "root-ca different certificates ",
            "server same  same"
        ]
    );
    let output = run("diff", &[&fixture("jdk17-mixed.p12"), &path], &[]);
    assert!(
        !output.stdout.contains("another value"),
        "{}",
        output.stdout
    );
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines[0], "- aeskey: SecretKeyEntry");
    assert_eq!(lines[1], "~ db1pass: value different");
    assert_eq!(lines[2], "+ new: SecretKeyEntry");
    assert!(
        lines[3].starts_with("~ root-ca: certificates "),
        "{}",
        lines[3]
    );
    assert_eq!(lines[4], "1 of 5 entries the same");
}

#[test]
fn a_value_that_cannot_be_decrypted_counts_as_different_unless_its_bytes_are_the_same() {
    let folder = Folder::new();
    let path = folder.copy_of("key-password.jceks");
    let (status, _) = diff([&path, &fixture("key-password.jceks")], &[]);
    assert_eq!(status, 0);
    let (status, entries) = diff([&path, &fixture("jdk17.jceks")], &[]);
    assert_eq!(status, 1);
    assert!(
        entries.contains(&"db1pass different value unknown".to_owned()),
        "{entries:?}"
    );
    let (_, entries) = diff([&path, &fixture("jdk17.jceks")], &["--quick"]);
    assert!(entries.contains(&"db1pass same  not-compared".to_owned()));
}

#[test]
fn the_second_keystore_may_have_another_password() {
    let folder = Folder::new();
    let path = folder.path("other.p12");
    let bytes = fs::read(fixture("jdk17.p12")).unwrap();
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    let mut store = Keystore::open(&bytes, &password).unwrap();
    store
        .change_store_password(&Secret::copied_from(b"another"), KeyPasswords::Follow)
        .unwrap();
    fs::write(&path, store.to_bytes()).unwrap();
    let wrong = run("diff", &[&fixture("jdk17.p12"), &path], &[]);
    assert_eq!(wrong.status, Some(1));
    assert!(wrong.stderr.contains("other.p12: wrong store password"));
    let file = folder.with("password", b"another\n");
    let options = ["--other-storepass:file", file.to_str().unwrap()];
    let (status, entries) = diff([&fixture("jdk17.p12"), &path], &options);
    assert_eq!(status, 0, "{entries:?}");
    let output = keyward_command()
        .env("OTHER", "another")
        .args(["diff", "--other-storepass:env", "OTHER"])
        .args([&fixture("jdk17.p12"), &path])
        .args(PASSWORD)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}
