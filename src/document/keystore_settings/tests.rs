use std::path::Path;

use super::*;

fn read(beans: &str) -> Result<Vec<KeystoreSettings>, DocumentError> {
    let xml = format!("<beans>\n{beans}\n</beans>");
    let document = Document::parse(Path::new("conf/a.xml"), xml.as_bytes()).unwrap();
    let environment =
        Environment::of_test(|name| (name == "SECURE").then(|| "/opt/secure".to_owned()));
    keystores(&document, environment)
}

fn one(beans: &str) -> KeystoreSettings {
    let mut keystores = read(beans).ok().unwrap();
    assert_eq!(keystores.len(), 1, "{beans}");
    keystores.remove(0)
}

fn bean(properties: &[(&str, &str)]) -> String {
    let property = |(key, value)| format!("<property name=\"{key}\" value=\"{value}\"/>\n");
    let properties: String = properties.iter().copied().map(property).collect();
    format!("<bean id=\"secretService\">\n{properties}</bean>")
}

fn message(beans: &str) -> String {
    read(beans).err().unwrap().to_string()
}

#[test]
fn everything_that_a_secret_document_says_is_read() {
    let keystore = one(&bean(&[
        ("keystore", "file:${SECURE}/hidden.jks"),
        ("type", " PKCS12 "),
        ("password", "#{systemEnvironment['KEY_PASS']}"),
        ("retryDelay", "2500"),
        ("aliasPrefix", "Prod"),
    ]));
    assert_eq!(keystore.name, "secretService");
    assert_eq!(keystore.path, Path::new("/opt/secure/hidden.jks"));
    assert_eq!(keystore.store_type.as_deref(), Some("PKCS12"));
    assert!(matches!(keystore.password, SecretSource::Environment(name) if name == "KEY_PASS"));
    assert_eq!(keystore.retry_delay, Duration::from_millis(2500));
    assert_eq!(keystore.alias_prefix, "Prod");
    assert_eq!(keystore.document, Path::new("conf/a.xml"));
    assert_eq!(keystore.line, 2);
}

#[test]
fn what_is_not_said_has_a_default() {
    let keystore = one(&bean(&[
        ("keystorePath", "hidden.jks"),
        ("storepass", "storepw"),
    ]));
    assert_eq!(keystore.path, Path::new("conf/hidden.jks"));
    assert_eq!(keystore.store_type, None);
    assert_eq!(keystore.retry_delay, Duration::from_secs(10));
    assert_eq!(keystore.alias_prefix, "");
}

#[test]
fn every_usual_spelling_of_the_path_is_understood() {
    for key in [
        "keystore",
        "keyStoreFile",
        "key-store-location",
        "secret.keystore.path",
        "location",
        "path",
        "file",
    ] {
        let keystore = one(&bean(&[(key, "hidden.jks"), ("password", "storepw")]));
        assert_eq!(keystore.path, Path::new("conf/hidden.jks"), "{key}");
    }
}

#[test]
fn a_password_comes_from_the_text_a_variable_or_a_file() {
    let password = |key, value| one(&bean(&[("keystore", "a.jks"), (key, value)])).password;
    let inline = |key, value| match password(key, value) {
        SecretSource::Inline(secret) => secret.expose_text().unwrap().to_owned(),
        _ => panic!("{value} is not inline"),
    };
    assert_eq!(inline("keystorePassword", " key pass "), " key pass ");
    assert_eq!(inline("password", "${NOT_SET:keypass}"), "keypass");
    assert_eq!(inline("password", "x${SECURE}"), "x/opt/secure");
    let variable = |key, value| match password(key, value) {
        SecretSource::Environment(name) => name,
        _ => panic!("{value} is not a variable"),
    };
    assert_eq!(variable("password", "${KEY_PASS}"), "KEY_PASS");
    assert_eq!(variable("storePass", "${key.pass}"), "KEY_PASS");
    assert_eq!(variable("passwordVariable", "KEY_PASS"), "KEY_PASS");
    let file = password("passwordFile", "key.pass");
    assert!(matches!(file, SecretSource::File(path) if path == Path::new("conf/key.pass")));
}

#[test]
fn the_store_password_goes_before_a_key_password() {
    let keystore = one(&bean(&[
        ("keyPassword", "wrong"),
        ("keystore", "a.jks"),
        ("storePassword", "right"),
    ]));
    let SecretSource::Inline(secret) = keystore.password else {
        panic!("not inline");
    };
    assert_eq!(secret.expose_bytes(), b"right");
}

#[test]
fn a_bean_around_the_keystore_may_hold_the_rest() {
    let keystore = one("<bean id='secrets'>
        <property name='retryDelay' value='500'/>
        <property name='aliasPrefix' value='Dev'/>
        <property name='store'><bean class='a.Store'>
          <property name='location' value='a.jks'/><property name='password' value='storepw'/>
        </bean></property></bean>");
    assert_eq!(keystore.name, "secrets.store");
    assert_eq!(keystore.retry_delay, Duration::from_millis(500));
    assert_eq!(keystore.alias_prefix, "Dev");
}

#[test]
fn other_beans_are_no_keystores() {
    for properties in [
        [
            ("location", "phixflow.properties"),
            ("fileEncoding", "UTF-8"),
        ],
        [("path", "/tmp"), ("type", "folder")],
        [("keystore", "a.jks"), ("description", "no more")],
        [("url", "jdbc:h2:mem"), ("password", "db1pass")],
        [("keystore", ""), ("password", "storepw")],
    ] {
        assert!(read(&bean(&properties)).ok().unwrap().is_empty());
    }
    let data_source = bean(&[
        ("keystore", "a.jks"),
        ("username", "db1"),
        ("password", "db1pass"),
    ]);
    assert!(read(&data_source).ok().unwrap().is_empty());
}

#[test]
fn a_bad_retry_delay_is_reported_with_its_line() {
    for value in [
        "ten",
        "",
        "-1",
        "0",
        "1.5",
        "86400001",
        "99999999999999999999",
    ] {
        let properties = [
            ("keystore", "a.jks"),
            ("password", "storepw"),
            ("retryDelay", value),
        ];
        if value.is_empty() {
            let delay = one(&bean(&properties)).retry_delay;
            assert_eq!(delay, DEFAULT_RETRY_DELAY);
            continue;
        }
        let message = message(&bean(&properties));
        let expected = format!("conf/a.xml:5: retryDelay is \"{value}\".");
        assert!(message.starts_with(&expected), "{message}");
    }
}

#[test]
fn a_keystore_without_a_password_is_reported_with_what_to_add() {
    let message = message(&bean(&[("keystore", "a.jks"), ("type", "PKCS12")]));
    assert_eq!(
        message,
        "conf/a.xml:2: the keystore secretService has no password. \
         Add <property name=\"password\" value=\"#{systemEnvironment['KEY_PASS']}\"/>"
    );
}

#[test]
fn no_message_holds_a_password() {
    let message = message(&bean(&[
        ("keystore", "a.jks"),
        ("password", "storepw#{T(Runtime)}"),
    ]));
    assert!(message.contains("secretService.password holds an expression"));
    assert!(!message.contains("storepw"), "{message}");
}
