//! Owner, group, mode and access control list; and folders that are not one's own.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::is_root;
use crate::support::{STORE_PASSWORD, STORE_PASSWORD_VARIABLE, fixture, leave_out};
use crate::{End, Store, end_of, names_in};

/// A copy of keyward that every user can start, since the build's own folder may be closed to others.
fn keyward_for_everybody(folder: &Path) -> PathBuf {
    let program = folder.join("keyward");
    fs::copy(env!("CARGO_BIN_EXE_keyward"), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

fn import_as_nobody(program: &Path, store: &Path) -> End {
    let mut child = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(program)
        .args([
            "importpass",
            "-alias",
            "new",
            "-storepass:env",
            STORE_PASSWORD_VARIABLE,
            "-keystore",
        ])
        .arg(store)
        .env(STORE_PASSWORD_VARIABLE, STORE_PASSWORD)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(b"a secret\n");
    end_of(child)
}

fn has_setpriv() -> bool {
    let works = Command::new("setpriv")
        .args(["--reuid=65534", "true"])
        .output();
    let works = works.is_ok_and(|output| output.status.success());
    if !works {
        leave_out("setpriv is not here (apt-get install util-linux)");
    }
    works
}

#[test]
fn a_directory_that_the_user_may_not_write_is_told_and_nothing_is_written() {
    if !is_root() || !has_setpriv() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = keyward_for_everybody(folder.path());
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let path = closed.join("store.p12");
    fs::copy(fixture("jdk17.p12"), &path).unwrap();
    // The file itself may be written by everybody: that is not enough to replace it.
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let end = import_as_nobody(&program, &path);
    assert_eq!(end.status, Some(1));
    assert!(
        end.stderr.contains("nothing was changed") && end.stderr.contains("Permission denied"),
        "{}",
        end.stderr
    );
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(fixture("jdk17.p12")).unwrap()
    );
    assert_eq!(names_in(&closed), ["store.p12"]);
}

#[test]
fn a_file_whose_owner_cannot_be_kept_is_not_replaced() {
    if !is_root() || !has_setpriv() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = keyward_for_everybody(folder.path());
    let open = folder.path().join("open");
    fs::create_dir(&open).unwrap();
    fs::set_permissions(&open, fs::Permissions::from_mode(0o777)).unwrap();
    let path = open.join("store.p12");
    fs::copy(fixture("jdk17.p12"), &path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let end = import_as_nobody(&program, &path);
    assert_eq!(end.status, Some(1));
    assert!(
        end.stderr.contains("nothing was changed") && end.stderr.contains("owner"),
        "{}",
        end.stderr
    );
    assert_eq!(fs::metadata(&path).unwrap().uid(), 0);
    assert_eq!(
        fs::read(&path).unwrap(),
        fs::read(fixture("jdk17.p12")).unwrap()
    );
    assert_eq!(names_in(&open), ["store.p12"]);
}

#[test]
fn another_owner_group_and_mode_are_kept() {
    if !is_root() {
        return;
    }
    let store = Store::cheap();
    chown(&store.path, Some(1234), Some(4321)).unwrap();
    fs::set_permissions(&store.path, fs::Permissions::from_mode(0o6640)).unwrap();
    assert_eq!(store.import("new").status, Some(0));
    let metadata = fs::metadata(&store.path).unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (1234, 4321));
    assert_eq!(metadata.mode() & 0o7777, 0o6640);
    store.holds(&["db1pass", "new"]);
}

/// An access control list as Linux keeps it in an attribute: tag, permissions and id of each entry.
fn access_control_list(entries: &[(u16, u16, u32)]) -> Vec<u8> {
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        list.extend(tag.to_le_bytes());
        list.extend(permissions.to_le_bytes());
        list.extend(id.to_le_bytes());
    }
    list
}

const NO_ID: u32 = u32::MAX;

const OWNER: u16 = 0x01;

const USER: u16 = 0x02;

const GROUP_OF_FILE: u16 = 0x04;

const MASK: u16 = 0x10;

const OTHERS: u16 = 0x20;

fn list_that_lets_in_user_1234() -> Vec<u8> {
    access_control_list(&[
        (OWNER, 6, NO_ID),
        (USER, 4, 1234),
        (GROUP_OF_FILE, 0, NO_ID),
        (MASK, 4, NO_ID),
        (OTHERS, 0, NO_ID),
    ])
}

#[test]
fn an_access_control_list_is_kept() {
    let store = Store::cheap();
    let list = list_that_lets_in_user_1234();
    if xattr::set(&store.path, "system.posix_acl_access", &list).is_err() {
        leave_out("the file system has no access control lists");
        return;
    }
    assert_eq!(store.import("new").status, Some(0));
    let kept = xattr::get(&store.path, "system.posix_acl_access").unwrap();
    assert_eq!(kept, Some(list));
    assert_eq!(fs::metadata(&store.path).unwrap().mode() & 0o777, 0o640);
}

#[test]
fn a_folders_default_access_control_list_lets_nobody_in_who_was_not() {
    let store = Store::cheap();
    fs::set_permissions(&store.path, fs::Permissions::from_mode(0o640)).unwrap();
    let list = list_that_lets_in_user_1234();
    if xattr::set(store.folder.path(), "system.posix_acl_default", &list).is_err() {
        leave_out("the file system has no access control lists");
        return;
    }
    assert_eq!(
        xattr::get(&store.path, "system.posix_acl_access").unwrap(),
        None
    );
    assert_eq!(store.import("new").status, Some(0));
    assert_eq!(
        xattr::get(&store.path, "system.posix_acl_access").unwrap(),
        None
    );
    assert_eq!(fs::metadata(&store.path).unwrap().mode() & 0o777, 0o640);
}
