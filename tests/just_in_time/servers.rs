//! Legacy stores and targets that are servers: a directory, PostgreSQL and MariaDB, with passwords in the keystore.

use super::fixture::Fixture;
use super::program::{Program, SHA, SSHA, TOKEN, folder_with, has};
use super::support::directory::{ADMINISTRATOR, ADMINISTRATOR_PASSWORD, Directory, entry};
use super::support::{MariaDb, Postgres};

const SECRETS: [(&str, &str); 4] = [
    ("kratos-token", TOKEN),
    ("accounts-db", "x34!2axf"),
    ("ldap-admin", ADMINISTRATOR_PASSWORD),
    ("pepper", "0123456789abcdef0123456789abcdef"),
];

/// Users of a new application, in PostgreSQL, none of whom has moved.
fn accounts() -> Option<Postgres> {
    let server = Postgres::start()?;
    server.sql("postgres", "CREATE USER app PASSWORD 'x34!2axf'");
    server.sql("postgres", "CREATE DATABASE accounts OWNER app");
    server.sql(
        "accounts",
        "CREATE TABLE users (id bigint PRIMARY KEY, username text UNIQUE, password varchar(400));
         INSERT INTO users VALUES (1, 'jane', ''), (2, 'max', NULL), (3, 'eve', '');
         ALTER TABLE users OWNER TO app",
    );
    server.ask_for_passwords_of("app");
    Some(server)
}

/// jane is in the directory; max there and, with another password, in the older table.
fn legacy() -> Option<(Directory, MariaDb)> {
    let directory = Directory::start(&(entry("jane", &[SSHA]) + &entry("max", &[SHA])))?;
    let table = MariaDb::start()?;
    table.sql("", "CREATE DATABASE old");
    table.sql(
        "old",
        "CREATE TABLE users (id integer PRIMARY KEY, username varchar(40) UNIQUE, password varchar(255));
         INSERT INTO users VALUES (1, 'max', '{noop}older'), (2, 'eve', '{SSHA}yrht1iYXEIkejLVu42JWkadd80RzYWx0c2FsdA==')",
    );
    Some((directory, table))
}

fn start(fixture: Fixture, postgres: &Postgres, old: &(Directory, MariaDb)) -> Program {
    let url = postgres.url("accounts");
    let target = url.replace("postgres@localhost", "app@localhost");
    let parts = format!(
        r#"<target store="{target}" table="users" id="id" user="username" password="password"
                   passwordAlias="accounts-db" pepperAlias="pepper" to="pbkdf2-sha256" cost="1000"/>
           <legacy>
             <store store="{}" dialect="openldap" bindDn="{ADMINISTRATOR}" passwordAlias="ldap-admin"/>
             <store store="{}" table="users" id="id" user="username" password="password"/>
           </legacy>"#,
        old.0.url(),
        old.1.url("old"),
    );
    Program::start(fixture, &parts)
}

#[test]
fn users_of_a_directory_and_of_an_older_table_move_to_a_database_under_a_pepper() {
    let (true, Some(mut postgres), Some(mut old)) = (has("curl"), accounts(), legacy()) else {
        return;
    };
    let mut program = start(folder_with(&SECRETS), &postgres, &old);
    let accepted = |program: &Program, user: &str, password: &str| {
        let answer = program.verify(user, password);
        assert_eq!(answer.status, 200, "{answer:?}\n{}", program.log());
        answer.json()["accepted"] == true
    };
    assert!(accepted(&program, "jane", "password"));
    // The directory knows max, so that the older table is not asked.
    assert!(!accepted(&program, "max", "older"));
    assert!(accepted(&program, "max", "password"));
    assert!(accepted(&program, "eve", "password"));
    assert!(!accepted(&program, "nobody", "password"));
    let column = "SELECT password FROM users ORDER BY id";
    let stored = postgres.sql("accounts", column);
    let envelopes = stored
        .lines()
        .filter(|line| line.starts_with("$keyward$1$"));
    // A NULL, which max has, is not replaced.
    assert_eq!(envelopes.count(), 2, "{stored}");

    // A directory or a table that is away is no wrong password; who has moved does not need it.
    old.0.stop();
    old.1.kill();
    assert!(accepted(&program, "jane", "password"));
    assert!(!accepted(&program, "jane", "Password"));
    assert_eq!(program.verify("nobody", "password").status, 503);
    old.0.serve();
    old.1.restart();
    assert!(!accepted(&program, "nobody", "password"));
    postgres.kill();
    assert_eq!(program.verify("jane", "password").status, 503);
    postgres.restart();
    assert!(accepted(&program, "jane", "password"));
    assert_eq!(postgres.sql("accounts", column), stored);

    program.signal("-TERM");
    assert!(program.child.wait().unwrap().success());
    let log = program.log();
    for (_, secret) in SECRETS {
        assert!(!log.contains(secret), "{log}");
    }
}
