//! The secret service under load: 64 clients with connections that stay open, while the keystore is rewritten every
//! 100 milliseconds.
//!
//! ```text
//! cargo test --test load                                           3 seconds
//! KEYWARD_LOAD_SECONDS=30 cargo test --test load -- --nocapture    what docs/MEASUREMENTS.md shows
//! ```

#![cfg(all(target_os = "linux", feature = "serve"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "service/fixture.rs"]
mod fixture;
#[path = "service/server.rs"]
mod server;

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::{Duration, Instant};

use fixture::{eventually, keystore, value};
use server::{Answer, Server};

const CLIENTS: usize = 64;
const BETWEEN_CHANGES: Duration = Duration::from_millis(100);
/// What the allocator may keep for itself, in KiB, however long it goes on.
const SLACK: u64 = 16 * 1024;

/// What one client has read.
#[derive(Default)]
struct Reading {
    answers: usize,
    /// Pairs of which both halves were of one generation.
    pairs: usize,
    newest: u32,
}

fn duration() -> Duration {
    let seconds = std::env::var("KEYWARD_LOAD_SECONDS").ok();
    Duration::from_secs(seconds.map_or(3, |seconds| seconds.parse().unwrap()))
}

#[test]
fn sixty_four_clients_read_right_values_while_the_keystore_is_rewritten() {
    let duration = duration();
    let server = Server::start(&[("db1", "user-0"), ("db1pass", "pass-0")], "");
    let end = Instant::now() + duration;
    let (readings, memory, changes) = thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| scope.spawn(|| read_until(end, &server)))
            .collect();
        let (memory, changes) = rewrite_until(end, &server);
        let readings: Vec<Reading> = clients
            .into_iter()
            .map(|client| client.join().unwrap())
            .collect();
        (readings, memory, changes)
    });
    let last = format!("user-{changes}");
    eventually("the last value is served", || {
        value(&server.service, "db1") == last
    });

    let answers: usize = readings.iter().map(|reading| reading.answers).sum();
    let pairs: usize = readings.iter().map(|reading| reading.pairs).sum();
    let loads = fixture::status(&server.service).loads;
    let [before, after] = memory;
    println!(
        "{} s, {CLIENTS} clients: {answers} answers, {changes} changes, {loads} of them loaded; resident memory \
         {before} KiB after a third of the time, {after} KiB at the end",
        duration.as_secs(),
    );
    assert!(
        answers > 10 * CLIENTS && pairs > CLIENTS,
        "{answers} {pairs}"
    );
    assert!(loads > 2, "{loads}");
    assert!(
        after <= before + before / 4 + SLACK,
        "{before} KiB, then {after} KiB"
    );
}

/// Asks for the user name and the password in turn. Two of one generation belong together, and none is older than one
/// that was read before.
fn read_until(end: Instant, server: &Server) -> Reading {
    let mut stream = server.connect();
    let mut reading = Reading::default();
    while Instant::now() < end {
        let (user_of, user) = read(&mut stream, "db1", "user-");
        let (password_of, password) = read(&mut stream, "db1pass", "pass-");
        reading.answers += 2;
        if user_of == password_of {
            assert_eq!(user, password, "of one generation, {user_of}");
            reading.pairs += 1;
        }
        assert!(
            user >= reading.newest && password >= user,
            "{user} {password}"
        );
        reading.newest = password;
    }
    reading
}

/// The generation, and the number in the value.
fn read(stream: &mut UnixStream, alias: &str, prefix: &str) -> (u64, u32) {
    write!(
        stream,
        "GET /v1/secrets/{alias} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    )
    .unwrap();
    let answer = read_answer(stream);
    assert_eq!(answer.status, 200);
    let generation = answer.header("keyward-generation").unwrap();
    let text = std::str::from_utf8(&answer.body).unwrap();
    let number = text.strip_prefix(prefix).unwrap();
    (generation.parse().unwrap(), number.parse().unwrap())
}

/// Reads until the content of one answer is whole.
fn read_answer(stream: &mut UnixStream) -> Answer {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).unwrap();
        assert_ne!(read, 0, "closed in the middle");
        bytes.extend_from_slice(&buffer[..read]);
        if !bytes.windows(4).any(|window| window == b"\r\n\r\n") {
            continue;
        }
        let answer = Answer::parse(&bytes);
        let length: usize = answer.header("content-length").unwrap().parse().unwrap();
        if answer.body.len() == length {
            return answer;
        }
    }
}

/// Replaces the keystore in both ways: renamed over, as keyward does it, and rewritten in place, as keytool does it.
/// The resident memory after a third of the time and at the end, in KiB, and the number of changes.
fn rewrite_until(end: Instant, server: &Server) -> ([u64; 2], u32) {
    let start = Instant::now();
    let warm = start + (end - start) / 3;
    let (mut changes, mut memory) = (0, [0; 2]);
    let mut next = start;
    while Instant::now() < end {
        changes += 1;
        let (user, password) = (format!("user-{changes}"), format!("pass-{changes}"));
        let secrets = [("db1", user.as_str()), ("db1pass", password.as_str())];
        if changes % 2 == 0 {
            server.fixture.replace(&secrets);
        } else {
            server.fixture.write("secure.jks", keystore(&secrets));
        }
        if Instant::now() < warm {
            memory[0] = resident();
        }
        next += BETWEEN_CHANGES;
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    memory[1] = resident();
    (memory, changes)
}

/// `VmRSS`, in KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}
