//! What the aliases in documents come to, with and without a running service; how a service does not start.

#![cfg(feature = "serve")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;

use std::fs;
use std::path::Path;

use fixture::{Fixture, NEVER, keystore, keystore_under, options, repository, value};
use keyward::document::Configuration;
use keyward::service::{
    GetError, LoadError, Outcome, Resolution, SecretService, ServiceError, resolve,
};

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];

fn reason(row: &Resolution) -> &str {
    match &row.outcome {
        Outcome::Readable => "",
        Outcome::Unreadable(reason) | Outcome::Missing(reason) => reason,
    }
}

fn start_error(configuration: Configuration) -> ServiceError {
    SecretService::start_with(configuration, &options())
        .err()
        .unwrap()
}

#[test]
fn the_example_s_aliases_are_all_readable() {
    let path = repository("xml-examples/secret-service.xml");
    let rows = resolve(&Configuration::load(&path).unwrap());
    let aliases: Vec<&str> = rows.iter().map(|row| row.alias.as_str()).collect();
    assert_eq!(
        aliases,
        ["db1", "db1pass", "emailuser", "emailpass", "pepperKey"]
    );
    for row in &rows {
        assert_eq!(row.outcome, Outcome::Readable, "{row:?}");
        let keystore = row.keystore.as_ref().unwrap();
        assert_eq!(keystore.name, "main");
        assert!(keystore.path.ends_with("keystores/secure.jks"));
    }
}

#[test]
fn a_running_service_resolves_as_the_command_does() {
    let fixture = Fixture::new(&[("db1", "sqluser")]);
    let configuration = fixture.configuration(NEVER, "");
    let alone = serde_json::to_value(resolve(&configuration)).unwrap();
    let service = SecretService::start_with(configuration, &options()).unwrap();
    assert_eq!(serde_json::to_value(service.resolve()).unwrap(), alone);
    assert_eq!(alone[0]["outcome"], "readable");
    assert_eq!(alone[1]["outcome"], "missing");
}

#[test]
fn a_row_has_the_value_for_who_reveals_it_and_shows_it_nowhere_else() {
    let fixture = Fixture::new(SECRETS);
    let rows = resolve(&fixture.configuration(NEVER, ""));
    let secret = rows[1].secret.as_ref().unwrap();
    assert_eq!(secret.expose_text(), Ok("x34!2axf"));
    let shown = format!("{rows:?}{}", serde_json::to_string(&rows).unwrap());
    assert!(
        !shown.contains("x34!2axf") && !shown.contains("sqluser"),
        "{shown}"
    );
}

#[test]
fn a_row_names_document_line_setting_and_alias_as_written() {
    let fixture = Fixture::new(SECRETS);
    let rows = resolve(&fixture.configuration(NEVER, ""));
    let row = serde_json::to_value(&rows[1]).unwrap();
    assert!(
        row["document"]
            .as_str()
            .unwrap()
            .ends_with("datasource.xml")
    );
    assert_eq!(row["line"], 4);
    assert_eq!(row["setting"], "dataSource.password");
    assert_eq!(row["alias"], "DB1pass");
    assert_eq!(row["keystore"]["name"], "main");
}

#[test]
fn an_alias_that_no_keystore_has_says_where_was_looked() {
    let fixture = Fixture::new(&[("db1", "sqluser")]);
    let rows = resolve(&fixture.configuration(NEVER, ""));
    assert!(matches!(rows[1].outcome, Outcome::Missing(_)));
    assert!(
        reason(&rows[1]).contains("secure.jks"),
        "{}",
        reason(&rows[1])
    );
    assert!(
        reason(&rows[1]).contains("importpass"),
        "{}",
        reason(&rows[1])
    );
}

#[test]
fn a_keystore_that_cannot_be_opened_is_the_reason_of_every_row() {
    let fixture = Fixture::new(SECRETS);
    fixture.write("password", "not-the-password");
    let rows = resolve(&fixture.configuration(NEVER, ""));
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(matches!(row.outcome, Outcome::Unreadable(_)));
        assert!(
            reason(&row).contains("secure.jks: wrong store password"),
            "{}",
            reason(&row)
        );
        assert!(row.secret.is_none());
    }
}

#[test]
fn a_password_variable_that_is_not_set_is_named_in_every_row() {
    let fixture = Fixture::new(SECRETS);
    let rows = resolve(&fixture.load(
        r#"<secret-service>
             <keystore name="main" path="secure.jks"><password env="KEYWARD_TEST_NOT_SET"/></keystore>
             <document path="datasource.xml"/>
           </secret-service>"#,
    ));
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(
            reason(&row).contains("KEYWARD_TEST_NOT_SET"),
            "{}",
            reason(&row)
        );
    }
}

