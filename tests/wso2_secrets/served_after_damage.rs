//! What the secret service does with a home that is damaged, or says two things at once.

use std::time::{Duration, Instant};
use std::{fs, thread};

use keyward::document::Configuration;
use keyward::service::SecretService;

use super::home::{CARBON, CIPHER_TEXT, Home, KEYSTORE, SECRET_CONF, TOML};
use super::support::{STORE_PASSWORD, keyward};

const CARBON_XML: &str = "<Server><Security><KeyStore><Location>${carbon.home}/repository/resources/security/server.p12</Location>\
    <Type>PKCS12</Type><Password>changeit</Password><KeyAlias>server</KeyAlias><KeyPassword>changeit</KeyPassword></KeyStore></Security></Server>";

/// A home whose secrets are encrypted, with the password where the server would read it too.
fn home(secrets: &str) -> Home {
    let home = Home::with_toml(&format!("[secrets]\n{secrets}"));
    home.run(&["reencrypt"], "").of_success();
    home.write("password-persist", &format!("{STORE_PASSWORD}\n"));
    home
}

fn configured(home: &Home) -> Configuration {
    home.write(
        "service.xml",
        r#"<secret-service>
             <secure-vault name="is" home="." retryDelay="50" vanishGrace="0"/>
           </secret-service>"#,
    );
    Configuration::load(&home.path("service.xml")).unwrap()
}

fn served(home: &Home) -> SecretService {
    SecretService::start(configured(home)).unwrap()
}

fn value(service: &SecretService, alias: &str) -> Option<String> {
    let served = service.get(alias).ok()?;
    Some(served.secret.expose_text().unwrap().to_owned())
}

fn message(service: &SecretService, alias: &str) -> String {
    match service.get(alias) {
        Ok(_) => panic!("{alias} is served"),
        Err(error) => error.to_string(),
    }
}

fn state(service: &SecretService) -> String {
    service.status().keystores[0].state.as_str().to_owned()
}

#[track_caller]
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < Duration::from_secs(10), "never: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_corrected_password_file_is_noticed_without_another_change() {
    let home = home("a = \"[one]\"\n");
    let service = served(&home);
    home.write("password-persist", "wrong\n");
    home.run(&["set", "a"], "two\n").of_success();
    wait_until("stale", || state(&service) == "stale");
    assert_eq!(value(&service, "a").as_deref(), Some("one"));
    // By now every quick retry is over.
    thread::sleep(Duration::from_secs(2));
    home.write("password-persist", &format!("{STORE_PASSWORD}\n"));
    wait_until("the new value", || {
        value(&service, "a").as_deref() == Some("two")
    });
}

#[test]
fn an_emptied_file_takes_no_secret_away() {
    let home = home("a = \"[one]\"\nb = \"[two]\"\n");
    let service = served(&home);
    let whole = home.read(TOML);
    for emptied in ["", KEYSTORE] {
        fs::write(home.path(TOML), emptied).unwrap();
        wait_until("stale", || state(&service) == "stale");
        assert_eq!(value(&service, "a").as_deref(), Some("one"));
        let status = service.status();
        let reason = status.keystores[0].reason.clone().unwrap();
        assert!(
            reason.contains("deployment.toml: there is no secret in it any more, and there were 2"),
            "{reason}"
        );
        fs::write(home.path(TOML), &whole).unwrap();
        wait_until("fresh", || state(&service) == "fresh");
    }
    // One that is gone alone is meant to be gone.
    let line = whole.lines().find(|line| line.starts_with("b = ")).unwrap();
    fs::write(home.path(TOML), whole.replace(line, "")).unwrap();
    wait_until("b is gone", || value(&service, "b").is_none());
    assert_eq!(value(&service, "a").as_deref(), Some("one"));
}

#[test]
fn of_aliases_that_differ_in_case_alone_none_is_served() {
    let home = home("Db = \"[one]\"\ndb = \"[two]\"\nother = \"[three]\"\n");
    let service = served(&home);
    for alias in ["Db", "db", "DB"] {
        let message = message(&service, alias);
        assert!(
            message.contains("Db (line 6) and db (line 7)") && message.contains("Rename all but"),
            "{message}"
        );
    }
    assert_eq!(value(&service, "other").as_deref(), Some("three"));
}

