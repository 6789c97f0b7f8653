//! A row that another transaction has locked is waited for, and no other row is locked meanwhile.

use std::thread;

use keyward::migrate::Replaced;
use sqlx::{Connection, Executor, MySqlConnection, PgConnection};

use crate::database::{Database, all_credentials, replace, table};
use crate::support::database_server::wait_for;

const OTHERS: &str = "SELECT count(*) FROM users WHERE password = 'new'";

#[test]
fn users_can_log_in_while_one_row_is_waited_for() {
    for database in Database::all() {
        if database.is_sqlite() {
            continue;
        }
        database.sql("CREATE TABLE users (id integer PRIMARY KEY, username varchar(40), password varchar(40))");
        for id in 1..=9 {
            database.sql(&format!(
                "INSERT INTO users VALUES ({id}, 'user{id}', 'old')"
            ));
        }
        let store = database.open(&table("users", "id", "username", "password"));
        let all = all_credentials(&store);
        thread::scope(|scope| {
            let lock = Lock::take(&database);
            let replacing = scope.spawn(|| replace(&store, &all, |_| "new".to_owned()));
            wait_for("the other rows", || database.column(OTHERS) == ["8"]);
            lock.release();
            assert_eq!(replacing.join().unwrap(), [Replaced::Done; 9]);
        });
        assert_eq!(database.column(OTHERS), ["9"]);
    }
}

/// A transaction that has locked the fifth row.
struct Lock {
    runtime: tokio::runtime::Runtime,
    connection: Open,
}

enum Open {
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

impl Lock {
    fn take(database: &Database) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let url = database.url();
        let lock = "SELECT id FROM users WHERE id = 5 FOR UPDATE";
        let connection = runtime.block_on(async {
            if database.is_mariadb() {
                let mut connection = MySqlConnection::connect(&url).await.unwrap();
                connection.execute("BEGIN").await.unwrap();
                connection.execute(lock).await.unwrap();
                Open::Mysql(connection)
            } else {
                let mut connection = PgConnection::connect(&url).await.unwrap();
                connection.execute("BEGIN").await.unwrap();
                connection.execute(lock).await.unwrap();
                Open::Postgres(connection)
            }
        });
        Self {
            runtime,
            connection,
        }
    }

    fn release(self) {
        let Self {
            runtime,
            connection,
        } = self;
        runtime.block_on(async {
            match connection {
                Open::Postgres(connection) => connection.close().await.unwrap(),
                Open::Mysql(connection) => connection.close().await.unwrap(),
            }
        });
    }
}
