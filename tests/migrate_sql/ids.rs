//! What tells rows apart comes back as it was read, whatever a column was declared as.

use keyward::migrate::Replaced;

use crate::database::{Database, all_credentials, replace, table};

/// Every row is seen once and replaced.
#[track_caller]
fn every_row_is_replaced(database: &Database, name: &str, rows: usize) {
    let store = database.open(&table(name, "id", "username", "password"));
    let credentials = all_credentials(&store);
    assert_eq!(credentials.len(), rows, "{name}");
    let replaced = replace(&store, &credentials, |_| "new".to_owned());
    assert_eq!(replaced, vec![Replaced::Done; rows], "{name}");
    let count = format!("SELECT count(*) FROM {name} WHERE password = 'new'");
    assert_eq!(database.column(&count), [rows.to_string()], "{name}");
}

#[test]
fn decimals_that_are_the_same_as_doubles_are_different_rows() {
    for database in Database::all() {
        // A double knows no odd number beyond 2^53. SQLite has no decimals: such a column would hold doubles.
        let kind = if database.is_sqlite() {
            "bigint"
        } else {
            "decimal(20,0)"
        };
        database.sql(&format!(
            "CREATE TABLE users (id {kind} NOT NULL PRIMARY KEY, username varchar(40), password varchar(40))"
        ));
        for id in 9_007_199_254_740_993_u64..9_007_199_254_740_999 {
            database.sql(&format!(
                "INSERT INTO users VALUES ({id}, 'user{id}', 'old')"
            ));
        }
        let store = database.open(&table("users", "id", "username", "password"));
        let all = all_credentials(&store);
        assert_eq!(all.len(), 6);
        let one = replace(&store, &all[2..3], |_| "one".to_owned());
        assert_eq!(one, [Replaced::Done]);
        assert_eq!(
            database.column("SELECT username FROM users WHERE password = 'one'"),
            ["user9007199254740995"]
        );
        drop(store);
        database.sql("UPDATE users SET password = 'old'");
        every_row_is_replaced(&database, "users", 6);
    }
}

#[test]
fn sqlite_keeps_ids_of_another_type_than_was_declared() {
    let database = Database::sqlite();
    for (name, declared, id) in [
        ("blobs_as_texts", "TEXT", "CAST('id' || i AS BLOB)"),
        ("numbers_without_type", "", "i * 7 - 2000"),
        ("texts_without_type", "", "'id' || i"),
        ("numbers_as_blobs", "BLOB", "i"),
        ("texts_as_blobs", "BLOB", "'id' || i"),
        ("blobs_as_blobs", "BLOB", "CAST('id' || i AS BLOB)"),
        ("texts_as_numbers", "INT", "'id' || i"),
        ("quarters", "NUMERIC", "i + 0.25"),
    ] {
        database.sql(&format!(
            "CREATE TABLE {name} (id {declared} UNIQUE, username TEXT, password TEXT);
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234)
             INSERT INTO {name} SELECT {id}, 'user' || i, 'old' FROM n"
        ));
        every_row_is_replaced(&database, name, 1234);
    }
}

#[test]
fn sqlite_ids_that_have_no_one_order_are_refused() {
    let database = Database::sqlite();
    for (name, declared, ids, said) in [
        ("mixed", "", "(1), ('one')", "integer and text"),
        ("bytes", "TEXT", "('one'), (x'00')", "text and blob"),
        ("thirds", "NUMERIC", "(1), (1.0 / 3)", "approximate numbers"),
    ] {
        database.sql(&format!(
            "CREATE TABLE {name} (id {declared} UNIQUE, password TEXT); INSERT INTO {name} (id) VALUES {ids}"
        ));
        let refused = database.refusal(&table(name, "id", "id", "password"));
        assert!(refused.contains(said), "{name}: {refused}");
    }
}

#[test]
fn an_index_says_how_sqlite_tells_ids_apart() {
    let database = Database::sqlite();
    // `a` and `A` are two ids for the index, though the column takes them for the same.
    database.sql(
        "CREATE TABLE letters (id TEXT COLLATE NOCASE, username TEXT, password TEXT);
         CREATE UNIQUE INDEX by_bytes ON letters (id COLLATE BINARY);
         INSERT INTO letters VALUES ('a', 'a', 'old'), ('A', 'A', 'old'), ('b', 'b', 'old')",
    );
    let store = database.open(&table("letters", "id", "username", "password"));
    let all = all_credentials(&store);
    replace(&store, &all[..1], |_| "new".to_owned());
    assert_eq!(
        database.column("SELECT username FROM letters WHERE password = 'new'"),
        ["A"]
    );
    drop(store);
    database.sql("UPDATE letters SET password = 'old'");
    every_row_is_replaced(&database, "letters", 3);
    // Of these only the pair is unique.
    database.sql(
        "CREATE TABLE pairs (id TEXT, a TEXT, password TEXT);
         CREATE UNIQUE INDEX by_both ON pairs (lower(a), id)",
    );
    let refused = database.refusal(&table("pairs", "id", "id", "password"));
    assert!(refused.contains("nor a unique index"), "{refused}");
}

#[test]
fn approximate_numbers_tell_no_rows_apart() {
    for database in Database::all() {
        database.sql(
            "CREATE TABLE users (id double precision NOT NULL PRIMARY KEY, username varchar(40), password varchar(40))",
        );
        let refused = database.refusal(&table("users", "id", "username", "password"));
        assert!(refused.contains("approximate numbers"), "{refused}");
    }
}

#[test]
fn of_columns_that_differ_in_case_alone_none_is_guessed() {
    for database in Database::all() {
        if !matches!(database, Database::Postgres(_)) {
            continue;
        }
        database.sql(
            "CREATE TABLE users (id integer PRIMARY KEY, username text, \"Password\" text, \"PASSWORD\" text)",
        );
        let refused = database.refusal(&table("users", "id", "username", "password"));
        assert!(refused.contains("has no column password"), "{refused}");
        database.open(&table("users", "id", "username", "PASSWORD"));
    }
}