#[test]
fn an_alias_that_gets_a_twin_is_not_served_from_the_load_before() {
    let home = home("Db = \"[one]\"\n");
    let service = served(&home);
    assert_eq!(value(&service, "db").as_deref(), Some("one"));
    home.run(&["set", "db"], "two\n").of_success();
    wait_until("refused", || value(&service, "db").is_none());
    assert!(message(&service, "Db").contains("differ in case alone"));
}

#[test]
fn the_file_that_secret_conf_names_is_served() {
    let home = Home::empty();
    home.write(CARBON, CARBON_XML);
    home.write(
        SECRET_CONF,
        "secretRepositories.file.location=conf/my.properties\n",
    );
    home.write("conf/my.properties", "a=[new]\n");
    home.run(&["reencrypt"], "").of_success();
    home.write(CIPHER_TEXT, "a=[old]\n");
    assert_eq!(value(&served(&home), "a").as_deref(), Some("new"));
    let of_home = Configuration::load(&home.path("")).unwrap();
    assert_eq!(of_home.keystores[0].path, home.path("conf/my.properties"));
}

#[test]
fn a_plain_value_that_java_would_read_differently_is_neither_served_nor_printed() {
    let home = Home::empty();
    home.write(CARBON, CARBON_XML);
    home.write(CIPHER_TEXT, "a=[p\u{e4}ss]\nb=[p\\u00e4ss]\n");
    let service = served(&home);
    assert!(message(&service, "a").contains("characters beyond ASCII"));
    assert_eq!(value(&service, "b").as_deref(), Some("p\u{e4}ss"));
    let get = home.run(&["get", "a"], "");
    assert_eq!((get.status, get.stdout.as_str()), (Some(1), ""), "{get:?}");
    assert!(get.stderr.contains("cipher-text.properties:1"), "{get:?}");
    assert_eq!(home.get("b"), "p\u{e4}ss");
}

#[test]
fn one_document_that_cannot_be_read_blocks_neither_serve_nor_resolve() {
    let home = Home::with_toml("[a]\nb = \"$secret{a}\"\n[secrets]\na = \"[one]\"\n");
    home.run(&["reencrypt"], "").of_success();
    home.write("password-persist", &format!("{STORE_PASSWORD}\n"));
    let resolved = keyward(&["resolve", home.root()], "").of_success();
    assert!(resolved.stderr.is_empty(), "{resolved:?}");
    home.write("repository/conf/broken.xml", "<a svns:secretAlias='a'>");
    let configuration = Configuration::load(&home.path("")).unwrap();
    assert_eq!(configuration.unreadable.len(), 1);
    let service = SecretService::start(configuration).unwrap();
    assert_eq!(value(&service, "a").as_deref(), Some("one"));
    for more in [&[][..], &["--json"]] {
        let resolved = keyward(&[&["resolve", home.root()], more].concat(), "");
        assert_eq!(resolved.status, Some(1), "{resolved:?}");
        assert!(resolved.stdout.contains("deployment.toml"), "{resolved:?}");
        assert!(resolved.stderr.contains("broken.xml:1"), "{resolved:?}");
    }
}

#[test]
fn a_file_beyond_those_that_are_looked_at_is_reported() {
    let home = home("a = \"[one]\"\n");
    fs::create_dir_all(home.path("repository/conf/many")).unwrap();
    for index in 0..20_000 {
        fs::write(home.path(&format!("repository/conf/many/{index}.xml")), "").unwrap();
    }
    let problems = Configuration::load(&home.path("")).unwrap().unreadable;
    let [problem] = &problems[..] else {
        panic!("{problems:?}");
    };
    let problem = problem.to_string();
    assert!(problem.contains("only the first 20000"), "{problem}");
}

#[test]
fn a_directory_that_is_no_home_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = keyward(&["resolve", folder.path().to_str().unwrap()], "");
    assert_eq!(output.status, Some(1), "{output:?}");
    assert!(
        output.stderr.contains("this is a directory")
            && output.stderr.contains("repository/conf/deployment.toml"),
        "{output:?}"
    );
}
