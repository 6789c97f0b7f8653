//! [`Running`]: `keyward serve` as a program; how long it takes to start, and what memory it has.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::measure::Times;
use super::stores::{SECRETS, Store};
use super::support::keyward_command;

const STARTS: usize = 10;
const GIVE_UP_AFTER: Duration = Duration::from_secs(30);

/// Ended when dropped.
pub(crate) struct Running<'s> {
    store: &'s Store,
    process: Child,
}

impl<'s> Running<'s> {
    /// Started, and how long it took until the first secret was answered.
    pub(crate) fn start(store: &'s Store) -> (Self, Duration) {
        let started = Instant::now();
        let process = keyward_command()
            .args(["serve"])
            .arg(store.path("service.xml"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let running = Self { store, process };
        while !running.answers() {
            assert!(started.elapsed() < GIVE_UP_AFTER, "it does not answer");
            sleep(Duration::from_micros(200));
        }
        (running, started.elapsed())
    }

    pub(crate) fn connect(&self) -> Option<UnixStream> {
        UnixStream::connect(self.store.path("keyward.sock")).ok()
    }

    fn answers(&self) -> bool {
        let Some(mut stream) = self.connect() else {
            return false;
        };
        let request = b"GET /v1/secrets/db1pass HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        let mut answer = String::new();
        stream.write_all(request).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && SECRETS.iter().any(|secret| answer.ends_with(secret))
    }

    /// A line of `/proc/PID/status`, in MiB.
    pub(crate) fn memory(&self, line: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let found = status.lines().find_map(|text| text.strip_prefix(line));
        let kibibytes = found.unwrap().trim_matches([':', ' ', '\t', 'k', 'B']);
        kibibytes.parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

pub(crate) fn measure() {
    println!("From the start of the process to the first answer, {STARTS} starts, milliseconds\n");
    println!(
        "| entries | until the first answer | resident memory then, MiB | at most |\n|--:|--:|--:|--:|"
    );
    for entries in [5, 1000, 10_000] {
        let store = Store::of(entries);
        let mut memory = (0.0, 0.0);
        let starts = (0..STARTS).map(|_| {
            let (running, time) = Running::start(&store);
            memory = (running.memory("VmRSS"), running.memory("VmHWM"));
            time
        });
        let times = Times::of(starts.collect());
        let (resident, peak) = memory;
        println!("| {entries} | {times} | {resident:.1} | {peak:.1} |");
    }
    println!();
}
