//! What happens to a test whose peer is not on this machine.

use std::io::Write;
use std::{env, io, thread};

/// Says that the running test was left out and why; panics where `KEYWARD_REQUIRE_PEERS=1` forbids that.
///
/// The line goes past the test harness, which would show it for failed tests alone.
pub(crate) fn leave_out(reason: &str) {
    let current = thread::current();
    let test = current.name().unwrap_or("main");
    assert!(
        env::var_os("KEYWARD_REQUIRE_PEERS").is_none_or(|value| value != "1"),
        "{test} must not be left out, and {reason}"
    );
    let mut terminal = io::stderr().lock();
    writeln!(terminal, "left out: {reason} [{test}]").unwrap();
}
