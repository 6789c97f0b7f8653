//! A keystore survives what happens while it is written.
#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use keyward::Secret;
use keyward::keystore::{Alias, Keystore, KeystoreFile, StoreType};
use keyward::safe_file::{FileEdit, SafeFileError};
use support::{STORE_PASSWORD, fixture, keyward, keyward_command};

fn open(path: &Path) -> Keystore {
    KeystoreFile::at(path)
        .open(&Secret::copied_from(STORE_PASSWORD.as_bytes()))
        .ok()
        .unwrap()
}

fn import(path: &Path, alias: &str) -> support::Output {
    let file = path.to_str().unwrap();
    let variable = support::STORE_PASSWORD_VARIABLE;
    keyward(
        &[
            "importpass",
            "-alias",
            alias,
            "-keystore",
            file,
            "-storepass:env",
            variable,
        ],
        "a secret\n",
    )
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn twenty_imports_by_twenty_processes_keep_twenty_entries() {
    for ending in ["p12", "jceks"] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("store.{ending}"));
        let type_of = if ending == "p12" {
            StoreType::Pkcs12
        } else {
            StoreType::Jceks
        };
        let store = Keystore::new(type_of, &Secret::copied_from(STORE_PASSWORD.as_bytes()))
            .ok()
            .unwrap();
        fs::write(&path, store.to_bytes()).unwrap();
        thread::scope(|scope| {
            for number in 0..20 {
                let path = &path;
                scope.spawn(move || {
                    assert_eq!(import(path, &format!("secret{number}")).status, Some(0));
                });
            }
        });
        assert_eq!(open(&path).entries().len(), 20);
        assert_eq!(names_in(folder.path()), [format!("store.{ending}")]);
    }
}

#[test]
fn a_write_by_another_program_is_a_conflict_and_not_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.p12");
    fs::write(&path, "read").unwrap();
    let edit = FileEdit::begin(&path).ok().unwrap();
    fs::write(&path, "written meanwhile").unwrap();
    let outcome = edit.commit(b"ours", |_| Ok::<(), SafeFileError>(()));
    assert!(matches!(outcome, Err(SafeFileError::Conflict { .. })));
    assert_eq!(fs::read(&path).unwrap(), b"written meanwhile");
    assert_eq!(names_in(folder.path()), ["store.p12"]);
}

#[test]
fn what_verification_refuses_is_not_put_into_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.p12");
    fs::write(&path, "old").unwrap();
    let refuse = |_: &[u8]| Err(SafeFileError::NotAFile { path: path.clone() });
    assert!(
        FileEdit::begin(&path)
            .ok()
            .unwrap()
            .commit(b"new", refuse)
            .is_err()
    );
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(names_in(folder.path()), ["store.p12"]);
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new_keystore() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.p12");
    fs::copy(fixture("jdk17.p12"), &path).unwrap();
    let before = open(&path).entries().len();
    let mut finished = 0;
    for round in 0..60_u64 {
        let variable = support::STORE_PASSWORD_VARIABLE;
        let mut command = keyward_command();
        command.args([
            "importpass",
            "-alias",
            &format!("new{round}"),
            "-storepass:env",
            variable,
        ]);
        command
            .args(["-keystore", path.to_str().unwrap()])
            .stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), b"a secret\n").unwrap();
        thread::sleep(Duration::from_micros(round * 700));
        let _ = child.kill();
        if child.wait().unwrap().success() {
            finished += 1;
        }
        let store = open(&path);
        assert!(store.entries().len() >= before + finished, "round {round}");
        assert_eq!(
            store
                .secret(&Alias::new("db1pass"))
                .ok()
                .unwrap()
                .expose_bytes(),
            b"x34!2axf"
        );
    }
    assert_eq!(import(&path, "last").status, Some(0));
    assert_eq!(names_in(folder.path()), ["store.p12"]);
}

#[test]
fn a_symbolic_link_stays_one_and_the_mode_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let real = folder.path().join("real.p12");
    let link = folder.path().join("link.p12");
    fs::copy(fixture("jdk17.p12"), &real).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.p12", &link).unwrap();
    assert_eq!(import(&link, "new").status, Some(0));
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::metadata(&real).unwrap().permissions().mode() & 0o7777,
        0o640
    );
    assert!(open(&real).entry(&Alias::new("new")).is_some());
}

#[test]
fn extended_attributes_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.p12");
    fs::copy(fixture("jdk17.p12"), &path).unwrap();
    if xattr::set(&path, "user.origin", b"backup 7").is_err() {
        support::leave_out("the file system has no extended attributes");
        return;
    }
    assert_eq!(import(&path, "new").status, Some(0));
    assert_eq!(
        xattr::get(&path, "user.origin").unwrap().unwrap(),
        b"backup 7"
    );
}

#[test]
fn a_new_keystore_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new.p12");
    assert_eq!(import(&path, "first").status, Some(0));
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o7777,
        0o600
    );
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let output = import(Path::new("/no/such/folder/store.p12"), "first");
    assert_eq!(output.status, Some(1));
    assert!(
        output.stderr.contains("nothing was changed"),
        "{}",
        output.stderr
    );
}
