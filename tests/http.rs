//! HTTP over a Unix socket, as a program on the other side sees it.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fixture::{Fixture, OFTEN, eventually, eventually_serves, options, repository};
use keyward::deliver::http::{HttpError, HttpServer};
use keyward::service::{AccessPolicy, SecretService};
use serde_json::Value;
use tokio::sync::oneshot;

const SECRETS: fixture::Secrets<'_> = &[
    ("db1", "sqluser"),
    ("db1pass", "x34!2axf\n"),
    ("smtp pass/main", "with spaces"),
    ("k\u{f6}ln", "\u{e4}\u{20ac}\u{1f511}"),
];

/// A server on a thread of its own; it ends when dropped.
struct Server {
    fixture: Fixture,
    service: SecretService,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Server {
    /// `socket` is the socket element of the configuration, or nothing.
    fn start(socket: &str) -> Self {
        Self::of(Fixture::new(SECRETS), socket)
    }

    fn of(fixture: Fixture, socket: &str) -> Self {
        let configuration = fixture.configuration(OFTEN, socket);
        let settings = configuration.socket.as_ref();
        let policy = AccessPolicy::from_settings(settings, &configuration.path).unwrap();
        let mode = settings.map_or(0o600, |settings| settings.mode);
        let service = SecretService::start_with(configuration, &options()).unwrap();
        let path = fixture.path("keyward.sock");
        let server = HttpServer::bind(&path, mode, policy, service.clone()).unwrap();
        let (shutdown, ended) = oneshot::channel();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap();
            let ended = async {
                let _ = ended.await;
            };
            runtime.block_on(server.run_until(ended)).unwrap();
        });
        Self {
            fixture,
            service,
            shutdown: Some(shutdown),
            thread: Some(thread),
        }
    }

    fn socket(&self) -> PathBuf {
        self.fixture.path("keyward.sock")
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path)
    }

    fn ask(&self, method: &str, path: &str) -> Answer {
        self.send(&format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        ))
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = UnixStream::connect(self.socket()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        // A server may answer, and close, before it has read all of a request that is too large.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        Answer::parse(&answer)
    }

    fn end(&mut self) {
        let _ = self.shutdown.take().map(|shutdown| shutdown.send(()));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

impl Answer {
    fn parse(answer: &[u8]) -> Self {
        let end = answer
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self {
            status,
            head: head.to_ascii_lowercase(),
            body: answer[end + 4..].to_vec(),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1);
        let mut pairs = lines.filter_map(|line| line.split_once(": "));
        pairs
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), Some("application/json"));
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The error's two texts; both must be there.
    fn problem(&self) -> String {
        let problem = self.json();
        let text = |name: &str| {
            problem[name]
                .as_str()
                .filter(|text| !text.is_empty())
                .unwrap()
                .to_owned()
        };
        format!("{} | {}", text("error"), text("next"))
    }
}

