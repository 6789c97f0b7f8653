//! The commands that keytool does not have, or does in its own way: `set`, `changealias`, `storepasswd`, `keypasswd`.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::{Output, STORE_PASSWORD, fixture, keyward};
use tempfile::TempDir;

/// Runs a command on `keystore` under the password of the fixtures.
fn on(keystore: &Path, command: &[&str], stdin: &str) -> Output {
    under(keystore, STORE_PASSWORD, command, stdin)
}

fn under(keystore: &Path, password: &str, command: &[&str], stdin: &str) -> Output {
    let mut arguments = command.to_vec();
    arguments.extend([
        "-keystore",
        keystore.to_str().unwrap(),
        "-storepass",
        password,
    ]);
    keyward(&arguments, stdin)
}

fn copy_of(name: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::copy(fixture(name), &path).unwrap();
    (folder, path)
}

#[test]
fn set_replaces_a_secret_and_adds_a_new_one() {
    for name in ["jdk17.p12", "jdk17.jceks"] {
        let (_folder, path) = copy_of(name);
        on(&path, &["set", "DB1"], "replaced\n").of_success();
        on(&path, &["set", "-alias", "brand new"], "added\n").of_success();
        assert_eq!(on(&path, &["get", "db1"], "").stdout, "replaced");
        assert_eq!(on(&path, &["get", "brand new"], "").stdout, "added");
        assert_eq!(on(&path, &["get", "db1pass"], "").stdout, "x34!2axf");
    }
}

#[test]
fn set_makes_a_new_keystore_and_does_not_touch_keys_and_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.p12");
    on(&path, &["set", "first"], "a secret\n").of_success();
    assert_eq!(on(&path, &["get", "first"], "").stdout, "a secret");
    let (_folder, path) = copy_of("jdk17-mixed.p12");
    let output = on(&path, &["set", "server"], "a secret\n");
    assert_eq!(output.status, Some(1));
    assert!(
        output.stderr.contains("<server> is not a secret"),
        "{}",
        output.stderr
    );
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(fixture("jdk17-mixed.p12")).unwrap()
    );
}

#[test]
fn a_batch_is_stored_in_one_write_or_not_at_all() {
    let (folder, path) = copy_of("jdk17.p12");
    let batch = folder.path().join("batch");
    fs::write(
        &batch,
        "db1=one\n{\"alias\": \"json\", \"secret\": \"zwei = 2 ü\"}\n",
    )
    .unwrap();
    let output = on(&path, &["set", "--batch", batch.to_str().unwrap()], "");
    assert_eq!(output.status, Some(0), "{}", output.stderr);
    assert!(
        output
            .stderr
            .contains("<json> has more than printable ASCII"),
        "{}",
        output.stderr
    );
    assert_eq!(on(&path, &["get", "db1"], "").stdout, "one");
    assert_eq!(on(&path, &["get", "json"], "").stdout, "zwei = 2 ü");
    on(&path, &["set", "--batch", "-"], "piped=three\n").of_success();
    assert_eq!(on(&path, &["get", "piped"], "").stdout, "three");

    let before = fs::read(&path).unwrap();
    let wrong = on(&path, &["set", "--batch", "-"], "good=hunter2\nhunter2\n");
    assert_eq!(wrong.status, Some(1));
    assert!(
        wrong.stderr.contains("standard input:2"),
        "{}",
        wrong.stderr
    );
    assert!(!wrong.stderr.contains("hunter2"));
    assert_eq!(fs::read(&path).unwrap(), before);
    let missing = on(&path, &["set", "--batch", "no-such-file"], "");
    assert_eq!(missing.status, Some(3));
}

#[test]
fn changealias_renames_and_refuses_what_is_taken() {
    let (_folder, path) = copy_of("jdk17.p12");
    on(
        &path,
        &["changealias", "-alias", "DB1", "-destalias", "Renamed"],
        "",
    )
    .of_success();
    assert_eq!(on(&path, &["get", "renamed"], "").stdout, "sqluser");
    assert_eq!(on(&path, &["get", "db1"], "").status, Some(3));
    let taken = on(
        &path,
        &["changealias", "-alias", "renamed", "-destalias", "db1pass"],
        "",
    );
    assert_eq!(taken.status, Some(1));
    assert!(
        taken.stderr.contains("<db1pass> already exists"),
        "{}",
        taken.stderr
    );
}

