//! `GET /v1/watch`: who waits for changes hears of them, and of nothing else.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/server.rs"]
mod server;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use fixture::{eventually, with_replaced};
use keyward::deliver::http::HttpLimits;
use serde_json::Value;
use server::Server;

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser"), ("db1pass", "x34!2axf")];

fn replace(server: &Server, alias: &str, value: &str) {
    let bytes = fs::read(server.fixture.path("secure.jks")).unwrap();
    let changed = with_replaced(&bytes, alias, value);
    server.fixture.write("new", changed);
    fs::rename(
        server.fixture.path("new"),
        server.fixture.path("secure.jks"),
    )
    .unwrap();
}

fn subscribers(server: &Server) -> bool {
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    metrics.contains("keyward_http_subscribers 1\n")
}

/// An event stream, read line by line.
struct Events(BufReader<UnixStream>);

impl Events {
    fn open(server: &Server, headers: &str) -> Self {
        let mut stream = server.connect();
        let request = format!(
            "GET /v1/watch HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n{headers}\r\n"
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut events = Self(BufReader::new(stream));
        let head = events.until(str::is_empty);
        assert!(head[0].contains("200"), "{head:?}");
        assert!(
            head.iter()
                .any(|line| line.to_lowercase() == "content-type: text/event-stream"),
            "{head:?}"
        );
        events
    }

    /// The lines up to the first that this holds for.
    fn until(&mut self, is_last: impl Fn(&str) -> bool) -> Vec<String> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "ended: {lines:?}");
            lines.push(line.trim_end().to_owned());
            if is_last(lines.last().unwrap()) {
                return lines;
            }
        }
    }

    /// The id and the JSON of the next event.
    fn next(&mut self) -> (String, Value) {
        let lines = self.until(|line| line.starts_with("data: "));
        let field = |name: &str| {
            let mut found = lines.iter().filter_map(|line| line.strip_prefix(name));
            found.next_back().unwrap().to_owned()
        };
        assert_eq!(field("event: "), "change");
        (
            field("id: "),
            serde_json::from_str(&field("data: ")).unwrap(),
        )
    }
}

#[test]
fn a_long_poll_is_answered_as_soon_as_something_changes() {
    let server = Server::start(SECRETS, "");
    thread::scope(|scope| {
        let waiting = scope.spawn(|| server.get("/v1/watch?after=1&timeout=20"));
        eventually("somebody waits", || subscribers(&server));
        replace(&server, "db1pass", "new-pass");
        let answer = waiting.join().unwrap();
        let news = answer.json();
        assert_eq!(news["generation"], 2);
        assert_eq!(news["changed"], serde_json::json!(["db1pass"]));
        assert_eq!(news["removed"], serde_json::json!([]));
        assert_eq!(news["reset"], false);
        assert!(!String::from_utf8(answer.body).unwrap().contains("new-pass"));
    });
    // What happened before the question is told at once.
    let late = server.get("/v1/watch?after=1&timeout=20").json();
    assert_eq!(late["changed"], serde_json::json!(["db1pass"]));
}

#[test]
fn a_long_poll_without_news_ends_with_its_timeout() {
    let server = Server::start(SECRETS, "");
    for query in ["after=1&timeout=0", "timeout=1"] {
        let news = server.get(&format!("/v1/watch?{query}")).json();
        assert_eq!(news["generation"], 1, "{query}");
        assert_eq!(news["changed"], serde_json::json!([]), "{query}");
    }
}

#[test]
fn a_peer_hears_only_of_aliases_that_it_may_read() {
    let server = Server::start(
        SECRETS,
        r#"<socket path="s"><allow aliases="db1"/></socket>"#,
    );
    thread::scope(|scope| {
        let waiting = scope.spawn(|| server.get("/v1/watch?after=1&timeout=20"));
        eventually("somebody waits", || subscribers(&server));
        replace(&server, "db1pass", "new-pass");
        fixture::eventually_serves(&server.service, "db1pass", "new-pass");
        replace(&server, "db1", "new-user");
        let news = waiting.join().unwrap().json();
        assert_eq!(news["changed"], serde_json::json!(["db1"]));
        assert_eq!(news["generation"], 3);
    });
}

#[test]
fn a_generation_of_another_run_means_that_all_may_have_changed() {
    let server = Server::start(SECRETS, "");
    for query in ["after=99", "after=0", "after=1&instance=0011223344556677"] {
        let news = server.get(&format!("/v1/watch?{query}&timeout=20")).json();
        assert_eq!(news["reset"], true, "{query}");
        assert_eq!(news["changed"], serde_json::json!(["db1", "db1pass"]));
    }
    let instance = server.service.instance();
    let news = server.get(&format!("/v1/watch?after=1&instance={instance}&timeout=0"));
    assert_eq!(news.json()["reset"], false);
}

#[test]
fn events_come_as_they_happen_and_go_on_where_they_stopped() {
    let limits = HttpLimits {
        keep_alive: Duration::from_millis(50),
        ..HttpLimits::default()
    };
    let server = Server::limited(SECRETS, limits);
    let mut events = Events::open(&server, "");
    events.until(|line| line == ": keep-alive");
    replace(&server, "db1pass", "new-pass");
    let (id, news) = events.next();
    assert_eq!(news["changed"], serde_json::json!(["db1pass"]));
    replace(&server, "db1", "new-user");
    let (_, news) = events.next();
    assert_eq!(news["changed"], serde_json::json!(["db1"]));
    drop(events);
    // Who saw the first alone gets the second.
    let mut again = Events::open(&server, &format!("Last-Event-ID: {id}\r\n"));
    let (_, news) = again.next();
    assert_eq!(news["changed"], serde_json::json!(["db1"]));
    drop(again);
    eventually("nobody is left", || {
        let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
        metrics.contains("keyward_http_subscribers 0\n")
    });
}

#[test]
fn waiting_does_not_hold_up_the_end() {
    let mut server = Server::start(SECRETS, "");
    let _events = Events::open(&server, "");
    let start = std::time::Instant::now();
    server.end();
    assert!(start.elapsed() < Duration::from_secs(4));
}

#[test]
fn one_user_cannot_wait_more_often_than_is_bearable() {
    let limits = HttpLimits {
        subscribers: 3,
        subscribers_of_one_peer: 2,
        ..HttpLimits::default()
    };
    let server = Server::limited(SECRETS, limits);
    let _first = Events::open(&server, "");
    let _second = Events::open(&server, "");
    let refused = server.get("/v1/watch?timeout=0");
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
    refused.problem();
    assert_eq!(server.get("/v1/secrets/db1").status, 200);
}

#[test]
fn a_query_that_means_nothing_is_refused() {
    let server = Server::start(SECRETS, "");
    for query in ["after=yesterday", "timeout=3600", "since=1"] {
        let refused = server.get(&format!("/v1/watch?{query}"));
        assert_eq!(refused.status, 400, "{query}");
        refused.problem();
    }
}
