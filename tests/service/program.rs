//! A running `keyward serve`, and what it answers.

// Each test program uses its own part of this.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::fs::{self, File, Permissions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::fixture::Fixture;

/// A user who is not root, so that permissions mean something.
pub(crate) const SOMEBODY: u32 = 54_321;

/// Killed when dropped.
pub(crate) struct Program<'a> {
    fixture: &'a Fixture,
    pub(crate) child: Child,
}

impl<'a> Program<'a> {
    /// `root` is what the root element says, `delay` the `retryDelay` in milliseconds.
    pub(crate) fn start(fixture: &'a Fixture, root: &str, delay: u32) -> Self {
        let me = nix::unistd::geteuid();
        let document = format!(
            r#"<secret-service {root}>
                 <keystore name="main" path="secure.jks" retryDelay="{delay}"><password file="password"/></keystore>
                 <socket path="keyward.sock" mode="0666"><allow user="{me}" aliases="*"/></socket>
               </secret-service>"#
        );
        fixture.write("service.xml", document);
        Self::serve(fixture, &[])
    }

    /// Serves `service.xml`; as another user, where root runs the tests.
    pub(crate) fn serve(fixture: &'a Fixture, arguments: &[&str]) -> Self {
        let mut command = Self::command(fixture, arguments);
        if nix::unistd::geteuid().is_root() {
            fs::set_permissions(fixture.path(""), Permissions::from_mode(0o777)).unwrap();
            command.uid(SOMEBODY).gid(SOMEBODY);
            for file in ["secure.jks", "password"] {
                let _ = std::os::unix::fs::chown(fixture.path(file), Some(SOMEBODY), None);
            }
        }
        Self::spawn(fixture, command)
    }

    /// Serves `service.xml` as the user who runs the tests.
    pub(crate) fn serve_as_oneself(fixture: &'a Fixture, arguments: &[&str]) -> Self {
        Self::spawn(fixture, Self::command(fixture, arguments))
    }

    /// The same with these environment variables.
    pub(crate) fn serve_with(
        fixture: &'a Fixture,
        arguments: &[&str],
        environment: &[(&str, &OsStr)],
    ) -> Self {
        let mut command = Self::command(fixture, arguments);
        command.envs(environment.iter().copied());
        Self::spawn(fixture, command)
    }

    /// Serves another configuration of the fixture, as the user who runs the tests.
    pub(crate) fn serve_file(fixture: &'a Fixture, name: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        command.arg("serve").arg(fixture.path(name));
        Self::spawn(fixture, command)
    }

    fn command(fixture: &Fixture, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        command.arg("serve").arg(fixture.path("service.xml"));
        command.args(arguments);
        command
    }

    fn spawn(fixture: &'a Fixture, mut command: Command) -> Self {
        command
            .stdout(Stdio::null())
            .stderr(File::create(fixture.path("log")).unwrap());
        let child = command.spawn().unwrap();
        Self { fixture, child }
    }

    pub(crate) fn ask(&self, method: &str, path: &str) -> Option<String> {
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

    pub(crate) fn says(&self, path: &str, expected: &str) -> bool {
        self.ask("GET", path)
            .is_some_and(|answer| answer.contains(expected))
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.fixture.path("log")).unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
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
