//! `audit` grades keystores, `diff` compares two, `convert` makes one of another type, which the JDK reads.
#![cfg(feature = "cli")]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/ber.rs"]
mod ber;
#[path = "../support/jceks.rs"]
mod jceks;
#[path = "../support/mod.rs"]
mod support;

mod audit;
mod convert;
mod diff;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Output, STORE_PASSWORD_VARIABLE, fixture, keyward};
use tempfile::TempDir;

const PASSWORD: [&str; 2] = ["-storepass:env", STORE_PASSWORD_VARIABLE];
/// What the fixtures hold, which only `get` may print.
const VALUES: [&str; 3] = ["x34!2axf", "sqluser", "spaces around"];

/// A directory for keystores, all readable by their owner alone.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        set_mode(&path, 0o600);
        path
    }

    fn copy_of(&self, name: &str) -> PathBuf {
        self.with(name, &fs::read(fixture(name)).unwrap())
    }
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}

/// Runs a command with the store password; no output of any of the three shows a value.
#[track_caller]
fn run(command: &str, files: &[&Path], options: &[&str]) -> Output {
    let mut arguments = vec![command];
    arguments.extend(files.iter().map(|path| path.to_str().unwrap()));
    arguments.extend(options);
    arguments.extend(PASSWORD);
    let output = keyward(&arguments, "");
    for value in VALUES {
        let shown = output.stdout.contains(value) || output.stderr.contains(value);
        assert!(!shown, "{command} shows a value: {output:?}");
    }
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(values: &Value) -> Vec<String> {
    values.as_array().unwrap().iter().map(text).collect()
}
