//! A batch of Argon2id: how long it takes, and how much memory.

use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;
use std::time::{Duration, Instant};

use keyward::password::Dialect;

use crate::PASSWORD;
use crate::row::made;
use crate::support::keyward_command;

const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// How long `rows` of it take, and the most memory that they had, in MiB.
pub(crate) fn verify(rows: f64) -> (Duration, f64) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("batch.jsonl");
    let row = serde_json::json!({
        "stored": made(Dialect::Phc, "argon2id", Some(2)), "password": PASSWORD,
    });
    let mut file = File::create(&path).unwrap();
    let mut written = 0.0;
    while written < rows {
        writeln!(file, "{row}").unwrap();
        written += 1.0;
    }
    drop(file);
    let mut command = keyward_command();
    command.args(["password", "verify", "--batch"]).arg(&path);
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    loop {
        let listing = fs::read_to_string(&status).unwrap_or_default();
        let peak = listing.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        most = most.max(peak.unwrap_or_default() * 1024.0 / MEBIBYTE);
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return (started.elapsed(), most);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
