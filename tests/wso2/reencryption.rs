//! A whole home, re-encrypted: only the values change, what cannot be read stays and is reported, a second run changes
//! nothing.

use std::ffi::OsString;
use std::fs;

use crate::home::{Home, SUPER, UserStore, content_of, opened, troubles, user_stores};
use crate::support::{Output, STORE_PASSWORD_VARIABLE, keyward};
use crate::{internal, keystore, primary};

/// The options of `keyward wso2 reencrypt-userstores` from the primary to the internal keystore.
pub(crate) fn arguments(home: &Home) -> Vec<OsString> {
    let mut arguments = Vec::new();
    for argument in ["wso2", "reencrypt-userstores", "--home"] {
        arguments.push(argument.into());
    }
    arguments.push(home.root().into());
    for (side, file, alias) in [
        ("from", "primary.p12", "wso2carbon"),
        ("to", "internal.p12", "internal"),
    ] {
        let option = |name: &str| OsString::from(format!("--{side}-{name}"));
        arguments.extend([option("keystore"), keystore(file).into()]);
        arguments.extend([option("alias"), alias.into()]);
        arguments.extend([option("storepass:env"), STORE_PASSWORD_VARIABLE.into()]);
    }
    arguments
}

/// `keyward wso2 reencrypt-userstores` from the primary to the internal keystore, with more options.
pub(crate) fn reencrypt(home: &Home, more: &[&str]) -> Output {
    let arguments = arguments(home);
    let mut arguments: Vec<&str> = arguments
        .iter()
        .map(|argument| argument.to_str().unwrap())
        .collect();
    arguments.extend(more);
    keyward(&arguments, "")
}

/// Splits a file around its values; what stands in their places is returned too.
fn around(bytes: &[u8], before: &UserStore) -> Vec<String> {
    let text = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|&byte| char::from(byte))
            .collect::<String>()
    };
    let (mut rest, mut old) = (text(bytes), text(&before.bytes));
    let mut new_values = Vec::new();
    for (value, _) in &before.values {
        let (prefix, old_rest) = old.split_once(value.as_str()).unwrap();
        rest = rest
            .strip_prefix(prefix)
            .expect("what is before a value")
            .to_owned();
        let end = rest.find(['<', '\r', ' ', ']']).unwrap();
        new_values.push(rest[..end].to_owned());
        rest = rest[end..].to_owned();
        old = old_rest.to_owned();
    }
    assert_eq!(rest, old, "what is behind the last value");
    new_values
}

#[test]
fn only_the_values_change_and_what_cannot_be_read_is_reported() {
    let home = Home::sample();
    let stores = user_stores();
    // Values are random: the files that were written are those of another call.
    for UserStore { path, bytes, .. } in &stores {
        home.write(path, bytes);
    }
    let output = reencrypt(&home, &[]);
    assert_eq!(output.status, Some(1), "{output:#?}");
    for store in &stores {
        let new_values = around(&home.read(store.path), store);
        for (new, (old, text)) in new_values.iter().zip(&store.values) {
            assert_ne!(new, old);
            assert_eq!(opened(&internal(), new), *text);
        }
        assert_eq!(new_values.len(), store.values.len());
    }
    for (path, _, reason) in troubles() {
        let (file, path) = (home.path(path), path.to_owned());
        let file = file.to_str().unwrap();
        let at = output
            .stdout
            .find(file)
            .unwrap_or_else(|| panic!("{path}: {output:#?}"));
        let line_and_next: Vec<&str> = output.stdout[at..].lines().take(2).collect();
        assert!(
            line_and_next.join("\n").contains(reason),
            "{path}: {line_and_next:#?}"
        );
    }
    let summary = output.stdout.lines().last().unwrap();
    assert_eq!(
        summary,
        "17 user stores: 6 values re-encrypted, 2 under the target key already, 3 empty or references, 3 unreadable; 8 files with problems"
    );
    assert!(output.stdout.contains("README.txt: skipped"), "{output:#?}");
    assert!(!output.stdout.contains("lost+found"), "{output:#?}");
    for store in &stores {
        for (_, text) in &store.values {
            assert!(!output.stdout.contains(text) && !output.stderr.contains(text));
        }
    }
}

#[test]
fn troubles_keep_every_byte_and_a_second_run_changes_nothing() {
    let home = Home::sample();
    let troubles = troubles();
    for (path, bytes, _) in &troubles {
        home.write(path, bytes);
    }
    reencrypt(&home, &[]);
    for (path, bytes, _) in &troubles {
        assert_eq!(home.read(path), *bytes, "{path}");
    }
    let after_first = home.content();
    let second = reencrypt(&home, &["--json"]);
    assert_eq!(second.status, Some(1));
    assert_eq!(home.content(), after_first);
    let report: serde_json::Value = serde_json::from_str(&second.stdout).unwrap();
    assert_eq!(report["summary"]["reencrypted"], 0, "{report:#}");
    assert_eq!(report["summary"]["underTarget"], 8, "{report:#}");
    assert_eq!(report["summary"]["changed"], 0, "{report:#}");
}

#[test]
fn the_log_has_the_lines_of_wso2s_own_tool() {
    let home = Home::sample();
    let output = reencrypt(&home, &[]);
    let position = |line: &str| {
        let at = output.stderr.find(line);
        at.unwrap_or_else(|| panic!("{line} is not in {}", output.stderr))
    };
    let jdbc = format!(
        "Migrating password in: {}",
        home.path(&format!("{SUPER}/JDBC.xml")).display()
    );
    let tenant = format!(
        "Migrating password in: {}",
        home.path("repository/tenants/12/userstores/BOM.XML")
            .display()
    );
    let lines = [
        "secondary userstore password re-encryption component activated",
        "secondary userstore password re-encryption started",
        &jdbc,
        &tenant,
        "secondary userstore password re-encryption ended",
    ];
    assert!(lines.map(position).is_sorted(), "{}", output.stderr);
}

