//! `keyward migrate` with databases, as a user types it.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use crate::accounts::{all_have_moved, ended, migrate};
use crate::database::Database;
use crate::support::{Postgres, STORE_PASSWORD_VARIABLE, TestStore};

/// `{SSHA256}` of `pass1`, `pass2` …
fn value(number: usize) -> String {
    let mut bytes = Sha256::digest(format!("pass{number}salt")).to_vec();
    bytes.extend(b"salt");
    format!("{{SSHA256}}{}", Base64::encode_string(&bytes))
}

#[test]
fn every_database_is_wrapped_by_two_at_once_and_reported() {
    for database in Database::all() {
        database.sql("CREATE TABLE users (id integer PRIMARY KEY, username varchar(40) UNIQUE, password varchar(255))");
        let row = |number| format!("({number}, 'user{number}', '{}')", value(number));
        let rows: Vec<String> = (1..=700).map(row).collect();
        database.sql(&format!("INSERT INTO users VALUES {}", rows.join(", ")));
        let url = database.url();
        let said = ended(migrate("wrap", &url, &["--dry-run"]).spawn().unwrap()).of_success();
        assert!(
            said.stdout
                .starts_with("700 would be moved; nothing was written\n"),
            "{said:#?}"
        );
        let limited =
            ended(migrate("wrap", &url, &["--limit", "100"]).spawn().unwrap()).of_success();
        assert!(limited.stdout.starts_with("100 wrapped\n"), "{limited:#?}");
        let both = [(); 2].map(|()| migrate("wrap", &url, &[]).spawn().unwrap());
        let moved = both.map(|process| {
            let output = ended(process).of_success();
            output
                .stdout
                .split(' ')
                .next()
                .unwrap()
                .parse::<usize>()
                .unwrap()
        });
        assert_eq!(moved[0] + moved[1], 600, "{url}");
        all_have_moved(&url, 700, |number| format!("pass{number}"));
        let status = ended(migrate("status", &url, &["--json"]).spawn().unwrap()).of_success();
        assert!(
            status
                .stdout
                .contains(r#"{"scheme":"wrapped","standing":"wrapped","count":700}"#),
            "{status:#?}"
        );
    }
}

#[test]
fn what_no_scheme_fits_is_listed_with_its_key_and_left() {
    let database = Database::sqlite();
    database.sql("CREATE TABLE users (id integer PRIMARY KEY, username text, password text)");
    database.sql("INSERT INTO users VALUES (7, 'jane', '{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g='), (8, 'max', 'hunter2')");
    let output = ended(migrate("wrap", &database.url(), &[]).spawn().unwrap());
    assert_eq!(output.status, Some(1), "{output:#?}");
    assert!(
        output.stdout.contains("1 wrapped") && output.stdout.contains("8, max: "),
        "{output:#?}"
    );
    assert_eq!(
        database.column("SELECT password FROM users WHERE id = 8"),
        ["hunter2"]
    );
}

#[test]
fn a_row_has_no_say_in_what_a_terminal_does() {
    let database = Database::sqlite();
    database.sql("CREATE TABLE users (id text PRIMARY KEY, username text, password text)");
    database.sql(
        "INSERT INTO users VALUES ('a' || char(27) || '[2J', 'b' || char(155) || '2J', 'hunter2')",
    );
    let output = ended(migrate("wrap", &database.url(), &[]).spawn().unwrap());
    assert!(output.stdout.contains("a?[2J, b?2J: "), "{output:#?}");
}

#[test]
fn leases_are_refused_where_there_are_none() {
    let database = Database::sqlite();
    database.sql("CREATE TABLE users (id integer PRIMARY KEY, username text, password text)");
    for option in [&["--lease", "5"][..], &["--lease-table", "a"], &["--alone"]] {
        let output = ended(migrate("wrap", &database.url(), option).spawn().unwrap());
        assert_eq!(output.status, Some(2), "{output:#?}");
    }
}

#[test]
fn the_password_of_the_database_comes_from_a_keystore() {
    let Some(server) = Postgres::start() else {
        return;
    };
    server.sql("postgres", "CREATE USER app PASSWORD 'x34!2axf'");
    server.sql("postgres", "CREATE DATABASE accounts OWNER app");
    let table = "CREATE TABLE users (id bigint PRIMARY KEY, username text, password text)";
    server.sql("accounts", table);
    let row = format!("INSERT INTO users VALUES (1, 'user1', '{}')", value(1));
    server.sql("accounts", &row);
    server.sql("accounts", "ALTER TABLE users OWNER TO app");
    server.sql("accounts", "GRANT CREATE ON SCHEMA public TO app");
    server.ask_for_passwords_of("app");
    let superuser = server.url("accounts");
    let url = superuser.replace("postgres@localhost", "app@localhost");
    let keystore = TestStore::absent("PKCS12");
    keystore.keyward_importpass("accounts-db", "x34!2axf");
    let path = keystore.path().to_str().unwrap();
    let of_keystore = ["-keystore", path, "-storepass:env", STORE_PASSWORD_VARIABLE];
    for command in ["wrap", "fleet"] {
        let no_alias = ended(migrate(command, &url, &of_keystore).spawn().unwrap());
        assert_eq!(no_alias.status, Some(2), "{no_alias:#?}");
    }
    let wrong = ["--db-password-alias", "other"];
    let wrong = [&wrong[..], &of_keystore].concat();
    let wrong = ended(migrate("wrap", &url, &wrong).spawn().unwrap());
    assert_eq!(wrong.status, Some(3), "{wrong:#?}");
    let right = ["--db-password-alias", "accounts-db"];
    let right = [&right[..], &of_keystore].concat();
    let output = ended(migrate("wrap", &url, &right).spawn().unwrap()).of_success();
    assert!(!format!("{output:?}").contains("x34!2axf"));
    for (variable, value, status) in of_environment(keystore.path().parent().unwrap()) {
        let mut command = migrate("status", &url, &[]);
        let output = ended(command.env(variable, value).spawn().unwrap());
        assert_eq!(output.status, Some(status), "{variable}: {output:#?}");
    }
    ended(migrate("fleet", &url, &right).spawn().unwrap()).of_success();
    all_have_moved(&superuser, 1, |_| "pass1".to_owned());
}

/// Passwords as other programs of PostgreSQL find them, right ones and wrong ones, and the exit code.
fn of_environment(folder: &Path) -> Vec<(&'static str, OsString, i32)> {
    let file = |name: &str, password: &str| {
        let path = folder.join(name);
        fs::write(&path, format!("*:*:*:app:{password}\n")).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
        path.into_os_string()
    };
    vec![
        ("PGPASSWORD", "x34!2axf".into(), 0),
        ("PGPASSFILE", file("right", "x34!2axf"), 0),
        ("PGPASSFILE", file("wrong", "password"), 1),
    ]
}
