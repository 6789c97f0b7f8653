//! Requests that are too slow or too many are refused with their status, and nobody else waits for them.

#![cfg(all(unix, feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/server.rs"]
mod server;

use std::io::{Read as _, Write as _};
use std::thread;
use std::time::{Duration, Instant};

use fixture::eventually;
use keyward::deliver::http::HttpLimits;
use server::{Answer, Server};

const SECRETS: fixture::Secrets<'_> = &[("db1", "sqluser")];
const SOON: Duration = Duration::from_millis(300);

fn limited(limits: HttpLimits) -> Server {
    Server::limited(SECRETS, limits)
}

fn metric(server: &Server, line: &str) -> bool {
    let metrics = String::from_utf8(server.get("/metrics").body).unwrap();
    metrics.lines().any(|found| found == line)
}

#[test]
fn a_head_that_does_not_end_is_answered_408() {
    let server = limited(HttpLimits {
        head_timeout: SOON,
        ..HttpLimits::default()
    });
    let mut stream = server.connect();
    stream
        .write_all(b"GET /v1/secrets/db1 HTTP/1.1\r\nHo")
        .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let answer = Answer::parse(&bytes);
    assert_eq!(answer.status, 408);
    answer.problem();
}

#[test]
fn a_head_of_single_bytes_is_not_waited_for_longer() {
    let server = limited(HttpLimits {
        head_timeout: SOON,
        ..HttpLimits::default()
    });
    let mut stream = server.connect();
    let start = Instant::now();
    let endless = b"GET /v1/secrets/db1 HTTP/1.1\r\nX: "
        .iter()
        .chain(std::iter::repeat(&b'a'));
    for byte in endless {
        if stream.write_all(&[*byte]).is_err() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
        assert!(
            start.elapsed() < Duration::from_secs(8),
            "it goes on for ever"
        );
    }
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
}

#[test]
fn an_idle_connection_is_closed_without_a_word() {
    let server = limited(HttpLimits {
        head_timeout: SOON,
        ..HttpLimits::default()
    });
    let mut stream = server.connect();
    stream
        .write_all(b"GET /v1/secrets/db1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert_eq!(text.matches("HTTP/1.1").count(), 1, "{text}");
    assert!(text.ends_with("sqluser"), "{text}");
}

#[test]
fn a_body_that_does_not_arrive_is_answered_408() {
    let server = limited(HttpLimits {
        body_timeout: SOON,
        ..HttpLimits::default()
    });
    let request = "POST /v1/reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf";
    let answer = server.send(request);
    assert_eq!(answer.status, 408);
    answer.problem();
}

#[test]
fn one_user_has_so_many_connections_and_no_more() {
    let server = limited(HttpLimits {
        connections: 10,
        connections_of_one_peer: 3,
        ..HttpLimits::default()
    });
    let mut open: Vec<_> = (0..3).map(|_| server.connect()).collect();
    let refused = loop {
        // The three have perhaps not been accepted yet.
        let answer = server.get("/v1/secrets/db1");
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!(refused.status, 429);
    assert_eq!(refused.header("retry-after"), Some("1"));
    refused.problem();
    open.pop();
    eventually("there is a place again", || {
        server.get("/v1/secrets/db1").status == 200
    });
    assert!(!metric(&server, "keyward_http_refused_connections_total 0"));
}

#[test]
fn all_together_have_so_many_connections_and_no_more() {
    let server = limited(HttpLimits {
        connections: 2,
        connections_of_one_peer: 5,
        ..HttpLimits::default()
    });
    let _open: Vec<_> = (0..2).map(|_| server.connect()).collect();
    eventually("there is no place", || {
        let answer = server.get("/v1/secrets/db1");
        if answer.status == 503 {
            answer.problem();
        }
        answer.status == 503
    });
}

#[test]
fn a_reader_that_never_reads_is_cut_off() {
    let server = limited(HttpLimits {
        write_timeout: SOON,
        head_timeout: Duration::from_mins(1),
        ..HttpLimits::default()
    });
    let mut stream = server.connect();
    stream
        .set_write_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let request = "GET /v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(1000);
    let start = Instant::now();
    // It asks on and on, until the server has had enough.
    while stream.write_all(request.as_bytes()).is_ok() {
        assert!(start.elapsed() < Duration::from_secs(20), "never cut off");
    }
    eventually("its place is free", || {
        metric(&server, "keyward_http_connections 1")
    });
    assert_eq!(server.get("/v1/secrets/db1").body, b"sqluser");
}

#[test]
fn requests_beyond_the_limits_are_refused() {
    let server = Server::start(SECRETS, "");
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

/// Comes again as long as there are too many.
fn patiently(server: &Server) -> Vec<u8> {
    loop {
        let answer = server.get("/v1/secrets/db1");
        if answer.status != 429 {
            return answer.body;
        }
        assert_eq!(answer.header("retry-after"), Some("1"));
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn many_at_once_are_all_answered() {
    let server = Server::start(SECRETS, "");
    thread::scope(|scope| {
        let asked: Vec<_> = (0..300)
            .map(|_| scope.spawn(|| patiently(&server)))
            .collect();
        for answer in asked {
            assert_eq!(answer.join().unwrap(), b"sqluser");
        }
    });
}
