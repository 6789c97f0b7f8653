//! Tables by the names of their columns.

use keyward::Secret;
use keyward::migrate::{CredentialStore, Inserted, Replaced, SqlTable};

use crate::database::{Database, all_credentials, replace, stored, table};

/// The literal of a row's id.
type IdOf<'a> = &'a dyn Fn(usize) -> String;

/// Rows with these ids, in this order of the database, whose users and passwords are told by the ids.
fn fill(database: &Database, table: &str, ids: &[String]) {
    let rows: Vec<String> = ids
        .iter()
        .enumerate()
        .map(|(index, id)| format!("({id}, 'user{index}', 'old{index}')"))
        .collect();
    for rows in rows.chunks(500) {
        database.sql(&format!("INSERT INTO {table} VALUES {}", rows.join(", ")));
    }
}

#[test]
fn ids_of_any_type_lead_to_every_row_once() {
    for database in Database::all() {
        let (uuid, binary, bytes) = match database {
            Database::Sqlite(_) => ("TEXT", "BLOB", "x'{}'"),
            Database::Postgres(_) => ("uuid", "bytea", "'\\x{}'"),
            Database::MariaDb(_) => ("char(36)", "binary(16)", "x'{}'"),
        };
        let number = |index: usize| {
            0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835_u128
                .wrapping_mul(u128::try_from(index).unwrap())
        };
        let hex = |index: usize| format!("{:032x}", number(index) >> 1);
        let as_uuid = |index: usize| {
            let hex = hex(index);
            format!(
                "'{}-{}-{}-{}-{}'",
                &hex[..8],
                &hex[8..12],
                &hex[12..16],
                &hex[16..20],
                &hex[20..]
            )
        };
        let ids: [(&str, &str, IdOf<'_>); 5] = [
            ("ints", "bigint", &|index| {
                (i64::try_from(index).unwrap() * 7 - 3000).to_string()
            }),
            ("names", "varchar(40)", &|index| {
                format!("'o''brien {index} é'")
            }),
            ("uuids", uuid, &as_uuid),
            ("bytes", binary, &|index| bytes.replace("{}", &hex(index))),
            ("decimals", "decimal(12,2)", &|index| format!("{index}.25")),
        ];
        for (name, kind, id) in ids {
            database.sql(&format!(
                "CREATE TABLE {name} (id {kind} NOT NULL PRIMARY KEY, username varchar(40), password varchar(200))"
            ));
            let ids: Vec<String> = (0..1234).map(id).collect();
            fill(&database, name, &ids);
            let store = database.open(&table(name, "id", "username", "password"));
            let credentials = all_credentials(&store);
            let mut users: Vec<&str> = credentials.iter().map(|one| one.user.as_str()).collect();
            users.sort_unstable();
            users.dedup();
            assert_eq!(users.len(), 1234, "{name} in {}", store.name());
            assert_eq!(credentials.len(), 1234, "{name} in {}", store.name());
            let replaced = replace(&store, &credentials, |one| format!("new of {}", one.user));
            assert_eq!(
                replaced,
                [Replaced::Done; 1234],
                "{name} in {}",
                store.name()
            );
            let values = format!("SELECT username, password FROM {name}");
            for line in database.column(&values) {
                let (user, password) = line.split_once('|').unwrap();
                assert_eq!(password, format!("new of {user}"));
            }
            // What was read before is not what stands now.
            let replaced = replace(&store, &credentials, |_| "newer".to_owned());
            assert_eq!(replaced, [Replaced::ChangedMeanwhile; 1234]);
            let count = format!("SELECT count(*) FROM {name} WHERE password = 'newer'");
            assert_eq!(database.column(&count), ["0"]);
        }
    }
}

#[test]
fn only_the_same_bytes_are_the_same_password() {
    for database in Database::all() {
        let column = if database.is_sqlite() {
            "TEXT COLLATE NOCASE"
        } else {
            "varchar(80)"
        };
        database.sql(&format!(
            "CREATE TABLE users (username varchar(40) PRIMARY KEY, password {column})"
        ));
        database.sql("INSERT INTO users VALUES ('jane', 'AbC='), ('max', 'abc='), ('eve', 'abc')");
        let store = database.open(&table("users", "username", "username", "password"));
        let before = all_credentials(&store);
        database.sql("UPDATE users SET password = 'aBc=' WHERE username = 'jane'");
        database.sql("UPDATE users SET password = 'abc= ' WHERE username = 'max'");
        let replaced = replace(&store, &before, |_| "new".to_owned());
        let of = |user: &str| replaced[before.iter().position(|one| one.user == user).unwrap()];
        assert_eq!(of("jane"), Replaced::ChangedMeanwhile, "{}", store.name());
        assert_eq!(of("max"), Replaced::ChangedMeanwhile, "{}", store.name());
        assert_eq!(of("eve"), Replaced::Done);
        let mut left = database.column("SELECT password FROM users WHERE username <> 'eve'");
        left.sort_unstable();
        assert_eq!(left, ["aBc=", "abc= "]);
    }
}

#[test]
fn names_are_quoted_and_may_differ_in_case() {
    for database in Database::all() {
        let quote = |name: &str| {
            if database.is_mariadb() {
                format!("`{name}`")
            } else {
                format!("\"{name}\"")
            }
        };
        let [accounts, key, login, secret] =
            ["order; drop table x", "select", "Log In", "pass'word"].map(quote);
        database.sql(&format!(
            "CREATE TABLE {accounts} ({key} integer PRIMARY KEY, {login} varchar(40), {secret} varchar(80))"
        ));
        database.sql(&format!("INSERT INTO {accounts} VALUES (1, 'jane', 'old')"));
        let asked = table("Order; Drop Table X", "SELECT", "log in", "pass'word");
        let store = database.open(&asked);
        let found = store.of_user("jane").unwrap();
        assert_eq!(
            replace(&store, &found, |_| "new'; --".to_owned()),
            [Replaced::Done]
        );
        assert_eq!(
            database.column(&format!("SELECT {secret} FROM {accounts}")),
            ["new'; --"]
        );
        assert!(store.of_user("' OR '1'='1").unwrap().is_empty());
    }
}

#[test]
fn a_user_is_found_and_one_that_is_not_there_is_not() {
    for database in Database::all() {
        database.sql("CREATE TABLE users (id integer PRIMARY KEY, username varchar(40), password varchar(80))");
        database.sql("INSERT INTO users VALUES (1, 'jane', 'a'), (2, 'max', NULL), (3, 'eve', 'c'), (4, 'eve', 'd')");
        let asked = SqlTable {
            table: Some("users".to_owned()),
            ..SqlTable::default()
        };
        let store = database.open(&asked);
        let jane = store.of_user("jane").unwrap();
        assert_eq!((jane[0].place.0.as_str(), stored(&jane[0])), ("1", "a"));
        assert_eq!(jane.len(), 1);
        assert!(store.of_user("nobody").unwrap().is_empty());
        assert!(
            store.of_user("max").unwrap().is_empty(),
            "a user without a password"
        );
        let several = store.of_user("eve").err().unwrap().to_string();
        assert!(
            several.contains("several users are called eve"),
            "{several}"
        );
        assert_eq!(all_credentials(&store).len(), 3);
        // Numbers may be users, too.
        let store = database.open(&table("users", "id", "id", "password"));
        assert_eq!(store.of_user("3").unwrap().len(), 1);
        if !database.is_mariadb() {
            assert!(store.of_user("three").unwrap().is_empty());
        }
    }
}

#[test]
fn a_password_kept_as_bytes_stays_bytes() {
    for database in Database::all() {
        let (bytes, kind) = match database {
            Database::Sqlite(_) => ("BLOB", "typeof(password)"),
            Database::Postgres(_) => ("bytea", "pg_typeof(password)"),
            Database::MariaDb(_) => ("varbinary(80)", "'bytes'"),
        };
        let value = if matches!(database, Database::Postgres(_)) {
            "'\\x6f6c64'"
        } else {
            "x'6f6c64'"
        };
        database.sql(&format!(
            "CREATE TABLE users (username varchar(40) PRIMARY KEY, password {bytes})"
        ));
        database.sql(&format!("INSERT INTO users VALUES ('jane', {value})"));
        let store = database.open(&table("users", "username", "username", "password"));
        let jane = store.of_user("jane").unwrap();
        assert_eq!(stored(&jane[0]), "old");
        assert_eq!(
            replace(&store, &jane, |_| "new$1".to_owned()),
            [Replaced::Done]
        );
        assert_eq!(stored(&store.of_user("jane").unwrap()[0]), "new$1");
        let kind = database.column(&format!("SELECT {kind} FROM users"));
        assert!(
            ["blob", "bytea", "bytes"].contains(&kind[0].as_str()),
            "{kind:?}"
        );
    }
}

#[test]
fn a_store_answers_threads_of_another_runtime() {
    let database = Database::sqlite();
    database.sql("CREATE TABLE users (username TEXT PRIMARY KEY, password TEXT); INSERT INTO users VALUES ('jane', 'a')");
    let store = database.open(&table("users", "username", "username", "password"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let found = runtime.block_on(async move {
        // On a worker, and on a thread that may block; the store is dropped there, too.
        let found = store.of_user("jane").unwrap().len();
        tokio::task::spawn_blocking(move || found + store.of_user("jane").unwrap().len()).await
    });
    assert_eq!(found.unwrap(), 2);
}

#[test]
fn a_user_is_added_once_where_names_are_unique() {
    for database in Database::all() {
        database.sql("CREATE TABLE users (username varchar(40) PRIMARY KEY, password varchar(80))");
        let store = database.open(&table("users", "username", "username", "password"));
        let [first, second] = ["a", "b"].map(|text| Secret::copied_from(text.as_bytes()));
        assert_eq!(store.insert("o'brien", &first).unwrap(), Inserted::Done);
        assert_eq!(
            store.insert("o'brien", &second).unwrap(),
            Inserted::AlreadyThere
        );
        assert_eq!(database.column("SELECT password FROM users"), ["a"]);
        database.sql("CREATE TABLE names (id integer PRIMARY KEY, username varchar(40), password varchar(80))");
        let store = database.open(&table("names", "id", "username", "password"));
        let refused = store.insert("jane", &first).unwrap_err().to_string();
        assert!(refused.contains("no unique index"), "{refused}");
    }
}
