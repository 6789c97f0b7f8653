//! A directory of secrets that changes as a whole.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use keyward::Secret;
use keyward::deliver::tree::{FileName, Tree, TreeFiles, Written};

use crate::folder::Folder;

const VALUES: &[(&str, &str)] = &[("user", "u1"), ("password", "p1\n$x")];

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn names(directory: &Path) -> Vec<String> {
    let listing = fs::read_dir(directory).unwrap();
    let mut names: Vec<String> = listing
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("..1"))
        .collect();
    names.sort();
    names
}

fn current(directory: &Path) -> PathBuf {
    directory.join(fs::read_link(directory.join("..data")).unwrap())
}

#[test]
fn the_layout_is_that_of_kubernetes() {
    let folder = Folder::with(VALUES);
    let options = ["tree", "secrets", "--file", "db.user=user"];
    let files = ["--file", "db.password=PassWord"];
    folder
        .run(&[options.as_slice(), &files].concat(), &[])
        .of_success();
    let directory = folder.path("secrets");
    assert_eq!(names(&directory), ["..data", "db.password", "db.user"]);
    let link = fs::read_link(directory.join("db.user")).unwrap();
    assert_eq!(link, Path::new("..data/db.user"));
    assert_eq!(folder.read("secrets/db.user"), "u1");
    assert_eq!(folder.read("secrets/db.password"), "p1\n$x");
    assert_eq!(mode(&directory), 0o500);
    assert_eq!(mode(&current(&directory)), 0o500);
    assert_eq!(mode(&directory.join("db.password")), 0o400);
}

#[test]
fn a_set_that_is_current_is_not_written_and_another_replaces_it_whole() {
    let folder = Folder::with(VALUES);
    let directory = folder.path("secrets");
    let write = |files: &[&str]| {
        folder
            .run(&[&["tree", "secrets"], files].concat(), &[])
            .of_success();
        current(&directory)
    };
    let first = write(&["--file", "a=user", "--file", "b=password"]);
    folder.replace_keystore(VALUES);
    assert_eq!(write(&["--file", "b=password", "--file", "a=user"]), first);
    let second = write(&["--file", "b=user", "--file", "c=password"]);
    assert_ne!(second, first);
    assert!(!first.exists());
    assert_eq!(names(&directory), ["..data", "b", "c"]);
    assert_eq!(folder.read("secrets/b"), "u1");
    // Who has opened the file to others has changed the set.
    fs::set_permissions(second.join("b"), Permissions::from_mode(0o444)).unwrap();
    assert_ne!(write(&["--file", "b=user", "--file", "c=password"]), second);
    assert_eq!(mode(&directory.join("b")), 0o400);
}

#[test]
fn a_directory_of_the_users_keeps_its_mode_and_what_else_is_in_it() {
    let folder = Folder::with(VALUES);
    let directory = folder.path("secrets");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, Permissions::from_mode(0o750)).unwrap();
    fs::create_dir(directory.join("..mine")).unwrap();
    symlink("elsewhere", directory.join("link")).unwrap();
    folder.write("secrets/notes", "keep me");
    folder
        .run(&["tree", "secrets", "--file", "a=user"], &[])
        .of_success();
    assert_eq!(
        names(&directory),
        ["..data", "..mine", "a", "link", "notes"]
    );
    assert_eq!(mode(&directory), 0o750);

    for taken in ["notes", "link"] {
        let name = format!("{taken}=user");
        let refused = folder.run(&["tree", "secrets", "--file", &name], &[]);
        assert_eq!(refused.status, Some(1));
        assert!(
            refused.stderr.contains("is there already"),
            "{}",
            refused.stderr
        );
    }
    assert_eq!(folder.read("secrets/notes"), "keep me");
    assert_eq!(
        names(&directory),
        ["..data", "..mine", "a", "link", "notes"]
    );
}

#[test]
fn names_that_lead_elsewhere_and_unknown_aliases_change_nothing() {
    let folder = Folder::with(VALUES);
    for name in ["../a", "a/b", "..", ".", "..data", "/etc/a"] {
        let refused = folder.run(&["tree", "secrets", "--file", &format!("{name}=user")], &[]);
        assert_eq!(refused.status, Some(2), "{name}: {}", refused.stderr);
    }
    let twice = [
        "tree",
        "secrets",
        "--file",
        "a=user",
        "--file",
        "a=password",
    ];
    assert_eq!(folder.run(&twice, &[]).status, Some(2));
    let missing = folder.run(&["tree", "secrets", "--file", "a=nope"], &[]);
    assert_eq!(missing.status, Some(3), "{}", missing.stderr);
    assert!(!folder.path("secrets").exists());
}

