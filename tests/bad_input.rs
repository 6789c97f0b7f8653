//! Bad input gets a message that names the file, what is wrong and the next step, and the right exit code; and nothing
//! is lost.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::path::Path;

use support::{Output, fixture, keyward, keyward_command};
use tempfile::TempDir;

const PASSWORD: [&str; 2] = ["-storepass:env", support::STORE_PASSWORD_VARIABLE];

/// Runs a command on `keystore` with the right password.
fn on(keystore: &Path, command: &[&str], stdin: &str) -> Output {
    let mut arguments = command.to_vec();
    arguments.extend(["-keystore", keystore.to_str().unwrap()]);
    arguments.extend(PASSWORD);
    keyward(&arguments, stdin)
}

#[track_caller]
fn assert_refused(output: &Output, code: i32, parts: &[&str]) {
    assert_eq!(output.status, Some(code), "{}", output.stderr);
    assert_eq!(output.stdout, "");
    for part in parts {
        assert!(
            output.stderr.contains(part),
            "no {part:?} in: {}",
            output.stderr
        );
    }
    assert_eq!(output.stderr.lines().count(), 1, "{}", output.stderr);
}

fn copy_of(name: &str) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::copy(fixture(name), &path).unwrap();
    (folder, path)
}

#[test]
fn a_wrong_password_is_told_with_the_file_and_the_options() {
    for name in ["jdk17.p12", "jdk17.jceks"] {
        let (_folder, path) = copy_of(name);
        let file = path.to_str().unwrap();
        for command in [&["get", "db1"][..], &["list"], &["delete", "-alias", "db1"]] {
            let mut arguments = command.to_vec();
            arguments.extend(["-keystore", file, "-storepass", "not the password"]);
            let output = keyward(&arguments, "");
            assert_refused(
                &output,
                1,
                &[file, "wrong store password", "damaged", "-storepass:env"],
            );
        }
        assert_eq!(fs::read(&path).unwrap(), fs::read(fixture(name)).unwrap());
    }
}

#[test]
fn a_damaged_file_is_told_from_a_wrong_password_where_the_format_allows_it() {
    let (_folder, path) = copy_of("jdk17.p12");
    let mut bytes = fs::read(&path).unwrap();
    let date = bytes
        .windows(5)
        .rposition(|window| window == b"Time ")
        .unwrap();
    bytes[date + 5] ^= 1;
    fs::write(&path, bytes).unwrap();
    let output = on(&path, &["list"], "");
    assert_refused(
        &output,
        1,
        &["damaged: the password is right", "Restore it from a backup"],
    );
}

#[test]
fn an_empty_file_and_a_file_that_is_no_keystore_are_told_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.p12");
    fs::write(&path, b"").unwrap();
    assert_refused(
        &on(&path, &["list"], ""),
        1,
        &["store.p12", "is empty", "backup"],
    );
    let import = on(&path, &["importpass", "-alias", "a"], "secret\n");
    assert_refused(&import, 1, &["store.p12", "is empty"]);
    fs::write(&path, b"PK\x03\x04 a zip file").unwrap();
    assert_refused(
        &on(&path, &["list"], ""),
        1,
        &["store.p12", "not a keystore"],
    );
    let import = on(&path, &["importpass", "-alias", "a"], "secret\n");
    assert_refused(&import, 1, &["not a keystore"]);
    assert_eq!(fs::read(&path).unwrap(), b"PK\x03\x04 a zip file");
    assert_refused(
        &on(folder.path(), &["list"], ""),
        1,
        &["cannot read the keystore"],
    );
}

#[test]
fn a_file_or_an_alias_that_does_not_exist_gives_3() {
    let (_folder, path) = copy_of("jdk17.p12");
    let missing = path.with_file_name("missing.p12");
    for command in [&["get", "db1"][..], &["list"], &["delete", "-alias", "db1"]] {
        assert_refused(
            &on(&missing, command, ""),
            3,
            &["missing.p12", "does not exist", "Check the path"],
        );
    }
    for command in [
        &["get", "nope"][..],
        &["list", "-alias", "nope"],
        &["delete", "-alias", "nope"],
    ] {
        assert_refused(
            &on(&path, command, ""),
            3,
            &["<nope> does not exist", "keyward list"],
        );
    }
    let arguments = [
        "get",
        "db1",
        "-keystore",
        path.to_str().unwrap(),
        "-storepass:file",
        "no.pass",
    ];
    assert_refused(&keyward(&arguments, ""), 3, &["no.pass"]);
}

#[test]
fn an_unset_environment_variable_is_named() {
    let path = fixture("jdk17.p12");
    let arguments = [
        "list",
        "-keystore",
        path.to_str().unwrap(),
        "-storepass:env",
        "KEYWARD_UNSET",
    ];
    let expected = [
        "Cannot find environment variable: KEYWARD_UNSET",
        "export KEYWARD_UNSET=",
    ];
    assert_refused(&keyward(&arguments, ""), 1, &expected);
}

