//! [`SqlStore`]: stored passwords in a table of SQLite, PostgreSQL, MySQL or MariaDB.
//!
//! ```text
//! SELECT id, user, password … WHERE id > last ORDER BY id LIMIT n ──> page
//! UPDATE … SET password = new WHERE id = … AND password = old     ──> done, or changed meanwhile
//! ```
//! Ids are of any type: they are read as texts, and texts are cast to their type, so that their index is used. Nothing of a
//! user's or a row's is ever written into a statement: values are bound, names are those of the catalogue, quoted. No
//! transaction is open while passwords are hashed. The driver's own buffers are not wiped.

mod address;
mod catalogue;
mod database;
mod failure;
mod fleet;
mod layout;
mod lease_table;
mod locked_rows;
mod longer_column;
mod select;
mod shared_job;
mod sql_table;
mod statement;
mod stored_columns;
mod update;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::time::timeout;
use zeroize::Zeroizing;

pub use address::{DatabaseKind, SqlAddress};
pub use fleet::{Fleet, Worker};
pub use shared_job::{Beginning, JoinedJob, SharedJob, Sharing};
pub use sql_table::{Preset, SqlTable, UnknownPreset};

use self::database::{Columns, Database};
use self::failure::{failure, is_not_of_type};
use self::layout::{Layout, LayoutError};
use self::select::Span;
use self::update::NewValues;
use super::reactor::Reactor;
use super::{Change, Credential, CredentialStore, Inserted, MigrateError, Page, Place, Replaced};
use crate::Secret;
use crate::side_by_side::processors;

/// What one question may take before the connection counts as lost.
const ANSWER_TIME: Duration = Duration::from_mins(10);
/// How many rows a page has: fewer where hashing them takes long, so that little is lost if it is ended, and never so few
/// that processors wait for each other.
const MOST_ROWS: usize = 4000;
const FIRST_ROWS: usize = 500;
const LEAST_ROWS: usize = 64;
/// From so many rows on the database's estimate has to do.
const COUNTED: u64 = 2_000_000;
/// What a page should take.
const PAGE_TIME: Duration = Duration::from_secs(2);

/// A table of stored passwords.
pub struct SqlStore {
    address: Arc<SqlAddress>,
    reactor: Reactor,
    patience: Duration,
    database: Database,
    layout: Arc<Layout>,
    rows: AtomicUsize,
    page_begun: Mutex<Option<Instant>>,
}

impl SqlStore {
    /// Connects, and looks the table's columns up. `password` is that of the database's user, where neither the URL nor the
    /// environment (`PGPASSWORD`, `PGPASSFILE`, `MYSQL_PWD`) has it.
    ///
    /// # Errors
    /// When the database is not reached or lets nobody in, and when there is no such table or column.
    pub fn open(
        address: SqlAddress,
        password: Option<&Secret>,
        table: &SqlTable,
    ) -> Result<Self, MigrateError> {
        let (reactor, database, address) = connect(address, password)?;
        let (table, found_in) = (table.clone(), database.clone());
        let layout = async move { Layout::find(&found_in, &table).await };
        let layout = match reactor.wait(timed(ANSWER_TIME, layout)) {
            Some(Ok(Ok(layout))) => layout,
            Some(Ok(Err(LayoutError::Refused(reason)))) => return Err(refused(&address, reason)),
            Some(Ok(Err(LayoutError::Database(error))) | Err(error)) => {
                return Err(failure(&address, &error));
            }
            None => return Err(failure(&address, &sqlx::Error::WorkerCrashed)),
        };
        Ok(Self {
            address,
            reactor,
            patience: ANSWER_TIME,
            database,
            layout: Arc::new(layout),
            rows: AtomicUsize::new(FIRST_ROWS.max(least_rows())),
            page_begun: Mutex::new(None),
        })
    }

    /// Waits no longer than this for an answer: a login does not wait as long as a run over all users.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Which kind of database it is.
    #[must_use]
    pub fn kind(&self) -> DatabaseKind {
        self.database.kind()
    }

