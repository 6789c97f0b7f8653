//! The clock is stepped while `keyward serve` runs, by a day back and by a month ahead: changes, grace and state do not
//! depend on it. The peer is libfaketime, which changes the clock of one program alone.

#![cfg(all(target_os = "linux", feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "support/left_out.rs"]
mod left_out;
#[path = "service/program.rs"]
mod program;

use std::fs;

use fixture::{Fixture, eventually};
use program::Program;

#[test]
fn a_clock_that_is_stepped_changes_nothing_that_is_served() {
    let library = fixture::repository("target/peers/faketime/libfaketime.so.1");
    if !library.exists() {
        left_out::leave_out("libfaketime is not here (bash .ci/peers fetches it)");
        return;
    }
    let fixture = Fixture::new(&[("db1", "value-0"), ("db1pass", "x34!2axf")]);
    let user = nix::unistd::geteuid();
    fixture.write(
        "service.xml",
        format!(
            r#"<secret-service>
                 <keystore name="main" path="secure.jks" retryDelay="50" vanishGrace="200"><password file="password"/></keystore>
                 <socket path="keyward.sock"><allow user="{user}" aliases="*"/></socket>
               </secret-service>"#
        ),
    );
    let clock = fixture.path("clock");
    let step = |to: &str| {
        // In one step: a clock that cannot be read is not stepped.
        fixture.write("clock.new", to);
        fs::rename(fixture.path("clock.new"), &clock).unwrap();
    };
    step("+0");
    let program = Program::serve_with(
        &fixture,
        &[],
        &[
            ("LD_PRELOAD", library.as_os_str()),
            ("FAKETIME_TIMESTAMP_FILE", clock.as_os_str()),
            ("FAKETIME_NO_CACHE", "1".as_ref()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".as_ref()),
        ],
    );
    eventually("it serves", || program.says("/v1/secrets/db1", "value-0"));
    let mut before = day(&program);
    for (number, to) in ["-1d", "+30d", "-30d", "+0"].into_iter().enumerate() {
        step(to);
        eventually("the clock is stepped", || day(&program) != before);
        before = day(&program);
        let value = format!("value-{}", number + 1);
        fixture.replace(&[("db1", &value), ("db1pass", "x34!2axf")]);
        eventually("the change is served", || {
            program.says("/v1/secrets/db1", &value)
        });
        assert!(program.says("/v1/status", r#""state":"fresh""#));
        fixture.replace(&[("db1", &value)]);
        eventually("the grace ends", || {
            program.says("/v1/secrets/db1pass", " 404 ")
        });
        fixture.replace(&[("db1", &value), ("db1pass", "x34!2axf")]);
        eventually("it is back", || {
            program.says("/v1/secrets/db1pass", "x34!2axf")
        });
        assert!(state_seconds(&program) < 60);
    }
}

/// The day on which the service looked at the file last, by its own clock.
fn day(program: &Program<'_>) -> String {
    field(program, r#""last_check":""#)[..10].to_owned()
}

fn state_seconds(program: &Program<'_>) -> u64 {
    let rest = field(program, r#""state_seconds":"#);
    let digits = rest
        .split(|character: char| !character.is_ascii_digit())
        .next();
    digits.unwrap().parse().unwrap()
}

fn field(program: &Program<'_>, name: &str) -> String {
    let status = program.ask("GET", "/v1/status").unwrap();
    let (_, rest) = status.split_once(name).unwrap();
    rest.to_owned()
}
