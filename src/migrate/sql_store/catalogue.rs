//! [`Table`]: what the database itself says of a table: how its name is written, its columns, its keys.
//!
//! Sources: PostgreSQL's `pg_class`, `pg_attribute` and `pg_index`; MySQL's and MariaDB's `information_schema`; SQLite's
//! `sqlite_master` and table pragmas.

use super::address::DatabaseKind;
use super::database::{Columns, Database};

/// A table or view.
pub(super) struct Table {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// How many rows it has, as the database estimates; none if it has no idea.
    pub(super) estimated_rows: Option<u64>,
}

/// A column of a table.
pub(super) struct Column {
    pub(super) name: String,
    /// What a text is cast to so that it can be compared with the column without losing its index; empty where that is
    /// not needed.
    pub(super) cast: String,
    pub(super) kind: ColumnKind,
    /// The longest text that it takes, in characters.
    pub(super) longest: Option<usize>,
    /// Whether no two rows have the same value.
    pub(super) uniqueness: Uniqueness,
    /// SQLite: of the index that says so.
    pub(super) collation: Option<String>,
}

/// How a column's values are read as texts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ColumnKind {
    Text,
    Binary,
    /// Numbers that are not told exactly by their text.
    Approximate,
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Uniqueness {
    /// Alone the primary key.
    PrimaryKey,
    /// One column of several that are the primary key.
    PartOfPrimaryKey,
    Unique,
    None,
}

/// The name of a table, perhaps with that of its schema. A part in double quotes is taken as it is.
pub(super) struct TableName {
    pub(super) schema: Option<String>,
    pub(super) table: String,
}

impl TableName {
    pub(super) fn parse(name: &str) -> Option<Self> {
        let mut parts = vec![String::new()];
        let mut is_quoted = false;
        for character in name.chars() {
            match character {
                '"' => is_quoted = !is_quoted,
                '.' if !is_quoted => parts.push(String::new()),
                character => parts.last_mut()?.push(character),
            }
        }
        if is_quoted || parts.iter().any(String::is_empty) {
            return None;
        }
        let table = parts.pop()?;
        let schema = parts.pop();
        parts.is_empty().then_some(Self { schema, table })
    }
}

impl Table {
    /// The table of this name: spelt exactly so, or else the only one that differs in case alone.
    pub(super) async fn find(
        database: &Database,
        name: &TableName,
    ) -> Result<Option<Self>, sqlx::Error> {
        let mut found = match database.kind() {
            DatabaseKind::Sqlite => in_sqlite(database, name).await?,
            DatabaseKind::Postgres => in_postgres(database, name).await?,
            DatabaseKind::Mysql => in_mysql(database, name).await?,
        };
        let exact = |one: &(String, String, String)| {
            let schema = name.schema.as_ref();
            one.1 == name.table && schema.is_none_or(|schema| *schema == one.0)
        };
        let chosen = match (found.iter().position(exact), found.len()) {
            (Some(exact), _) => exact,
            (None, 1) => 0,
            _ => return Ok(None),
        };
        let (schema, table, id) = found.swap_remove(chosen);
        let (columns, estimated_rows) = match database.kind() {
            DatabaseKind::Sqlite => (sqlite_columns(database, &schema, &table).await?, None),
            DatabaseKind::Postgres => postgres_columns(database, &id).await?,
            DatabaseKind::Mysql => mysql_columns(database, &schema, &table).await?,
        };
        Ok(Some(Self {
            schema,
            name: table,
            columns,
            estimated_rows,
        }))
    }

    /// The column of this name: spelt exactly so, or else the only one that differs in case alone.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        if let Some(exact) = self.columns.iter().find(|column| column.name == name) {
            return Some(exact);
        }
        let is_alike = |column: &&Column| column.name.eq_ignore_ascii_case(name);
        let mut alike = self.columns.iter().filter(is_alike);
        alike.next().filter(|_| alike.next().is_none())
    }

    /// Its name in a statement.
    pub(super) fn quoted(&self, kind: DatabaseKind) -> String {
        format!("{}.{}", kind.quoted(&self.schema), kind.quoted(&self.name))
    }
}

/// Schema, name, and what else finds it again.
type Found = Vec<(String, String, String)>;

fn found(rows: &[Columns]) -> Found {
    let one = |row: &Columns| (row.text(0), row.text(1), row.text(2));
    rows.iter().map(one).collect()
}

