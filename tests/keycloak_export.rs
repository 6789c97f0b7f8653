//! A realm export of Keycloak whose stored passwords move.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use keyward::Secret;
use keyward::migrate::{Change, CredentialStore as _, KeycloakExport};
use keyward::password::{Dialect, keycloak_row, recognise, scheme};
use serde_json::{Value, json};
use support::{Output, keyward};
use tempfile::TempDir;

/// Quick, and a function all the same.
const QUICK: [&str; 4] = ["--to", "pbkdf2-sha512", "--cost", "1000"];

fn secret(text: &str) -> Secret {
    Secret::copied_from(text.as_bytes())
}

/// A credential as `kc.sh export` writes it.
fn credential(algorithm: &str, password: &str) -> Value {
    let scheme = scheme(algorithm, Some(Dialect::Keycloak)).unwrap();
    let cost = if algorithm == "argon2" { 1 } else { 500 };
    let row = scheme.hash(&secret(password), Some(cost)).unwrap();
    let row: Value = serde_json::from_str(&row).unwrap();
    json!({
        "id": "a241776d-2abc-4006-9740-6cc35dbaa35b",
        "type": "password",
        "userLabel": "a \"label\" \\ ü",
        "createdDate": 1_795_337_007_002_u64,
        "secretData": row["secretData"],
        "credentialData": row["credentialData"],
    })
}

fn user(name: &str, credentials: &[Value]) -> Value {
    json!({"id": format!("id-{name}"), "username": name, "enabled": true, "credentials": credentials, "groups": []})
}

/// With an OTP beside the password, and one that has no columns.
fn users() -> Vec<Value> {
    let otp = json!({"type": "otp", "secretData": "{\"value\":\"x\"}", "credentialData": "{\"digits\":6}"});
    vec![
        user("alice", &[otp, credential("pbkdf2", "pass-alice")]),
        user("bob \"ü\"", &[credential("argon2", "pass-bob \"ü\"")]),
        user("carol", &[]),
    ]
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap()
}

/// A folder as `kc.sh export --dir` makes it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let federated =
        json!([{"id": "f:1:eve", "credentials": [credential("pbkdf2-sha256", "pass-f:1:eve")]}]);
    for (name, content) in [
        ("demo-realm.json", json!({"realm": "demo", "enabled": true})),
        (
            "demo-users-0.json",
            json!({"realm": "demo", "users": users()}),
        ),
        (
            "demo-users-10.json",
            json!({"realm": "demo", "users": [user("dave", &[credential("pbkdf2-sha512", "pass-dave")])]}),
        ),
        (
            "demo-federated-users-0.json",
            json!({"realm": "demo", "federatedUsers": federated}),
        ),
        ("notes.json", json!({"users": "of another program"})),
    ] {
        fs::write(folder.path().join(name), pretty(&content)).unwrap();
    }
    folder
}

fn migrate(command: &str, path: &Path, more: &[&str]) -> Output {
    let arguments = [
        &["migrate", command, path.to_str().unwrap()],
        &QUICK[..],
        more,
    ];
    keyward(&arguments.concat(), "")
}

/// Each user's password credential in a file.
fn passwords(path: &Path) -> Vec<(String, Value)> {
    let file: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let realms = file.as_array().cloned().unwrap_or_else(|| vec![file]);
    let mut found = Vec::new();
    for realm in &realms {
        for users in ["users", "federatedUsers"] {
            for user in realm[users].as_array().into_iter().flatten() {
                let name = user["username"].as_str().or(user["id"].as_str()).unwrap();
                for credential in user["credentials"].as_array().into_iter().flatten() {
                    if credential["type"] == "password" {
                        found.push((name.to_owned(), credential.clone()));
                    }
                }
            }
        }
    }
    found
}

/// Whether every password is right and every row wrapped, and how many there are.
fn all_wrapped(path: &Path) -> usize {
    let found = passwords(path);
    for (name, credential) in &found {
        let column = |name: &str| credential[name].as_str().unwrap();
        let row = keycloak_row(column("credentialData"), column("secretData"));
        let stored = recognise(&row, Some(Dialect::Keycloak)).unwrap();
        assert_eq!(stored.scheme().name, "wrapped");
        assert!(column("credentialData").contains("\"algorithm\":\"keyward\""));
        let password = format!("pass-{name}");
        assert!(stored.verify(&secret(&password)).unwrap(), "{name}");
        assert!(!stored.verify(&secret("wrong")).unwrap(), "{name}");
    }
    found.len()
}

