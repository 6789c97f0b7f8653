//! `DOMAIN.enc`: a user store in clear becomes an encrypted one.

use std::fs;

use crate::home::opened;
use crate::support::{STORE_PASSWORD_VARIABLE, keyward};
use crate::{keystore, primary};

#[test]
fn the_passwords_of_a_drop_in_file_are_encrypted_and_nothing_else_changes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("LDAP.enc");
    let text = "<UserStoreManager class='org.wso2.ReadOnlyLDAPUserStoreManager' xmlns:svns='http://org.wso2.securevault/configuration'>\n\
                <Property name='ConnectionPassword'>a&amp;b</Property>\n\
                <Property encrypt='true' name='Token'> t </Property>\n\
                <Property encrypt=\"true\" svns:secretAlias=\"x\" name=\"Vault\">v</Property>\n\
                <Property name='password'>not of this class</Property>\n\
                </UserStoreManager>";
    fs::write(&path, text).unwrap();
    let store = keystore("primary.p12");
    let arguments = [
        "wso2",
        "encrypt",
        "--userstore",
        path.to_str().unwrap(),
        "--layout",
        "raw",
        "-keystore",
        store.to_str().unwrap(),
        "-alias",
        "wso2carbon",
        "-storepass:env",
        STORE_PASSWORD_VARIABLE,
    ];
    let output = keyward(&arguments, "").of_success();
    assert!(
        output
            .stderr
            .contains("encrypted: ConnectionPassword, Token"),
        "{output:#?}"
    );
    let written = fs::read_to_string(folder.path().join("LDAP.xml")).unwrap();
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        text,
        "it is for the user to delete"
    );
    let (before, rest) = written
        .split_once("<Property encrypted=\"true\" name='ConnectionPassword'>")
        .unwrap();
    assert!(text.starts_with(before));
    let (password, rest) = rest
        .split_once("</Property>\n<Property encrypted=\"true\" name='Token'> ")
        .unwrap();
    let (token, rest) = rest.split_once(" </Property>").unwrap();
    assert!(text.ends_with(rest));
    assert_eq!(opened(&primary(), password), "a&b");
    assert_eq!(opened(&primary(), token), "t");

    let again = keyward(&arguments, "");
    assert_eq!(again.status, Some(1));
    assert!(
        again.stderr.contains("LDAP.xml: exists already"),
        "{again:#?}"
    );
}

#[test]
fn a_file_without_anything_to_encrypt_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("A.enc");
    fs::write(
        &path,
        "<UserStoreManager class='x'><Property name='password'>p</Property></UserStoreManager>",
    )
    .unwrap();
    let arguments = [
        "wso2",
        "encrypt",
        "--userstore",
        path.to_str().unwrap(),
        "--key",
        crate::SYMMETRIC,
    ];
    let output = keyward(&arguments, "");
    assert_eq!(output.status, Some(1));
    assert!(
        output.stderr.contains("there is nothing to encrypt"),
        "{output:#?}"
    );
    assert!(!folder.path().join("A.xml").exists());
}

#[test]
fn a_password_that_begins_with_a_dollar_sign_is_encrypted_and_a_reference_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("A.enc");
    let passwords = ["$tr0ng!", "${a}${b}", "$secret{x}y", "${}"];
    let properties: Vec<String> = ["$secret{ad.pass}", "${ad.pass}"]
        .iter()
        .chain(&passwords)
        .map(|text| format!("<Property encrypt='true' name='P'>{text}</Property>\n"))
        .collect();
    let text = format!(
        "<UserStoreManager class='x'>\n{}</UserStoreManager>",
        properties.concat()
    );
    fs::write(&path, text).unwrap();
    let arguments = [
        "wso2",
        "encrypt",
        "--userstore",
        path.to_str().unwrap(),
        "--key",
        crate::SYMMETRIC,
    ];
    keyward(&arguments, "").of_success();
    let written = fs::read_to_string(folder.path().join("A.xml")).unwrap();
    let values: Vec<&str> = written
        .lines()
        .filter_map(|line| line.strip_prefix("<Property encrypted=\"true\" name='P'>"))
        .map(|line| line.strip_suffix("</Property>").unwrap())
        .collect();
    let key = crate::symmetric(crate::SYMMETRIC);
    let texts: Vec<String> = values.iter().map(|value| opened(&key, value)).collect();
    assert_eq!(texts, passwords);
    for reference in ["$secret{ad.pass}", "${ad.pass}"] {
        assert!(written.contains(&format!(">{reference}<")), "{written}");
    }
}
