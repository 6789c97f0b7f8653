//! A rotation passes through states that no reader may see: the alias gone, a new user name with the old password.

#![cfg(feature = "serve")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
mod support;

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fixture::{
    Fixture, OFTEN, PASSWORD, eventually, eventually_serves, keystore, options, state, status,
    value, with_replaced,
};
use keyward::Secret;
use keyward::keystore::{Alias, Keystore};
use keyward::service::{Freshness, GetError, SecretService};

const OLD: fixture::Secrets<'_> = &[("db1", "user-0"), ("db1pass", "pass-0"), ("other", "x")];
const GROUP: &str = r#"<group name="db" aliases="DB1 db1pass"/>"#;
/// Longer than any test.
const LONG: Duration = Duration::from_mins(10);

fn start(fixture: &Fixture, grace: Duration, more: &str) -> SecretService {
    let (grace, delay) = (grace.as_millis(), OFTEN.as_millis());
    let configuration = fixture.load(&format!(
        r#"<secret-service>
             <keystore name="main" path="secure.jks" retryDelay="{delay}" vanishGrace="{grace}">
               <password file="password"/>
             </keystore>
             <document path="datasource.xml"/>
             {more}
           </secret-service>"#
    ));
    SecretService::start_with(configuration, &options()).unwrap()
}

fn delete(fixture: &Fixture, alias: &str) {
    let bytes = fs::read(fixture.path("secure.jks")).unwrap();
    let password = Secret::copied_from(PASSWORD.as_bytes());
    let mut keystore = Keystore::open(&bytes, &password).unwrap();
    keystore.delete(&Alias::new(alias)).unwrap();
    fixture.write("secure.jks", keystore.to_bytes());
}

fn replace(fixture: &Fixture, alias: &str, value: &str) {
    let bytes = fs::read(fixture.path("secure.jks")).unwrap();
    fixture.write("secure.jks", with_replaced(&bytes, alias, value));
}

/// Waits until the service has seen what the file holds now.
fn seen(service: &SecretService) {
    for report in service.reload() {
        let outcome = format!("{:?}", report.outcome);
        assert!(outcome.contains("generation"), "{outcome}");
    }
}

fn freshness(service: &SecretService, alias: &str) -> Freshness {
    service.get(alias).unwrap().freshness
}

#[test]
fn a_vanished_alias_is_served_until_its_grace_is_over_and_says_so() {
    let fixture = Fixture::new(OLD);
    let grace = Duration::from_millis(1500);
    let service = start(&fixture, grace, "");
    let before = Instant::now();
    delete(&fixture, "db1pass");
    seen(&service);
    assert_eq!(value(&service, "db1pass"), "pass-0");
    assert_eq!(freshness(&service, "db1pass"), Freshness::Vanished);
    assert_eq!(freshness(&service, "db1"), Freshness::Fresh);
    assert_eq!(
        (status(&service).vanished, state(&service)),
        (1, Freshness::Fresh)
    );
    let listed = service.view().aliases();
    let entry = listed
        .iter()
        .find(|entry| entry.alias == "db1pass")
        .unwrap();
    assert_eq!(entry.state, Freshness::Vanished);

    let subscription = service.subscribe();
    let change = subscription.next(Duration::from_secs(10)).unwrap();
    assert!(before.elapsed() >= grace);
    assert_eq!(change.removed.into_iter().collect::<Vec<_>>(), ["db1pass"]);
    assert!(matches!(
        service.get("db1pass"),
        Err(GetError::NoSuchAlias { .. })
    ));
    assert_eq!(status(&service).vanished, 0);
}

#[test]
fn an_alias_that_comes_back_is_served_at_once_and_was_never_missed() {
    let fixture = Fixture::new(OLD);
    let service = start(&fixture, LONG, "");
    let subscription = service.subscribe();
    delete(&fixture, "db1pass");
    seen(&service);
    replace_missing(&fixture, "db1pass", "pass-1");
    eventually_serves(&service, "db1pass", "pass-1");
    assert_eq!(freshness(&service, "db1pass"), Freshness::Fresh);
    let change = subscription.next(Duration::ZERO).unwrap();
    assert_eq!(change.changed.into_iter().collect::<Vec<_>>(), ["db1pass"]);
    assert!(change.removed.is_empty(), "nobody heard of its absence");
}

fn replace_missing(fixture: &Fixture, alias: &str, value: &str) {
    let bytes = fs::read(fixture.path("secure.jks")).unwrap();
    let password = Secret::copied_from(PASSWORD.as_bytes());
    let mut keystore = Keystore::open(&bytes, &password).unwrap();
    let secret = Secret::copied_from(value.as_bytes());
    keystore.add_secret(&Alias::new(alias), &secret).unwrap();
    fixture.write("secure.jks", keystore.to_bytes());
}

