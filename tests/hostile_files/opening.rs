//! [`opening()`]: opens a hostile file in a process of its own and measures it.

use std::env;
use std::fs;
use std::process::Command;
use std::time::Duration;

use keyward::Secret;
use keyward::keystore::{EntryKind, Keystore};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use crate::PASSWORD;

const FILE_VARIABLE: &str = "KEYWARD_TEST_HOSTILE_FILE";
/// What opening may cost for each byte of the file, and beyond that.
const MEMORY_PER_BYTE: usize = 8;
const MEMORY: usize = 1024 * 1024;
/// Of the processor: far above what linear work on these files takes, far below what other work takes.
const TIME: Duration = Duration::from_secs(5);

/// How a file was opened, and what was found.
#[derive(Debug)]
pub(crate) struct Opening {
    outcome: String,
    /// Growth of the process's address space in bytes.
    memory: usize,
    time: Duration,
    allowed_memory: usize,
}

impl Opening {
    /// It was refused, for this reason.
    #[track_caller]
    pub(crate) fn is_refused(&self, reason: &str) {
        self.is_cheap();
        let refused = self
            .outcome
            .strip_prefix("refused: ")
            .unwrap_or_else(|| panic!("{self:#?}"));
        assert!(refused.contains(reason), "{self:#?}");
    }

    /// It was opened; this is said of its entries.
    #[track_caller]
    pub(crate) fn is_opened(&self, entries: &str) {
        self.is_cheap();
        let opened = self
            .outcome
            .strip_prefix("opened: ")
            .unwrap_or_else(|| panic!("{self:#?}"));
        assert!(opened.contains(entries), "{self:#?}");
    }

    #[track_caller]
    pub(crate) fn is_cheap(&self) {
        assert!(self.memory <= self.allowed_memory, "{self:#?}");
        assert!(self.time <= TIME, "{self:#?}");
    }
}

/// Opens the file, lists it, asks for the secret `x`, imports and deletes one, in another process.
#[track_caller]
pub(crate) fn opening(file: &[u8]) -> Opening {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hostile");
    fs::write(&path, file).unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "opening::the_file_that_the_environment_names",
            "--ignored",
            "--nocapture",
        ])
        .env(FILE_VARIABLE, &path)
        // One heap, which grows by what is needed.
        .env("MALLOC_ARENA_MAX", "1")
        .env("MALLOC_TOP_PAD_", "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let mut lines = said
        .lines()
        .skip_while(|line| !line.ends_with("measured:"))
        .skip(1);
    let mut line = || lines.next().unwrap_or_else(|| panic!("{output:#?}"));
    let memory = line().parse().unwrap();
    let time = Duration::from_micros(line().parse().unwrap());
    Opening {
        memory,
        time,
        outcome: line().to_owned(),
        allowed_memory: MEMORY_PER_BYTE * file.len() + MEMORY,
    }
}

#[test]
#[ignore = "the other tests run it, each in a process of its own"]
fn the_file_that_the_environment_names() {
    let file = fs::read(env::var_os(FILE_VARIABLE).unwrap()).unwrap();
    let before = largest_address_space();
    let started = processor_time();
    let outcome = work_with(&file);
    let time = processor_time() - started;
    let memory = largest_address_space() - before;
    println!(
        "measured:\n{memory}\n{time}\n{}",
        outcome.replace('\n', " ")
    );
}

fn work_with(file: &[u8]) -> String {
    let mut store = match Keystore::open(file, &Secret::copied_from(PASSWORD.as_bytes())) {
        Ok(store) => store,
        Err(error) => return format!("refused: {error}"),
    };
    let mut found = "opened: ".to_owned();
    for entry in store.entries().iter().take(20) {
        let kind = match entry.kind.clone() {
            EntryKind::Opaque(reason) => reason,
            known => known.to_string(),
        };
        found.extend(format!("{} {kind}, ", entry.alias).chars().take(500));
    }
    if let Err(error) = store.secret(&"x".into()) {
        found.extend(format!("secret: {error}").chars().take(500));
    }
    let imported = store.add_secret(&"imported".into(), &Secret::copied_from(b"x"));
    if imported.is_ok() {
        store.delete(&"imported".into()).unwrap();
    }
    let _ = store.delete(&"x".into());
    let _ = store.to_bytes();
    found
}

/// In microseconds: what other processes do meanwhile does not count.
fn processor_time() -> i64 {
    getrusage(UsageWho::RUSAGE_SELF)
        .unwrap()
        .user_time()
        .num_microseconds()
}

/// In bytes.
fn largest_address_space() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmPeak:"))
        .unwrap();
    let kibibytes: usize = line.trim().trim_end_matches(" kB").parse().unwrap();
    kibibytes * 1024
}