#[test]
fn a_dry_run_says_the_same_and_changes_nothing() {
    let home = Home::sample();
    let before = home.content();
    let output = reencrypt(&home, &["--dry-run", "--json"]);
    assert_eq!(output.status, Some(1));
    assert_eq!(home.content(), before);
    let report: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(report["summary"]["reencrypted"], 6, "{report:#}");
    let first = &report["files"][0];
    assert_eq!(first["state"], "would-be-written");
    assert_eq!(first["tenant"], "carbon.super");
    assert_eq!(first["properties"][0]["name"], "password");
    assert_eq!(first["properties"][0]["line"], 3);
}

#[test]
fn a_backup_has_what_was_there_and_is_not_overwritten() {
    let home = Home::sample();
    let backup = tempfile::tempdir().unwrap();
    let folder = backup.path().join("kept");
    let before = home.read("repository/tenants/1/userstores/AD_com.xml");
    reencrypt(&home, &["--backup", folder.to_str().unwrap()]);
    let kept = content_of(&folder);
    assert_eq!(kept.len(), 4, "each user store that changed");
    let copy = folder.join("repository/tenants/1/userstores/AD_com.xml");
    assert_eq!(fs::read(&copy).unwrap(), before);

    // The same folder once more, with another state of the file: neither is lost.
    let mut changed = before.clone();
    changed.extend_from_slice(b"\n");
    home.write("repository/tenants/1/userstores/AD_com.xml", &changed);
    let output = reencrypt(
        &home,
        &["--backup", folder.to_str().unwrap(), "--tenant", "1"],
    );
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert!(
        output.stdout.contains("a backup that differs"),
        "{output:#?}"
    );
    assert_eq!(fs::read(&copy).unwrap(), before);
    assert_eq!(
        home.read("repository/tenants/1/userstores/AD_com.xml"),
        changed
    );
}

#[test]
fn copies_leave_the_home_alone() {
    let home = Home::sample();
    let before = home.content();
    let folder = tempfile::tempdir().unwrap();
    reencrypt(&home, &["--output", folder.path().to_str().unwrap()]);
    assert_eq!(home.content(), before);
    assert_eq!(content_of(folder.path()).len(), 4);
    assert!(folder.path().join(SUPER).join("LDAP.xml").is_file());
}

#[test]
fn one_tenant_alone_is_re_encrypted() {
    let home = Home::sample();
    let output = reencrypt(&home, &["--tenant", "1", "--tenant", "12"]).of_success();
    assert!(
        output
            .stdout
            .starts_with(home.path("repository/tenants/1/").to_str().unwrap())
    );
    assert!(
        output
            .stdout
            .contains("2 user stores: 2 values re-encrypted"),
        "{output:#?}"
    );
    let output = reencrypt(&home, &["--tenant", "-1234"]).of_success();
    assert!(
        output.stdout.contains("4 values re-encrypted"),
        "{output:#?}"
    );
    let missing = reencrypt(&home, &["--tenant", "99"]);
    assert_eq!(missing.status, Some(3));
    assert!(
        missing
            .stderr
            .contains("tenants/99: there is no tenant of the number 99"),
        "{missing:#?}"
    );
}

#[test]
fn a_home_without_user_stores_is_fine_and_a_folder_that_is_no_home_is_not() {
    let home = Home::empty();
    let output = reencrypt(&home, &[]).of_success();
    assert!(output.stdout.contains("\n0 user stores"), "{output:#?}");
    assert!(output.stderr.contains("re-encryption ended"), "{output:#?}");
    fs::remove_dir(home.path("repository")).unwrap();
    let output = reencrypt(&home, &[]);
    assert_eq!(output.status, Some(3));
    assert!(
        output.stderr.contains("is no home of a WSO2 server"),
        "{output:#?}"
    );
}

#[test]
fn another_transformation_may_be_asked_for() {
    let home = Home::empty();
    let store = &user_stores()[0];
    home.write(store.path, &store.bytes);
    let name = "RSA/ECB/OAEPwithSHA-256andMGF1Padding";
    reencrypt(&home, &["--transformation", name]).of_success();
    let new = &around(&home.read(store.path), store)[0];
    let value = keyward::userstore::Ciphertext::parse(new).unwrap();
    assert_eq!(value.transformation().unwrap().name(), name);
    assert_eq!(opened(&internal(), new), "jdbc pass");
}

#[test]
fn the_named_certificate_decides_and_a_renewed_one_opens_as_well() {
    let keyward::userstore::EncryptionKey::KeyPair(pair) = primary() else {
        unreachable!()
    };
    let home = Home::empty();
    let renewed = crate::home::value(
        &primary(),
        crate::home::OAEP,
        keyward::userstore::Layout::SelfContained,
        "kept",
    );
    let json = String::from_utf8(base64_of(&renewed)).unwrap();
    let json = json.replace(pair.thumbprint(), &"0".repeat(40));
    let text = to_base64(json.as_bytes());
    home.write(
        &format!("{SUPER}/A.xml"),
        format!("<UserStoreManager><Property name=\"p\" encrypted=\"true\">{text}</Property></UserStoreManager>").as_bytes(),
    );
    let output = reencrypt(&home, &[]).of_success();
    assert!(
        output.stdout.contains("1 values re-encrypted"),
        "{output:#?}"
    );
}

fn base64_of(text: &str) -> Vec<u8> {
    <base64ct::Base64 as base64ct::Encoding>::decode_vec(text).unwrap()
}

fn to_base64(bytes: &[u8]) -> String {
    <base64ct::Base64 as base64ct::Encoding>::encode_string(bytes)
}