#[test]
fn without_grace_an_alias_is_gone_with_the_file_s() {
    let fixture = Fixture::new(OLD);
    let service = start(&fixture, Duration::ZERO, GROUP);
    delete(&fixture, "db1pass");
    seen(&service);
    assert!(service.get("db1pass").is_err());
}

#[cfg(feature = "cli")]
#[test]
fn what_keyward_deletes_is_gone_at_once() {
    for group in ["", GROUP] {
        let fixture = Fixture::new(OLD);
        let service = start(&fixture, LONG, group);
        let path = fixture.path("secure.jks");
        let arguments = [
            "delete",
            "-alias",
            "DB1pass",
            "-keystore",
            path.to_str().unwrap(),
        ];
        let password = fixture.path("password");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_keyward"))
            .args(arguments)
            .arg("-storepass:file")
            .arg(password)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        seen(&service);
        assert!(service.get("db1pass").is_err(), "{group}");
        assert_eq!(value(&service, "db1"), "user-0");
        // The same alias imported anew and then removed by another program has its grace.
        replace_missing(&fixture, "db1pass", "pass-1");
        seen(&service);
        assert_eq!(value(&service, "db1pass"), "pass-1");
        delete(&fixture, "db1pass");
        seen(&service);
        assert_eq!(value(&service, "db1pass"), "pass-1");
        assert_eq!(freshness(&service, "db1pass"), Freshness::Vanished);
    }
}

#[test]
fn a_group_changes_when_all_of_it_has_changed() {
    let fixture = Fixture::new(OLD);
    let service = start(&fixture, LONG, GROUP);
    let subscription = service.subscribe();
    replace(&fixture, "db1", "user-1");
    seen(&service);
    assert_eq!(value(&service, "db1"), "user-0");
    assert_eq!(freshness(&service, "db1"), Freshness::HeldBack);
    assert_eq!(status(&service).held_back, 1);
    replace(&fixture, "other", "y");
    seen(&service);
    assert_eq!(
        value(&service, "other"),
        "y",
        "what is in no group is not held"
    );
    assert_eq!(value(&service, "db1"), "user-0");
    replace(&fixture, "db1pass", "pass-1");
    seen(&service);
    let view = service.view();
    let text = |alias: &str| {
        view.get(alias)
            .unwrap()
            .secret
            .expose_text()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (text("db1"), text("db1pass")),
        ("user-1".to_owned(), "pass-1".to_owned())
    );
    assert_eq!(freshness(&service, "db1"), Freshness::Fresh);
    let change = subscription.next(Duration::ZERO).unwrap();
    assert_eq!(
        change.changed.into_iter().collect::<Vec<_>>(),
        ["db1", "db1pass", "other"]
    );
}

#[test]
fn a_group_that_goes_back_is_fresh_again() {
    let fixture = Fixture::new(OLD);
    let service = start(&fixture, LONG, GROUP);
    let original = fs::read(fixture.path("secure.jks")).unwrap();
    replace(&fixture, "db1", "user-1");
    seen(&service);
    assert_eq!(freshness(&service, "db1"), Freshness::HeldBack);
    fixture.write("secure.jks", original);
    seen(&service);
    assert_eq!(
        (value(&service, "db1"), freshness(&service, "db1")),
        ("user-0".to_owned(), Freshness::Fresh)
    );
}

#[test]
fn half_a_group_is_held_back_for_the_grace_and_no_longer() {
    let fixture = Fixture::new(OLD);
    let service = start(&fixture, Duration::from_millis(700), GROUP);
    replace(&fixture, "db1pass", "pass-1");
    seen(&service);
    assert_eq!(value(&service, "db1pass"), "pass-0");
    // More changes to it do not make it wait longer.
    let start = Instant::now();
    replace(&fixture, "db1pass", "pass-2");
    eventually_serves(&service, "db1pass", "pass-2");
    assert!(start.elapsed() < Duration::from_secs(3));
    assert_eq!(status(&service).held_back, 0);
}

#[test]
fn a_group_that_appears_or_disappears_as_a_whole_does_so() {
    let fixture = Fixture::new(&[("other", "x")]);
    let service = start(&fixture, Duration::from_millis(900), GROUP);
    fixture.replace(OLD);
    seen(&service);
    assert_eq!(value(&service, "db1"), "user-0");
    fixture.replace(&[("other", "x")]);
    seen(&service);
    assert_eq!(freshness(&service, "db1"), Freshness::Vanished);
    eventually("both are gone", || {
        service.get("db1").is_err() && service.get("db1pass").is_err()
    });
}

