//! HTTP over a Unix socket, as a program on the other side sees it.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/server.rs"]
mod server;

use std::fs;

use fixture::{Fixture, eventually, eventually_serves, repository, with_replaced};
use serde_json::Value;
use server::Server;

const SECRETS: fixture::Secrets<'_> = &[
    ("db1", "sqluser"),
    ("db1pass", "x34!2axf\n"),
    ("smtp pass/main", "with spaces"),
    ("k\u{f6}ln", "\u{e4}\u{20ac}\u{1f511}"),
];

fn start(socket: &str) -> Server {
    Server::start(SECRETS, socket)
}

#[test]
fn a_secret_is_its_bytes_and_nothing_else() {
    let server = start("");
    let answer = server.get("/v1/secrets/db1pass");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, b"x34!2axf\n");
    assert_eq!(
        answer.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(answer.header("content-length"), Some("9"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("keyward-generation"), Some("1"));
    assert_eq!(answer.header("keyward-state"), Some("fresh"));
}

#[test]
fn a_secret_as_json_says_where_it_is_from() {
    let server = start("");
    let answer = server.ask_with(
        "GET",
        "/v1/secrets/K%C3%96LN",
        "Accept: application/json\r\n",
    );
    assert_eq!(answer.status, 200);
    let json = answer.json();
    assert_eq!(json["alias"], "K\u{d6}LN");
    assert_eq!(json["value"], "\u{e4}\u{20ac}\u{1f511}");
    assert_eq!(json["keystore"], "main");
    assert_eq!(json["state"], "fresh");
    assert_eq!(json["generation"], 1);
    assert_eq!(json.as_object().unwrap().len(), 5);
}

#[test]
fn a_value_that_the_peer_has_is_not_sent_again() {
    let server = start("");
    let tag_of = |alias: &str, headers: &str| {
        let answer = server.ask_with("GET", &format!("/v1/secrets/{alias}"), headers);
        (
            answer.status,
            answer.header("etag").unwrap().to_owned(),
            answer.body,
        )
    };
    let (_, user, _) = tag_of("db1", "");
    let (_, pass, _) = tag_of("db1pass", "");
    for alias in ["db1", "db1pass"] {
        let tag = if alias == "db1" { &user } else { &pass };
        let (status, again, body) = tag_of(alias, &format!("If-None-Match: {tag}\r\n"));
        assert_eq!((status, &again, body.len()), (304, tag, 0));
    }
    let (_, as_json, _) = tag_of("db1", "Accept: application/json\r\n");
    assert_ne!(as_json, user, "another form is another representation");

    let bytes = fs::read(server.fixture.path("secure.jks")).unwrap();
    let changed = with_replaced(&bytes, "db1pass", "new-pass");
    server.fixture.write("secure.jks", changed);
    eventually_serves(&server.service, "db1pass", "new-pass");
    let (status, new, body) = tag_of("db1pass", &format!("If-None-Match: {pass}\r\n"));
    assert_eq!((status, body.as_slice()), (200, b"new-pass".as_slice()));
    assert_ne!(new, pass);
    let (status, same, _) = tag_of("db1", &format!("If-None-Match: {user}\r\n"));
    assert_eq!(
        (status, same),
        (304, user.clone()),
        "its value is the old one"
    );

    let other_run = start("");
    let other = other_run.get("/v1/secrets/db1");
    assert_ne!(other.header("etag"), Some(user.as_str()));
}

#[test]
fn metrics_count_loads_answers_and_denials_and_hold_no_value() {
    let server = start(r#"<socket path="s"><allow aliases="db*"/></socket>"#);
    server.get("/v1/secrets/db1");
    server.get("/v1/secrets/nothing");
    server.fixture.write("secure.jks", "garbage");
    assert_eq!(server.ask("POST", "/v1/reload").status, 503);
    let answer = server.get("/metrics");
    assert_eq!(
        answer.header("content-type"),
        Some("text/plain; version=0.0.4; charset=utf-8")
    );
    let text = String::from_utf8(answer.body).unwrap();
    for line in [
        r#"keyward_keystore_generation{keystore="main"} 1"#,
        r#"keyward_keystore_state{keystore="main",state="stale"} 1"#,
        r#"keyward_keystore_state{keystore="main",state="fresh"} 0"#,
        r#"keyward_keystore_loads_total{keystore="main"} 1"#,
        r#"keyward_http_requests_total{status="200"} 1"#,
        r#"keyward_http_requests_total{status="403"} 1"#,
        r#"keyward_http_requests_total{status="503"} 1"#,
        "keyward_http_denials_total 1",
        "keyward_http_subscribers 0",
        "keyward_audit_lost_total 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(
        !text.contains(r#"load_failures_total{keystore="main"} 0"#),
        "{text}"
    );
    assert!(
        !text.contains("sqluser") && !text.contains("keypass"),
        "{text}"
    );
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(
            name.starts_with("keyward_") && value.parse::<u64>().is_ok(),
            "{line}"
        );
    }
}

#[test]
fn an_alias_may_be_encoded_and_its_case_does_not_matter() {
    let server = start("");
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
    let server = start("");
    let answer = server.ask("HEAD", "/v1/secrets/db1pass");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    assert_eq!(answer.header("content-length"), Some("9"));
}

#[test]
fn one_connection_serves_many_requests() {
    let server = start("");
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
    let server = start("");
    server
        .fixture
        .replace(&[("db1", "newuser"), ("db1pass", "new-pass")]);
    eventually_serves(&server.service, "db1pass", "new-pass");
    let answer = server.get("/v1/secrets/db1pass");
    assert_eq!(answer.body, b"new-pass");
    assert_eq!(answer.header("keyward-generation"), Some("2"));
}

#[test]
fn a_stale_value_is_served_and_says_so() {
    let server = start("");
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
    let server = start("");
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
    let server = start("");
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
fn the_status_has_its_documented_fields_and_no_value() {
    let server = start("");
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
    let server = start("");
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
