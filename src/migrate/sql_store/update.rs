//! Stored passwords replaced where the old one still stands: the compare-and-swap of each database.
//!
//! ```text
//! PostgreSQL  UPDATE … FROM unnest(ids, olds, news) WHERE id and old are the same RETURNING id
//! SQLite      one UPDATE … WHERE id and old are the same for each, in one transaction
//! MySQL       SELECT … WHERE id IN (…) FOR UPDATE; the olds compared here; UPDATE … SET value = CASE id WHEN … END
//! ```
//! Texts are compared byte by byte: collations that ignore case or trailing spaces have no say. MySQL has no RETURNING,
//! and would tell the rows that were found apart from those that were changed only by a setting of the connection.

use std::collections::HashMap;

use sqlx::{Connection, MySqlConnection, MySqlPool, PgPool, SqlitePool};
use zeroize::Zeroizing;

use super::address::DatabaseKind;
use super::catalogue::ColumnKind;
use super::database::{
    Columns, Database, POSTGRES_BEGIN, mysql_rows, postgres_rows, sqlite_changes,
};
use super::layout::{Filters, Layout};
use super::statement::Statement;
use super::stored_columns::Values;
use crate::Secret;
use crate::migrate::Replaced;

/// A row's new values, and the old ones that they take the place of.
pub(super) struct NewValues {
    pub(super) id: Zeroizing<String>,
    pub(super) old: Values,
    pub(super) new: Values,
}

impl Layout {
    /// A new row; none where rows of the table have more than a name and a password.
    pub(super) fn insertion(&self, user: &str, stored: &Secret) -> Option<Statement> {
        let name = self.user.new.as_ref()?;
        let (value, new) = (self.values.first()?, self.stored.values(stored)?.pop()?);
        let table = self.table.quoted(self.kind);
        let mut statement = Statement::new(
            self.kind,
            format!("INSERT INTO {table} ({name}, {}) VALUES (", value.quoted),
        );
        statement.bind(&self.user.bind, user).push(", ");
        let is_bytes = (self.kind, value.kind) == (DatabaseKind::Postgres, ColumnKind::Binary);
        let expression = if is_bytes {
            "convert_to({}, 'UTF8')"
        } else {
            "{}"
        };
        statement.bind(expression, &new).push(")");
        Some(statement)
    }

    /// The first column that is too short for its new value, and the longest value for it.
    pub(super) fn too_short(&self, changes: &[NewValues]) -> Option<(&str, usize, usize)> {
        self.values.iter().enumerate().find_map(|(index, column)| {
            let lengths = changes
                .iter()
                .map(|change| change.new[index].chars().count());
            let needed = lengths.max()?;
            let has = column.longest.filter(|has| *has < needed)?;
            Some((column.name.as_str(), has, needed))
        })
    }

    /// Replaces values in one transaction; what became of each is told in their order.
    pub(super) async fn replace_batch(
        &self,
        database: &Database,
        batch: &[NewValues],
    ) -> Result<Vec<Replaced>, sqlx::Error> {
        match database {
            Database::Sqlite(pool) => self.in_sqlite(pool, batch).await,
            Database::Postgres(pool) => self.in_postgres(pool, batch).await,
            Database::Mysql(pool) => self.in_mysql(pool, batch).await,
        }
    }

    async fn in_postgres(
        &self,
        pool: &PgPool,
        batch: &[NewValues],
    ) -> Result<Vec<Replaced>, sqlx::Error> {
        let statement = self.postgres_update(batch);
        let mut transaction = pool.begin_with(POSTGRES_BEGIN).await?;
        let rows = postgres_rows(&mut transaction, &statement).await?;
        transaction.commit().await?;
        let done: Vec<String> = rows.iter().map(|row| row.text(0)).collect();
        Ok(told(batch, &done))
    }

    fn postgres_update(&self, batch: &[NewValues]) -> Statement {
        let mut statement = Statement::new(
            self.kind,
            format!("UPDATE {} AS k SET ", self.table.quoted(self.kind)),
        );
        let mut assignments = Vec::new();
        let mut names = vec!["id".to_owned()];
        let mut same = Vec::new();
        for (index, value) in self.values.iter().enumerate() {
            let new = match value.kind {
                ColumnKind::Binary => format!("convert_to(u.new{index}, 'UTF8')"),
                _ => format!("u.new{index}"),
            };
            assignments.push(format!("{} = {new}", value.quoted));
            names.push(format!("old{index}, new{index}"));
            same.push(format!("{} COLLATE \"C\" = u.old{index}", value.read));
        }
        assignments.extend(self.next_version());
        statement
            .push(&assignments.join(", "))
            .push(" FROM unnest(");
        let ids = batch.iter().map(|change| change.id.clone());
        statement.bind_all(&self.id.bind_all, ids.collect());
        for index in 0..self.values.len() {
            let old = batch.iter().map(|change| change.old[index].clone());
            let new = batch.iter().map(|change| change.new[index].clone());
            statement.push(", ").bind_all("{}", old.collect());
            statement.push(", ").bind_all("{}", new.collect());
        }
        statement.push(&format!(
            ") AS u({}) WHERE {} = u.id AND {}",
            names.join(", "),
            self.id.column,
            same.join(" AND "),
        ));
        self.push_filters(&mut statement, "AND", Filters::OfTable);
        statement.push(&format!(" RETURNING {}", self.id.read));
        statement
    }

