//! `keyward serve` as a program: its signals, its start, its audit lines, a keystore that it may not read.

#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/program.rs"]
mod program;

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use fixture::{Fixture, eventually, keystore, keystore_under};
use program::Program;

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];

#[test]
fn sighup_looks_at_the_keystore_at_once_and_sigterm_ends_the_service() {
    let fixture = Fixture::new(SECRETS);
    let mut program = Program::start(&fixture, "", 3_600_000);
    eventually("it serves", || program.says("/v1/secrets/db1", "sqluser"));
    let renewed = keystore_under("other", &[("db1", "newuser")]);
    fixture.write("secure.jks", renewed);
    eventually("the password is wrong", || {
        program.says("/v1/status", "\"stale\"")
    });
    // The kernel tells nobody of the password's file.
    fixture.write("password", "other");
    program.signal("-HUP");
    eventually("it is loaded", || {
        program.says("/v1/secrets/db1", "newuser")
    });
    program.signal("-TERM");
    assert!(program.child.wait().unwrap().success());
    assert!(!fixture.path("keyward.sock").exists());
}

#[test]
fn a_service_starts_without_its_keystore_only_if_it_may_wait() {
    let fixture = Fixture::new(&[]);
    fs::remove_file(fixture.path("secure.jks")).unwrap();
    let mut failing = Program::start(&fixture, "start='fail'", 50);
    assert_eq!(failing.child.wait().unwrap().code(), Some(3));
    assert!(
        failing.log().contains("secure.jks: no such file"),
        "{}",
        failing.log()
    );
    drop(failing);

    let waiting = Program::start(&fixture, "start='wait'", 50);
    eventually("it says so", || waiting.says("/v1/status", "never-loaded"));
    assert!(waiting.says("/v1/secrets/db1", " 503 "));
    fixture.write("secure.jks", keystore(SECRETS));
    eventually("it serves", || waiting.says("/v1/secrets/db1", "sqluser"));
}

#[test]
fn a_permission_that_is_lost_and_regained_loses_no_value() {
    let fixture = Fixture::new(SECRETS);
    let program = Program::start(&fixture, "", 50);
    eventually("it serves", || program.says("/v1/secrets/db1", "sqluser"));
    let mode = |mode| fs::set_permissions(fixture.path("secure.jks"), Permissions::from_mode(mode));
    mode(0o000).unwrap();
    eventually("it is reported", || {
        program.says("/v1/status", "cannot be read")
    });
    assert!(program.says("/v1/secrets/db1", "sqluser"));
    fixture.write("secure.jks", keystore(&[("db1", "newuser")]));
    assert!(program.says("/v1/secrets/db1", "sqluser"));
    mode(0o644).unwrap();
    eventually("the new value is served", || {
        program.says("/v1/secrets/db1", "newuser")
    });
}

#[test]
fn audit_lines_go_to_standard_error_as_json() {
    let fixture = Fixture::new(SECRETS);
    let program = Program::start(&fixture, "", 50);
    eventually("it serves", || {
        program.says("/v1/secrets/db1pass", "x34!2axf")
    });
    let log = program.log();
    let mut lines = log
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let read = lines.rfind(|line| line["action"] == "read").unwrap();
    assert_eq!(
        (&read["outcome"], &read["alias"]),
        (&"served".into(), &"db1pass".into())
    );
    assert!(
        !log.contains("x34!2axf") && !log.contains("keypass"),
        "{log}"
    );
}
