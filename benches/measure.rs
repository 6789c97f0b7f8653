//! What the benchmarks share: times, and what they were taken on.

use std::fmt;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Some measurements of one thing.
pub(crate) struct Times {
    pub(crate) median: Duration,
    pub(crate) fastest: Duration,
    slowest: Duration,
}

impl Times {
    pub(crate) fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        Self {
            median: times[times.len() / 2],
            fastest: times[0],
            slowest: times[times.len() - 1],
        }
    }

    /// How many times as long the other takes.
    pub(crate) fn ratio(&self, other: &Self) -> f64 {
        other.median.as_secs_f64() / self.median.as_secs_f64()
    }
}

impl fmt::Display for Times {
    /// Milliseconds: median (fastest to slowest).
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, fastest, slowest] =
            [self.median, self.fastest, self.slowest].map(|time| time.as_secs_f64() * 1e3);
        write!(formatter, "{median:.1} ({fastest:.1} to {slowest:.1})")
    }
}

/// The processor's model, and whether it computes SHA-256 in hardware, which decides what a key
/// derivation costs.
pub(crate) fn processor() -> String {
    let listing = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |name: &str| {
        let line = listing.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(": "))
            .map(|(_, value)| value)
    };
    let model = value("model name").unwrap_or("unknown processor");
    let has = |wanted| {
        let flags = value("flags").unwrap_or_default();
        if flags.split(' ').any(|flag| flag == wanted) {
            "with"
        } else {
            "without"
        }
    };
    let (sha, avx) = (has("sha_ni"), has("avx512f"));
    format!("{model}, {sha} SHA-NI, {avx} AVX-512")
}

/// From the start of the process to its end, its output read.
pub(crate) fn time_of(command: &mut Command, expected: &str) -> Duration {
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let started = Instant::now();
    let output = command.output().unwrap();
    let time = started.elapsed();
    assert!(output.status.success(), "{command:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(
        printed.contains(expected),
        "{command:?} printed {printed:?}"
    );
    time
}
