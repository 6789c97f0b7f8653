//! [`Layout`]: the columns of a table as statements name them, looked up in the database's catalogue.

mod keycloak;
mod wso2;

use super::address::DatabaseKind;
use super::catalogue::{Column, ColumnKind, Table, TableName, Uniqueness};
use super::database::Database;
use super::sql_table::{Preset, SqlTable};
use super::stored_columns::StoredColumns;

/// What stands in statements for the columns of a table.
pub(super) struct Layout {
    pub(super) kind: DatabaseKind,
    /// The table that is changed.
    pub(super) table: Table,
    /// What is selected from: the table as `k`, and what is joined to it.
    pub(super) from: String,
    pub(super) id: Id,
    pub(super) user: User,
    /// The columns that are compared and replaced together.
    pub(super) values: Vec<Value>,
    /// Columns that are read beside them.
    pub(super) beside: Vec<String>,
    /// What every row has to fulfil; a bound text where it needs one.
    pub(super) filters: Vec<(String, Option<String>)>,
    /// A column that counts changes.
    pub(super) version: Option<String>,
    pub(super) stored: StoredColumns,
    /// What tells users of the same name apart, and what is to be done if there are such.
    pub(super) ambiguous_user: &'static str,
}

/// The column that tells rows apart.
pub(super) struct Id {
    /// `k."id"`
    pub(super) column: String,
    /// The same as a text.
    pub(super) read: String,
    /// A text, for `{}`, as a value of the column.
    pub(super) bind: String,
    /// An array of texts as one of the column's.
    pub(super) bind_all: String,
}

/// The column of a user's name.
pub(super) struct User {
    pub(super) column: String,
    pub(super) read: String,
    pub(super) bind: String,
    /// Whose rows they are, as a text.
    pub(super) owner: String,
    /// Quoted, without the table; none where no row may be added by this name alone.
    pub(super) new: Option<String>,
}

/// A column that is replaced.
pub(super) struct Value {
    pub(super) name: String,
    /// Quoted, without the table.
    pub(super) quoted: String,
    /// As a text, or as the bytes of one.
    pub(super) read: String,
    pub(super) kind: ColumnKind,
    /// In characters.
    pub(super) longest: Option<usize>,
}

/// Why there is no layout.
pub(super) enum LayoutError {
    /// The database has answered with an error.
    Database(sqlx::Error),
    /// What is wrong, and the next step.
    Refused(String),
}

impl From<sqlx::Error> for LayoutError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

fn refused<T>(reason: impl Into<String>) -> Result<T, LayoutError> {
    Err(LayoutError::Refused(reason.into()))
}

impl Layout {
    pub(super) async fn find(database: &Database, asked: &SqlTable) -> Result<Self, LayoutError> {
        let named = asked.table.as_deref();
        let Some(name) = named.or_else(|| asked.preset.map(Preset::table)) else {
            return refused("which table? Add --table NAME, or --preset keycloak, wso2 or spring");
        };
        let table = table(database, name).await?;
        let layout = match asked.preset {
            Some(Preset::Keycloak) => keycloak::layout(database, table, asked).await?,
            Some(Preset::Wso2) => wso2::layout(database, table, asked)?,
            Some(Preset::Spring) | None => plain(database, table, asked)?,
        };
        layout.check_ids(database, asked).await?;
        Ok(layout)
    }

    /// That no row would be passed over.
    async fn check_ids(&self, database: &Database, asked: &SqlTable) -> Result<(), LayoutError> {
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
        // WSO2's key is that of a row together with its tenant's.
        if asked.preset != Some(Preset::Wso2) {
            return Ok(());
        }
        statement = database.statement(format!("SELECT {} FROM {table} k", self.id.read));
        self.push_filters(&mut statement, "WHERE");
        statement.push(&format!(" GROUP BY {id} HAVING COUNT(*) > 1 LIMIT 1"));
        match database.rows(&statement).await?.first() {
            Some(row) => refused(format!(
                "{table} has several rows with {id} {}. Take one tenant after the other: add --realm TENANT_ID",
                row.text(0)
            )),
            None => Ok(()),
        }
    }

    /// The column that is changed, and for whom where not for all.
    pub(super) fn described(&self) -> String {
        let columns: Vec<&str> = self
            .values
            .iter()
            .map(|value| value.name.as_str())
            .collect();
        let Table { schema, name, .. } = &self.table;
        let bounds = self.filters.iter().filter_map(|(_, bound)| bound.as_ref());
        let words = [format!("{schema}.{name}"), columns.join(" and ")];
        let of = bounds.flat_map(|bound| ["of".to_owned(), bound.clone()]);
        words.into_iter().chain(of).collect::<Vec<_>>().join(" ")
    }

    /// The statement that makes a column long enough.
    pub(super) fn longer(&self, column: &str, needed: usize) -> String {
        let (table, column) = (self.table.quoted(self.kind), self.kind.quoted(column));
        let length = needed.max(255);
        match self.kind {
            DatabaseKind::Mysql => format!("ALTER TABLE {table} MODIFY {column} VARCHAR({length})"),
            DatabaseKind::Sqlite | DatabaseKind::Postgres => {
                format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar({length})")
            }
        }
    }

    /// The conditions on every row, behind `WHERE` or `AND`.
    pub(super) fn push_filters(
        &self,
        statement: &mut super::statement::Statement,
        first: &'static str,
    ) -> &'static str {
        let mut word = first;
        for (condition, bound) in &self.filters {
            statement.push(&format!(" {word} "));
            match bound {
                Some(bound) => statement.bind(condition, bound),
                None => statement.push(condition),
            };
            word = "AND";
        }
        word
    }
}

