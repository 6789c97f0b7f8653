//! Killed, or refused by the system, at every step.

use std::collections::HashMap;
use std::fs;
use std::thread;

use crate::{Store, has_strace, import_under};
use keyward::keystore::Alias;

/// One system call of an import: its name, and the how manieth of that name it is.
type Call = (String, usize);

/// The system calls of an import, from the first that names the store's folder.
fn system_calls_of_a_save() -> Vec<Call> {
    let store = Store::cheap();
    let trace = store.folder.path().with_extension("trace");
    let under = ["strace", "-f", "-o", trace.to_str().unwrap()];
    let end = import_under(&under, &store.path, "new");
    assert_eq!(end.status, Some(0), "{}", end.stderr);
    let text = fs::read_to_string(&trace).unwrap();
    fs::remove_file(trace).unwrap();
    let folder = store.folder.path().to_str().unwrap();
    let (mut calls, mut counts, mut saving) = (Vec::new(), HashMap::new(), false);
    for line in text.lines() {
        // A process number, then `name(arguments`.
        let call = line.split_once(' ').unwrap().1.trim_start();
        let Some((name, arguments)) = call.split_once('(') else {
            continue;
        };
        if name.starts_with('<') || name.starts_with('+') || name.starts_with('-') {
            continue;
        }
        let count = counts.entry(name.to_owned()).or_insert(0);
        *count += 1;
        saving |= name != "execve" && arguments.contains(folder);
        if saving {
            calls.push((name.to_owned(), *count));
        }
    }
    calls
}

#[test]
fn a_kill_at_every_single_system_call_leaves_the_old_or_the_new_keystore() {
    if !has_strace() {
        return;
    }
    let calls = system_calls_of_a_save();
    assert!(calls.len() > 20, "{calls:?}");
    let halves = calls.split_at(calls.len() / 2);
    let outcomes = thread::scope(|scope| {
        let started = [halves.0, halves.1].map(|half| {
            scope.spawn(|| half.iter().map(state_after_kill_at).collect::<Vec<State>>())
        });
        started.map(|half| half.join().unwrap())
    });
    // Kills that came too early or too late alone would prove nothing.
    for state in [State::Old, State::New] {
        assert!(
            outcomes.iter().flatten().any(|outcome| *outcome == state),
            "never {state:?}"
        );
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Old,
    New,
}

/// The keystore is whole, and a later import finds nothing in its way.
fn state_after_kill_at((name, number): &Call) -> State {
    let store = Store::cheap();
    let injection = format!("inject={name}:signal=SIGKILL:when={number}");
    let call = format!("{name} {number}");
    let end = import_under(
        &["strace", "-f", "-o", "/dev/null", "-e", &injection],
        &store.path,
        "new",
    );
    let aliases: Vec<String> = store
        .open()
        .entries()
        .iter()
        .map(|entry| entry.alias.to_string())
        .collect();
    let old = aliases == ["db1pass"];
    assert!(
        old || aliases == ["db1pass", "new"],
        "killed at call {call}: {aliases:?}"
    );
    assert!(
        !old || end.status != Some(0),
        "killed at call {call}: told as done"
    );
    let secret = store.open().secret(&Alias::new("db1pass")).ok().unwrap();
    assert_eq!(secret.expose_bytes(), b"x34!2axf");

    let later = store.import("later");
    assert_eq!(
        later.status,
        Some(0),
        "killed at call {call}: {}",
        later.stderr
    );
    assert!(store.open().entry(&Alias::new("later")).is_some());
    store.is_alone();
    if old { State::Old } else { State::New }
}

#[test]
fn an_error_of_every_system_call_of_a_save_leaves_the_old_keystore_and_is_told() {
    if !has_strace() {
        return;
    }
    for (call, error) in [
        ("fsync", "EIO"),
        ("fsync", "ENOSPC"),
        ("rename,renameat2", "EACCES"),
        ("flock", "EIO"),
        ("fchmod", "EPERM"),
    ] {
        let store = Store::cheap();
        let injection = format!("inject={call}:error={error}:when=1");
        let end = import_under(
            &["strace", "-f", "-o", "/dev/null", "-e", &injection],
            &store.path,
            "new",
        );
        assert_eq!(end.status, Some(1), "{call} {error}");
        assert!(
            end.stderr.contains("nothing was changed"),
            "{call} {error}: {}",
            end.stderr
        );
        store.holds(&["db1pass"]);
        assert_eq!(store.import("later").status, Some(0));
        store.is_alone();
    }
}

#[test]
fn a_file_system_that_cannot_exchange_files_gets_the_new_one_by_a_rename() {
    if !has_strace() {
        return;
    }
    let store = Store::cheap();
    let injection = "inject=renameat2:error=EINVAL";
    let tracer = ["strace", "-f", "-o", "/dev/null", "-e", injection];
    let end = import_under(&tracer, &store.path, "new");
    assert_eq!(end.status, Some(0), "{}", end.stderr);
    store.holds(&["db1pass", "new"]);
    store.is_alone();
}

#[test]
fn a_directory_that_cannot_be_synced_is_told_apart_from_a_save_that_failed() {
    if !has_strace() {
        return;
    }
    let store = Store::cheap();
    let end = import_under(
        &[
            "strace",
            "-f",
            "-o",
            "/dev/null",
            "-e",
            "inject=fsync:error=EIO:when=2",
        ],
        &store.path,
        "new",
    );
    assert_eq!(end.status, Some(1));
    assert!(
        end.stderr.contains("the new file is in place"),
        "{}",
        end.stderr
    );
    store.holds(&["db1pass", "new"]);
    store.is_alone();
}