#[test]
fn an_entry_under_another_key_password_is_unreadable_and_says_why() {
    let fixture = Fixture::new(&[]);
    fixture.write("password", "changeit");
    fs::copy(
        repository("tests/fixtures/key-password.jceks"),
        fixture.path("secure.jks"),
    )
    .unwrap();
    let rows = resolve(&fixture.configuration(NEVER, ""));
    assert_eq!(rows[0].outcome, Outcome::Readable);
    assert!(matches!(rows[1].outcome, Outcome::Unreadable(_)));
    assert!(reason(&rows[1]).contains("db1pass"), "{}", reason(&rows[1]));
}

#[test]
fn the_first_keystore_that_has_an_alias_decides() {
    let fixture = Fixture::new(SECRETS);
    fixture.write(
        "second.p12",
        keystore(&[("db1", "other"), ("only-second", "found")]),
    );
    let configuration = fixture.load(
        r#"<secret-service>
             <keystore name="main" path="secure.jks"><password>keypass</password></keystore>
             <keystore name="second" path="second.p12"><password>keypass</password></keystore>
             <document path="datasource.xml" keystore="second"/>
           </secret-service>"#,
    );
    let rows = resolve(&configuration);
    // The document says which keystore.
    assert_eq!(rows[0].secret.as_ref().unwrap().expose_text(), Ok("other"));
    assert!(matches!(rows[1].outcome, Outcome::Missing(_)));

    let service = SecretService::start_with(configuration, &options()).unwrap();
    assert_eq!(value(&service, "db1"), "sqluser");
    assert_eq!(value(&service, "only-second"), "found");
    assert_eq!(&*service.get("only-second").unwrap().keystore, "second");
}

#[test]
fn a_prefix_tells_the_instances_of_one_keystore_apart() {
    let fixture = Fixture::new(&[("ProdDb1", "prod"), ("DevDb1", "dev"), ("other", "x")]);
    let configuration = fixture.load(
        r#"<secret-service>
             <keystore name="prod" path="secure.jks" aliasPrefix="Prod"><password>keypass</password></keystore>
           </secret-service>"#,
    );
    let service = SecretService::start_with(configuration, &options()).unwrap();
    assert_eq!(value(&service, "DB1"), "prod");
    let aliases: Vec<String> = service
        .view()
        .aliases()
        .into_iter()
        .map(|entry| entry.alias)
        .collect();
    assert_eq!(aliases, ["db1"]);
    assert!(service.get("DevDb1").is_err());
}

#[test]
fn a_certificate_is_not_a_secret() {
    let fixture = Fixture::new(&[]);
    fixture.write("password", "changeit");
    fs::copy(
        repository("tests/fixtures/jdk17-mixed.p12"),
        fixture.path("secure.jks"),
    )
    .unwrap();
    let service = fixture.start(NEVER);
    let error = service.get("Root-CA").err().unwrap();
    assert!(matches!(error, GetError::NotASecret { .. }), "{error}");
    assert!(error.to_string().contains("trusted certificate"), "{error}");
    assert_eq!(value(&service, "db1pass"), "x34!2axf");
}

#[test]
fn a_service_does_not_start_without_its_keystore() {
    let fixture = Fixture::new(SECRETS);
    fs::remove_file(fixture.path("secure.jks")).unwrap();
    let error = start_error(fixture.configuration(NEVER, ""));
    let ServiceError::Keystore { reason, line, .. } = &error else {
        panic!("{error}");
    };
    assert!(matches!(**reason, LoadError::Missing { .. }), "{error}");
    assert_eq!(*line, 2);
    assert!(error.to_string().contains("importpass"), "{error}");
    assert!(error.to_string().contains("service.xml:2"), "{error}");
}

#[test]
fn a_service_does_not_start_with_a_wrong_password_or_a_damaged_keystore() {
    let fixture = Fixture::new(&[]);
    for content in [
        keystore_under("another", SECRETS),
        Vec::new(),
        b"garbage".to_vec(),
    ] {
        fixture.write("secure.jks", content);
        let error = start_error(fixture.configuration(NEVER, ""));
        let message = error.to_string();
        assert!(message.contains("secure.jks: "), "{message}");
        assert!(!message.contains("keypass"), "{message}");
    }
}

#[test]
fn a_keystore_that_is_not_of_the_configured_type_is_read_as_what_it_is() {
    let fixture = Fixture::new(SECRETS);
    let configuration = fixture.load(
        r#"<secret-service>
             <keystore name="main" path="secure.jks" type="JCEKS"><password>keypass</password></keystore>
           </secret-service>"#,
    );
    let service = SecretService::start_with(configuration, &options()).unwrap();
    assert_eq!(value(&service, "db1"), "sqluser");
    assert!(Path::new(&service.status().keystores[0].path).ends_with("secure.jks"));
}