async fn in_sqlite(database: &Database, name: &TableName) -> Result<Found, sqlx::Error> {
    let schema = name.schema.as_deref().unwrap_or("main");
    let kind = database.kind();
    let mut statement = database.statement("SELECT name FROM pragma_database_list WHERE name = ");
    statement.bind("{}", schema);
    if database.rows(&statement).await?.is_empty() {
        return Ok(Vec::new());
    }
    statement = database.statement("SELECT ");
    statement.bind("{}", schema);
    statement
        .push(", name, '' FROM ")
        .push(&kind.quoted(schema));
    statement.push(".sqlite_master WHERE type IN ('table', 'view') AND lower(name) = ");
    statement.bind("lower({})", &name.table);
    Ok(found(&database.rows(&statement).await?))
}

async fn in_postgres(database: &Database, name: &TableName) -> Result<Found, sqlx::Error> {
    let mut statement = database.statement(
        "SELECT n.nspname::text, c.relname::text, c.oid::text FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'v', 'f') AND lower(c.relname) = ",
    );
    statement.bind("lower({})", &name.table);
    match &name.schema {
        Some(schema) => statement.bind(" AND lower(n.nspname) = lower({})", schema),
        None => statement.push(" AND pg_catalog.pg_table_is_visible(c.oid)"),
    };
    Ok(found(&database.rows(&statement).await?))
}

async fn in_mysql(database: &Database, name: &TableName) -> Result<Found, sqlx::Error> {
    let mut statement = database.statement(
        "SELECT CAST(table_schema AS CHAR), CAST(table_name AS CHAR), '' FROM information_schema.tables \
         WHERE lower(table_name) = ",
    );
    statement.bind("lower({})", &name.table);
    match &name.schema {
        Some(schema) => statement.bind(" AND lower(table_schema) = lower({})", schema),
        None => statement.push(" AND table_schema = database()"),
    };
    Ok(found(&database.rows(&statement).await?))
}

async fn sqlite_columns(
    database: &Database,
    schema: &str,
    table: &str,
) -> Result<Vec<Column>, sqlx::Error> {
    let mut statement = database
        .statement("SELECT c.name, upper(c.type), CAST(c.pk AS TEXT), CAST((SELECT count(*) FROM ");
    statement
        .bind("pragma_table_info({}, ", table)
        .bind("{})", schema);
    // Of an index over one column alone: an expression is one without a name. Behind them stands the row itself.
    statement.push(" WHERE pk > 0) AS TEXT), (SELECT min(x.coll) FROM ");
    statement
        .bind("pragma_index_list({}, ", table)
        .bind("{}) l, ", schema);
    statement.bind("pragma_index_xinfo(l.name, {}) x", schema);
    statement.push(
        " WHERE l.\"unique\" = 1 AND l.partial = 0 AND x.\"key\" = 1 AND x.name = c.name AND 1 = (SELECT count(*) FROM ",
    );
    statement.bind(
        "pragma_index_xinfo(l.name, {}) i WHERE i.\"key\" = 1)) FROM ",
        schema,
    );
    statement
        .bind("pragma_table_info({}, ", table)
        .bind("{}) c", schema);
    let rows = database.rows(&statement).await?;
    let column = |row: &Columns| {
        let declared = row.text(1);
        let holds = |part: &str| declared.contains(part);
        // As SQLite takes the affinity from the declared type.
        let kind = if holds("INT") {
            ColumnKind::Other
        } else if ["CHAR", "CLOB", "TEXT"].into_iter().any(holds) {
            ColumnKind::Text
        } else if declared.is_empty() || holds("BLOB") {
            ColumnKind::Binary
        } else if ["REAL", "FLOA", "DOUB"].into_iter().any(holds) {
            ColumnKind::Approximate
        } else {
            ColumnKind::Other
        };
        let collation = row.bytes(4).map(|_| row.text(4));
        let uniqueness = match (row.text(2).as_str(), row.text(3).as_str(), &collation) {
            ("0", _, Some(_)) => Uniqueness::Unique,
            ("0", _, None) => Uniqueness::None,
            (_, "1", _) => Uniqueness::PrimaryKey,
            (_, _, Some(_)) => Uniqueness::Unique,
            (_, _, None) => Uniqueness::PartOfPrimaryKey,
        };
        Column {
            name: row.text(0),
            cast: String::new(),
            kind,
            longest: None,
            uniqueness,
            collation,
        }
    };
    Ok(rows.iter().map(column).collect())
}

