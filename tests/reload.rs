//! A running secret service keeps in step with its keystore files, and never serves half of one.

#![cfg(feature = "serve")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use fixture::{
    Fixture, NEVER, OFTEN, eventually, eventually_serves, keystore, keystore_under, options,
    repository, state, status, value, with_replaced,
};
use keyward::service::{
    Freshness, GetError, OnStart, ReloadOutcome, SecretService, ServiceOptions, WatchMode,
};

const OLD: fixture::Secrets<'_> = &[("db1", "olduser"), ("db1pass", "old-pass")];
const NEW: fixture::Secrets<'_> = &[("db1", "newuser"), ("db1pass", "new-pass")];

fn outcome(service: &SecretService) -> ReloadOutcome {
    service.reload().remove(0).outcome
}

#[test]
fn the_sample_keystore_is_served_whatever_the_case_of_an_alias() {
    let fixture = Fixture::new(&[]);
    fs::copy(
        repository("keystores/secure.jks"),
        fixture.path("secure.jks"),
    )
    .unwrap();
    let service = fixture.start(OFTEN);
    assert_eq!(value(&service, "db1"), "sqluser");
    assert_eq!(value(&service, "DB1Pass"), "x34!2axf");
    assert_eq!(value(&service, "emailuser"), "mailer@example.com");
    let status = status(&service);
    assert_eq!(status.store_type.as_deref(), Some("PKCS12"));
    assert_eq!((status.entries, status.generation), (5, Some(1)));
}

#[test]
fn a_file_renamed_over_the_keystore_is_served_each_time() {
    let fixture = Fixture::new(OLD);
    let Some(service) = fixture.start_with_events() else {
        return;
    };
    for round in 0..4 {
        let pass = format!("pass-{round}");
        fixture.replace(&[("db1", "user"), ("db1pass", &pass)]);
        eventually_serves(&service, "db1pass", &pass);
    }
    assert_eq!(status(&service).generation, Some(5));
}

#[test]
fn without_events_the_poll_finds_the_change() {
    let fixture = Fixture::new(OLD);
    let poll_only = ServiceOptions {
        watch_mode: WatchMode::PollOnly,
        ..options()
    };
    let configuration = fixture.configuration(OFTEN, "");
    let service = SecretService::start_with(configuration, &poll_only).unwrap();
    assert_eq!(status(&service).watcher, "poll");
    fixture.replace(NEW);
    eventually_serves(&service, "db1pass", "new-pass");
}

#[test]
fn a_rewrite_in_place_with_a_pause_never_shows_and_never_errs() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    let done = Arc::new(AtomicBool::new(false));
    let reader = {
        let (service, done) = (service.clone(), Arc::clone(&done));
        thread::spawn(move || {
            let mut seen = Vec::new();
            loop {
                let last = done.load(Ordering::SeqCst);
                seen.push(value(&service, "db1pass"));
                seen.dedup();
                if last {
                    return seen;
                }
            }
        })
    };

    let bytes = keystore(NEW);
    let (first, second) = bytes.split_at(bytes.len() / 2);
    let mut file = OpenOptions::new()
        .write(true)
        .truncate(true)
        .open(fixture.path("secure.jks"))
        .unwrap();
    thread::sleep(Duration::from_millis(150));
    file.write_all(first).unwrap();
    // Longer than the settle time: the half file counts as the file, and must not be served.
    eventually("the half file is reported", || {
        state(&service) == Freshness::Stale
    });
    file.write_all(second).unwrap();
    drop(file);
    eventually_serves(&service, "db1pass", "new-pass");

    done.store(true, Ordering::SeqCst);
    assert_eq!(reader.join().unwrap(), ["old-pass", "new-pass"]);
}

#[test]
fn a_keystore_that_never_rests_is_not_loaded_before_it_does() {
    let fixture = Fixture::new(OLD);
    let configuration = fixture.configuration(NEVER, "");
    let patient = ServiceOptions {
        settle: Duration::from_secs(2),
        ..options()
    };
    let service = SecretService::start_with(configuration, &patient).unwrap();
    let contents = [keystore(NEW), keystore(OLD), keystore(NEW)];
    for round in 0..21 {
        fixture.write("secure.jks", &contents[round % 3]);
        thread::sleep(Duration::from_millis(20));
        assert_eq!(value(&service, "db1pass"), "old-pass");
    }
    assert_eq!(state(&service), Freshness::Settling);
    eventually_serves(&service, "db1pass", "new-pass");
    assert_eq!(status(&service).generation, Some(2));
}

