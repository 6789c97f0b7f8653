//! Disks that are full or read-only. Each is mounted where no other process sees it.

use std::fs;

use crate::names_in;
use crate::support::{STORE_PASSWORD, STORE_PASSWORD_VARIABLE, fixture, in_a_mount_namespace};
use keyward::Secret;
use keyward::keystore::{Alias, Keystore};

#[test]
fn a_full_disk_leaves_the_old_keystore_and_is_told() {
    // Room for the store and for nothing more; then for the lock; then for a part of the new file.
    for free in [0, 4, 8, 12] {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("kept.p12");
        let script = format!(
            "mount -t tmpfs -o size=64k,nr_inodes=20 keyward \"$1\"/disk
            cp \"$1\"/big.p12 \"$1\"/disk/store.p12
            dd if=/dev/zero of=\"$1\"/disk/fill bs=1k 2>/dev/null || true
            truncate -s -{free}k \"$1\"/disk/fill
            status=0
            echo 'a secret' | \"$0\" importpass -alias new -storepass:env {STORE_PASSWORD_VARIABLE} \\
                -keystore \"$1\"/disk/store.p12 || status=$?
            cp \"$1\"/disk/store.p12 \"$1\"/kept.p12
            [ \"$(ls -A \"$1\"/disk | tr '\\n' ' ')\" = 'fill store.p12 ' ] || exit 99
            exit $status"
        );
        fs::create_dir(folder.path().join("disk")).unwrap();
        let big = larger_store();
        fs::write(folder.path().join("big.p12"), &big).unwrap();
        let Some((status, stderr)) = in_a_mount_namespace(&script, folder.path()) else {
            return;
        };
        assert_eq!(status, Some(1), "{free} KiB free: {stderr}");
        assert!(
            stderr.contains("nothing was changed"),
            "{free} KiB free: {stderr}"
        );
        assert!(
            stderr.contains("No space left"),
            "{free} KiB free: {stderr}"
        );
        assert!(
            fs::read(kept).unwrap() == big,
            "{free} KiB free: the keystore was changed"
        );
    }
}

/// About 20 KiB.
fn larger_store() -> Vec<u8> {
    let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
    let bytes = fs::read(fixture("mac-iterations-1.p12")).unwrap();
    let mut store = Keystore::open(&bytes, &password).ok().unwrap();
    store
        .add_secret(
            &Alias::new("long"),
            &Secret::copied_from(&b"x".repeat(20_000)),
        )
        .unwrap();
    store.to_bytes()
}

#[test]
fn a_read_only_file_system_is_told_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("disk")).unwrap();
    fs::copy(fixture("jdk17.p12"), folder.path().join("disk/store.p12")).unwrap();
    let script = format!(
        "mount --bind \"$1\"/disk \"$1\"/disk
        mount -o remount,bind,ro \"$1\"/disk
        echo 'a secret' | \"$0\" importpass -alias new -storepass:env {STORE_PASSWORD_VARIABLE} \\
            -keystore \"$1\"/disk/store.p12"
    );
    let Some((status, stderr)) = in_a_mount_namespace(&script, folder.path()) else {
        return;
    };
    assert_eq!(status, Some(1), "{stderr}");
    assert!(
        stderr.contains("nothing was changed") && stderr.contains("Read-only file system"),
        "{stderr}"
    );
    assert_eq!(names_in(&folder.path().join("disk")), ["store.p12"]);
}