async fn postgres_columns(
    database: &Database,
    table: &str,
) -> Result<(Vec<Column>, Option<u64>), sqlx::Error> {
    let mut statement = database.statement(
        "SELECT a.attname::text, pg_catalog.format_type(a.atttypid, -1), t.typname::text, \
         CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN (a.atttypmod - 4)::text END, \
         COALESCE((SELECT max(CASE WHEN i.indnkeyatts = 1 AND i.indkey[0] = a.attnum \
                                   THEN CASE WHEN i.indisprimary THEN '3' ELSE '2' END \
                                   WHEN i.indisprimary AND a.attnum = ANY (i.indkey) THEN '1' END) \
                   FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid \
                   AND i.indpred IS NULL), '0'), \
         c.reltuples::bigint::text \
         FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
         JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
         WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = ",
    );
    statement.bind("{}::oid ORDER BY a.attnum", table);
    let rows = database.rows(&statement).await?;
    let column = |row: &Columns| Column {
        name: row.text(0),
        cast: row.text(1),
        kind: match row.text(2).as_str() {
            "bytea" => ColumnKind::Binary,
            "text" | "varchar" | "bpchar" | "citext" | "name" => ColumnKind::Text,
            "float4" | "float8" => ColumnKind::Approximate,
            _ => ColumnKind::Other,
        },
        longest: row.text(3).parse().ok(),
        uniqueness: match row.text(4).as_str() {
            "3" => Uniqueness::PrimaryKey,
            "2" => Uniqueness::Unique,
            "1" => Uniqueness::PartOfPrimaryKey,
            _ => Uniqueness::None,
        },
        collation: None,
    };
    let estimated = rows.first().and_then(|row| row.text(5).parse().ok());
    Ok((rows.iter().map(column).collect(), estimated))
}

async fn mysql_columns(
    database: &Database,
    schema: &str,
    table: &str,
) -> Result<(Vec<Column>, Option<u64>), sqlx::Error> {
    let mut statement = database.statement(
        "SELECT CAST(c.column_name AS CHAR), CAST(c.data_type AS CHAR), CAST(c.column_type AS CHAR), \
         CAST(c.character_maximum_length AS CHAR), CAST((SELECT MAX(CASE WHEN u.parts > 1 AND u.name <> 'PRIMARY' THEN 0 \
         WHEN u.parts > 1 THEN 1 WHEN u.name <> 'PRIMARY' THEN 2 ELSE 3 END) \
         FROM (SELECT s.index_name AS name, COUNT(*) AS parts, GROUP_CONCAT(s.column_name SEPARATOR '/') AS names \
         FROM information_schema.statistics s WHERE s.non_unique = 0 AND s.table_schema = ",
    );
    statement.bind("{} AND s.table_name = ", schema);
    statement.bind(
        "{} GROUP BY s.index_name HAVING SUM(s.sub_part IS NOT NULL) = 0) u WHERE FIND_IN_SET(c.column_name, REPLACE(u.names, '/', ',')) > 0) AS CHAR), \
         CAST(t.table_rows AS CHAR) \
         FROM information_schema.columns c JOIN information_schema.tables t \
         ON t.table_schema = c.table_schema AND t.table_name = c.table_name WHERE c.table_schema = ",
        table,
    );
    statement.bind("{} AND c.table_name = ", schema);
    statement.bind("{} ORDER BY c.ordinal_position", table);
    let rows = database.rows(&statement).await?;
    let column = |row: &Columns| {
        let (data_type, column_type) = (row.text(1).to_lowercase(), row.text(2).to_lowercase());
        let is_integer = data_type.ends_with("int");
        Column {
            name: row.text(0),
            cast: match data_type.as_str() {
                _ if is_integer && column_type.contains("unsigned") => "UNSIGNED".to_owned(),
                _ if is_integer => "SIGNED".to_owned(),
                // Without its digits, `decimal(20,0) unsigned`, they would be compared as doubles.
                "decimal" => column_type.split(' ').next().unwrap_or_default().to_owned(),
                _ => String::new(),
            },
            kind: match data_type.as_str() {
                "float" | "double" | "bit" => ColumnKind::Approximate,
                binary if binary.contains("binary") || binary.contains("blob") => {
                    ColumnKind::Binary
                }
                text if text.contains("char") || text.contains("text") => ColumnKind::Text,
                _ => ColumnKind::Other,
            },
            longest: row.text(3).parse().ok(),
            uniqueness: match row.text(4).as_str() {
                "3" => Uniqueness::PrimaryKey,
                "2" => Uniqueness::Unique,
                "1" => Uniqueness::PartOfPrimaryKey,
                _ => Uniqueness::None,
            },
            collation: None,
        }
    };
    let estimated = rows.first().and_then(|row| row.text(5).parse().ok());
    Ok((rows.iter().map(column).collect(), estimated))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_table_may_have_a_schema_and_quotes() {
        for (name, schema, table) in [
            ("users", None, "users"),
            ("app.users", Some("app"), "users"),
            ("\"my.app\".\"Users of it\"", Some("my.app"), "Users of it"),
        ] {
            let parsed = TableName::parse(name).unwrap();
            assert_eq!(
                (parsed.schema.as_deref(), parsed.table.as_str()),
                (schema, table)
            );
        }
        for name in ["", "app.", ".users", "a.b.c", "\"users"] {
            assert!(TableName::parse(name).is_none(), "{name}");
        }
    }
}
