//! Verifications of stored passwords a second and core: every kind of function that keyward verifies, beside the plain
//! crate with the same parameters, passlib and Spring Security, each on one thread; and the memory of a batch of Argon2.
//!
//! ```text
//! cargo bench --bench passwords                 # a second for each number, a batch of 1,000 rows
//! cargo bench --bench passwords -- 0.1 10       # a tenth of a second, 10 rows
//! ```
//!
//! keyward recognises the stored text anew each time, as the others do, and is told its dialect, as passlib is told its
//! hasher and Spring its encoder; the plain crate is given its parts. passlib and Spring Security come from `.ci/peers`;
//! without them their columns are empty.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod batch;
mod crypt;
mod directories;
// Other benchmarks use the rest of it.
#[allow(dead_code)]
#[path = "../measure.rs"]
mod measure;
mod peers;
mod plain;
mod platforms;
mod reversible;
mod row;
#[path = "../../tests/support/mod.rs"]
mod support;

use std::time::Instant;

use measure::processor;
use row::{Group, Row};

const PASSWORD: &str = "x34!2axf";

fn main() {
    let numbers = std::env::args().filter_map(|argument| argument.parse::<f64>().ok());
    let numbers: Vec<f64> = numbers.collect();
    let seconds = numbers.first().copied().unwrap_or(1.0);
    let rows = numbers.get(1).copied().unwrap_or(1000.0).max(1.0);
    println!("{}\n", processor());
    verifications(seconds);
    println!("\nA batch of Argon2id with 19 MiB and 2 passes, `password verify --batch`:\n");
    println!("| rows | seconds | peak memory, MiB |");
    println!("|--:|--:|--:|");
    for rows in [1.0, rows] {
        let (time, memory) = batch::verify(rows);
        println!("| {rows} | {:.1} | {memory:.0} |", time.as_secs_f64());
    }
}

fn verifications(seconds: f64) {
    let groups = groups();
    let rows: Vec<&Row> = groups.iter().flat_map(|group| &group.rows).collect();
    let mut passlib = peers::passlib(&rows, seconds).into_iter();
    let mut spring = peers::spring(&rows, seconds).into_iter();
    println!("Verifications a second on one thread, each number from {seconds} s:\n");
    println!("| function | keyward | plain crate | ratio | passlib | ratio | Spring | ratio |");
    println!("|---|--:|--:|--:|--:|--:|--:|--:|");
    for group in &groups {
        println!("| **{}** | | | | | | | |", group.title);
        for row in &group.rows {
            let ours = rate(seconds, || row.verify());
            let plain = row.plain.map(|plain| rate(seconds, plain));
            let others = [plain, passlib.next().flatten(), spring.next().flatten()];
            let others = others.map(|other| format!("{} | {}", shown(other), times(ours, other)));
            let [name, ours] = [row.name, &shown(Some(ours))];
            println!("| {name} | {ours} | {} |", others.join(" | "));
        }
    }
}

fn groups() -> Vec<Group> {
    vec![
        directories::digests(),
        directories::pbkdf2(),
        directories::reversible(),
        crypt::crypt(),
        crypt::memory_hard(),
        platforms::keycloak(),
        platforms::spring(),
        platforms::frameworks(),
        platforms::services(),
        platforms::wrapped(),
    ]
}

/// How often a second, after the first time.
fn rate(seconds: f64, once: impl Fn()) -> f64 {
    once();
    let started = Instant::now();
    let mut count = 0.0;
    while count == 0.0 || started.elapsed().as_secs_f64() < seconds {
        once();
        count += 1.0;
    }
    count / started.elapsed().as_secs_f64()
}

/// Three digits at least, and thousands apart.
fn shown(rate: Option<f64>) -> String {
    let Some(rate) = rate else { return absent() };
    match rate {
        ..10.0 => return format!("{rate:.2}"),
        ..1000.0 => return format!("{rate:.1}"),
        _ => {}
    }
    let digits = format!("{rate:.0}");
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

fn times(ours: f64, theirs: Option<f64>) -> String {
    theirs.map_or_else(absent, |theirs| format!("{:.2}", ours / theirs))
}

fn absent() -> String {
    "–".to_owned()
}
