//! A test in a process of its own: its environment is another, its memory has seen nothing else, or it changes what a
//! whole process has one of.

use std::env;
use std::ffi::OsStr;
use std::process::Command;

/// Set in the process that is only there for one test.
const ALONE: &str = "KEYWARD_CANARY_ALONE";

/// Whether this is the process that was started for one test.
pub(crate) fn is_alone() -> bool {
    env::var_os(ALONE).is_some()
}

/// Starts this program for the test of this path and nothing else, with another environment variable; it must pass.
#[track_caller]
pub(crate) fn run_alone(test: &str, variable: &str, value: impl AsRef<OsStr>) {
    let mut again = Command::new(env::current_exe().unwrap());
    again.args(["--exact", test, "--nocapture"]);
    again.env(ALONE, "1").env(variable, value);
    let output = again.output().unwrap();
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    let passed = output.status.success() && printed.contains("1 passed");
    assert!(passed, "{printed}\n{complaint}");
}