/// A text without the strings that may change.
fn rest(text: &str) -> String {
    let is_one =
        |line: &&str| !line.contains("\"secretData\"") && !line.contains("\"credentialData\"");
    let others = text.lines().filter(is_one);
    let otp = text.lines().filter(|line| line.contains("digits"));
    others.chain(otp).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_folder_is_wrapped_file_by_file_and_no_other_byte_changes() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let names = [
        "demo-users-0.json",
        "demo-users-10.json",
        "demo-federated-users-0.json",
    ];
    let before: Vec<String> = names
        .map(|name| fs::read_to_string(at(name)).unwrap())
        .into();
    let output = migrate("wrap", folder.path(), &[]);
    assert_eq!(output.status, Some(0), "{output:#?}");
    assert!(
        output.stdout.starts_with("4 wrapped\n4 stored passwords\n"),
        "{output:#?}"
    );
    assert_eq!(names.map(|name| all_wrapped(&at(name))), [2, 1, 1]);
    for (name, before) in names.iter().zip(&before) {
        let after = fs::read_to_string(at(name)).unwrap();
        assert_ne!(after, *before);
        assert_eq!(rest(&after), rest(before), "{name}");
    }
    assert!(
        fs::read_to_string(at("notes.json"))
            .unwrap()
            .contains("another program")
    );

    let wrapped: Vec<String> = names
        .map(|name| fs::read_to_string(at(name)).unwrap())
        .into();
    let again = migrate("wrap", folder.path(), &[]);
    assert!(again.stdout.starts_with("0 wrapped\n"), "{again:#?}");
    let after: Vec<String> = names
        .map(|name| fs::read_to_string(at(name)).unwrap())
        .into();
    assert_eq!(after, wrapped, "a second run changes nothing");
    let status = migrate("status", folder.path(), &["--json"]);
    let status: Value = serde_json::from_str(&status.of_success().stdout).unwrap();
    assert!(status.to_string().contains("wrapped"), "{status}");
}

#[test]
fn one_file_of_several_realms_goes_elsewhere_and_a_limited_run_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let [realm, wrapped] = ["realms.json", "wrapped.json"].map(|name| folder.path().join(name));
    let other = user("alice", &[credential("pbkdf2", "pass-alice")]);
    let realms = json!([{"realm": "demo", "users": users()}, {"realm": "other", "users": [other]}]);
    // On one line, as some tools write it.
    fs::write(&realm, realms.to_string()).unwrap();
    let output = wrapped.to_str().unwrap();
    let first = migrate("wrap", &realm, &["-o", output, "--limit", "1"]);
    assert_eq!(first.status, Some(0), "{first:#?}");
    assert_eq!(fs::read_to_string(&realm).unwrap(), realms.to_string());
    let second = migrate("wrap", &wrapped, &[]);
    assert!(second.stdout.starts_with("2 wrapped\n"), "{second:#?}");
    assert_eq!(all_wrapped(&wrapped), 3);
}

#[test]
fn a_user_of_one_realm_is_not_that_of_another() {
    let folder = folder();
    let other = [
        user("alice", &[credential("pbkdf2", "other")]),
        user("zoe", &[]),
    ];
    let other = json!({"realm": "other", "users": other});
    fs::write(folder.path().join("other-users-0.json"), pretty(&other)).unwrap();
    let open = || KeycloakExport::open(folder.path(), None).unwrap();
    let verifies = |store: &KeycloakExport, password: &str| {
        let [alice] = &store.of_user("alice").unwrap()[..] else {
            panic!("not one of them");
        };
        let stored = alice.stored.expose_text().unwrap();
        let stored = recognise(stored, Some(Dialect::Keycloak)).unwrap();
        stored.verify(&secret(password)).unwrap()
    };
    let several = open().of_user("alice").err().unwrap().to_string();
    assert!(
        several.contains("several realms") && several.contains("demo, other"),
        "{several}"
    );
    assert_eq!(open().of_user("dave").unwrap().len(), 1);
    let demo = open().of_realm("demo");
    assert!(verifies(&demo, "pass-alice") && !verifies(&demo, "other"));
    let other = open().of_realm("other");
    assert!(verifies(&other, "other") && !verifies(&other, "pass-alice"));
    assert!(other.of_user("dave").unwrap().is_empty());
}

#[test]
fn a_change_that_was_lost_is_told_once() {
    let folder = folder();
    let store = KeycloakExport::open(folder.path(), None).unwrap();
    let mut alice = store.of_user("alice").unwrap().remove(0);
    let row = credential("pbkdf2-sha512", "new");
    let text = |column: &str| row[column].as_str().unwrap().to_owned();
    let row = keycloak_row(&text("credentialData"), &text("secretData"));
    let new = || secret(&row);
    let stored = std::mem::replace(&mut alice.stored, secret("another"));
    let lost = Change {
        credential: &alice,
        new: new(),
    };
    store.replace(&[lost]).unwrap();
    assert_eq!(store.complete().unwrap(), 1);
    alice.stored = stored;
    let stands = Change {
        credential: &alice,
        new: new(),
    };
    store.replace(&[stands]).unwrap();
    assert_eq!(store.complete().unwrap(), 0);
}

