//! The files of a home that hold the keystore's password.
//!
//! ```text
//! line 1   store password        line 2   key password, if it differs
//! ```
//! A server renames `password` to `password-tmp`, reads that once and overwrites it, and keeps `password-persist`; on
//! Windows they end with `.txt`. Here they are read and left alone. Source: `DefaultSecretCallbackHandler`.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use zeroize::Zeroizing;

use super::key_source::PasswordCandidate;
use crate::Secret;

const NAMES: [&str; 6] = [
    "password",
    "password-tmp",
    "password-persist",
    "password.txt",
    "password-tmp.txt",
    "password-persist.txt",
];
/// The most that is read of one of them, in bytes.
const LARGEST: u64 = 4096;

/// What the files of the home at `root` hold, in the order in which a server looks at them.
pub(super) fn candidates(root: &Path) -> Vec<PasswordCandidate> {
    let paths = NAMES.iter().map(|name| root.join(name));
    paths.filter_map(|path| candidate(&path)).collect()
}

/// A file that cannot be read or is empty has no password.
fn candidate(path: &Path) -> Option<PasswordCandidate> {
    if !fs::metadata(path).ok()?.is_file() {
        return None;
    }
    // Never moved in memory, so that no copy is left behind.
    let mut content = Zeroizing::new(Vec::with_capacity(8192));
    let file = File::open(path).ok()?;
    file.take(LARGEST).read_to_end(&mut content).ok()?;
    let mut lines = content.split(|&byte| byte == b'\n');
    let mut next = || {
        let line = lines.next()?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        (!line.is_empty()).then(|| Secret::copied_from(line))
    };
    Some(PasswordCandidate {
        origin: path.display().to_string(),
        store: next()?,
        key: next(),
    })
}
