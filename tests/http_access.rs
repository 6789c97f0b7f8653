//! Who may come to the socket, and what a rule lets them read there.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/server.rs"]
mod server;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use fixture::{Fixture, OFTEN};
use keyward::deliver::http::{HttpError, HttpServer};
use keyward::deliver::unix_socket::SocketError;
use keyward::service::AccessPolicy;
use server::Server;

const SECRETS: fixture::Secrets<'_> = &[
    ("db1", "sqluser"),
    ("db1pass", "x34!2axf"),
    ("smtp pass/main", "with spaces"),
];

fn start(socket: &str) -> Server {
    Server::start(SECRETS, socket)
}

#[test]
fn a_peer_reads_what_a_rule_allows_it_and_no_more() {
    let server = start(r#"<socket path="s"><allow aliases="db*"/></socket>"#);
    assert_eq!(server.get("/v1/secrets/db1").status, 200);
    // Whether it exists makes no difference.
    for alias in ["smtp%20pass%2Fmain", "nothing"] {
        let answer = server.get(&format!("/v1/secrets/{alias}"));
        assert_eq!(answer.status, 403, "{alias}");
        assert!(answer.problem().contains("<allow"), "{}", answer.problem());
    }
    let aliases = server.get("/v1/aliases").json();
    let aliases: Vec<&str> = aliases["aliases"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["alias"].as_str().unwrap())
        .collect();
    assert_eq!(aliases, ["db1", "db1pass"]);
}

#[test]
fn a_peer_that_no_rule_names_gets_nothing_at_all() {
    let stranger = nix::unistd::geteuid().as_raw() + 1;
    let rule = format!(r#"<socket path="s"><allow user="{stranger}" aliases="*"/></socket>"#);
    let server = start(&rule);
    for (method, path) in [
        ("GET", "/v1/secrets/db1"),
        ("HEAD", "/v1/secrets/db1"),
        ("GET", "/v1/aliases"),
        ("GET", "/v1/status"),
        ("GET", "/v1/watch?timeout=0"),
        ("GET", "/metrics"),
        ("POST", "/v1/reload"),
    ] {
        let answer = server.ask(method, path);
        assert_eq!(answer.status, 403, "{method} {path}");
        assert!(!String::from_utf8_lossy(&answer.body).contains("sqluser"));
    }
}

#[test]
fn a_member_of_an_allowed_group_may_read() {
    let own = nix::unistd::getegid();
    let rule = format!(r#"<socket path="s"><allow group="{own}" aliases="db1"/></socket>"#);
    let server = start(&rule);
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
    assert_eq!(server.get("/v1/secrets/db1pass").status, 403);
}

#[test]
fn the_socket_has_the_configured_mode_and_goes_with_the_server() {
    let mut server = start(r#"<socket path="s" mode="0660"><allow aliases="*"/></socket>"#);
    let mode = fs::metadata(server.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o660);
    server.end();
    assert!(!server.socket().exists());
}

#[test]
fn an_open_connection_does_not_hold_up_the_end() {
    let mut server = start("");
    let idle = UnixStream::connect(server.socket()).unwrap();
    assert_eq!(server.get("/v1/secrets/db1").status, 200);
    let start = std::time::Instant::now();
    server.end();
    assert!(
        start.elapsed() < Duration::from_secs(9),
        "an idle peer is not waited for"
    );
    drop(idle);
}

#[test]
fn a_stale_socket_is_replaced_and_a_live_one_refused() {
    let fixture = Fixture::new(SECRETS);
    drop(UnixListener::bind(fixture.path("keyward.sock")).unwrap());
    let server = Server::of(fixture, "");
    assert_eq!(server.get("/v1/secrets/db1").status, 200);

    let bound = HttpServer::bind(
        &server.socket(),
        0o600,
        AccessPolicy::own_user(),
        server.service.clone(),
    );
    let error = bound.err().unwrap();
    assert!(
        matches!(error, HttpError::Socket(SocketError::InUse { .. })),
        "{error}"
    );
    assert_eq!(server.get("/v1/secrets/db1").status, 200);
}

#[test]
fn a_file_that_is_not_a_socket_is_kept() {
    let fixture = Fixture::new(SECRETS);
    let service = fixture.start(OFTEN);
    let bound = HttpServer::bind(
        &fixture.path("secure.jks"),
        0o600,
        AccessPolicy::own_user(),
        service,
    );
    assert!(matches!(
        bound.err(),
        Some(HttpError::Socket(SocketError::NotASocket { .. }))
    ));
    assert!(fixture.path("secure.jks").is_file());
}
