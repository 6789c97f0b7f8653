//! `reencrypt-userstores` with the keys that the home's own configuration names.

use std::fs;

use keyward::userstore::Layout;

use crate::home::{Home, SUPER, opened, user_stores, value};
use crate::support::{Output, STORE_PASSWORD, STORE_PASSWORD_VARIABLE, keyward};
use crate::{SYMMETRIC, internal, keystore, symmetric};

const TOML: &str = "repository/conf/deployment.toml";
const CARBON: &str = "repository/conf/carbon.xml";
const SETTING: &str = "userstore_password_encryption = \"InternalKeyStore\"";
const SECURITY: &str = "repository/resources/security";

/// A home with its keystores and every user store that has something to re-encrypt.
fn home() -> Home {
    let home = Home::empty();
    for (name, stored) in [
        ("primary.p12", "primary.p12"),
        ("internal.p12", "inner.p12"),
    ] {
        let bytes = fs::read(keystore(name)).unwrap();
        home.write(&format!("{SECURITY}/{stored}"), &bytes);
    }
    for store in user_stores() {
        home.write(store.path, &store.bytes);
    }
    home
}

fn toml(more: &str, password: &str) -> String {
    format!(
        "# kept\n[keystore]\n{more}\n[keystore.primary]\nfile_name = \"primary.p12\"\nalias = \"wso2carbon\"\npassword = \"{password}\"\n\n\
         [keystore.internal]\nfile_name = \"inner.p12\"\nalias = \"internal\"\npassword = \"$ref{{keystore.primary.password}}\"\n\
         key_password = \"$ref{{keystore.primary.password}}\"\n"
    )
}

fn reencrypt(home: &Home, more: &[&str], stdin: &str) -> Output {
    let root = home.root().to_str().unwrap().to_owned();
    let fixed = ["wso2", "reencrypt-userstores", "--home", &root];
    keyward(&[&fixed, more].concat(), stdin)
}

#[track_caller]
fn assert_done(home: &Home) {
    for store in user_stores() {
        let text = String::from_utf8_lossy(&home.read(store.path)).into_owned();
        for (before, _) in &store.values {
            assert!(!text.contains(before.as_str()), "{}", store.path);
        }
    }
    let jdbc = String::from_utf8(home.read("repository/deployment/server/userstores/JDBC.xml"));
    let jdbc = jdbc.unwrap();
    let value = jdbc.split("name=\"password\">").nth(1).unwrap();
    let value = value.split('<').next().unwrap();
    assert_eq!(opened(&internal(), value), "jdbc pass");
}

#[test]
fn the_keystores_of_deployment_toml_are_used() {
    let home = home();
    let password = format!("$env{{{STORE_PASSWORD_VARIABLE}}}");
    home.write(TOML, toml(SETTING, &password).as_bytes());
    let output = reencrypt(&home, &[], "").of_success();
    assert!(
        output.stderr.contains("re-encryption started"),
        "{output:#?}"
    );
    assert!(
        !output.stderr.contains("add userstore_password_encryption"),
        "{output:#?}"
    );
    assert_done(&home);
    let before = home.content();
    reencrypt(&home, &[], "").of_success();
    assert!(home.content() == before, "a second run changed something");
}

#[test]
fn what_the_configuration_lacks_is_said() {
    let home = home();
    home.write(TOML, toml("", STORE_PASSWORD).as_bytes());
    let output = reencrypt(&home, &["--dry-run"], "").of_success();
    assert!(
        output.stderr.contains("add userstore_password_encryption"),
        "{output:#?}"
    );
    assert!(!output.stderr.contains(STORE_PASSWORD), "{output:#?}");
}

