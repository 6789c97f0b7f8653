//! `keyward serve` as a program: its signals, its start, its audit lines, a keystore that it may not read.

#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;

use std::fs::{self, File, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fixture::{Fixture, eventually, keystore, keystore_under};

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];
/// A user who is not root, so that permissions mean something.
const SOMEBODY: u32 = 54_321;

/// A running `keyward serve`; killed when dropped.
struct Program<'a> {
    fixture: &'a Fixture,
    child: Child,
}

impl<'a> Program<'a> {
    /// `root` is what the root element says, `delay` the `retryDelay` in milliseconds.
    fn start(fixture: &'a Fixture, root: &str, delay: u32) -> Self {
        let me = nix::unistd::geteuid();
        let document = format!(
            r#"<secret-service {root}>
                 <keystore name="main" path="secure.jks" retryDelay="{delay}"><password file="password"/></keystore>
                 <socket path="keyward.sock" mode="0666"><allow user="{me}" aliases="*"/></socket>
               </secret-service>"#
        );
        fixture.write("service.xml", document);
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        command.arg("serve").arg(fixture.path("service.xml"));
        if me.is_root() {
            fs::set_permissions(fixture.path(""), Permissions::from_mode(0o777)).unwrap();
            command.uid(SOMEBODY).gid(SOMEBODY);
            for file in ["secure.jks", "password"] {
                let _ = std::os::unix::fs::chown(fixture.path(file), Some(SOMEBODY), None);
            }
        }
        command
            .stdout(Stdio::null())
            .stderr(File::create(fixture.path("log")).unwrap());
        let child = command.spawn().unwrap();
        Self { fixture, child }
    }

    fn ask(&self, method: &str, path: &str) -> Option<String> {
        let mut stream = UnixStream::connect(self.fixture.path("keyward.sock")).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .ok()?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    fn says(&self, path: &str, expected: &str) -> bool {
        self.ask("GET", path)
            .is_some_and(|answer| answer.contains(expected))
    }

    fn log(&self) -> String {
        fs::read_to_string(self.fixture.path("log")).unwrap()
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Program<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
    assert_eq!(failing.child.wait().unwrap().code(), Some(1));
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
