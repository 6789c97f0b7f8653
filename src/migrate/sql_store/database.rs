//! [`Database`]: connections to a database, and what they are asked.
//!
//! What is asked of PostgreSQL is asked in a short transaction with statements that have no name, so that it works behind
//! PgBouncer in its transaction mode, whatever its version: nothing is left in a session.

use std::time::Duration;

use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{
    AssertSqlSafe, ColumnIndex, Connection, Decode, Executor, MySql, MySqlConnection, MySqlPool,
    PgConnection, PgPool, Postgres, Row, Sqlite, SqliteConnection, SqlitePool,
};
use tokio::time::timeout;

use super::address::{Connect, DatabaseKind};
use super::statement::{Bound, Statement};
use crate::Secret;

/// How long a connection may take, and a free one be waited for.
pub(super) const CONNECT_TIME: Duration = Duration::from_secs(10);
/// How many connections one store has at most.
const CONNECTIONS: u32 = 4;
/// Values that do not fit are refused and not cut off, whatever the server's settings; a lock is waited for a second.
const MYSQL_SETTINGS: &str = "SET SESSION sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), SESSION innodb_lock_wait_timeout = 1";
/// A lock is waited for a second. The setting ends with the transaction.
pub(super) const POSTGRES_BEGIN: &str = "BEGIN; SET LOCAL lock_timeout = '1s'";

/// Connections to a database.
#[derive(Clone)]
pub(super) enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
    Mysql(MySqlPool),
}

/// What a row has in its columns, as bytes.
pub(super) struct Columns(Vec<Option<Secret>>);

impl Columns {
    /// A column that holds a text; empty where there is none.
    pub(super) fn text(&self, column: usize) -> String {
        self.bytes(column).map_or_else(String::new, |bytes| {
            String::from_utf8_lossy(bytes).into_owned()
        })
    }

    pub(super) fn bytes(&self, column: usize) -> Option<&[u8]> {
        let value = self.0.get(column)?.as_ref();
        value.map(Secret::expose_bytes)
    }
}

impl Database {
    /// Connects once, so that what is wrong is told, and then as needed.
    pub(super) async fn connect(connect: Connect) -> Result<Self, sqlx::Error> {
        match connect {
            Connect::Sqlite(options) => {
                in_time(SqliteConnection::connect_with(&options)).await?;
                let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS);
                let pool = pool.acquire_timeout(CONNECT_TIME);
                Ok(Self::Sqlite(pool.connect_lazy_with(options)))
            }
            Connect::Postgres(options) => {
                in_time(PgConnection::connect_with(&options)).await?;
                let pool = PgPoolOptions::new().max_connections(CONNECTIONS);
                let pool = pool.acquire_timeout(CONNECT_TIME);
                Ok(Self::Postgres(pool.connect_lazy_with(options)))
            }
            Connect::Mysql(options) => {
                in_time(MySqlConnection::connect_with(&options)).await?;
                let pool = MySqlPoolOptions::new().max_connections(CONNECTIONS);
                let pool = pool.acquire_timeout(CONNECT_TIME);
                let pool = pool.after_connect(|connection, _| {
                    Box::pin(async move { connection.execute(MYSQL_SETTINGS).await.map(|_| ()) })
                });
                Ok(Self::Mysql(pool.connect_lazy_with(options)))
            }
        }
    }

    pub(super) fn kind(&self) -> DatabaseKind {
        match self {
            Self::Sqlite(_) => DatabaseKind::Sqlite,
            Self::Postgres(_) => DatabaseKind::Postgres,
            Self::Mysql(_) => DatabaseKind::Mysql,
        }
    }

    pub(super) fn statement(&self, text: impl Into<String>) -> Statement {
        Statement::new(self.kind(), text)
    }

    /// The rows that a statement gives, in a transaction of its own.
    pub(super) async fn rows(&self, statement: &Statement) -> Result<Vec<Columns>, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => sqlite_rows(&mut *pool.acquire().await?, statement).await,
            Self::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let rows = postgres_rows(&mut transaction, statement).await?;
                transaction.commit().await?;
                Ok(rows)
            }
            Self::Mysql(pool) => mysql_rows(&mut *pool.acquire().await?, statement).await,
        }
    }
}

async fn in_time<C: Connection>(
    connecting: impl Future<Output = Result<C, sqlx::Error>>,
) -> Result<(), sqlx::Error> {
    let Ok(connection) = timeout(CONNECT_TIME, connecting).await else {
        return Err(sqlx::Error::PoolTimedOut);
    };
    connection?.close().await
}

pub(super) async fn sqlite_rows(
    connection: &mut SqliteConnection,
    statement: &Statement,
) -> Result<Vec<Columns>, sqlx::Error> {
    let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(statement.text.clone()));
    for text in texts(statement) {
        query = query.bind(text);
    }
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(columns).collect()
}

/// How many rows a statement has changed.
pub(super) async fn sqlite_changes(
    connection: &mut SqliteConnection,
    statement: &Statement,
) -> Result<u64, sqlx::Error> {
    let mut query = sqlx::query::<Sqlite>(AssertSqlSafe(statement.text.clone()));
    for text in texts(statement) {
        query = query.bind(text);
    }
    let done = query.execute(connection).await?;
    Ok(done.rows_affected())
}

pub(super) async fn mysql_rows(
    connection: &mut MySqlConnection,
    statement: &Statement,
) -> Result<Vec<Columns>, sqlx::Error> {
    let mut query = sqlx::query::<MySql>(AssertSqlSafe(statement.text.clone()));
    for text in texts(statement) {
        query = query.bind(text);
    }
    // Its length differs from batch to batch, so that the server would keep many.
    let rows = query.persistent(false).fetch_all(connection).await?;
    rows.iter().map(columns).collect()
}

pub(super) async fn postgres_rows(
    connection: &mut PgConnection,
    statement: &Statement,
) -> Result<Vec<Columns>, sqlx::Error> {
    let mut query = sqlx::query::<Postgres>(AssertSqlSafe(statement.text.clone()));
    for bound in &statement.bound {
        query = match bound {
            Bound::Text(text) => query.bind(text.as_str()),
            Bound::Texts(texts) => {
                let texts: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
                query.bind(texts)
            }
        };
    }
    let rows = query.persistent(false).fetch_all(connection).await?;
    rows.iter().map(columns).collect()
}

fn texts(statement: &Statement) -> impl Iterator<Item = &str> {
    statement.bound.iter().filter_map(|bound| match bound {
        Bound::Text(text) => Some(text.as_str()),
        Bound::Texts(_) => None,
    })
}

fn columns<'r, R: Row>(row: &'r R) -> Result<Columns, sqlx::Error>
where
    Vec<u8>: Decode<'r, R::Database>,
    usize: ColumnIndex<R>,
{
    let column = |index| row.try_get_unchecked::<Option<Vec<u8>>, usize>(index);
    let columns = (0..row.len()).map(|index| Ok(column(index)?.map(Secret::new)));
    columns.collect::<Result<_, _>>().map(Columns)
}