#[test]
fn a_missing_keystore_is_not_an_empty_one() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    fs::remove_file(fixture.path("secure.jks")).unwrap();
    eventually("the keystore is absent", || {
        state(&service) == Freshness::Absent
    });
    assert_eq!(value(&service, "db1pass"), "old-pass");
    let reason = status(&service).reason.unwrap();
    assert!(reason.contains("secure.jks: no such file"), "{reason}");

    fixture.write("secure.jks", keystore(NEW));
    eventually_serves(&service, "db1pass", "new-pass");
    assert_eq!(status(&service).reason, None);
}

#[test]
fn garbage_leaves_the_last_good_values_and_recovers_by_itself() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    let original = fs::read(fixture.path("secure.jks")).unwrap();
    for garbage in [&b""[..], b"not a keystore", &original[..original.len() - 1]] {
        fixture.write("secure.jks", garbage);
        eventually("the garbage is reported", || {
            state(&service) == Freshness::Stale
        });
        assert_eq!(value(&service, "db1pass"), "old-pass");
        let reason = status(&service).reason.unwrap();
        assert!(reason.contains("secure.jks: "), "{reason}");

        fixture.write("secure.jks", &original);
        eventually("the original is recognised", || {
            state(&service) == Freshness::Fresh
        });
        assert_eq!(
            status(&service).generation,
            Some(1),
            "nothing is loaded twice"
        );
    }
}

#[test]
fn a_directory_in_the_keystore_s_place_is_reported() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    fs::remove_file(fixture.path("secure.jks")).unwrap();
    fs::create_dir(fixture.path("secure.jks")).unwrap();
    eventually("the directory is reported", || {
        state(&service) == Freshness::Stale
    });
    let reason = status(&service).reason.unwrap();
    assert!(reason.contains("not a regular file"), "{reason}");
    assert_eq!(value(&service, "db1pass"), "old-pass");
}

#[test]
fn a_new_store_password_is_read_again_without_a_restart() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    fixture.write("secure.jks", keystore_under("other-password", NEW));
    eventually("the wrong password is reported", || {
        state(&service) == Freshness::Stale
    });
    assert_eq!(value(&service, "db1pass"), "old-pass");
    let reason = status(&service).reason.unwrap();
    assert!(reason.contains("password"), "{reason}");
    assert!(!reason.contains("keypass"), "{reason}");

    fixture.write("password", "other-password\n");
    eventually_serves(&service, "db1pass", "new-pass");
}

#[test]
fn a_lost_password_file_keeps_what_is_served_until_it_is_back() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    fs::remove_file(fixture.path("password")).unwrap();
    fixture.replace(NEW);
    eventually("the missing password is reported", || {
        state(&service) == Freshness::Stale
    });
    assert_eq!(value(&service, "db1pass"), "old-pass");
    fixture.write("password", "keypass");
    eventually_serves(&service, "db1pass", "new-pass");
}

#[test]
fn an_entry_that_becomes_unreadable_keeps_its_last_good_value() {
    let fixture = Fixture::new(&[]);
    fixture.write("password", "changeit");
    fixture.write("secure.jks", keystore_under("changeit", OLD));
    let service = fixture.start(OFTEN);
    // Its db1pass is under another key password.
    fs::copy(
        repository("tests/fixtures/key-password.jceks"),
        fixture.path("secure.jks"),
    )
    .unwrap();
    eventually("the entry is reported", || {
        state(&service) == Freshness::Stale
    });
    assert_eq!(value(&service, "db1"), "olduser");
    assert_eq!(value(&service, "db1pass"), "old-pass");
    let reason = status(&service).reason.unwrap();
    assert!(reason.contains("db1pass"), "{reason}");
}

#[test]
fn an_entry_that_was_never_readable_does_not_hold_up_the_others() {
    let fixture = Fixture::new(&[]);
    fixture.write("password", "changeit");
    fs::copy(
        repository("tests/fixtures/key-password.jceks"),
        fixture.path("secure.jks"),
    )
    .unwrap();
    let service = fixture.start(OFTEN);
    assert_eq!(value(&service, "db1"), "sqluser");
    let error = service.get("db1pass").err().unwrap();
    assert!(matches!(error, GetError::Unreadable { .. }), "{error}");
}

#[test]
fn unchanged_entries_keep_their_secret_and_are_not_decrypted_again() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    let user = service.get("db1").unwrap();
    let pass = service.get("db1pass").unwrap();

    let bytes = fs::read(fixture.path("secure.jks")).unwrap();
    fixture.write("secure.jks", with_replaced(&bytes, "db1pass", "new-pass"));
    eventually_serves(&service, "db1pass", "new-pass");

    let user_again = service.get("db1").unwrap();
    assert!(Arc::ptr_eq(&user.secret, &user_again.secret));
    assert!(!Arc::ptr_eq(
        &pass.secret,
        &service.get("db1pass").unwrap().secret
    ));
    assert_eq!((user.generation, user_again.generation), (1, 2));
}

