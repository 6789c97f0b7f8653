//! An option that would have no effect is one that was meant otherwise: it is refused, and nothing is written.

use std::fs;

use super::support::keyward;
use super::{File, SHA};

#[test]
fn options_of_other_stores_are_refused() {
    let text = format!("username,password\na,{SHA}\n");
    let file = File::new("users.csv", &text);
    let csv = file.path().display().to_string();
    let out = file.folder.path().join("out").display().to_string();
    let directory = "ldaps://directory.example.com/dc=a";
    let database = "postgres://app@db.example.com/accounts";
    for (store, options, said) in [
        (
            directory,
            vec!["--dialect", "openldap", "-o", &out],
            "leave -o out",
        ),
        (
            database,
            vec!["--table", "users", "-o", &out],
            "leave -o out",
        ),
        (directory, vec!["--format", "ldif"], "--format"),
        (database, vec!["--format", "csv"], "--format"),
        (&csv, vec!["--table", "users"], "of a database"),
        (&csv, vec!["--preset", "spring"], "of a database"),
        (directory, vec!["--password", "pw"], "of a database"),
        (&csv, vec!["--db-password-alias", "a"], "of a database"),
        (&csv, vec!["--bind-dn", "cn=a"], "of a directory"),
        (database, vec!["--user-attribute", "cn"], "of a directory"),
        (&csv, vec!["--lease", "5"], "table of PostgreSQL"),
        (&csv, vec!["--alone"], "table of PostgreSQL"),
        (
            database,
            vec!["--preset", "keycloak", "--id", "id"],
            "--preset keycloak",
        ),
        (
            database,
            vec!["--preset", "wso2", "--user", "name"],
            "--preset wso2",
        ),
        (
            database,
            vec!["--table", "users", "--realm", "1"],
            "--realm",
        ),
        (
            database,
            vec!["--table", "users", "--password-digest", "SHA-1"],
            "--password-digest",
        ),
        (
            database,
            vec!["--table", "users", "--alone", "--lease", "5"],
            "--alone",
        ),
    ] {
        let output = keyward(&[&["migrate", "wrap", store], &options[..]].concat(), "");
        assert_eq!(output.status, Some(2), "{store} {options:?}: {output:#?}");
        assert!(output.stderr.contains(said), "{options:?}: {output:#?}");
    }
    assert_eq!(file.text(), text);
    assert_eq!(fs::read_dir(file.folder.path()).unwrap().count(), 1);
}

#[test]
fn a_password_behind_a_mistyped_scheme_is_not_printed() {
    for command in ["wrap", "status", "fleet"] {
        let output = keyward(&["migrate", command, "pg://app:s3cret@db/accounts"], "");
        assert_eq!(output.status, Some(2), "{output:#?}");
        assert!(output.stderr.contains("postgres:"), "{output:#?}");
        assert!(!format!("{output:?}").contains("s3cret"), "{output:#?}");
    }
}
