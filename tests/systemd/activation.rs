//! Sockets that a service manager opens, with `systemd-socket-activate` as the manager.

use std::process::{Child, Command, Stdio};

use crate::fixture::{Fixture, eventually};
use crate::left_out::leave_out;

/// The manager, which becomes the service with the first connection; killed when dropped.
struct Manager(Child);

impl Manager {
    /// Listens at these files of the fixture's folder; `None` if there is no such manager.
    fn start(fixture: &Fixture, sockets: &[&str]) -> Option<Self> {
        let mut command = Command::new("systemd-socket-activate");
        for socket in sockets {
            command.arg("-l").arg(fixture.path(socket));
        }
        command
            .args([env!("CARGO_BIN_EXE_keyward"), "serve"])
            .arg(fixture.path("service.xml"))
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(fixture.path("log")).unwrap());
        let Ok(child) = command.spawn() else {
            leave_out("systemd-socket-activate is not here");
            return None;
        };
        eventually("it listens", || fixture.path(sockets[0]).exists());
        Some(Self(child))
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn fixture(parts: &str) -> Fixture {
    let fixture = Fixture::new(&[("db1", "sqluser")]);
    fixture.write(
        "service.xml",
        format!(
            r#"<secret-service>
                 <keystore name="main" path="secure.jks"><password file="password"/></keystore>
                 {parts}
               </secret-service>"#
        ),
    );
    fixture
}

fn get(fixture: &Fixture, socket: &str) -> String {
    let mut command = Command::new("curl");
    command
        .args(["--silent", "--max-time", "20", "--unix-socket"])
        .arg(fixture.path(socket));
    let output = command.arg("http://localhost/v1/secrets/db1").output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[test]
fn the_manager_s_socket_is_answered_at() {
    let me = nix::unistd::geteuid();
    let named = format!(r#"<socket path="./http.sock"><allow user="{me}" aliases="*"/></socket>"#);
    let fixture = fixture(&named);
    let Some(_manager) = Manager::start(&fixture, &["http.sock"]) else {
        return;
    };
    // The first connection starts the service, and is answered by it.
    assert_eq!(get(&fixture, "http.sock"), "sqluser");
    assert_eq!(get(&fixture, "http.sock"), "sqluser");
    assert!(!fixture.path("keyward.sock").exists());
}

#[test]
fn a_socket_that_nobody_would_answer_at_is_refused() {
    let me = nix::unistd::geteuid();
    let fixture = fixture(&format!(
        r#"<socket path="http.sock"><allow user="{me}" aliases="*"/></socket>"#
    ));
    let Some(mut manager) = Manager::start(&fixture, &["http.sock", "other.sock"]) else {
        return;
    };
    assert_eq!(get(&fixture, "http.sock"), "");
    assert_eq!(manager.0.wait().unwrap().code(), Some(1));
    let log = std::fs::read_to_string(fixture.path("log")).unwrap();
    assert!(
        log.contains("other.sock: the service manager listens there"),
        "{log}"
    );
}