    async fn in_sqlite(
        &self,
        pool: &SqlitePool,
        batch: &[NewValues],
    ) -> Result<Vec<Replaced>, sqlx::Error> {
        let mut connection = pool.acquire().await?;
        // The lock is taken at once: two readers that both want to write would refuse each other.
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut replaced = Vec::with_capacity(batch.len());
        for change in batch {
            let changed = sqlite_changes(&mut transaction, &self.sqlite_update(change)).await?;
            replaced.push(if changed == 0 {
                Replaced::ChangedMeanwhile
            } else {
                Replaced::Done
            });
        }
        transaction.commit().await?;
        Ok(replaced)
    }

    fn sqlite_update(&self, change: &NewValues) -> Statement {
        let mut statement = Statement::new(
            self.kind,
            format!("UPDATE {} AS k SET ", self.table.quoted(self.kind)),
        );
        for (index, value) in self.values.iter().enumerate() {
            let quoted = &value.quoted;
            // A value that was kept as bytes goes on to be.
            statement.push(if index == 0 { "" } else { ", " });
            statement.push(&format!(
                "{quoted} = CASE typeof({quoted}) WHEN 'blob' THEN "
            ));
            statement.bind("CAST({} AS BLOB) ELSE ", &change.new[index]);
            statement.bind("{} END", &change.new[index]);
        }
        if let Some(assignment) = self.next_version() {
            statement.push(", ").push(&assignment);
        }
        statement.push(&format!(" WHERE {} = ", self.id.column));
        statement.bind(&self.id.bind, &change.id);
        for (index, value) in self.values.iter().enumerate() {
            statement.push(&format!(" AND CAST({} AS BLOB) = ", value.read));
            statement.bind("CAST({} AS BLOB)", &change.old[index]);
        }
        self.push_filters(&mut statement, "AND", Filters::OfTable);
        statement
    }

    async fn in_mysql(
        &self,
        pool: &MySqlPool,
        batch: &[NewValues],
    ) -> Result<Vec<Replaced>, sqlx::Error> {
        let mut connection = pool.acquire().await?;
        let mut transaction = connection.begin().await?;
        let rows = self.mysql_standing(&mut transaction, batch).await?;
        // Of rows that share an id none is changed: nobody knows which one was meant.
        let mut standing: HashMap<String, Vec<&Columns>> = HashMap::new();
        for row in &rows {
            standing.entry(row.text(0)).or_default().push(row);
        }
        let stands = |change: &&NewValues| match standing.get(change.id.as_str()).map(Vec::as_slice)
        {
            Some([row]) => {
                let stored = (1..=change.old.len()).map(|index| row.bytes(index));
                stored.eq(change.old.iter().map(|old| Some(old.as_bytes())))
            }
            _ => false,
        };
        let changed: Vec<&NewValues> = batch.iter().filter(stands).collect();
        if !changed.is_empty() {
            mysql_rows(&mut transaction, &self.mysql_update(&changed)).await?;
        }
        transaction.commit().await?;
        let done: Vec<String> = changed.iter().map(|change| change.id.to_string()).collect();
        Ok(told(batch, &done))
    }

    /// The rows as they stand now, their ids first; they are locked until the transaction's end.
    async fn mysql_standing(
        &self,
        connection: &mut MySqlConnection,
        batch: &[NewValues],
    ) -> Result<Vec<Columns>, sqlx::Error> {
        let values = self.values.iter().map(|value| value.read.as_str());
        let columns: Vec<&str> = [self.id.read.as_str()].into_iter().chain(values).collect();
        let table = self.table.quoted(self.kind);
        let mut statement = Statement::new(
            self.kind,
            format!("SELECT {} FROM {table} k WHERE ", columns.join(", ")),
        );
        self.push_ids(&mut statement, batch.iter());
        statement.push(" FOR UPDATE");
        mysql_rows(connection, &statement).await
    }

    fn mysql_update(&self, changes: &[&NewValues]) -> Statement {
        let table = self.table.quoted(self.kind);
        let mut statement = Statement::new(self.kind, format!("UPDATE {table} k SET "));
        for (index, value) in self.values.iter().enumerate() {
            let (quoted, id) = (&value.quoted, &self.id.column);
            statement.push(if index == 0 { "" } else { ", " });
            statement.push(&format!("k.{quoted} = CASE {id}"));
            for change in changes {
                statement.push(" WHEN ").bind(&self.id.bind, &change.id);
                statement.bind(" THEN {}", &change.new[index]);
            }
            statement.push(&format!(" ELSE k.{quoted} END"));
        }
        if let Some(assignment) = self.next_version() {
            statement.push(", k.").push(&assignment);
        }
        statement.push(" WHERE ");
        self.push_ids(&mut statement, changes.iter().copied());
        statement
    }

    fn push_ids<'a>(
        &self,
        statement: &mut Statement,
        changes: impl Iterator<Item = &'a NewValues>,
    ) {
        statement.push(&self.id.column);
        let mut separator = " IN (";
        for change in changes {
            statement.push(separator).bind(&self.id.bind, &change.id);
            separator = ", ";
        }
        statement.push(")");
        self.push_filters(statement, "AND", Filters::OfTable);
    }

    fn next_version(&self) -> Option<String> {
        let version = self.version.as_ref()?;
        Some(format!("{version} = COALESCE(k.{version}, 0) + 1"))
    }
}

fn told(batch: &[NewValues], done: &[String]) -> Vec<Replaced> {
    let done: std::collections::HashSet<&str> = done.iter().map(String::as_str).collect();
    let one = |change: &NewValues| {
        if done.contains(change.id.as_str()) {
            Replaced::Done
        } else {
            Replaced::ChangedMeanwhile
        }
    };
    batch.iter().map(one).collect()
}
