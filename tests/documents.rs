//! The documents that name aliases: the examples, sets of files as they lie beside one another, and
//! what is said about those that cannot be read.

// All of this is test code.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use keyward::SecretSource;
use keyward::document::{
    AliasReference, AllowRule, Configuration, Dialect, DocumentError, read_references,
};
use tempfile::TempDir;

const SECRET: &str = r#"<beans>
  <bean id="secrets">
    <property name="keystore" value="../a.jks"/>
    <property name="password" value="${KEYWARD_TEST_NOT_SET}"/>
  </bean>
</beans>"#;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("xml-examples")
        .join(name)
}

/// Writes the files into a new folder.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// Beans with one property, whose value is `alias`.
fn user(alias: &str) -> String {
    format!("<beans><bean id='pool'><property name='username' value='{alias}'/></bean></beans>")
}

fn file_name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn names(paths: &[PathBuf]) -> Vec<&str> {
    paths.iter().map(|path| file_name(path)).collect()
}

fn rows(references: &[AliasReference]) -> Vec<(&str, usize, &str, &str)> {
    references
        .iter()
        .map(|reference| {
            (
                file_name(&reference.document),
                reference.line,
                reference.setting.as_str(),
                reference.alias.as_str(),
            )
        })
        .collect()
}

fn aliases(configuration: &Configuration) -> Vec<&str> {
    let references = configuration.references.iter();
    references
        .map(|reference| reference.alias.as_str())
        .collect()
}

fn load(folder: &TempDir, name: &str) -> Configuration {
    match Configuration::load(&folder.path().join(name)) {
        Ok(configuration) => configuration,
        Err(error) => panic!("{error}"),
    }
}

fn error(folder: &TempDir, name: &str) -> DocumentError {
    Configuration::load(&folder.path().join(name))
        .err()
        .unwrap()
}

/// The message without the folder.
fn message(folder: &TempDir, name: &str) -> String {
    let prefix = format!("{}/", folder.path().display());
    error(folder, name).to_string().replace(&prefix, "")
}

const PHIXFLOW: [(&str, usize, &str, &str); 5] = [
    (
        "phixflow-datasource.xml",
        18,
        "dataSource.username",
        "phixflow-database-user",
    ),
    (
        "phixflow-datasource.xml",
        19,
        "dataSource.password",
        "phixflow-database-password",
    ),
    (
        "phixflow-email.xml",
        15,
        "mailSender.username",
        "phixflow-email-user",
    ),
    (
        "phixflow-email.xml",
        16,
        "mailSender.password",
        "phixflow-email-password",
    ),
    (
        "phixflow-instance.xml",
        18,
        "instance.pepperKey",
        "pepperKey",
    ),
];

#[test]
fn phixflows_secret_document_brings_its_keystore_and_every_document_beside_it() {
    let configuration = Configuration::load(&example("phixflow-secret.xml"))
        .ok()
        .unwrap();
    assert_eq!(configuration.dialect, Dialect::Phixflow);
    assert_eq!(rows(&configuration.references), PHIXFLOW);
    assert_eq!(
        names(&configuration.documents),
        [
            "phixflow-secret.xml",
            "phixflow-datasource.xml",
            "phixflow-email.xml",
            "phixflow-instance.xml",
            "phixflow-login.xml",
        ]
    );
    assert!(configuration.socket.is_none());
    let [keystore] = configuration.keystores.as_slice() else {
        panic!("one keystore");
    };
    assert_eq!(keystore.name, "secretService");
    assert_eq!(keystore.path, example("../keystores/hidden.jks"));
    assert_eq!(keystore.store_type.as_deref(), Some("PKCS12"));
    assert_eq!(keystore.retry_delay, Duration::from_secs(10));
    assert_eq!(keystore.alias_prefix, "");
    assert_eq!(keystore.line, 11);
    assert!(matches!(&keystore.password, SecretSource::Environment(name) if name == "KEY_PASS"));
}