#[test]
fn a_folder_goes_elsewhere_as_a_whole() {
    let folder = folder();
    let target = tempfile::tempdir().unwrap();
    let target = target.path().join("wrapped");
    let before = fs::read_to_string(folder.path().join("demo-users-0.json")).unwrap();
    let output = migrate("wrap", folder.path(), &["-o", target.to_str().unwrap()]);
    assert_eq!(output.status, Some(0), "{output:#?}");
    assert_eq!(all_wrapped(&target.join("demo-users-0.json")), 2);
    assert!(target.join("demo-realm.json").is_file());
    let after = fs::read_to_string(folder.path().join("demo-users-0.json")).unwrap();
    assert_eq!(after, before);
}

#[test]
fn what_no_scheme_fits_is_listed_with_its_place_and_left() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("realm.json");
    let old = json!({"type": "password", "hashedSaltedValue": "x", "algorithm": "pbkdf2"});
    let bcrypt = json!({
        "type": "password",
        "secretData": "{\"value\":\"$2a$10$x\",\"salt\":\"\"}",
        "credentialData": "{\"hashIterations\":10,\"algorithm\":\"bcrypt\"}",
    });
    let users = json!([
        user("old", &[old]),
        user("other", &[bcrypt]),
        user("alice", &[credential("pbkdf2", "pass-alice")])
    ]);
    fs::write(&path, pretty(&json!({"realm": "demo", "users": users}))).unwrap();
    let output = migrate("wrap", &path, &[]);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert!(output.stdout.starts_with("1 wrapped\n"), "{output:#?}");
    let said = format!("{}{}", output.stdout, output.stderr);
    for part in ["realm.json:", "old", "other"] {
        assert!(said.contains(part), "{output:#?}");
    }
    assert!(!said.contains("$2a$10$x"), "{output:#?}");
}

#[test]
fn malformed_json_names_file_and_line_and_nothing_is_written() {
    let sound = pretty(&json!({"realm": "demo", "users": users()}));
    let cases = [
        (sound.replacen("\"groups\"", "groups", 1), "it is not JSON"),
        (sound[..sound.len() / 2].to_owned(), "ends in the middle"),
        (
            sound.replacen("\"credentials\": [", "\"credentials\": 7, \"x\": [", 1),
            "not as Keycloak exports them",
        ),
        (
            sound.replacen("\"type\": \"password\"", "\"type\": [\"hidden\"]", 1),
            "not as Keycloak exports them",
        ),
        (String::new(), "ends in the middle"),
    ];
    for (text, reason) in cases {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("realm.json");
        fs::write(&path, &text).unwrap();
        let output = migrate("wrap", &path, &[]);
        assert_eq!(output.status, Some(1), "{output:#?}");
        assert!(output.stderr.contains("realm.json:"), "{output:#?}");
        assert!(output.stderr.contains(reason), "{reason}: {output:#?}");
        assert!(!output.stderr.contains("hidden"), "{output:#?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let files = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(files, 1, "nothing is left behind");
    }
    // The line is that of the mistake.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("realm.json");
    let line = sound
        .lines()
        .position(|line| line.contains("\"type\": \"password\""))
        .unwrap()
        + 1;
    fs::write(
        &path,
        sound.replacen("\"type\": \"password\"", "\"type\": 7", 1),
    )
    .unwrap();
    let output = migrate("status", &path, &[]);
    assert!(
        output.stderr.contains(&format!("realm.json:{line}: ")),
        "{line} {output:#?}"
    );
}

#[test]
fn a_folder_without_an_export_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let output = migrate("wrap", folder.path(), &[]);
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert!(output.stderr.contains("kc.sh export --dir"), "{output:#?}");
    let scrypt = ["--to", "scrypt"];
    let arguments = [
        &["migrate", "wrap", folder.path().to_str().unwrap()],
        &scrypt[..],
    ]
    .concat();
    assert_eq!(keyward(&arguments, "").status, Some(1));
    let missing = migrate("wrap", &folder.path().join("realm.json"), &[]);
    assert_eq!(missing.status, Some(3), "{missing:#?}");
}

#[test]
fn a_layer_that_the_server_could_not_verify_is_refused() {
    let folder = folder();
    let store = support::repository().join("keystores/secure.jks");
    let mut command = support::keyward_command();
    command.env("KEY_PASS", "keypass");
    command.args(["migrate", "wrap", folder.path().to_str().unwrap()]);
    command.args(["--pepper", "pepperKey", "-storepass:env", "KEY_PASS"]);
    command.arg("-keystore").arg(store);
    let output = support::run(command, "");
    assert_eq!(output.status, Some(2), "{output:#?}");
    assert!(output.stderr.contains("--pepper"), "{output:#?}");
}
