//! Disks that only one test sees.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{STORE_PASSWORD, STORE_PASSWORD_VARIABLE, leave_out};

/// Runs a script with bash in a mount namespace of its own, so that what it mounts is nowhere else.
/// `$0` is keyward, `$1` a folder; none where that is not allowed.
pub(crate) fn in_a_mount_namespace(script: &str, folder: &Path) -> Option<(Option<i32>, String)> {
    if !is_root() {
        return None;
    }
    let works = Command::new("unshare")
        .args([
            "-m", "mount", "-t", "tmpfs", "-o", "size=64k", "keyward", "/mnt",
        ])
        .output();
    if !works.is_ok_and(|output| output.status.success()) {
        leave_out("nothing can be mounted here");
        return None;
    }
    let output = Command::new("unshare")
        .args(["-m", "bash", "-euc", script, env!("CARGO_BIN_EXE_keyward")])
        .arg(folder)
        .env(STORE_PASSWORD_VARIABLE, STORE_PASSWORD)
        .output()
        .unwrap();
    Some((
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    ))
}

/// Whether the tests run as root, without which nothing can be mounted; else the test is left out.
pub(crate) fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    if !root {
        leave_out("only root can do this");
    }
    root
}