#[test]
fn storepasswd_moves_every_entry_and_names_those_with_a_password_of_their_own() {
    for name in ["jdk17.p12", "jdk17.jceks"] {
        let (_folder, path) = copy_of(name);
        let own = ["keypasswd", "-alias", "db1", "-new", "db1's own"];
        on(&path, &own, "").of_success();
        let output = on(&path, &["storepasswd", "-new", "another password"], "").of_success();
        assert!(
            output
                .stderr
                .contains("<db1> is under a password of its own"),
            "{}",
            output.stderr
        );
        assert_eq!(on(&path, &["list"], "").status, Some(1));
        assert_eq!(
            under(&path, "another password", &["get", "db1pass"], "").stdout,
            "x34!2axf"
        );
        let unread = under(&path, "another password", &["get", "db1"], "");
        assert_eq!(unread.status, Some(1));
        let read = under(
            &path,
            "another password",
            &["get", "db1", "-keypass", "db1's own"],
            "",
        );
        assert_eq!(read.stdout, "sqluser");
    }
}

#[test]
fn a_new_password_is_long_enough_and_new() {
    let (_folder, path) = copy_of("jdk17.p12");
    let short = on(&path, &["storepasswd", "-new", "short"], "");
    assert_eq!(short.status, Some(1));
    assert!(
        short.stderr.contains("at least 6 characters"),
        "{}",
        short.stderr
    );
    let same = on(&path, &["storepasswd", "-new", STORE_PASSWORD], "");
    assert!(
        same.stderr.contains("the new password is the old one"),
        "{}",
        same.stderr
    );
    on(
        &path,
        &["storepasswd"],
        "another password\nanother password\n",
    )
    .of_success();
    assert_eq!(
        under(&path, "another password", &["get", "db1"], "").stdout,
        "sqluser"
    );
}

#[test]
fn several_secrets_are_printed_as_one_json_object() {
    for name in ["jdk17.p12", "jdk17.jceks"] {
        let (_folder, path) = copy_of(name);
        on(&path, &["set", "Größe"], "ü = 1\n").of_success();
        let several = on(&path, &["get", "DB1PASS", "größe", "--json"], "").of_success();
        let several: serde_json::Value = serde_json::from_str(&several.stdout).unwrap();
        let expected = serde_json::json!({"db1pass": "x34!2axf", "größe": "ü = 1"});
        assert_eq!(several, expected);
        let all = on(&path, &["get", "--all", "--json"], "").of_success();
        let all: serde_json::Value = serde_json::from_str(&all.stdout).unwrap();
        assert_eq!(all["db1"], "sqluser");
        assert_eq!(all["größe"], "ü = 1");
        let without_json = on(&path, &["get", "db1", "db1pass"], "");
        assert_eq!(without_json.status, Some(2));
        assert!(without_json.stdout.is_empty());
        // One that is missing: nothing is printed.
        let missing = on(&path, &["get", "db1", "nope", "--json"], "");
        assert_eq!((missing.status, missing.stdout.as_str()), (Some(3), ""));
    }
}

#[test]
fn a_secret_that_is_not_text_is_hexadecimal_in_json() {
    let (_folder, path) = copy_of("jdk17-mixed.p12");
    let output = on(&path, &["get", "aeskey", "--json"], "").of_success();
    let output: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    let digits = output["aeskey"]["hexadecimal"].as_str().unwrap();
    assert!([32, 48, 64].contains(&digits.len()), "{digits}");
}

#[test]
fn a_protection_is_chosen_for_new_entries_and_for_the_keystore() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.p12");
    let protected = [
        "set",
        "db1",
        "--protection",
        "PBEWithHmacSHA512AndAES_256",
        "--iterations",
        "600000",
        "--mac",
        "PBEWithHmacSHA256",
        "--mac-iterations",
        "20000",
    ];
    on(&path, &protected, "sqluser\n").of_success();
    let audit = keyward(
        &[
            "audit",
            path.to_str().unwrap(),
            "-storepass",
            STORE_PASSWORD,
        ],
        "",
    );
    for expected in ["PBMAC1", "PBEWithHmacSHA512AndAES_256", "600000", "20000"] {
        let plain = audit.stdout.replace(',', "");
        assert!(plain.contains(expected), "{expected}: {}", audit.stdout);
    }
    assert_eq!(on(&path, &["get", "db1"], "").stdout, "sqluser");
    // What is not asked for stays.
    on(&path, &["set", "db2"], "another\n").of_success();
    let audit = keyward(
        &[
            "audit",
            path.to_str().unwrap(),
            "-storepass",
            STORE_PASSWORD,
        ],
        "",
    );
    assert!(audit.stdout.contains("PBMAC1"), "{}", audit.stdout);
    for wrong in [
        ["set", "x", "--mac", "HmacMD5"],
        ["set", "x", "--protection", "ROT13"],
        ["set", "x", "--iterations", "5000001"],
    ] {
        let refused = on(&path, &wrong, "secret\n");
        assert!(matches!(refused.status, Some(1 | 2)), "{refused:?}");
        assert!(refused.stderr.contains(wrong[3]), "{}", refused.stderr);
    }
    assert_eq!(on(&path, &["get", "x"], "").status, Some(3));
}
