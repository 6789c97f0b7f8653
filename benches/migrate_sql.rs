//! Stored passwords in PostgreSQL wrapped by one to four processes, with a hash that costs nearly nothing: what the database
//! and the way there and back take. Beside it the same number of rows changed by one `UPDATE` in psql, which is the floor.
//!
//! ```text
//! cargo bench --bench migrate_sql            # 200,000 rows, three runs of each, in turn
//! cargo bench --bench migrate_sql -- 50000
//! ```
//! The server is a private one on a Unix socket, without fsync. It, and all processes, share the machine's processors.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code)]
mod measure;
#[path = "../tests/support/mod.rs"]
mod support;

#[cfg(unix)]
fn main() {
    use std::thread::available_parallelism;

    let rows = std::env::args().find_map(|argument| argument.parse().ok());
    let rows: u32 = rows.unwrap_or(200_000);
    let Some(server) = support::Postgres::start() else {
        return;
    };
    server.sql("postgres", "CREATE DATABASE accounts");
    let processors = available_parallelism().unwrap();
    println!(
        "{}, {processors} processors; {rows} rows, median of 3\n",
        measure::processor()
    );
    println!("| worked by | seconds | rows a second |");
    println!("|---|--:|--:|");
    let works = [None, Some(1), Some(2), Some(4)];
    let mut times = works.map(|_| Vec::new());
    for _ in 0..3 {
        for (work, times) in works.into_iter().zip(&mut times) {
            times.push(unix::time_of(&server, rows, work));
        }
    }
    for (work, times) in works.into_iter().zip(times) {
        let times = measure::Times::of(times);
        let name = match work {
            None => "one UPDATE in psql".to_owned(),
            Some(1) => "1 process".to_owned(),
            Some(processes) => format!("{processes} processes"),
        };
        let rate = f64::from(rows) / times.median.as_secs_f64();
        println!("| {name} | {:.2} | {rate:.0} |", times.median.as_secs_f64());
    }
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod unix {
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    use crate::support::{Postgres, keyward_command};

    /// As long as an envelope.
    const BY_HAND: &str = "UPDATE users SET password = repeat('x', 150) || id";

    /// The rows are made anew. None is psql alone.
    pub(crate) fn time_of(server: &Postgres, rows: u32, processes: Option<usize>) -> Duration {
        server.sql(
            "accounts",
            &format!(
                "DROP TABLE IF EXISTS users, keyward_lease;
                 CREATE TABLE users (id bigint PRIMARY KEY, username text, password varchar(255));
                 INSERT INTO users SELECT i, 'user' || i, '{{SSHA256}}' ||
                     encode(sha256(convert_to('pass' || i, 'UTF8')) || convert_to('salt', 'UTF8'), 'base64')
                 FROM generate_series(1, {rows}) i;
                 VACUUM ANALYZE users; CHECKPOINT"
            ),
        );
        let started = Instant::now();
        match processes {
            None => {
                server.sql("accounts", BY_HAND);
            }
            Some(processes) => {
                let running: Vec<Child> = (0..processes).map(|_| wrap(server)).collect();
                for mut process in running {
                    assert!(process.wait().unwrap().success());
                }
            }
        }
        let time = started.elapsed();
        let left = "SELECT count(*) FROM users WHERE password LIKE '{SSHA256}%'";
        assert_eq!(server.sql("accounts", left).trim(), "0");
        time
    }

    fn wrap(server: &Postgres) -> Child {
        let mut wrap = keyward_command();
        wrap.args([
            "migrate",
            "wrap",
            &server.url("accounts"),
            "--table",
            "users",
        ]);
        wrap.args(["--to", "pbkdf2-sha256", "--cost", "1"]);
        wrap.stdin(Stdio::null()).stdout(Stdio::null());
        wrap.spawn().unwrap()
    }
}
