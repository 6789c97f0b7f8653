//! What is said when the options are wrong, and values encrypted and decrypted one by one.

use crate::home::{Home, user_stores};
use crate::support::{Output, STORE_PASSWORD_VARIABLE, keyward};
use crate::{SECRET, SYMMETRIC, keystore};

fn with_primary(command: &str, more: &[&str], stdin: &str) -> Output {
    let store = keystore("primary.p12");
    let mut arguments = vec!["wso2", command, "-keystore", store.to_str().unwrap()];
    arguments.extend([
        "-alias",
        "wso2carbon",
        "-storepass:env",
        STORE_PASSWORD_VARIABLE,
    ]);
    arguments.extend(more);
    keyward(&arguments, stdin)
}

#[test]
fn a_value_is_encrypted_and_decrypted_through_pipes() {
    for more in [
        vec![],
        vec!["--layout", "raw"],
        vec!["--transformation", "RSA", "--provider", "SunJCE"],
        vec!["--transformation", "RSA", "--layout", "raw"],
    ] {
        let value = with_primary("encrypt", &more, &format!("{SECRET}\n")).of_success();
        assert_eq!(value.stdout.lines().count(), 1);
        assert!(value.stderr.is_empty(), "{value:#?}");
        let back = with_primary("decrypt", &[], &value.stdout).of_success();
        assert_eq!(back.stdout, SECRET, "{more:?}");
    }
}

#[test]
fn a_symmetric_key_comes_from_a_file_and_the_old_one_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (new, old) = (
        write("new", &"ab".repeat(32)),
        write("old", &format!("{SYMMETRIC}\n")),
    );
    let value = keyward(&["wso2", "encrypt", "--key:file", &old], SECRET).of_success();
    let failed = keyward(&["wso2", "decrypt", "--key:file", &new], &value.stdout);
    assert_eq!(failed.status, Some(1));
    assert!(
        failed
            .stderr
            .contains("cannot be decrypted with the symmetric key"),
        "{failed:#?}"
    );
    let both = [
        "wso2",
        "decrypt",
        "--key:file",
        &new,
        "--old-key:file",
        &old,
    ];
    assert_eq!(keyward(&both, &value.stdout).of_success().stdout, SECRET);
    let wrong = write("wrong", "too short");
    let failed = keyward(&["wso2", "encrypt", "--key:file", &wrong], SECRET);
    assert!(failed.stderr.contains("has 9 characters"), "{failed:#?}");
    assert!(!failed.stderr.contains("too short"), "{failed:#?}");
}

#[test]
fn a_property_of_a_user_store_is_decrypted() {
    let home = Home::sample();
    let stores = user_stores();
    for store in &stores {
        home.write(store.path, &store.bytes);
    }
    let ldap = home.path(stores[1].path);
    let file = ["--userstore", ldap.to_str().unwrap()];
    let which = with_primary("decrypt", &file, "");
    assert_eq!(which.status, Some(2), "{which:#?}");
    assert!(
        which.stderr.contains("ConnectionPassword, MyToken, Second"),
        "{which:#?}"
    );
    let named = [file.as_slice(), &["--property", "MyToken"]].concat();
    assert_eq!(
        with_primary("decrypt", &named, "").of_success().stdout,
        "custom pass"
    );
    let missing = [file.as_slice(), &["--property", "nope"]].concat();
    assert_eq!(with_primary("decrypt", &missing, "").status, Some(3));
}

#[test]
fn wrong_passwords_aliases_and_files_are_named() {
    let store = keystore("primary.p12");
    let store = store.to_str().unwrap();
    let decrypt = |more: &[&str], stdin: &str| {
        let mut arguments = vec!["wso2", "decrypt"];
        arguments.extend(more);
        keyward(&arguments, stdin)
    };
    for (more, stdin, status, expected) in [
        (vec![], "", 2, "which key?"),
        (
            vec!["-keystore", store],
            "",
            2,
            "which entry? Add -alias ALIAS",
        ),
        (
            vec!["-keystore", store, "-alias", "wso2carbon"],
            "wrong!\n",
            1,
            "primary.p12: ",
        ),
        (
            vec!["-keystore", store, "-alias", "nope"],
            "changeit\n",
            3,
            "<nope> does not exist",
        ),
        (
            vec!["-keystore", "/nope.p12", "-alias", "x"],
            "changeit\n",
            3,
            "/nope.p12: the keystore file does not exist",
        ),
        (
            vec!["-keystore", store, "-alias", "wso2carbon"],
            "changeit\n",
            1,
            "standard input ended before the encrypted value",
        ),
        (
            vec![
                "-keystore",
                store,
                "-alias",
                "wso2carbon",
                "--transformation",
                "RC4",
            ],
            "changeit\n",
            2,
            "the transformation RC4 is not known",
        ),
    ] {
        let output = decrypt(&more, stdin);
        assert_eq!(output.status, Some(status), "{output:#?}");
        assert!(output.stderr.contains(expected), "{expected}: {output:#?}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn one_key_on_both_sides_is_nothing_to_do() {
    let home = Home::sample();
    let before = home.content();
    let store = keystore("primary.p12");
    let store = store.to_str().unwrap();
    let output = keyward(
        &[
            "wso2",
            "reencrypt-userstores",
            "--home",
            home.root().to_str().unwrap(),
            "--from-keystore",
            store,
            "--from-alias",
            "wso2carbon",
            "--from-storepass:env",
            STORE_PASSWORD_VARIABLE,
            "--to-keystore",
            store,
            "--to-alias",
            "wso2carbon",
            "--to-storepass:env",
            STORE_PASSWORD_VARIABLE,
        ],
        "",
    )
    .of_success();
    assert!(
        output.stderr.contains("both keys are the same"),
        "{output:#?}"
    );
    assert_eq!(home.content(), before);
}

#[test]
fn an_expired_certificate_is_warned_of_and_used() {
    let store = keystore("expired.p12");
    let arguments = [
        "wso2",
        "encrypt",
        "-keystore",
        store.to_str().unwrap(),
        "-alias",
        "expired",
    ];
    let output = keyward(&arguments, &format!("changeit\n{SECRET}\n")).of_success();
    assert!(
        output
            .stderr
            .contains("the certificate of <expired> expired on 2020-01-1"),
        "{output:#?}"
    );
    assert_eq!(output.stdout.lines().count(), 1);
}

#[test]
fn an_old_jks_keystore_with_a_key_password_of_its_own_is_used() {
    let store = keystore("older.jks");
    let arguments = [
        "wso2",
        "encrypt",
        "-keystore",
        store.to_str().unwrap(),
        "-alias",
        "WSO2Carbon",
        "-storepass:env",
        STORE_PASSWORD_VARIABLE,
        "-keypass",
        "keypass1",
    ];
    let output = keyward(&arguments, SECRET).of_success();
    assert_eq!(output.stdout.lines().count(), 1);
}