async fn table(database: &Database, name: &str) -> Result<Table, LayoutError> {
    let Some(parsed) = TableName::parse(name) else {
        return refused(format!(
            "{name} is no name of a table: write TABLE or SCHEMA.TABLE, with double quotes around a part that has a dot"
        ));
    };
    match Table::find(database, &parsed).await? {
        Some(table) => Ok(table),
        None => refused(format!(
            "there is no table {name}, or this user may not see it. Check --table: SCHEMA.TABLE where it is not in the default schema"
        )),
    }
}

fn column<'a>(table: &'a Table, name: &str, option: &str) -> Result<&'a Column, LayoutError> {
    let found = table.column(name);
    found.ok_or_else(|| {
        let names: Vec<&str> = table
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .collect();
        LayoutError::Refused(format!(
            "{} has no column {name}: check {option}. It has {}",
            table.name,
            names.join(", ")
        ))
    })
}

/// A table with one column that is the stored password.
fn plain(database: &Database, table: Table, asked: &SqlTable) -> Result<Layout, LayoutError> {
    if asked.realm.is_some() {
        return refused("--realm goes with --preset keycloak or wso2");
    }
    let kind = database.kind();
    let id = match &asked.id {
        Some(name) => column(&table, name, "--id")?,
        None => primary_key(&table)?,
    };
    check_unique(&table, id)?;
    let user = match &asked.user {
        Some(name) => column(&table, name, "--user")?,
        None => table.column("username").unwrap_or(id),
    };
    let password = asked.password.as_deref().unwrap_or("password");
    let password = column(&table, password, "--password")?;
    Ok(Layout {
        from: format!("{} k", table.quoted(kind)),
        id: Id::of(kind, id),
        user: User::of_plain_table(kind, user, &Id::of(kind, id).read),
        values: vec![Value::of(kind, password)],
        beside: Vec::new(),
        filters: Vec::new(),
        version: None,
        stored: StoredColumns::One,
        ambiguous_user: "Name a column with --user that tells users apart",
        kind,
        table,
    })
}

fn primary_key(table: &Table) -> Result<&Column, LayoutError> {
    let is = |uniqueness| move |column: &&Column| column.uniqueness == uniqueness;
    let mut columns = table.columns.iter();
    if let Some(key) = columns.find(is(Uniqueness::PrimaryKey)) {
        return Ok(key);
    }
    let mut columns = table.columns.iter();
    let reason = match columns.find(is(Uniqueness::PartOfPrimaryKey)) {
        Some(_) => "its primary key has several columns",
        None => "it has no primary key",
    };
    refused(format!(
        "{}: {reason}. Name a column that is unique with --id",
        table.name
    ))
}

fn check_unique(table: &Table, id: &Column) -> Result<(), LayoutError> {
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

fn in_table(kind: DatabaseKind, column: &Column) -> String {
    format!("k.{}", kind.quoted(&column.name))
}

/// A column as a text, or as the bytes of one.
fn as_text(kind: DatabaseKind, column: &str, of: ColumnKind) -> String {
    match (kind, of) {
        (DatabaseKind::Sqlite, _) => format!("CAST({column} AS TEXT)"),
        (DatabaseKind::Postgres, ColumnKind::Binary) => format!("encode({column}, 'escape')"),
        (DatabaseKind::Postgres, _) => format!("{column}::text"),
        (DatabaseKind::Mysql, ColumnKind::Binary) => format!("CAST({column} AS BINARY)"),
        (DatabaseKind::Mysql, _) => format!("CAST(CONVERT({column} USING utf8mb4) AS BINARY)"),
    }
}

/// A text, for `{}`, as something to compare a column with. Its index goes on to be used.
fn as_column(kind: DatabaseKind, column: &Column) -> String {
    match kind {
        _ if column.cast.is_empty() => "{}".to_owned(),
        DatabaseKind::Postgres | DatabaseKind::Mysql => format!("CAST({{}} AS {})", column.cast),
        DatabaseKind::Sqlite => "{}".to_owned(),
    }
}

impl Id {
    fn of(kind: DatabaseKind, column: &Column) -> Self {
        let name = in_table(kind, column);
        let is_binary = column.kind == ColumnKind::Binary && kind != DatabaseKind::Postgres;
        let (read, bind) = match kind {
            _ if !is_binary => (
                as_text(kind, &name, ColumnKind::Other),
                as_column(kind, column),
            ),
            DatabaseKind::Mysql => (format!("HEX({name})"), "UNHEX({})".to_owned()),
            DatabaseKind::Sqlite | DatabaseKind::Postgres => {
                (format!("hex({name})"), "unhex({})".to_owned())
            }
        };
        Self {
            column: name,
            read,
            bind,
            bind_all: format!("{{}}::{}[]", column.cast),
        }
    }
}

impl User {
    fn of(kind: DatabaseKind, column: &Column, table: &str, owner: &str) -> Self {
        let name = format!("{table}.{}", kind.quoted(&column.name));
        Self {
            read: as_text(kind, &name, column.kind),
            column: name,
            bind: as_column(kind, column),
            owner: owner.to_owned(),
            new: None,
        }
    }

    /// As [`Self::of`], in a table to which users may be added by name and password.
    fn of_plain_table(kind: DatabaseKind, column: &Column, owner: &str) -> Self {
        let is_unique = matches!(
            column.uniqueness,
            Uniqueness::PrimaryKey | Uniqueness::Unique
        );
        Self {
            new: is_unique.then(|| kind.quoted(&column.name)),
            ..Self::of(kind, column, "k", owner)
        }
    }
}

impl Value {
    fn of(kind: DatabaseKind, column: &Column) -> Self {
        Self {
            name: column.name.clone(),
            quoted: kind.quoted(&column.name),
            read: as_text(kind, &in_table(kind, column), column.kind),
            kind: column.kind,
            longest: column.longest,
        }
    }
}
