//! Copies and backups never come to lie on the user stores themselves.

use crate::home::{Home, SUPER};
use crate::reencryption::reencrypt;

#[test]
fn copies_and_backups_into_the_home_or_its_user_stores_are_refused() {
    let home = Home::sample();
    let before = home.content();
    let around = home.path("repository/../repository/deployment");
    let folders = [
        home.root().to_path_buf(),
        home.path("repository/.."),
        around,
        home.path(SUPER),
        home.path(&format!("{SUPER}/copies")),
        home.path("repository/tenants/1/userstores/not/there"),
    ];
    for folder in folders {
        let folder = folder.to_str().unwrap();
        for option in ["--output", "--backup"] {
            let output = reencrypt(&home, &[option, folder]);
            assert_eq!(output.status, Some(2), "{option} {folder}: {output:#?}");
            assert!(
                output.stderr.contains("Name a folder elsewhere"),
                "{output:#?}"
            );
            assert!(home.content() == before, "{option} {folder}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_the_home_is_the_home() {
    let home = Home::sample();
    let before = home.content();
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(home.root(), &link).unwrap();
    // A folder that is another one, with the user stores of the home below it.
    let other = folder.path().join("other");
    std::fs::create_dir(&other).unwrap();
    std::os::unix::fs::symlink(home.path("repository"), other.join("repository")).unwrap();
    for folder in [link, other] {
        let output = reencrypt(&home, &["--output", folder.to_str().unwrap()]);
        assert_eq!(output.status, Some(2), "{output:#?}");
        assert!(home.content() == before);
    }
}

#[test]
fn a_backup_below_the_home_and_beside_the_user_stores_is_fine() {
    let home = Home::sample();
    let folder = home.path("backup");
    reencrypt(&home, &["--backup", folder.to_str().unwrap()]);
    assert!(folder.join(SUPER).join("JDBC.xml").is_file());
}