#[test]
fn a_taken_alias_and_an_empty_secret_change_nothing() {
    let (_folder, path) = copy_of("jdk17.p12");
    let taken = on(&path, &["importpass", "-alias", "DB1"], "secret\n");
    assert_refused(&taken, 1, &["<db1> already exists", "delete it first"]);
    let empty = on(&path, &["importpass", "-alias", "new"], "\n");
    assert_refused(
        &empty,
        1,
        &["<new> is empty", "Java could not read it back"],
    );
    let nothing = on(&path, &["importpass", "-alias", "new"], "");
    assert_refused(&nothing, 1, &["standard input ended before the secret"]);
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(fixture("jdk17.p12")).unwrap()
    );
}

#[test]
fn an_entry_that_is_no_secret_is_not_printed() {
    for (alias, kind) in [
        ("server", "PrivateKeyEntry"),
        ("Root-CA", "trustedCertEntry"),
    ] {
        let output = on(&fixture("jdk17-mixed.p12"), &["get", alias], "");
        assert_refused(&output, 1, &["is not a secret", kind]);
    }
    let path = fixture("key-and-certificate.jks");
    let import = on(&path, &["importpass", "-alias", "new"], "secret\n");
    assert_refused(
        &import,
        1,
        &["JKS keystore cannot hold secrets", "PKCS12 or JCEKS"],
    );
}

#[test]
fn a_new_keystore_needs_a_password_of_six_characters_typed_twice_alike() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.p12");
    let file = path.to_str().unwrap();
    let import = ["importpass", "-alias", "a", "-keystore", file];
    assert_refused(
        &keyward(&import, "short\nshort\nsecret\n"),
        1,
        &["at least 6 characters"],
    );
    assert_refused(
        &keyward(&import, "changeit\nchangedit\nsecret\n"),
        1,
        &["are not the same"],
    );
    assert!(!path.exists());
    assert_eq!(
        keyward(&import, "changeit\nchangeit\nsecret\n").status,
        Some(0)
    );
    assert_eq!(on(&path, &["get", "a"], "").stdout, "secret");
}

#[test]
fn wrong_usage_gives_2() {
    for arguments in [
        &["frobnicate"][..],
        &["get"],
        &["list", "-frob"],
        &["list", "-storetype", "PDF"],
        &[],
    ] {
        let output = keyward(arguments, "");
        assert_eq!(output.status, Some(2), "{arguments:?}: {}", output.stderr);
    }
}

#[cfg(unix)]
#[test]
fn a_configuration_that_cannot_be_followed_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("service.xml");
    let serve = |content: &str| {
        fs::write(&path, content).unwrap();
        keyward(&["serve", path.to_str().unwrap()], "")
    };
    assert_refused(
        &serve("<secret-service>\n<keystore></secret-service>"),
        1,
        &["service.xml:2"],
    );
    assert_refused(&serve(""), 1, &["service.xml", "empty"]);
    let missing = "<secret-service>\n<keystore name='k' path='no.p12'><password>x</password></keystore></secret-service>";
    assert_refused(&serve(missing), 3, &["no.p12", "service.xml:2"]);
    let absent = keyward(&["serve", "no-such.xml"], "");
    assert_refused(&absent, 3, &["no-such.xml"]);
}

#[test]
fn an_alias_that_no_keystore_has_is_told_in_its_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("datasource.xml");
    fs::write(
        &path,
        "<beans><bean id='db'>\n<property name='password' value='nope'/></bean></beans>",
    )
    .unwrap();
    let output = on(
        &fixture("jdk17.p12"),
        &["resolve", path.to_str().unwrap()],
        "",
    );
    assert_eq!(output.status, Some(1));
    assert!(
        output
            .stdout
            .contains("datasource.xml:2  db.password  nope"),
        "{}",
        output.stdout
    );
    assert!(
        output.stdout.contains("no: no keystore has alias nope"),
        "{}",
        output.stdout
    );
    assert!(
        output.stderr.contains("1 alias cannot be read"),
        "{}",
        output.stderr
    );
}

#[test]
fn a_secret_is_shown_by_get_and_reveal_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("datasource.xml");
    fs::write(
        &path,
        "<beans><bean id='db'><property name='password' value='db1pass'/></bean></beans>",
    )
    .unwrap();
    let document = path.to_str().unwrap();
    for hidden in [
        &["resolve", document][..],
        &["resolve", document, "--json"],
        &["list"],
        &["list", "--json"],
    ] {
        let output = on(&fixture("jdk17.p12"), hidden, "");
        assert_eq!(output.status, Some(0), "{}", output.stderr);
        assert!(output.stdout.contains("db1pass"), "{}", output.stdout);
        assert!(
            !format!("{}{}", output.stdout, output.stderr).contains("x34!2axf"),
            "{hidden:?}"
        );
    }
    for revealed in [
        &["resolve", document, "--reveal"][..],
        &["resolve", document, "--reveal", "--json"],
    ] {
        assert!(
            on(&fixture("jdk17.p12"), revealed, "")
                .stdout
                .contains("x34!2axf")
        );
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error_message() {
    let path = fixture("jdk17.p12");
    let mut command = keyward_command();
    command
        .args(["list", "-keystore", path.to_str().unwrap()])
        .args(PASSWORD);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = command.stdout(writer).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
