//! [`Layout`]: the columns of a table as statements name them, looked up in the database's catalogue.

mod id;
mod keycloak;
mod wso2;

use super::address::DatabaseKind;
use super::catalogue::{Column, ColumnKind, Table, TableName, Uniqueness};
use super::database::Database;
use super::sql_table::{Preset, SqlTable};
use super::statement::Statement;
use super::stored_columns::StoredColumns;
pub(super) use id::Id;
use id::check_unique;

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
    /// What every row has to fulfil.
    pub(super) filters: Vec<Filter>,
    /// Whether the id tells a row apart only together with the filters.
    pub(super) is_id_shared: bool,
    /// A column that counts changes.
    pub(super) version: Option<String>,
    pub(super) stored: StoredColumns,
    /// What tells users of the same name apart, and what is to be done if there are such.
    pub(super) ambiguous_user: &'static str,
}

/// What every row has to fulfil.
pub(super) struct Filter {
    condition: String,
    /// A text, for `{}` in the condition.
    bound: Option<String>,
    /// Whether it is about the table that is changed alone.
    is_of_table: bool,
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

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Filters {
    All,
    /// Those that can stand in an `UPDATE`.
    OfTable,
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
            Some(Preset::Wso2) => wso2::layout(database, table, asked).await?,
            Some(Preset::Spring) | None => plain(database, table, asked).await?,
        };
        layout.check_ids(database).await?;
        Ok(layout)
    }

    /// The column that is changed, by which id, and for whom where not for all.
    pub(super) fn described(&self) -> String {
        let columns: Vec<&str> = self
            .values
            .iter()
            .map(|value| value.name.as_str())
            .collect();
        let Table { schema, name, .. } = &self.table;
        let bounds = self.filters.iter().filter_map(|one| one.bound.as_ref());
        let words = [
            format!("{schema}.{name}"),
            columns.join(" and "),
            format!("by {}", self.id.name),
        ];
        let of = bounds.flat_map(|bound| ["of".to_owned(), bound.clone()]);
        words.into_iter().chain(of).collect::<Vec<_>>().join(" ")
    }

    /// The conditions on every row, behind `WHERE` or `AND`.
    pub(super) fn push_filters(
        &self,
        statement: &mut Statement,
        first: &'static str,
        wanted: Filters,
    ) -> &'static str {
        let mut word = first;
        let is_wanted = |filter: &&Filter| wanted == Filters::All || filter.is_of_table;
        for filter in self.filters.iter().filter(is_wanted) {
            statement.push(&format!(" {word} "));
            match &filter.bound {
                Some(bound) => statement.bind(&filter.condition, bound),
                None => statement.push(&filter.condition),
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
async fn plain(database: &Database, table: Table, asked: &SqlTable) -> Result<Layout, LayoutError> {
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
    let id = Id::find(database, &table, id).await?;
    Ok(Layout {
        from: format!("{} k", table.quoted(kind)),
        user: User::of_plain_table(kind, user, &id.read),
        id,
        values: vec![Value::of(kind, password)],
        beside: Vec::new(),
        filters: Vec::new(),
        is_id_shared: false,
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