#[test]
fn a_view_is_of_one_generation() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    let view = service.view();
    fixture.replace(NEW);
    eventually_serves(&service, "db1pass", "new-pass");
    let text = |alias| {
        view.get(alias)
            .unwrap()
            .secret
            .expose_text()
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        (text("db1"), text("db1pass")),
        ("olduser".to_owned(), "old-pass".to_owned())
    );
}

#[test]
fn a_deleted_alias_is_gone_and_an_added_one_is_there() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    fixture.replace(&[("db1", "olduser"), ("pepperkey", "pepper")]);
    eventually("the new alias is served", || {
        service.get("pepperKey").is_ok()
    });
    eventually("the old alias is gone", || service.get("db1pass").is_err());
    let error = service.get("db1pass").err().unwrap();
    assert!(matches!(error, GetError::NoSuchAlias { .. }), "{error}");
    assert!(error.to_string().contains("secure.jks"), "{error}");
}

#[test]
fn a_reload_that_is_asked_for_says_what_came_of_it() {
    let fixture = Fixture::new(OLD);
    let poll_only = ServiceOptions {
        watch_mode: WatchMode::PollOnly,
        ..options()
    };
    let configuration = fixture.configuration(NEVER, "");
    let service = SecretService::start_with(configuration, &poll_only).unwrap();
    assert_eq!(
        outcome(&service),
        ReloadOutcome::Unchanged { generation: 1 }
    );
    fixture.replace(NEW);
    assert_eq!(outcome(&service), ReloadOutcome::Reloaded { generation: 2 });
    assert_eq!(value(&service, "db1pass"), "new-pass");
    fixture.write("secure.jks", "garbage");
    let failed = outcome(&service);
    assert!(
        matches!(
            failed,
            ReloadOutcome::Failed {
                state: Freshness::Stale,
                ..
            }
        ),
        "{failed:?}"
    );
}

#[test]
fn what_is_quiet_is_left_alone() {
    let fixture = Fixture::new(OLD);
    let Some(service) = fixture.start_with_events() else {
        return;
    };
    // The first look after the start may still hear of the start's own file operations.
    thread::sleep(Duration::from_millis(300));
    let before = status(&service).last_check;
    fixture.write("neighbour", "noise");
    thread::sleep(Duration::from_millis(500));
    assert_eq!(
        status(&service).last_check,
        before,
        "nothing happened to the file"
    );
}

#[test]
fn ten_thousand_rapid_rewrites_end_with_the_last() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    let contents = [keystore(OLD), keystore(NEW)];
    for round in 0..10_000 {
        fixture.write("secure.jks", &contents[round % 2]);
        assert!(service.get("db1pass").is_ok());
    }
    fixture.write(
        "secure.jks",
        keystore(&[("db1", "last"), ("db1pass", "last-pass")]),
    );
    eventually_serves(&service, "db1pass", "last-pass");
}

#[test]
fn subscribers_hear_which_aliases_changed() {
    let fixture = Fixture::new(OLD);
    let service = fixture.start(OFTEN);
    let subscription = service.subscribe();
    let bytes = fs::read(fixture.path("secure.jks")).unwrap();
    fixture.write("secure.jks", with_replaced(&bytes, "db1pass", "new-pass"));
    let change = subscription.next(Duration::from_secs(10)).unwrap();
    assert_eq!(change.generation, 2);
    assert_eq!(change.changed.into_iter().collect::<Vec<_>>(), ["db1pass"]);
    assert!(change.removed.is_empty());
    drop(service);
    assert_eq!(subscription.next(Duration::from_secs(10)), None);
}

#[test]
fn a_service_that_waits_loads_what_appears_later() {
    let fixture = Fixture::new(OLD);
    fs::rename(fixture.path("secure.jks"), fixture.path("away")).unwrap();
    let waiting = ServiceOptions {
        on_start: OnStart::Wait,
        ..options()
    };
    let configuration = fixture.configuration(OFTEN, "");
    let service = SecretService::start_with(configuration, &waiting).unwrap();
    assert_eq!(state(&service), Freshness::NeverLoaded);
    let error = service.get("db1pass").err().unwrap();
    assert!(matches!(error, GetError::NotLoaded { .. }), "{error}");
    fs::rename(fixture.path("away"), fixture.path("secure.jks")).unwrap();
    eventually("the keystore is loaded", || {
        state(&service) == Freshness::Fresh
    });
    assert_eq!(value(&service, "db1pass"), "old-pass");
}
