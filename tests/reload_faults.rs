//! However a keystore is replaced, and whatever happens to it meanwhile, the last good values are served.

#![cfg(feature = "serve")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;

use std::fs::{self, File};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use fixture::{
    Fixture, NEVER, OFTEN, eventually, eventually_serves, keystore, options, state, status, value,
};
use keyward::service::{Freshness, SecretService, ServiceOptions, WatchMode};

const OLD: fixture::Secrets<'_> = &[("db1", "olduser"), ("db1pass", "old-pass")];

/// Larger than any keystore that is read.
const TOO_LARGE: u64 = 64 * 1024 * 1024 + 1;

fn polling(fixture: &Fixture) -> SecretService {
    let poll_only = ServiceOptions {
        watch_mode: WatchMode::PollOnly,
        ..options()
    };
    let configuration = fixture.configuration(OFTEN, "");
    SecretService::start_with(configuration, &poll_only).unwrap()
}

/// The service that only polls, and where the kernel gives events the one that only waits for them.
fn services(fixture: &Fixture) -> Vec<SecretService> {
    let waiting = fixture.start(NEVER);
    let mut services = vec![polling(fixture)];
    if status(&waiting).watcher == "events" {
        services.push(waiting);
    } else {
        println!("left out: the kernel gives no events here");
    }
    services
}

fn next(round: usize) -> (Vec<u8>, String) {
    let pass = format!("pass-{round}");
    (keystore(&[("db1", "user"), ("db1pass", &pass)]), pass)
}

#[test]
fn an_editor_that_keeps_a_backup_is_followed_each_time() {
    let fixture = Fixture::new(OLD);
    let services = services(&fixture);
    for round in 0..4 {
        let (bytes, pass) = next(round);
        fs::rename(fixture.path("secure.jks"), fixture.path("secure.jks~")).unwrap();
        fixture.write("secure.jks", bytes);
        for service in &services {
            eventually_serves(service, "db1pass", &pass);
        }
    }
}

#[test]
fn a_file_that_is_removed_and_made_again_is_followed_each_time() {
    let fixture = Fixture::new(OLD);
    let services = services(&fixture);
    for round in 0..4 {
        let (bytes, pass) = next(round);
        fs::remove_file(fixture.path("secure.jks")).unwrap();
        for service in &services {
            eventually("it is absent", || state(service) == Freshness::Absent);
            assert!(service.get("db1pass").is_ok());
        }
        fixture.write("secure.jks", bytes);
        for service in &services {
            eventually_serves(service, "db1pass", &pass);
        }
    }
}

#[test]
fn a_file_that_is_rewritten_in_place_is_followed_each_time() {
    let fixture = Fixture::new(OLD);
    let services = services(&fixture);
    for round in 0..4 {
        let (bytes, pass) = next(round);
        fixture.write("secure.jks", bytes);
        for service in &services {
            eventually_serves(service, "db1pass", &pass);
        }
    }
}

#[test]
fn a_file_over_the_limit_is_reported_and_the_next_good_one_loaded() {
    let fixture = Fixture::new(OLD);
    let services = services(&fixture);
    let file = fs::File::create(fixture.path("secure.jks")).unwrap();
    file.set_len(TOO_LARGE).unwrap();
    for service in &services {
        eventually("the size is reported", || {
            status(service)
                .reason
                .is_some_and(|reason| reason.contains("more than"))
        });
        assert_eq!(value(service, "db1pass"), "old-pass");
    }
    let (bytes, pass) = next(1);
    fixture.write("secure.jks", bytes);
    for service in &services {
        eventually_serves(service, "db1pass", &pass);
    }
}

#[test]
fn a_torn_file_is_never_served_however_long_it_lies_there() {
    let fixture = Fixture::new(OLD);
    let service = polling(&fixture);
    let (bytes, pass) = next(1);
    fixture.write("secure.jks", &bytes[..bytes.len() - 7]);
    eventually("it is reported", || state(&service) == Freshness::Stale);
    let since = status(&service).since;
    let start = Instant::now();
    // Twenty times retryDelay.
    while start.elapsed() < 20 * OFTEN {
        assert_eq!(value(&service, "db1pass"), "old-pass");
        assert_eq!(state(&service), Freshness::Stale);
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(status(&service).since, since, "one failure, not twenty");
    assert_eq!(status(&service).generation, Some(1));
    fixture.write("secure.jks", bytes);
    eventually_serves(&service, "db1pass", &pass);
}

#[cfg(unix)]
#[test]
fn every_link_of_a_chain_may_be_replaced() {
    use std::os::unix::fs::symlink;
    let fixture = Fixture::new(&[]);
    for round in 0..4 {
        fs::create_dir(fixture.path(&format!("v{round}"))).unwrap();
        fixture.write(&format!("v{round}/store"), next(round).0);
    }
    let point = |link: &str, target: &str| {
        symlink(target, fixture.path("passing")).unwrap();
        fs::rename(fixture.path("passing"), fixture.path(link)).unwrap();
    };
    fs::remove_file(fixture.path("secure.jks")).unwrap();
    point("secure.jks", "second");
    point("second", "third/store");
    point("third", "v0");
    let services = services(&fixture);
    for (round, (link, target)) in [
        ("third", "v1"),
        ("second", "v2/store"),
        ("secure.jks", "v3/store"),
    ]
    .into_iter()
    .enumerate()
    {
        point(link, target);
        for service in &services {
            eventually_serves(service, "db1pass", &next(round + 1).1);
        }
    }
}

/// The file's date says nothing: it goes back, stands still, and lies in the future.
#[test]
fn a_clock_that_was_stepped_back_hides_no_change() {
    let fixture = Fixture::new(OLD);
    let services = services(&fixture);
    let (now, day) = (SystemTime::now(), Duration::from_hours(24));
    let dates = [
        now + day,
        now - day,
        SystemTime::UNIX_EPOCH,
        now + day,
        now + day,
    ];
    for (round, date) in dates.into_iter().enumerate() {
        let (bytes, pass) = next(round);
        fixture.write("new", bytes);
        let new = File::options().write(true).open(fixture.path("new"));
        new.unwrap().set_modified(date).unwrap();
        fs::rename(fixture.path("new"), fixture.path("secure.jks")).unwrap();
        for service in &services {
            eventually_serves(service, "db1pass", &pass);
        }
    }
}
