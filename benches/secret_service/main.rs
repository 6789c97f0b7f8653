//! The secret service: lookups in the process, requests over the Unix socket, the cost of a reload, start-up time and
//! memory; beside it a JVM that reads the store again.
//!
//! ```text
//! cargo bench --bench secret_service          # 3 seconds for each line
//! cargo bench --bench secret_service -- 10
//! ```
//!
//! How long a changed file takes to be served: `cargo bench --bench change_to_served`.

// A benchmark that cannot go on may say so by a panic.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[cfg(target_os = "linux")]
mod lookups;
// Other benchmarks use the rest of it.
#[allow(dead_code)]
#[path = "../measure.rs"]
mod measure;
#[cfg(target_os = "linux")]
mod reloads;
#[cfg(target_os = "linux")]
mod requests;
#[cfg(target_os = "linux")]
mod running;
#[cfg(target_os = "linux")]
mod stores;
#[path = "../../tests/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
fn main() {
    use std::time::Duration;

    let seconds = std::env::args().find_map(|argument| argument.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(3));
    println!("{}\n", measure::processor());
    lookups::measure(time);
    requests::measure(time);
    reloads::measure();
    running::measure();
    lookups::measure_java(time);
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("what is measured here is read from /proc: nothing to do on this system");
}
