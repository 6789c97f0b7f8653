//! What cannot be done is said with the next step, and nothing is written.

use std::fs;

use keyward::Secret;
use keyward::migrate::{
    Change, CredentialStore, MigrateError, Preset, SqlAddress, SqlStore, SqlTable,
};

use crate::database::{Database, all_credentials, table};
use crate::support::Postgres;

fn error(url: &str, password: Option<&str>) -> MigrateError {
    let password = password.map(|password| Secret::copied_from(password.as_bytes()));
    let asked = table("users", "id", "username", "password");
    let address = SqlAddress::parse(url).unwrap();
    SqlStore::open(address, password.as_ref(), &asked)
        .err()
        .unwrap()
}

#[test]
fn what_a_table_lacks_is_named() {
    for database in Database::all() {
        database.sql("CREATE TABLE users (id integer PRIMARY KEY, username varchar(40), password varchar(60))");
        database.sql("CREATE TABLE pairs (a integer NOT NULL, b integer NOT NULL, password varchar(60), PRIMARY KEY (a, b))");
        database.sql("CREATE TABLE heap (a integer, password varchar(60))");
        database.sql("CREATE TABLE gaps (a integer UNIQUE, password varchar(60))");
        database.sql("INSERT INTO gaps VALUES (1, 'x'), (NULL, 'y')");
        let named = |name: &str| SqlTable {
            table: Some(name.to_owned()),
            ..SqlTable::default()
        };
        for (asked, said) in [
            (SqlTable::default(), "--table NAME"),
            (named("accounts"), "no table accounts"),
            (named("nowhere.users"), "no table nowhere.users"),
            (named("a.b.c"), "SCHEMA.TABLE"),
            (
                table("users", "id", "username", "passwd"),
                "no column passwd: check --password. It has id, username, password",
            ),
            (
                table("users", "key", "username", "password"),
                "no column key: check --id",
            ),
            (
                table("users", "username", "username", "password"),
                "neither a primary key nor a unique index",
            ),
            (named("pairs"), "primary key has several columns"),
            (
                table("pairs", "a", "a", "password"),
                "one column of a primary key that has several",
            ),
            (named("heap"), "no primary key"),
            (table("gaps", "a", "a", "password"), "rows without"),
            (
                SqlTable {
                    preset: Some(Preset::Keycloak),
                    ..SqlTable::default()
                },
                "no table credential",
            ),
            (
                SqlTable {
                    preset: Some(Preset::Keycloak),
                    ..named("users")
                },
                "no table",
            ),
        ] {
            let refused = database.refusal(&asked);
            assert!(refused.contains(said), "{refused}");
        }
    }
}

#[test]
fn a_column_that_is_too_short_is_named_before_anything_is_written() {
    for database in Database::all() {
        if database.is_sqlite() {
            continue;
        }
        let collation = if database.is_mariadb() {
            "utf8mb4_bin"
        } else {
            "\"C\""
        };
        database.sql(&format!(
            "CREATE TABLE users (username varchar(40) PRIMARY KEY, password varchar(60) COLLATE {collation} DEFAULT 'none' NOT NULL)"
        ));
        database.sql("INSERT INTO users VALUES ('jane', 'old'), ('max', 'old')");
        let definition = "SELECT is_nullable, column_default, collation_name FROM information_schema.columns \
                          WHERE table_name = 'users' AND column_name = 'password'";
        let before = database.column(definition);
        let store = database.open(&table("users", "username", "username", "password"));
        let all = all_credentials(&store);
        let change = |(credential, length)| Change {
            credential,
            new: Secret::new(vec![b'x'; length]),
        };
        let changes: Vec<Change<'_>> = all.iter().zip([10, 117]).map(change).collect();
        let refused = store.replace(&changes).err().unwrap().to_string();
        assert!(
            refused
                .contains("users.password holds 60 characters, and the new values have up to 117"),
            "{refused}"
        );
        assert!(refused.contains("ALTER TABLE"), "{refused}");
        assert_eq!(
            database.column("SELECT count(*) FROM users WHERE password = 'old'"),
            ["2"]
        );
        // What it says helps.
        let (_, statement) = refused.split_once("Make the column longer: ").unwrap();
        database.sql(statement);
        assert_eq!(database.column(definition), before, "{statement}");
        let store = database.open(&table("users", "username", "username", "password"));
        store.replace(&changes).unwrap();
        assert_eq!(
            database.column("SELECT count(*) FROM users WHERE password = 'old'"),
            ["0"]
        );
    }
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("users.db");
    let url = format!("sqlite:{}", path.display());
    assert!(
        matches!(error(&url, None), MigrateError::Missing { path: missing } if missing == path)
    );
    assert!(!path.exists());
    fs::write(&path, "username,password\n".repeat(100)).unwrap();
    let said = error(&url, None).to_string();
    assert!(said.contains("not a database"), "{said}");
}