#[test]
fn a_secret_is_its_bytes_and_nothing_else() {
    let server = Server::start("");
    let answer = server.get("/v1/secrets/db1pass");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, b"x34!2axf\n");
    assert_eq!(
        answer.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(answer.header("content-length"), Some("9"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!(answer.header("keyward-generation"), Some("1"));
    assert_eq!(answer.header("keyward-state"), Some("fresh"));
}

#[test]
fn an_alias_may_be_encoded_and_its_case_does_not_matter() {
    let server = Server::start("");
    assert_eq!(server.get("/v1/secrets/DB1").body, b"sqluser");
    assert_eq!(server.get("/v1/secrets/%64b1?ignored=1").body, b"sqluser");
    assert_eq!(
        server.get("/v1/secrets/smtp%20pass%2Fmain").body,
        b"with spaces"
    );
    assert_eq!(
        server.get("/v1/secrets/K%C3%96LN").body,
        "\u{e4}\u{20ac}\u{1f511}".as_bytes()
    );
    let broken = server.get("/v1/secrets/100%");
    assert_eq!(broken.status, 400);
    assert!(broken.problem().contains("%25"), "{}", broken.problem());
}

#[test]
fn a_head_request_has_the_length_and_no_body() {
    let server = Server::start("");
    let answer = server.ask("HEAD", "/v1/secrets/db1pass");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some("9"));
}

#[test]
fn one_connection_serves_many_requests() {
    let server = Server::start("");
    let request = "GET /v1/secrets/db1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let last = "GET /v1/secrets/db1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let answers = server.send(&format!("{request}{request}{last}"));
    let text = format!(
        "{}{}",
        answers.head,
        String::from_utf8(answers.body).unwrap()
    );
    assert_eq!(text.matches("sqluser").count(), 3);
}

#[test]
fn a_changed_keystore_is_served_without_a_restart() {
    let server = Server::start("");
    server
        .fixture
        .replace(&[("db1", "newuser"), ("db1pass", "new-pass")]);
    eventually_serves(&server.service, "db1pass", "new-pass");
    let answer = server.get("/v1/secrets/db1pass");
    assert_eq!(answer.body, b"new-pass");
    assert_eq!(answer.header("etag"), Some("\"2\""));
}

#[test]
fn a_stale_value_is_served_and_says_so() {
    let server = Server::start("");
    server.fixture.write("secure.jks", "garbage");
    eventually("the garbage is reported", || {
        server.get("/v1/secrets/db1").header("keyward-state") == Some("stale")
    });
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
    let status = server.get("/v1/status").json();
    assert_eq!(status["keystores"][0]["state"], "stale");
    assert!(
        status["keystores"][0]["reason"]
            .as_str()
            .unwrap()
            .contains("secure.jks")
    );
}

#[test]
fn what_is_not_there_says_what_to_do() {
    let server = Server::start("");
    let missing = server.get("/v1/secrets/nothing");
    assert_eq!(missing.status, 404);
    assert!(
        missing.problem().contains("secure.jks"),
        "{}",
        missing.problem()
    );
    for path in ["/", "/v1/secrets/", "/v1/secrets/a/b", "/v2/status"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        answer.problem();
    }
}

#[test]
fn other_methods_are_answered_with_those_that_work() {
    let server = Server::start("");
    for (method, path, allowed) in [
        ("POST", "/v1/secrets/db1", "get, head"),
        ("DELETE", "/v1/aliases", "get, head"),
        ("PUT", "/v1/status", "get, head"),
        ("GET", "/v1/reload", "post"),
    ] {
        let answer = server.ask(method, path);
        assert_eq!(answer.status, 405, "{method} {path}");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
        answer.problem();
    }
}

#[test]
fn an_entry_that_is_not_a_secret_or_cannot_be_read_says_so() {
    let fixture = Fixture::new(&[]);
    fixture.write("password", "changeit");
    fs::copy(
        repository("tests/fixtures/jdk17-mixed.p12"),
        fixture.path("secure.jks"),
    )
    .unwrap();
    let server = Server::of(fixture, "");
    let certificate = server.get("/v1/secrets/root-ca");
    assert_eq!(certificate.status, 409);
    assert!(
        certificate.problem().contains("certificate"),
        "{}",
        certificate.problem()
    );
    let kinds = server.get("/v1/aliases").json();
    let kind_of = |alias: &str| {
        let aliases = kinds["aliases"].as_array().unwrap();
        aliases
            .iter()
            .find(|entry| entry["alias"] == alias)
            .unwrap()["kind"]
            .clone()
    };
    assert_eq!(kind_of("server"), "private-key");
    assert_eq!(kind_of("root-ca"), "trusted-certificate");
    assert_eq!(kind_of("db1pass"), "secret");
}

#[test]
fn an_entry_under_another_key_password_is_not_available() {
    let fixture = Fixture::new(&[]);
    fixture.write("password", "changeit");
    fs::copy(
        repository("tests/fixtures/key-password.jceks"),
        fixture.path("secure.jks"),
    )
    .unwrap();
    let server = Server::of(fixture, "");
    let answer = server.get("/v1/secrets/db1pass");
    assert_eq!(answer.status, 503);
    assert!(answer.problem().contains("db1pass"), "{}", answer.problem());
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
}

#[test]
fn a_peer_reads_what_a_rule_allows_it_and_no_more() {
    let server = Server::start(r#"<socket path="s"><allow aliases="db*"/></socket>"#);
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
    let server = Server::start(&rule);
    for (method, path) in [
        ("GET", "/v1/secrets/db1"),
        ("HEAD", "/v1/secrets/db1"),
        ("GET", "/v1/aliases"),
        ("GET", "/v1/status"),
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
    let server = Server::start(&rule);
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
    assert_eq!(server.get("/v1/secrets/db1pass").status, 403);
}

#[test]
fn the_status_has_its_documented_fields_and_no_value() {
    let server = Server::start("");
    let answer = server.get("/v1/status");
    let keystore = answer.json()["keystores"][0].clone();
    assert_eq!(keystore["name"], "main");
    assert_eq!(keystore["store_type"], "PKCS12");
    assert_eq!(keystore["state"], "fresh");
    assert_eq!(
        (&keystore["generation"], &keystore["entries"]),
        (&1.into(), &4.into())
    );
    assert!(matches!(
        keystore["watcher"].as_str(),
        Some("events" | "poll")
    ));
    assert_eq!(keystore["reason"], Value::Null);
    for time in ["since", "loaded_at", "last_check"] {
        assert!(keystore[time].as_str().unwrap().ends_with('Z'), "{time}");
    }
    let text = String::from_utf8(answer.body).unwrap();
    assert!(
        !text.contains("sqluser") && !text.contains("keypass"),
        "{text}"
    );
}

#[test]
fn a_reload_says_what_came_of_it() {
    let server = Server::start("");
    let unchanged = server.ask("POST", "/v1/reload").json();
    assert_eq!(unchanged["keystores"][0]["outcome"], "unchanged");
    server.fixture.write("secure.jks", "garbage");
    let failed = server.ask("POST", "/v1/reload");
    assert_eq!(failed.status, 503);
    assert_eq!(failed.json()["keystores"][0]["outcome"], "failed");
    server
        .fixture
        .replace(&[("db1", "newuser"), ("db1pass", "new-pass")]);
    let reloaded = server.ask("POST", "/v1/reload");
    assert_eq!(reloaded.status, 200);
    assert_eq!(server.get("/v1/secrets/db1").body, b"newuser");
}

#[test]
fn requests_beyond_the_limits_are_refused() {
    let server = Server::start("");
    let long_path = server.get(&format!("/v1/secrets/{}", "a".repeat(70_000)));
    assert!(
        matches!(long_path.status, 414 | 431),
        "{}",
        long_path.status
    );
    let long_head = server.send(&format!(
        "GET /v1/status HTTP/1.1\r\nX: {}\r\nConnection: close\r\n\r\n",
        "a".repeat(40_000)
    ));
    assert_eq!(long_head.status, 431);
    let many = "X: y\r\n".repeat(100);
    let many_headers = server.send(&format!(
        "GET /v1/status HTTP/1.1\r\n{many}Connection: close\r\n\r\n"
    ));
    assert_eq!(many_headers.status, 431);
    let large_body = server.send(&format!(
        "POST /v1/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000\r\nConnection: close\r\n\r\n{}",
        "a".repeat(8000)
    ));
    assert_eq!(large_body.status, 413);
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
}

#[test]
fn many_at_once_are_all_answered() {
    let server = Server::start("");
    thread::scope(|scope| {
        let asked: Vec<_> = (0..300)
            .map(|_| scope.spawn(|| server.get("/v1/secrets/db1").body))
            .collect();
        for answer in asked {
            assert_eq!(answer.join().unwrap(), b"sqluser");
        }
    });
}

#[test]
fn the_socket_has_the_configured_mode_and_goes_with_the_server() {
    let mut server = Server::start(r#"<socket path="s" mode="0660"><allow aliases="*"/></socket>"#);
    let mode = fs::metadata(server.socket()).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o660);
    server.end();
    assert!(!server.socket().exists());
}

#[test]
fn an_open_connection_does_not_hold_up_the_end() {
    let mut server = Server::start("");
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
    assert!(matches!(error, HttpError::InUse { .. }), "{error}");
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
    assert!(matches!(bound.err(), Some(HttpError::NotASocket { .. })));
    assert!(fixture.path("secure.jks").is_file());
}
