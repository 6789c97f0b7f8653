//! [`Id`]: the column that tells rows apart, and that it does.
//!
//! A row is found again by the text of its id, so that the text has to come back as the same value. SQLite keeps values of
//! any class in a column, whatever type was declared: there the values themselves tell how they are read. Their order is
//! numbers, texts, bytes, so that the first and the last one tell whether all are alike.

use super::super::address::DatabaseKind;
use super::super::catalogue::{Column, ColumnKind, Table, Uniqueness};
use super::super::database::Database;
use super::{Filters, Layout, LayoutError, as_column, as_text, in_table, refused};

/// The column that tells rows apart.
pub(in crate::migrate::sql_store) struct Id {
    pub(in crate::migrate::sql_store) name: String,
    /// `k."id"`
    pub(in crate::migrate::sql_store) column: String,
    /// The same as a text.
    pub(in crate::migrate::sql_store) read: String,
    /// A text, for `{}`, as a value of the column.
    pub(in crate::migrate::sql_store) bind: String,
    /// An array of texts as one of the column's.
    pub(in crate::migrate::sql_store) bind_all: String,
}

impl Id {
    /// How the values of this column are read and bound.
    pub(super) async fn find(
        database: &Database,
        table: &Table,
        column: &Column,
    ) -> Result<Self, LayoutError> {
        match database.kind() {
            DatabaseKind::Sqlite => Self::in_sqlite(database, table, column).await,
            kind => Ok(Self::of(kind, column, column.kind)),
        }
    }

    fn of(kind: DatabaseKind, column: &Column, values: ColumnKind) -> Self {
        let name = in_table(kind, column);
        let (read, bind) = match (kind, values) {
            (DatabaseKind::Mysql, ColumnKind::Binary) => {
                (format!("HEX({name})"), "UNHEX({})".to_owned())
            }
            (DatabaseKind::Sqlite, ColumnKind::Binary) => {
                (format!("hex({name})"), "unhex({})".to_owned())
            }
            _ => (
                as_text(kind, &name, ColumnKind::Other),
                as_column(kind, column),
            ),
        };
        Self {
            name: column.name.clone(),
            column: name,
            read,
            bind,
            bind_all: format!("{{}}::{}[]", column.cast),
        }
    }

    async fn in_sqlite(
        database: &Database,
        table: &Table,
        column: &Column,
    ) -> Result<Self, LayoutError> {
        let kind = DatabaseKind::Sqlite;
        let (from, name) = (table.quoted(kind), in_table(kind, column));
        // Each of the two is the end of an index.
        let ends = database.statement(format!(
            "SELECT typeof((SELECT min({name}) FROM {from} k)), typeof((SELECT max({name}) FROM {from} k))"
        ));
        let ends = database.rows(&ends).await?;
        let end = |index| ends.first().map(|row| row.text(index)).unwrap_or_default();
        let (first, last) = (end(0), end(1));
        let mut id = match (first.as_str(), last.as_str()) {
            ("null", _) => Self::of(kind, column, column.kind),
            ("text", "text") => Self::of(kind, column, ColumnKind::Text),
            ("blob", "blob") => Self::of(kind, column, ColumnKind::Binary),
            ("integer" | "real", "integer" | "real") => {
                check_numbers(database, &from, &name).await?;
                let mut id = Self::of(kind, column, ColumnKind::Other);
                // Without the sign the column would be compared as the type that is cast to, and its index be of no use.
                "+CAST({} AS NUMERIC)".clone_into(&mut id.bind);
                id
            }
            _ => {
                return refused(format!(
                    "{}.{} has values of several types: {first} and {last}, which do not stand in one order. Name another column with --id",
                    table.name, column.name
                ));
            }
        };
        // The order and the sameness of the index that says that they are unique.
        if let Some(collation) = &column.collation {
            id.column = format!("{} COLLATE {}", id.column, kind.quoted(collation));
        }
        Ok(id)
    }
}

/// That the text of each number is the same number.
async fn check_numbers(database: &Database, from: &str, name: &str) -> Result<(), LayoutError> {
    let inexact = database.statement(format!(
        "SELECT CAST({name} AS TEXT) FROM {from} k WHERE typeof({name}) = 'real' \
         AND CAST(CAST({name} AS TEXT) AS REAL) <> {name} LIMIT 1"
    ));
    match database.rows(&inexact).await?.first() {
        Some(row) => refused(format!(
            "{name} holds approximate numbers such as {}, which tell no rows apart. Name another column with --id",
            row.text(0)
        )),
        None => Ok(()),
    }
}

/// That no two rows have the same id.
pub(super) fn check_unique(table: &Table, id: &Column) -> Result<(), LayoutError> {
    let (table, name) = (&table.name, &id.name);
    if id.kind == ColumnKind::Approximate {
        return refused(format!(
            "{table}.{name} holds approximate numbers, which tell no rows apart. Name another column with --id"
        ));
    }
    match id.uniqueness {
        Uniqueness::PrimaryKey | Uniqueness::Unique => Ok(()),
        Uniqueness::PartOfPrimaryKey => refused(format!(
            "{table}.{name} is one column of a primary key that has several, and not unique. Name a column that is unique with --id"
        )),
        Uniqueness::None => refused(format!(
            "{table}.{name} has neither a primary key nor a unique index. Name a column that has one with --id, or CREATE UNIQUE INDEX"
        )),
    }
}

impl Layout {
    /// That no row would be passed over.
    pub(super) async fn check_ids(&self, database: &Database) -> Result<(), LayoutError> {
        let table = self.table.quoted(self.kind);
        let id = &self.id.column;
        let mut statement = database.statement(format!(
            "SELECT '1' FROM {table} k WHERE {id} IS NULL LIMIT 1"
        ));
        if !database.rows(&statement).await?.is_empty() {
            return refused(format!(
                "{table} has rows without {id}: they could not be told apart. Name another column with --id"
            ));
        }
        if !self.is_id_shared {
            return Ok(());
        }
        statement = database.statement(format!("SELECT {} FROM {table} k", self.id.read));
        self.push_filters(&mut statement, "WHERE", Filters::All);
        statement.push(&format!(" GROUP BY {id} HAVING COUNT(*) > 1 LIMIT 1"));
        match database.rows(&statement).await?.first() {
            Some(row) => refused(format!(
                "{table} has several rows with {id} {}. Take one tenant after the other: add --realm TENANT_ID",
                row.text(0)
            )),
            None => Ok(()),
        }
    }
}