/// Reads pairs until `done`; each must be of one rotation.
fn read_pairs(service: &SecretService, done: &AtomicBool) -> (usize, String) {
    let mut pairs = 0;
    loop {
        let is_last = done.load(Ordering::SeqCst);
        let view = service.view();
        let text = |alias: &str| {
            let served = view
                .get(alias)
                .unwrap_or_else(|error| panic!("absent: {error}"));
            served.secret.expose_text().unwrap().to_owned()
        };
        let (user, pass) = (text("db1"), text("db1pass"));
        let number = |text: &str| text.rsplit('-').next().unwrap().to_owned();
        assert_eq!(number(&user), number(&pass), "a mixed pair");
        pairs += 1;
        if is_last {
            return (pairs, number(&user));
        }
    }
}

#[test]
fn a_real_keytool_rotates_a_pair_and_no_reader_sees_an_absence_or_a_mixed_pair() {
    let Some(jdk) = support::jdks().last() else {
        return;
    };
    let fixture = Fixture::new(OLD);
    let service = start(&fixture, LONG, GROUP);
    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (service, done) = (service.clone(), Arc::clone(&done));
        thread::spawn(move || read_pairs(&service, &done))
    };
    let path = fixture.path("secure.jks");
    let store = ["-keystore", path.to_str().unwrap(), "-storepass", PASSWORD];
    for round in 1..=2 {
        for (alias, word) in [("db1", "user"), ("db1pass", "pass")] {
            jdk.keytool(&[&["-delete", "-alias", alias], &store[..]].concat(), "")
                .of_success();
            let import = ["-importpass", "-alias", alias];
            let secret = format!("{word}-{round}\n{word}-{round}\n");
            jdk.keytool(&[&import, &store[..]].concat(), &secret)
                .of_success();
        }
        eventually_serves(&service, "db1pass", &format!("pass-{round}"));
    }
    done.store(true, Ordering::SeqCst);
    let (pairs, last) = reader.join().unwrap();
    assert_eq!(last, "2");
    assert!(pairs > 1000, "{pairs}");
}

#[test]
fn instances_on_one_keystore_hear_of_their_own_aliases_alone() {
    let fixture = Fixture::new(&[
        ("proddb1", "p"),
        ("proddb1pass", "p"),
        ("devdb1", "d"),
        ("devdb1pass", "d"),
    ]);
    let instance = |prefix: &str| {
        fixture.load(&format!(
            r#"<secret-service>
                 <keystore name="main" path="secure.jks" retryDelay="50" aliasPrefix="{prefix}">
                   <password file="password"/>
                 </keystore>
                 <document path="datasource.xml"/>
                 {GROUP}
               </secret-service>"#
        ))
    };
    let prod = SecretService::start_with(instance("Prod"), &options()).unwrap();
    let dev = SecretService::start_with(instance("Dev"), &options()).unwrap();
    assert_eq!(
        (value(&prod, "db1"), value(&dev, "DB1")),
        ("p".to_owned(), "d".to_owned())
    );
    let heard = dev.subscribe();
    fixture.replace(&[
        ("proddb1", "p"),
        ("proddb1pass", "p"),
        ("devdb1", "e"),
        ("devdb1pass", "e"),
    ]);
    eventually_serves(&dev, "db1pass", "e");
    let change = heard.next(Duration::from_secs(10)).unwrap();
    let aliases: Vec<_> = change
        .changed
        .into_iter()
        .filter(|alias| alias.starts_with("dev"))
        .collect();
    assert!(aliases.is_empty(), "without the prefix: {aliases:?}");
    assert!(prod.get("devdb1").is_err());
    assert_eq!(value(&prod, "db1pass"), "p");
}

#[test]
fn one_change_among_many_entries_costs_one_derivation() {
    let names: Vec<(String, String)> = (0..300)
        .map(|n| (format!("a{n}"), format!("v{n}")))
        .collect();
    let mut secrets: Vec<(&str, &str)> = names
        .iter()
        .map(|(a, v)| (a.as_str(), v.as_str()))
        .collect();
    secrets.extend(OLD);
    let fixture = Fixture::new(&[]);
    fixture.write("secure.jks", keystore(&secrets));
    let service = start(&fixture, LONG, "");
    let before: Vec<_> = names
        .iter()
        .map(|(a, _)| service.get(a).unwrap().secret)
        .collect();
    replace(&fixture, "a7", "new");
    eventually_serves(&service, "a7", "new");
    for (index, ((alias, _), old)) in names.iter().zip(&before).enumerate() {
        let now = service.get(alias).unwrap().secret;
        assert_eq!(Arc::ptr_eq(&now, old), index != 7, "{alias}");
    }
}