#[test]
fn an_option_goes_before_the_configuration() {
    let home = home();
    home.write(TOML, toml(SETTING, "$env{NOT_SET_ANYWHERE}").as_bytes());
    let failed = reencrypt(&home, &[], "");
    assert_eq!(failed.status, Some(1));
    assert!(failed.stderr.contains("NOT_SET_ANYWHERE"), "{failed:#?}");
    let options = [
        "--from-storepass:env",
        STORE_PASSWORD_VARIABLE,
        "--to-storepass:env",
        STORE_PASSWORD_VARIABLE,
    ];
    reencrypt(&home, &options, "").of_success();
    assert_done(&home);
}

#[test]
fn a_password_in_secure_vault_is_decrypted_first() {
    let home = home();
    // The internal keystore's password is a secret of Secure Vault, whose key is the primary keystore's here.
    let text = toml(SETTING, STORE_PASSWORD).replace(
        "password = \"$ref{keystore.primary.password}\"\nkey",
        "password = \"$secret{inner}\"\nkey",
    );
    home.write(
        TOML,
        format!("{text}\n[secrets]\ninner = \"[{STORE_PASSWORD}]\"\n").as_bytes(),
    );
    home.write(
        "repository/conf/security/secret-conf.properties",
        format!("keystore.identity.location={SECURITY}/primary.p12\nkeystore.identity.alias=wso2carbon\nkeystore.identity.type=PKCS12\n").as_bytes(),
    );
    let root = home.root().to_str().unwrap().to_owned();
    keyward(&["wso2", "secrets", "reencrypt", "--home", &root], "").of_success();
    let stored = String::from_utf8(home.read(TOML)).unwrap();
    assert!(!stored.contains(&format!("[{STORE_PASSWORD}]")), "{stored}");
    reencrypt(&home, &[], "").of_success();
    assert_done(&home);
}

#[test]
fn one_keystore_for_both_is_nothing_to_do() {
    let home = home();
    let text = toml("", STORE_PASSWORD);
    let primary_only = text.split("[keystore.internal]").next().unwrap();
    home.write(TOML, primary_only.as_bytes());
    let before = home.content();
    let output = reencrypt(&home, &[], "").of_success();
    assert!(
        output.stderr.contains("both keys are the same"),
        "{output:#?}"
    );
    assert!(
        output
            .stderr
            .contains("keystore.internal.file_name is not set"),
        "{output:#?}"
    );
    assert!(home.content() == before);
}

fn carbon_xml(setting: &str) -> String {
    let store = |element: &str, file: &str, alias: &str| {
        format!(
            "<{element}><Location>${{carbon.home}}/{SECURITY}/{file}</Location><Type>PKCS12</Type><Password>{STORE_PASSWORD}</Password>\
             <KeyAlias>{alias}</KeyAlias><KeyPassword>{STORE_PASSWORD}</KeyPassword></{element}>"
        )
    };
    format!(
        "<Server><Security>{setting}{}{}</Security></Server>",
        store("KeyStore", "primary.p12", "wso2carbon"),
        store("InternalKeyStore", "inner.p12", "internal")
    )
}

#[test]
fn an_older_pack_has_carbon_xml() {
    let home = home();
    home.write(CARBON, carbon_xml("").as_bytes());
    let before = home.content();
    let refused = reencrypt(&home, &[], "");
    assert_eq!(refused.status, Some(1), "{refused:#?}");
    let line = "<UserStorePasswordEncryption>InternalKeyStore</UserStorePasswordEncryption> below";
    assert!(refused.stderr.contains(line), "{refused:#?}");
    assert!(home.content() == before);
    let setting = "<UserStorePasswordEncryption>InternalKeystore</UserStorePasswordEncryption>";
    home.write(CARBON, carbon_xml(setting).as_bytes());
    reencrypt(&home, &[], "").of_success();
    assert_done(&home);
}

