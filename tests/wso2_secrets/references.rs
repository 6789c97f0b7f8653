//! What `deployment.toml` and `carbon.xml` say about keystores, with references and defaults.

use std::fs;
use std::path::Path;

use keyward::userstore::{HomeText, StartOptions, Wso2Home};

use super::home::{CARBON, Home, TOML};
use super::support::fixture;

fn load(home: &Home) -> Result<Wso2Home, String> {
    let options = StartOptions {
        system_properties: [("ks.name".to_owned(), "from-sys.p12".to_owned())].into(),
    };
    Wso2Home::load(Path::new(home.root()), &options).map_err(|error| error.to_string())
}

fn known(text: &HomeText) -> &str {
    text.text().unwrap().expose_text().unwrap()
}

#[track_caller]
fn message(toml: &str) -> String {
    let home = Home::empty();
    home.write(TOML, toml);
    load(&home).err().unwrap()
}

#[test]
fn an_empty_configuration_is_the_products_and_each_default_is_told() {
    let home = Home::empty();
    home.write(TOML, "");
    let loaded = load(&home).unwrap();
    let path = home.path("repository/resources/security/wso2carbon.p12");
    assert_eq!(loaded.primary.path, path);
    assert_eq!(loaded.internal.path, path);
    assert_eq!(loaded.primary.store_type, "PKCS12");
    assert_eq!(known(&loaded.internal.key_password), "wso2carbon");
    let defaults: Vec<String> = loaded.defaults.iter().map(ToString::to_string).collect();
    assert_eq!(defaults.len(), 10, "{defaults:#?}");
    assert!(
        defaults.contains(
            &"keystore.primary.file_name is not set: wso2carbon.p12 is assumed".to_owned()
        )
    );
    assert!(!defaults.concat().contains("password: wso2carbon"));

    fs::copy(
        fixture("key-and-certificate.jks"),
        home.path("repository/resources/security/wso2carbon.jks"),
    )
    .unwrap();
    let loaded = load(&home).unwrap();
    assert!(loaded.primary.path.ends_with("wso2carbon.jks"));
    assert_eq!(loaded.primary.store_type, "JKS");
}

#[test]
fn references_are_followed() {
    let home = Home::empty();
    home.write(
        TOML,
        "[keystore]\nuserstore_password_encryption = \"InternalKeyStore\"\n[keystore.primary]\nfile_name = \"$sys{ks.name}\"\n\
         password = \"$secret{ks}\"\n[keystore.internal]\nfile_name = \"$ref{my.name}.p12\"\npassword = \"a$ref{my.name}b$ref{my.name}\"\n\
         [my]\nname = \"in\"\n[encryption]\nkey = \"03BA\"\ninternal_crypto_provider = true\n\
         [system.parameter]\n\"org.wso2.CipherTransformation\" = \"RSA\"\n",
    );
    let loaded = load(&home).unwrap();
    assert!(
        loaded
            .primary
            .path
            .ends_with("repository/resources/security/from-sys.p12")
    );
    assert!(loaded.internal.path.ends_with("security/in.p12"));
    assert_eq!(known(&loaded.internal.store_password), "ainbin");
    assert!(
        matches!(&loaded.primary.store_password, HomeText::InSecureVault { alias } if alias == "ks")
    );
    assert_eq!(known(loaded.encryption.key.as_ref().unwrap()), "03BA");
    assert_eq!(
        loaded.encryption.internal_crypto_provider.as_deref(),
        Some("true")
    );
    assert_eq!(loaded.cipher_transformation.as_deref(), Some("RSA"));
    assert!(loaded.uses_internal_keystore());
    assert_eq!(loaded.advice(), None);
}

#[test]
fn a_reference_that_leads_nowhere_or_in_a_circle_names_both_ends() {
    let nowhere = message("[keystore.primary]\nfile_name = \"$ref{my.name}\"\n");
    assert!(
        nowhere.contains("deployment.toml:2: keystore.primary.file_name refers to the setting my.name, which is not set"),
        "{nowhere}"
    );
    let unset = message("[keystore.primary]\nalias = \"$env{KEYWARD_NOT_SET}\"\n");
    assert!(
        unset.contains("keystore.primary.alias refers to the environment variable KEYWARD_NOT_SET"),
        "{unset}"
    );
    let circle = message(
        "[keystore.primary]\nfile_name = \"$ref{a.b}\"\n[a]\nb = \"x$ref{keystore.primary.file_name}\"\n",
    );
    assert!(
        circle.contains("keystore.primary.file_name -> a.b -> keystore.primary.file_name"),
        "{circle}"
    );
    let own = message("[keystore.primary]\npassword = 1\nfile_name = 1\n");
    assert!(
        own.contains("deployment.toml:3: keystore.primary.file_name is no text"),
        "{own}"
    );
}

#[test]
fn references_that_double_each_time_end() {
    let mut toml = String::from("[a]\nb0 = \"0123456789abcdef\"\n");
    for index in 1..28 {
        let before = index - 1;
        toml = format!("{toml}b{index} = \"$ref{{a.b{before}}}$ref{{a.b{before}}}\"\n");
    }
    let message = message(&format!(
        "{toml}[keystore.primary]\nfile_name = \"$ref{{a.b27}}\"\n"
    ));
    assert!(
        message.contains("come to more than 65536 bytes"),
        "{message}"
    );
}

#[test]
fn without_the_line_for_user_stores_it_is_said_what_to_add() {
    let home = Home::with_toml("");
    let advice = load(&home).unwrap().advice().unwrap();
    assert!(
        advice
            .contains("add userstore_password_encryption = \"InternalKeyStore\" below [keystore]"),
        "{advice}"
    );
}

#[test]
fn an_older_pack_is_read_from_carbon_xml() {
    let home = Home::empty();
    home.write(
        CARBON,
        "<Server xmlns='http://wso2.org/projects/carbon/carbon.xml' xmlns:svns='http://org.wso2.securevault/configuration'><Security>\
         <KeyStore><Location>${carbon.home}/repository/resources/security/server.p12</Location><Type>PKCS12</Type>\
         <Password svns:secretAlias='ks'>password</Password><KeyAlias>rsa</KeyAlias><KeyPassword>k</KeyPassword></KeyStore>\
         </Security></Server>",
    );
    let loaded = load(&home).unwrap();
    assert_eq!(
        loaded.primary.path,
        home.path("repository/resources/security/server.p12")
    );
    assert_eq!(loaded.internal.path, loaded.primary.path);
    assert!(
        matches!(&loaded.primary.store_password, HomeText::InSecureVault { alias } if alias == "ks")
    );
    assert_eq!(known(&loaded.primary.key_password), "k");

    home.write(
        CARBON,
        "<Server><Security><KeyStore><Location>a</Location></KeyStore></Security></Server>",
    );
    let message = load(&home).err().unwrap();
    assert!(
        message.contains("the keystore has no KeyAlias. Add it to //Server/Security/KeyStore"),
        "{message}"
    );
}

#[test]
fn a_directory_that_is_no_home_is_exit_code_3() {
    let home = Home::empty();
    let output = home.run(&["list"], "");
    assert_eq!(output.status, Some(3), "{output:?}");
    assert!(
        output
            .stderr
            .contains("neither repository/conf/deployment.toml nor"),
        "{output:?}"
    );
}