#[test]
fn with_watch_the_directory_follows_the_keystore() {
    let folder = Folder::with(VALUES);
    let options = ["tree", "secrets", "--watch", "--file", "pw=password"];
    let mut keyward = folder.start(&options, &[]);
    folder.eventually_reads("secrets/pw", "p1\n$x");
    let before = current(&folder.path("secrets"));
    folder.replace_keystore(&[("user", "u2"), ("password", "p1\n$x")]);
    thread::sleep(std::time::Duration::from_millis(900));
    assert_eq!(current(&folder.path("secrets")), before);
    folder.replace_keystore(&[("user", "u2"), ("password", "p2")]);
    folder.eventually_reads("secrets/pw", "p2");
    keyward.signal("TERM");
    assert_eq!(keyward.exit_code(), Some(0));
    assert_eq!(folder.read("secrets/pw"), "p2");
}

/// A user name and a password of the same number.
fn pair(number: usize) -> [(FileName, Secret); 2] {
    ["user", "password"].map(|name| {
        let value = format!("{name} {number}");
        (name.parse().unwrap(), Secret::new(value.into_bytes()))
    })
}

fn write(tree: &Tree, files: &[(FileName, Secret)]) -> Written {
    let files: TreeFiles<'_> = files.iter().map(|(name, secret)| (name, secret)).collect();
    tree.write(&files).unwrap()
}

#[test]
fn a_reader_never_sees_a_mixed_pair() {
    let folder = tempfile::tempdir().unwrap();
    let tree = Tree::at(&folder.path().join("tree"));
    let data = folder.path().join("tree/..data");
    write(&tree, &pair(0));
    let done = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen: BTreeMap<String, usize> = BTreeMap::new();
            while !done.load(Ordering::Relaxed) {
                // One set: the directory that the link leads to at one moment. It may go before it has been read.
                let set = data.with_file_name(fs::read_link(&data).unwrap());
                let read = |name| fs::read_to_string(set.join(name));
                let (Ok(user), Ok(password)) = (read("user"), read("password")) else {
                    continue;
                };
                let number = user.strip_prefix("user ").unwrap().to_owned();
                assert_eq!(password, format!("password {number}"));
                *seen.entry(number).or_default() += 1;
            }
            seen
        });
        for number in 1..=300 {
            assert_eq!(write(&tree, &pair(number)), Written::Replaced);
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap()
    });
    assert!(
        seen.len() > 3,
        "the reader has hardly seen anything: {seen:?}"
    );
    assert_eq!(
        names(&folder.path().join("tree")),
        ["..data", "password", "user"]
    );
}

#[test]
fn writers_at_once_leave_one_whole_set() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tree");
    thread::scope(|scope| {
        for writer in 0..4 {
            let path = &path;
            scope.spawn(move || {
                for number in 0..25 {
                    write(&Tree::at(path), &pair(writer * 100 + number));
                }
            });
        }
    });
    let user = fs::read_to_string(path.join("user")).unwrap();
    let password = fs::read_to_string(path.join("password")).unwrap();
    assert_eq!(
        user.strip_prefix("user "),
        password.strip_prefix("password ")
    );
    assert_eq!(fs::read_dir(&path).unwrap().count(), 4);
    Tree::at(&path).remove().unwrap();
    assert!(!path.exists());
}

#[test]
fn a_link_that_looks_like_an_old_set_is_removed_and_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let (tree, elsewhere) = (folder.path().join("tree"), folder.path().join("elsewhere"));
    for directory in [&tree, &elsewhere] {
        fs::create_dir(directory).unwrap();
        fs::set_permissions(directory, Permissions::from_mode(0o755)).unwrap();
    }
    fs::write(elsewhere.join("kept"), "kept").unwrap();
    symlink(&elsewhere, tree.join("..1.000000001")).unwrap();
    let name: FileName = "password".parse().unwrap();
    let secret = Secret::copied_from(b"one");
    Tree::at(&tree)
        .write(&TreeFiles::from([(&name, &secret)]))
        .unwrap();
    assert!(!tree.join("..1.000000001").is_symlink());
    assert_eq!(mode(&elsewhere), 0o755);
    assert_eq!(fs::read_to_string(elsewhere.join("kept")).unwrap(), "kept");
}

#[test]
fn a_directory_that_others_may_write_to_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    fs::create_dir(&tree).unwrap();
    fs::set_permissions(&tree, Permissions::from_mode(0o777)).unwrap();
    let name: FileName = "password".parse().unwrap();
    let secret = Secret::copied_from(b"one");
    let refused = Tree::at(&tree).write(&TreeFiles::from([(&name, &secret)]));
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("nobody else may write to it"), "{message}");
}
