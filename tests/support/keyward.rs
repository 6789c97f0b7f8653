//! keyward as a user runs it.

use std::process::Command;

use super::STORE_PASSWORD;
use super::program::{Output, run};

/// The environment variable that holds [`STORE_PASSWORD`] for keyward: `-storepass:env` may name it.
pub(crate) const STORE_PASSWORD_VARIABLE: &str = "KEYWARD_TEST_STOREPASS";

/// Runs the keyward that this test run built.
pub(crate) fn keyward(arguments: &[&str], stdin: &str) -> Output {
    let mut command = keyward_command();
    command.args(arguments);
    run(command, stdin)
}

/// keyward without arguments yet.
pub(crate) fn keyward_command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
    command.env(STORE_PASSWORD_VARIABLE, STORE_PASSWORD);
    command
}
