//! What a service tells its manager, heard at the socket that `NOTIFY_SOCKET` names.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use crate::fixture::{Fixture, keystore};
use crate::program::Program;

const CONFIGURATION: &str = r#"<secret-service>
    <keystore name="main" path="secure.jks" retryDelay="3600000"><password file="password"/></keystore>
  </secret-service>"#;

/// The next message that has a line with this beginning.
fn heard(socket: &UnixDatagram, beginning: &str) -> String {
    let mut bytes = [0; 4096];
    loop {
        let length = socket.recv(&mut bytes).unwrap();
        let message = String::from_utf8_lossy(&bytes[..length]).into_owned();
        if message.lines().any(|line| line.starts_with(beginning)) {
            return message;
        }
    }
}

#[test]
fn a_manager_hears_when_the_service_is_ready_reloads_lives_and_stops() {
    let fixture = Fixture::new(&[("db1", "sqluser")]);
    fixture.write("service.xml", CONFIGURATION);
    let notify = fixture.path("notify");
    let socket = UnixDatagram::bind(&notify).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let environment = [
        ("NOTIFY_SOCKET", notify.as_os_str()),
        ("WATCHDOG_USEC", "200000".as_ref()),
    ];
    let mut program = Program::serve_with(&fixture, &[], &environment);
    let ready = heard(&socket, "READY=1");
    assert!(ready.contains("STATUS=main: fresh"), "{ready}");
    // A service that is ready answers.
    assert!(program.says("/v1/secrets/db1", "sqluser"));
    heard(&socket, "WATCHDOG=1");

    fixture.write("secure.jks", keystore(&[("db1", "newuser")]));
    program.signal("-HUP");
    let reloading = heard(&socket, "RELOADING=1");
    assert!(reloading.contains("MONOTONIC_USEC="), "{reloading}");
    heard(&socket, "READY=1");
    assert!(program.says("/v1/secrets/db1", "newuser"));

    fixture.write("secure.jks", "no keystore");
    program.signal("-HUP");
    heard(&socket, "STATUS=main: stale");

    program.signal("-TERM");
    heard(&socket, "STOPPING=1");
    assert!(program.child.wait().unwrap().success());
}

#[test]
fn a_manager_that_has_gone_is_no_reason_to_fail() {
    let fixture = Fixture::new(&[("db1", "sqluser")]);
    fixture.write("service.xml", CONFIGURATION);
    let environment = [("NOTIFY_SOCKET", "/no/such/socket".as_ref())];
    let program = Program::serve_with(&fixture, &[], &environment);
    crate::fixture::eventually("it serves", || program.says("/v1/secrets/db1", "sqluser"));
    assert!(
        program.log().contains("cannot be told"),
        "{}",
        program.log()
    );
}