#[test]
fn each_of_phixflows_documents_leads_to_the_others() {
    for (name, ..) in PHIXFLOW {
        let configuration = Configuration::load(&example(name)).ok().unwrap();
        assert_eq!(configuration.path, example(name));
        assert_eq!(rows(&configuration.references), PHIXFLOW);
        assert_eq!(names(&configuration.documents)[0], "phixflow-secret.xml");
        assert_eq!(configuration.documents.len(), 5);
        assert_eq!(
            file_name(&configuration.keystores[0].document),
            "phixflow-secret.xml"
        );
    }
}

#[test]
fn keywards_own_document_brings_keystore_socket_and_included_documents() {
    let configuration = Configuration::load(&example("secret-service.xml"))
        .ok()
        .unwrap();
    assert_eq!(configuration.dialect, Dialect::Keyward);
    assert_eq!(
        rows(&configuration.references),
        [
            ("app-datasource.xml", 11, "dataSource.username", "db1"),
            ("app-datasource.xml", 12, "dataSource.password", "db1pass"),
            ("app-email.xml", 10, "mailSender.username", "emailuser"),
            ("app-email.xml", 11, "mailSender.password", "emailpass"),
            ("app-email.xml", 24, "passwordReset.pepperKey", "pepperKey"),
        ]
    );
    assert!(
        configuration
            .references
            .iter()
            .all(|reference| reference.keystore.is_none())
    );
    let keystore = &configuration.keystores[0];
    assert_eq!(keystore.name, "main");
    assert_eq!(keystore.path, example("../keystores/secure.jks"));
    let SecretSource::Inline(password) = &keystore.password else {
        panic!("the example's password is inline");
    };
    assert_eq!(password.expose_bytes(), b"keypass");
    let socket = configuration.socket.unwrap();
    assert_eq!(socket.path, example("keyward.sock"));
    assert_eq!(socket.mode, 0o600);
    let everything = AllowRule {
        user: None,
        group: None,
        aliases: vec!["*".to_owned()],
        line: 19,
    };
    assert_eq!(socket.rules, [everything]);
}

#[test]
fn one_document_alone_gives_its_own_references() {
    let references = read_references(&example("phixflow-datasource.xml")).unwrap();
    assert_eq!(rows(&references), PHIXFLOW[..2]);
    for name in [
        "phixflow-secret.xml",
        "phixflow-login.xml",
        "secret-service.xml",
    ] {
        assert_eq!(read_references(&example(name)).unwrap(), [], "{name}");
    }
}

#[test]
fn a_variable_that_is_not_set_counts_for_an_alias_but_not_yet_for_a_password() {
    let folder = folder(&[
        ("a-secret.xml", SECRET),
        ("b-secret.xml", SECRET),
        ("a-pool.xml", &user("${KEYWARD_TEST_NOT_SET:db1}")),
        ("b-pool.xml", &user("${KEYWARD_TEST_NOT_SET}")),
    ]);
    let configuration = load(&folder, "a-secret.xml");
    assert_eq!(aliases(&configuration), ["db1"]);
    let password = &configuration.keystores[0].password;
    assert!(matches!(password, SecretSource::Environment(name) if name == "KEYWARD_TEST_NOT_SET"));
    let message = message(&folder, "b-secret.xml");
    let expected = "b-pool.xml:1: pool.username needs the environment variable \
                    KEYWARD_TEST_NOT_SET, which is not set.";
    assert!(message.starts_with(expected), "{message}");
}

#[test]
fn the_environment_of_the_process_is_used() {
    // Cargo sets this variable for every test.
    let folder = folder(&[("a.xml", &user("${CARGO_PKG_NAME}"))]);
    let references = read_references(&folder.path().join("a.xml")).unwrap();
    assert_eq!(references[0].alias, "keyward");
}

