//! A save that is killed, interrupted by another writer, or refused by the system loses nothing.
//!
//! What `safe_writing.rs` has is not repeated here: this is Linux alone, with strace, a file system of its own
//! that is full or read-only, and other users.
#![cfg(all(target_os = "linux", feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod disks;
mod kills;
mod links;
mod owners;
mod writers;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use keyward::Secret;
use keyward::keystore::{Keystore, KeystoreFile};
use support::{STORE_PASSWORD, STORE_PASSWORD_VARIABLE, fixture, leave_out};
use tempfile::TempDir;

/// A keystore in a folder of its own.
struct Store {
    folder: TempDir,
    path: PathBuf,
}

/// A program's end.
struct End {
    status: Option<i32>,
    stderr: String,
}

impl Store {
    /// A store whose MAC costs one iteration and which has one secret.
    fn cheap() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store.p12");
        fs::copy(fixture("mac-iterations-1.p12"), &path).unwrap();
        Self { folder, path }
    }

    fn import(&self, alias: &str) -> End {
        import_under(&[], &self.path, alias)
    }

    #[track_caller]
    fn open(&self) -> Keystore {
        open(&self.path)
    }

    #[track_caller]
    fn holds(&self, aliases: &[&str]) {
        let entries = self.open().entries();
        let found: Vec<&str> = entries.iter().map(|entry| entry.alias.as_str()).collect();
        assert_eq!(found, aliases);
    }

    #[track_caller]
    fn is_alone(&self) {
        assert_eq!(names_in(self.folder.path()), ["store.p12"]);
    }
}

#[track_caller]
fn open(path: &Path) -> Keystore {
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    match KeystoreFile::at(path).open(&password) {
        Ok(store) => store,
        Err(error) => panic!("{error}"),
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// `importpass`, started by the program that `under` names.
fn start_import(under: &[&str], path: &Path, alias: &str) -> Child {
    let program = env!("CARGO_BIN_EXE_keyward");
    let import = [
        "importpass",
        "-alias",
        alias,
        "-storepass:env",
        STORE_PASSWORD_VARIABLE,
        "-keystore",
    ];
    let all = [under, &[program], &import].concat();
    let mut child = Command::new(all[0])
        .args(&all[1..])
        .arg(path)
        .env(STORE_PASSWORD_VARIABLE, STORE_PASSWORD)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that was killed reads no more.
    let _ = child.stdin.take().unwrap().write_all(b"a secret\n");
    child
}

fn end_of(child: Child) -> End {
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    End {
        status: output.status.code(),
        stderr,
    }
}

fn import_under(under: &[&str], path: &Path, alias: &str) -> End {
    end_of(start_import(under, path, alias))
}

fn has_strace() -> bool {
    let traced = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .output();
    let works = traced.is_ok_and(|output| output.status.success());
    if !works {
        leave_out("strace is not here, or may trace nothing (apt-get install strace)");
    }
    works
}