    /// How many rows the table has, as the database estimates; none if it has no idea.
    #[must_use]
    pub fn estimated_rows(&self) -> Option<u64> {
        self.layout.table.estimated_rows
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
    ) -> Result<T, MigrateError> {
        ask(&self.reactor, &self.address, self.patience, question)
    }

    /// The next rows of a part of the table; none behind its end.
    fn page_of(
        &self,
        after: Option<&Place>,
        until: Option<&str>,
    ) -> Result<Option<Page>, MigrateError> {
        let (database, layout) = (self.database.clone(), Arc::clone(&self.layout));
        let rows = self.rows.load(Ordering::Relaxed);
        let after_this = after.cloned();
        let after = after.map(|place| place.0.clone());
        let until = until.map(str::to_owned);
        let page = self.ask(async move {
            let span = Span {
                after: after.as_deref(),
                until: until.as_deref(),
            };
            let rows = database.rows(&layout.page(span, rows)).await?;
            let credentials = rows.iter().map(|row| layout.credential(row));
            Ok(credentials.collect::<Vec<Credential>>())
        })?;
        if let (Some(last), Some(after)) = (page.last(), &after_this)
            && last.place == *after
        {
            let reason = format!(
                "the rows behind {after} end with it again: this column's values do not come back as they were read. \
                 Name another column with --id"
            );
            return Err(refused(&self.address, reason));
        }
        let begun = self.page_begun.lock();
        *begun.unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        let Some(last) = page.last() else {
            return Ok(None);
        };
        Ok(Some(Page {
            end: last.place.clone(),
            credentials: page,
        }))
    }

    /// Pages are as long as they can be without taking too long.
    fn keep_pace(&self, page: &Page) {
        let begun = self.page_begun.lock();
        let begun = begun.unwrap_or_else(PoisonError::into_inner).take();
        let rows = self.rows.load(Ordering::Relaxed);
        let Some(taken) = begun.map(|begun| begun.elapsed()) else {
            return;
        };
        if taken > PAGE_TIME * 2 {
            self.rows
                .store((rows / 2).max(least_rows()), Ordering::Relaxed);
        } else if taken < PAGE_TIME / 2 && page.credentials.len() >= rows {
            self.rows
                .store((rows * 2).min(MOST_ROWS.max(rows)), Ordering::Relaxed);
        }
    }

    fn too_short(
        &self,
        column: String,
        has: usize,
        needed: usize,
    ) -> Result<MigrateError, MigrateError> {
        let table = &self.layout.table.name;
        let reason = format!(
            "{table}.{column} holds {has} characters, and the new values have up to {needed}; nothing of them was written. \
             Make the column longer"
        );
        let (database, layout) = (self.database.clone(), Arc::clone(&self.layout));
        let longer = self.ask(async move { layout.longer(&database, &column, needed).await })?;
        let statement = longer.map(|statement| format!(": {statement}"));
        let reason = reason + &statement.unwrap_or_default();
        Ok(refused(&self.address, reason))
    }

    fn new_values(&self, change: &Change<'_>) -> Result<NewValues, MigrateError> {
        let stored = &self.layout.stored;
        let no_row = || {
            let kind =
                "the new value is no text for this table's columns. Is --dialect the product's?";
            refused(&self.address, kind.to_owned())
        };
        Ok(NewValues {
            id: Zeroizing::new(change.credential.place.0.clone()),
            old: stored
                .values(&change.credential.stored)
                .ok_or_else(no_row)?,
            new: stored.values(&change.new).ok_or_else(no_row)?,
        })
    }
}

impl CredentialStore for SqlStore {
    fn name(&self) -> String {
        self.address.to_string()
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        self.page_of(after, None)
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        let (database, layout) = (self.database.clone(), Arc::clone(&self.layout));
        let asked = user.to_owned();
        let rows = self.ask(async move {
            match database.rows(&layout.of_user(&asked)).await {
                Err(error) if is_not_of_type(layout.kind, &error) => Ok(Vec::new()),
                rows => rows,
            }
        })?;
        let owners: BTreeSet<String> = rows.iter().map(Layout::owner).collect();
        if owners.len() > 1 {
            let reason = format!(
                "several users are called {user}. {}",
                self.layout.ambiguous_user
            );
            return Err(refused(&self.address, reason));
        }
        let credential = |row: &Columns| self.layout.credential(row);
        Ok(rows.iter().map(credential).collect())
    }