#[test]
fn a_server_that_is_not_there_or_lets_nobody_in_is_told() {
    let Some(mut server) = Postgres::start() else {
        return;
    };
    server.sql(
        "postgres",
        "CREATE USER app PASSWORD 'right'; CREATE DATABASE accounts OWNER app",
    );
    server.sql(
        "accounts",
        "CREATE TABLE secrets (id integer PRIMARY KEY, username text, password text)",
    );
    server.ask_for_passwords_of("app");
    let url = server
        .url("accounts")
        .replace("postgres@localhost", "app@localhost");
    let wrong = error(&url, Some("wrong"));
    assert!(matches!(wrong, MigrateError::Store { .. }));
    let wrong = wrong.to_string();
    assert!(
        wrong.contains("--db-password-alias") && !wrong.contains("wrong"),
        "{wrong}"
    );
    let right = error(&url, Some("right")).to_string();
    assert!(right.contains("no table users"), "{right}");
    let nowhere = error(&server.url("nowhere"), None).to_string();
    assert!(
        nowhere.contains("Check the name of the database"),
        "{nowhere}"
    );
    // A user that may not read says so.
    let address = SqlAddress::parse(&url).unwrap();
    let password = Secret::copied_from(b"right");
    let secrets = table("secrets", "id", "username", "password");
    let forbidden = SqlStore::open(address, Some(&password), &secrets)
        .err()
        .unwrap()
        .to_string();
    assert!(forbidden.contains("needs SELECT and UPDATE"), "{forbidden}");
    let url = server.url("accounts");
    server.kill();
    let gone = error(&url, None);
    assert!(matches!(gone, MigrateError::Unavailable { .. }), "{gone}");
}

#[test]
fn a_server_is_known_by_its_certificate() {
    let Some(server) = Postgres::start() else {
        return;
    };
    let authority = server.take_tls();
    server.sql("postgres", "CREATE DATABASE accounts");
    server.sql(
        "accounts",
        "CREATE TABLE users (id integer PRIMARY KEY, username text, password text)",
    );
    let url = |authority: &std::path::Path| {
        let (port, authority) = (server.port(), authority.display());
        format!(
            "postgres://postgres@127.0.0.1:{port}/accounts?sslmode=verify-full&sslrootcert={authority}"
        )
    };
    let users = table("users", "id", "username", "password");
    let address = SqlAddress::parse(&url(&authority)).unwrap();
    let store = SqlStore::open(address, None, &users).unwrap();
    assert!(store.of_user("nobody").unwrap().is_empty());
    let encrypted = "SELECT count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND datname = 'accounts'";
    assert_eq!(server.sql("postgres", encrypted).trim(), "t");
    // Another server's authority.
    let Some(other) = Postgres::start() else {
        return;
    };
    let said = error(&url(&other.take_tls()), None).to_string();
    assert!(
        said.contains("?sslmode=verify-full&sslrootcert=FILE"),
        "{said}"
    );
}
