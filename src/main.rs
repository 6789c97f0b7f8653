//! The keyward program: start-up only.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(unix)]
    forbid_core_dumps();
    keyward::cli::run()
}

/// No secret in a core dump, and no other process of the same user that looks into the memory.
/// Where the system refuses, the program runs all the same.
#[cfg(unix)]
fn forbid_core_dumps() {
    use nix::sys::resource::{Resource, setrlimit};
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_dumpable(false);
}