#[test]
fn a_document_may_say_which_keystore_has_its_aliases() {
    let keystore =
        |name| format!("<keystore name='{name}' path='{name}.jks'><password env='X'/></keystore>");
    let service = format!(
        "<secret-service>{}{}<document path='pool.xml' keystore='two'/><document path='pool.xml'/>\
         <document path='./pool.xml'/></secret-service>",
        keystore("one"),
        keystore("two"),
    );
    let folder = folder(&[("service.xml", &service), ("pool.xml", &user("db1"))]);
    let configuration = load(&folder, "service.xml");
    let keystores = configuration.references.iter();
    let keystores: Vec<_> = keystores
        .map(|reference| reference.keystore.as_deref())
        .collect();
    assert_eq!(
        keystores,
        [Some("two"), None],
        "and what is named twice counts once"
    );
    assert_eq!(names(&configuration.documents), ["service.xml", "pool.xml"]);
}

#[test]
fn files_that_are_no_documents_have_messages_of_their_own() {
    let folder = folder(&[
        ("empty.xml", ""),
        ("text.xml", "db1pass"),
        ("web.xml", "<web-app/>"),
        ("folder/x.xml", ""),
        ("utf16.xml", "\0<\0a"),
        (
            "dtd.xml",
            "<?xml version='1.0'?>\n<!DOCTYPE beans>\n<beans/>",
        ),
    ]);
    for (name, expected) in [
        ("empty.xml", "empty.xml: the file is empty."),
        (
            "none.xml",
            "none.xml: there is no such file. Check the path",
        ),
        ("folder", "folder: this is a directory."),
        (
            "text.xml",
            "text.xml:1:1: not well-formed XML: text outside the root element.",
        ),
        (
            "web.xml",
            "web.xml:1: <web-app> is not a document that is read here.",
        ),
        (
            "utf16.xml",
            "utf16.xml: the encoding UTF-16 is not read. Save the document as UTF-8",
        ),
        (
            "dtd.xml",
            "dtd.xml:2: document type declarations are not read.",
        ),
    ] {
        let message = message(&folder, name);
        assert!(message.starts_with(expected), "{message}");
        let alone = read_references(&folder.path().join(name)).unwrap_err();
        assert!(alone.to_string().ends_with(&message), "{alone}");
    }
    assert!(matches!(
        error(&folder, "none.xml"),
        DocumentError::Missing { .. }
    ));
}

#[test]
fn a_document_is_bounded_in_size_depth_and_number_of_nodes() {
    let nested = |depth| format!("{}{}", "<beans>".repeat(depth), "</beans>".repeat(depth));
    let folder = folder(&[
        (
            "long.xml",
            &format!("<beans>{}</beans>", " ".repeat(5 * 1024 * 1024)),
        ),
        ("deep.xml", &nested(1000)),
        (
            "wide.xml",
            &format!("<beans>{}</beans>", "<bean/>".repeat(100_001)),
        ),
    ]);
    assert!(matches!(
        error(&folder, "long.xml"),
        DocumentError::TooLarge { .. }
    ));
    assert!(matches!(
        error(&folder, "deep.xml"),
        DocumentError::TooDeep { .. }
    ));
    assert!(matches!(
        error(&folder, "wide.xml"),
        DocumentError::TooManyNodes { .. }
    ));
}

#[test]
fn latin1_and_a_byte_order_mark_are_read() {
    let folder = folder(&[("bom.xml", &format!("\u{feff}{}", user("db1")))]);
    let latin1 = user("K").replace(
        "<beans>",
        "<?xml version='1.0' encoding='ISO-8859-1'?>\n<beans>",
    );
    let latin1: Vec<u8> = latin1
        .bytes()
        .map(|byte| if byte == b'K' { 0xE4 } else { byte })
        .collect();
    fs::write(folder.path().join("latin1.xml"), latin1).unwrap();
    let alias = |name| {
        read_references(&folder.path().join(name))
            .unwrap()
            .remove(0)
            .alias
    };
    assert_eq!(alias("bom.xml"), "db1");
    assert_eq!(alias("latin1.xml"), "ä");
}

#[test]
fn a_relative_path_in_the_current_folder_is_enough() {
    // Tests run in the package's folder.
    let configuration = Configuration::load(Path::new("xml-examples/phixflow-secret.xml"));
    let configuration = configuration.ok().unwrap();
    assert_eq!(
        configuration.keystores[0].path,
        Path::new("xml-examples/../keystores/hidden.jks")
    );
}