    fn count(&self) -> Result<Option<u64>, MigrateError> {
        let estimated = self.estimated_rows();
        if estimated.is_some_and(|rows| rows >= COUNTED) {
            return Ok(estimated);
        }
        let (database, statement) = (self.database.clone(), self.layout.count());
        let rows = self.ask(async move { database.rows(&statement).await })?;
        Ok(rows.first().and_then(|row| row.text(0).parse().ok()))
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        let changes = changes.iter().map(|change| self.new_values(change));
        let changes = changes.collect::<Result<Vec<_>, _>>()?;
        if let Some((column, has, needed)) = self.layout.too_short(&changes) {
            let column = column.to_owned();
            return Err(self.too_short(column, has, needed)?);
        }
        let (database, layout) = (self.database.clone(), Arc::clone(&self.layout));
        self.ask(async move { layout.replace(&database, &changes).await })
    }

    fn insert(&self, user: &str, stored: &Secret) -> Result<Inserted, MigrateError> {
        let Some(statement) = self.layout.insertion(user, stored) else {
            let reason = "users cannot be added: the column of their names has no unique index, or the table is a product's, \
                          whose users have more than a password. Add the user without a password";
            return Err(refused(&self.address, reason.to_owned()));
        };
        let database = self.database.clone();
        self.ask(async move {
            match database.rows(&statement).await {
                Ok(_) => Ok(Inserted::Done),
                Err(error) => match error.as_database_error() {
                    Some(answer) if answer.is_unique_violation() => Ok(Inserted::AlreadyThere),
                    _ => Err(error),
                },
            }
        })
    }

    fn finish(&self, page: &Page) -> Result<(), MigrateError> {
        self.keep_pace(page);
        Ok(())
    }
}

fn least_rows() -> usize {
    LEAST_ROWS * processors()
}

fn connect(
    address: SqlAddress,
    password: Option<&Secret>,
) -> Result<(Reactor, Database, Arc<SqlAddress>), MigrateError> {
    let address = Arc::new(address);
    let connect = address.connect(password);
    let connect = connect.map_err(|error| failure(&address, &error))?;
    let reactor =
        Reactor::new("keyward-sql").map_err(|error| refused(&address, error.to_string()))?;
    let database = ask(&reactor, &address, ANSWER_TIME, Database::connect(connect))?;
    if let Database::Sqlite(_) = database {
        let (asked, encoding) = (database.clone(), database.statement("PRAGMA encoding"));
        let rows = ask(&reactor, &address, ANSWER_TIME, async move {
            asked.rows(&encoding).await
        })?;
        if rows.first().is_some_and(|row| row.text(0) != "UTF-8") {
            let reason = "its texts are UTF-16, which keyward does not read. Copy it with sqlite3: .dump, behind PRAGMA encoding = 'UTF-8'";
            return Err(refused(&address, reason.to_owned()));
        }
    }
    Ok((reactor, database, address))
}

fn ask<T: Send + 'static>(
    reactor: &Reactor,
    address: &SqlAddress,
    patience: Duration,
    question: impl Future<Output = Result<T, sqlx::Error>> + Send + 'static,
) -> Result<T, MigrateError> {
    let answer = match reactor.wait(timed(patience, question)) {
        Some(answer) => answer.flatten(),
        None => Err(sqlx::Error::WorkerCrashed),
    };
    answer.map_err(|error| failure(address, &error))
}

async fn timed<T>(patience: Duration, question: impl Future<Output = T>) -> Result<T, sqlx::Error> {
    let answer = timeout(patience, question).await;
    answer.map_err(|_| sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()))
}

fn refused(address: &SqlAddress, reason: String) -> MigrateError {
    MigrateError::Store {
        store: address.to_string(),
        reason,
    }
}
