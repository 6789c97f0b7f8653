//! Symbolic links.

use std::fs;
use std::os::unix::fs::symlink;

use crate::{Store, import_under, names_in};

#[test]
fn a_chain_of_links_into_another_folder_stays_one() {
    let store = Store::cheap();
    let elsewhere = tempfile::tempdir().unwrap();
    let first = elsewhere.path().join("first");
    symlink("second", &first).unwrap();
    symlink(&store.path, elsewhere.path().join("second")).unwrap();
    assert_eq!(import_under(&[], &first, "new").status, Some(0));
    store.holds(&["db1pass", "new"]);
    store.is_alone();
    assert_eq!(names_in(elsewhere.path()), ["first", "second"]);
    assert!(fs::symlink_metadata(&first).unwrap().is_symlink());
}

#[test]
fn a_circle_of_links_and_a_folder_are_no_keystores() {
    let folder = tempfile::tempdir().unwrap();
    let circle = folder.path().join("circle");
    symlink("circle", &circle).unwrap();
    let end = import_under(&[], &circle, "new");
    assert_eq!(end.status, Some(1));
    assert!(end.stderr.contains("symbolic links"), "{}", end.stderr);
    let end = import_under(&[], folder.path(), "new");
    assert_eq!(end.status, Some(1));
    assert!(end.stderr.contains("directory"), "{}", end.stderr);
}