#[test]
fn users_are_not_locked_out_by_a_server_that_is_not_set_to_the_internal_keystore() {
    let home = home();
    home.write(TOML, toml("", STORE_PASSWORD).as_bytes());
    let (from, to) = (
        keystore("primary.p12"),
        home.path(&format!("{SECURITY}/inner.p12")),
    );
    let from = [
        "--from-keystore",
        from.to_str().unwrap(),
        "--from-alias",
        "wso2carbon",
        "--from-storepass:env",
        STORE_PASSWORD_VARIABLE,
    ];
    let to = [
        "--to-keystore",
        to.to_str().unwrap(),
        "--to-alias",
        "internal",
        "--to-storepass:env",
        STORE_PASSWORD_VARIABLE,
    ];
    let before = home.content();
    let both = [from, to].concat();
    for options in [&[][..], &from, &to, &both] {
        let refused = reencrypt(&home, options, "");
        assert_eq!(refused.status, Some(1), "{refused:#?}");
        for expected in [
            "deployment.toml: ",
            "add userstore_password_encryption = \"InternalKeyStore\"",
            "--without-setting",
        ] {
            assert!(
                refused.stderr.contains(expected),
                "{expected}: {refused:#?}"
            );
        }
        assert!(home.content() == before, "{options:?}");
    }
    let copies = tempfile::tempdir().unwrap();
    let output = ["--output", copies.path().to_str().unwrap()];
    let noted = reencrypt(&home, &output, "").of_success();
    assert!(
        noted.stderr.contains("add userstore_password_encryption"),
        "{noted:#?}"
    );
    reencrypt(&home, &["--without-setting"], "").of_success();
    assert_done(&home);
}

#[test]
fn values_under_the_symmetric_key_of_the_server_stay_unless_a_target_is_named() {
    let home = home();
    let value = value(
        &symmetric(SYMMETRIC),
        "AES/GCM/NoPadding",
        Layout::SelfContained,
        "kept",
    );
    home.write(
        &format!("{SUPER}/JDBC.xml"),
        format!("<UserStoreManager><Property name=\"p\" encrypted=\"true\">{value}</Property></UserStoreManager>").as_bytes(),
    );
    let text = toml("", STORE_PASSWORD);
    let primary_only = text.split("[keystore.internal]").next().unwrap();
    let provider = "org.wso2.carbon.crypto.provider.SymmetricKeyInternalCryptoProvider";
    for line in [
        String::new(),
        format!("internal_crypto_provider = \"{provider}\"\n"),
    ] {
        let text = format!("{primary_only}[encryption]\n{line}key = \"{SYMMETRIC}\"\n");
        home.write(TOML, text.as_bytes());
        let before = home.content();
        let refused = reencrypt(&home, &[], "");
        assert_eq!(refused.status, Some(1), "{refused:#?}");
        assert!(
            refused
                .stderr
                .contains("set to encrypt user stores with [encryption] key"),
            "{refused:#?}"
        );
        assert!(home.content() == before);
    }
    reencrypt(&home, &["--to-key", SYMMETRIC], "").of_success();
}

#[test]
fn a_keystore_that_is_not_used_may_refer_to_what_is_not_set() {
    let home = home();
    let text = toml(SETTING, STORE_PASSWORD)
        + "[keystore.tls]\nfile_name = \"$env{NOT_SET_ANYWHERE}\"\nalias = \"$env{NOT_SET_ANYWHERE}\"\n";
    home.write(TOML, text.as_bytes());
    reencrypt(&home, &[], "").of_success();
    assert_done(&home);
}

#[test]
fn a_system_property_of_the_server_is_an_option() {
    let home = home();
    home.write(TOML, toml(SETTING, "$sys{store.password}").as_bytes());
    let failed = reencrypt(&home, &[], "");
    assert!(failed.stderr.contains("store.password"), "{failed:#?}");
    reencrypt(
        &home,
        &["-D", &format!("store.password={STORE_PASSWORD}")],
        "",
    )
    .of_success();
    assert_done(&home);
}

#[test]
fn a_home_without_configuration_is_missing_and_says_what_to_do() {
    let output = reencrypt(&home(), &[], "");
    assert_eq!(output.status, Some(3), "{output:#?}");
    assert!(
        output
            .stderr
            .contains("neither repository/conf/deployment.toml nor"),
        "{output:#?}"
    );
}
