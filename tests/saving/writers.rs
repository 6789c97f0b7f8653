//! Other programs that write the same file, without a lock, as keytool does.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::support::fixture;
use crate::{Store, end_of, has_strace, start_import};

#[test]
fn a_writer_without_a_lock_is_noticed_and_its_file_kept() {
    if !has_strace() {
        return;
    }
    let store = Store::cheap();
    let other = fs::read(fixture("mac-sha1.p12")).unwrap();
    // The other program writes in place, as keytool does.
    let child = import_that_waits_before_its_rename(&store);
    fs::write(&store.path, &other).unwrap();
    let end = end_of(child);
    assert_eq!(end.status, Some(1), "{}", end.stderr);
    assert!(
        end.stderr.contains("another program has changed the file"),
        "{}",
        end.stderr
    );
    assert!(
        fs::read(&store.path).unwrap() == other,
        "the other program's file was overwritten"
    );
    store.is_alone();
}

#[test]
fn a_file_that_vanishes_or_is_cut_meanwhile_is_a_conflict() {
    if !has_strace() {
        return;
    }
    for vanishes in [true, false] {
        let store = Store::cheap();
        let child = import_that_waits_before_its_rename(&store);
        if vanishes {
            fs::remove_file(&store.path).unwrap();
        } else {
            fs::write(&store.path, b"").unwrap();
        }
        let end = end_of(child);
        assert_eq!(end.status, Some(1), "{}", end.stderr);
        assert_eq!(store.path.exists(), !vanishes);
        assert!(vanishes || fs::read(&store.path).unwrap().is_empty());
    }
}

#[track_caller]
fn wait_until(condition: impl Fn() -> bool) {
    let started = Instant::now();
    while !condition() {
        assert!(started.elapsed() < Duration::from_secs(20), "it never came");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_file_that_another_program_is_just_writing_is_not_taken_for_a_new_keystore() {
    let store = Store::cheap();
    fs::write(&store.path, b"").unwrap();
    assert_eq!(store.import("new").status, Some(1));
    assert_eq!(fs::read(&store.path).unwrap(), b"");
    store.is_alone();
}

/// An import whose new file is written, and not yet in its place.
fn import_that_waits_before_its_rename(store: &Store) -> Child {
    let pause = "inject=fsync:delay_enter=3000000:when=1";
    let child = start_import(
        &["strace", "-f", "-o", "/dev/null", "-e", pause],
        &store.path,
        "new",
    );
    let new = store.folder.path().join(".store.p12.keyward-new");
    wait_until(|| new.metadata().is_ok_and(|new| new.len() > 0));
    child
}
