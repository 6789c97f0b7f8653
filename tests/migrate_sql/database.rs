//! A database of any kind with tables that a test makes, and what a test asks it beside keyward.

use std::path::PathBuf;

use keyward::Secret;
use keyward::migrate::{
    Change, Credential, CredentialStore, Replaced, SqlAddress, SqlStore, SqlTable,
};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Row};
use tempfile::TempDir;

use crate::support::{MariaDb, Postgres};

/// A SQLite file, or a server of a test's own.
pub(crate) enum Database {
    Sqlite(TempDir),
    Postgres(Postgres),
    MariaDb(MariaDb),
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    /// One of each kind that is here, with the database `accounts`.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let postgres = || {
            let server = Postgres::start()?;
            server.sql("postgres", "CREATE DATABASE accounts");
            Some(Self::Postgres(server))
        };
        let mariadb = || {
            let server = MariaDb::start()?;
            server.sql("", "CREATE DATABASE accounts");
            Some(Self::MariaDb(server))
        };
        let starts: [&dyn Fn() -> Option<Self>; 3] =
            [&|| Some(Self::sqlite()), &postgres, &mariadb];
        starts.map(|start| start()).into_iter().flatten()
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", file(folder).display()),
            Self::Postgres(server) => server.url("accounts"),
            Self::MariaDb(server) => server.url("accounts"),
        }
    }

    /// Runs SQL; a line a row, `|` between columns.
    #[track_caller]
    pub(crate) fn sql(&self, sql: &str) -> String {
        match self {
            Self::Sqlite(folder) => sqlite(file(folder), sql),
            Self::Postgres(server) => server.sql("accounts", sql),
            Self::MariaDb(server) => server.sql("accounts", sql).replace('\t', "|"),
        }
    }

    /// The values of the first column.
    #[track_caller]
    pub(crate) fn column(&self, sql: &str) -> Vec<String> {
        self.sql(sql).lines().map(str::to_owned).collect()
    }

    #[track_caller]
    pub(crate) fn open(&self, table: &SqlTable) -> SqlStore {
        let store = SqlStore::open(SqlAddress::parse(&self.url()).unwrap(), None, table);
        store.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What is said where a table cannot be opened.
    #[track_caller]
    pub(crate) fn refusal(&self, table: &SqlTable) -> String {
        let address = SqlAddress::parse(&self.url()).unwrap();
        match SqlStore::open(address, None, table) {
            Ok(_) => panic!("it was opened"),
            Err(error) => error.to_string(),
        }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    pub(crate) fn is_mariadb(&self) -> bool {
        matches!(self, Self::MariaDb(_))
    }
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("accounts.db")
}

fn sqlite(file: PathBuf, sql: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let rows = query.fetch_all(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        let value = |row: &sqlx::sqlite::SqliteRow, index| {
            let text = row.try_get_unchecked::<Option<String>, usize>(index);
            text.unwrap().unwrap_or_else(|| "NULL".to_owned())
        };
        let line = |row: &sqlx::sqlite::SqliteRow| {
            let values: Vec<String> = (0..row.len()).map(|index| value(row, index)).collect();
            values.join("|") + "\n"
        };
        rows.iter().map(line).collect()
    })
}

/// A table with its own names.
pub(crate) fn table(table: &str, id: &str, user: &str, password: &str) -> SqlTable {
    SqlTable {
        table: Some(table.to_owned()),
        id: Some(id.to_owned()),
        user: Some(user.to_owned()),
        password: Some(password.to_owned()),
        ..SqlTable::default()
    }
}

/// Every credential of a store, page by page.
pub(crate) fn all_credentials(store: &SqlStore) -> Vec<Credential> {
    let mut credentials = Vec::new();
    let mut after = None;
    while let Some(page) = store.page(after.as_ref()).unwrap() {
        store.finish(&page).unwrap();
        assert!(!page.credentials.is_empty());
        credentials.extend(page.credentials);
        after = Some(page.end);
    }
    credentials
}

pub(crate) fn stored(credential: &Credential) -> &str {
    credential.stored.expose_text().unwrap()
}

/// Replaces each credential's text by what `new` makes of it.
pub(crate) fn replace(
    store: &SqlStore,
    credentials: &[Credential],
    new: impl Fn(&Credential) -> String,
) -> Vec<Replaced> {
    let change = |credential| Change {
        credential,
        new: Secret::new(new(credential).into_bytes()),
    };
    let changes: Vec<Change<'_>> = credentials.iter().map(change).collect();
    store.replace(&changes).unwrap()
}
