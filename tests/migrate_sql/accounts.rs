//! Many users whose passwords are known, in a database that keyward works on as a program.

use std::process::{Child, Command, Stdio};

use keyward::Secret;
use keyward::migrate::{CredentialStore, SqlAddress, SqlStore};
use keyward::password::{Conventions, HashFunction};

use crate::database::{all_credentials, stored, table};
use crate::support::{Output, keyward_command};

/// Quick, and a function all the same.
pub(crate) const QUICK: [&str; 4] = ["--to", "pbkdf2-sha256", "--cost", "1000"];
/// `{SSHA256}` of `pass1`, `pass2` …, computed by PostgreSQL.
pub(crate) const FILL_POSTGRES: &str =
    "CREATE TABLE users (id bigint PRIMARY KEY, username text UNIQUE, password varchar(255));
     INSERT INTO users SELECT i, 'user' || i, '{SSHA256}' ||
         encode(sha256(convert_to('pass' || i || 'salt', 'UTF8')) || convert_to('salt', 'UTF8'), 'base64')
     FROM generate_series(1, ROWS) i";

/// The arguments of `keyward migrate COMMAND` for that table, but the quick function.
pub(crate) fn migrate(command: &str, url: &str, more: &[&str]) -> Command {
    let mut arguments = vec!["migrate", command, url];
    if command != "fleet" {
        arguments.extend(["--table", "users", "--id", "id", "--user", "username"]);
        arguments.extend(QUICK);
    }
    arguments.extend(more);
    let mut command = keyward_command();
    command.args(arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a process that was started has written.
pub(crate) fn ended(process: Child) -> Output {
    let output = process.wait_with_output().unwrap();
    Output {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// That every one of so many users is there with the password that is expected, hashed in the new function, once.
#[track_caller]
pub(crate) fn all_have_moved(url: &str, rows: usize, password: impl Fn(usize) -> String) {
    let users = table("users", "id", "username", "password");
    let store = SqlStore::open(SqlAddress::parse(url).unwrap(), None, &users).unwrap();
    let credentials = all_credentials(&store);
    assert_eq!(credentials.len(), rows, "{}", store.name());
    for credential in &credentials {
        let (user, text) = (&credential.user, stored(credential));
        let number: usize = user.strip_prefix("user").unwrap().parse().unwrap();
        assert_eq!(
            text.matches("$keyward$").count(),
            usize::from(text.starts_with('$') && !text.starts_with("$pbkdf2")),
            "{user}: {text}"
        );
        let read = Conventions::default()
            .recognise(text)
            .unwrap_or_else(|error| panic!("{user}: {text}: {error}"));
        assert!(
            matches!(
                read.function(),
                HashFunction::Wrapped(_) | HashFunction::Pbkdf2(_)
            ),
            "{user}: {text}"
        );
        let right = Secret::new(password(number).into_bytes());
        assert!(
            read.verify(&right).unwrap(),
            "{user} has lost the password: {text}"
        );
    }
}
