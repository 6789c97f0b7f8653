//! The statement that makes a column long enough, and leaves all else of it as it is.
//!
//! PostgreSQL keeps what is not named, but the collation. MySQL's `MODIFY` takes a whole definition: that of
//! `SHOW CREATE TABLE`, with another length.

use super::address::DatabaseKind;
use super::database::Database;
use super::layout::Layout;

/// Long enough for every function, and a pepper.
const LENGTH: usize = 500;
/// A longer `char` is refused by MySQL.
const LONGEST_CHAR: usize = 255;

impl Layout {
    /// For values of `needed` characters; none where the statement is not known.
    pub(super) async fn longer(
        &self,
        database: &Database,
        column: &str,
        needed: usize,
    ) -> Result<Option<String>, sqlx::Error> {
        let (table, quoted) = (self.table.quoted(self.kind), self.kind.quoted(column));
        let length = needed.max(LENGTH);
        match self.kind {
            DatabaseKind::Sqlite => Ok(None),
            DatabaseKind::Postgres => {
                let mut collation = database.statement(
                    "SELECT pg_catalog.format(' COLLATE %I.%I', n.nspname, c.collname) FROM pg_catalog.pg_attribute a \
                     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid JOIN pg_catalog.pg_collation c ON c.oid = a.attcollation \
                     JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace \
                     WHERE a.attcollation <> t.typcollation AND a.attrelid = ",
                );
                collation.bind("{}::regclass AND a.attname = ", &table);
                collation.bind("{}", column);
                let collation = database.rows(&collation).await?;
                let collation = collation.first().map(|row| row.text(0)).unwrap_or_default();
                Ok(Some(format!(
                    "ALTER TABLE {table} ALTER COLUMN {quoted} TYPE varchar({length}){collation}"
                )))
            }
            DatabaseKind::Mysql => {
                let shown = database.statement(format!("SHOW CREATE TABLE {table}"));
                let shown = database.rows(&shown).await?;
                let shown = shown.first().map(|row| row.text(1)).unwrap_or_default();
                let definition = longer_definition(&shown, &quoted, length);
                Ok(definition
                    .map(|definition| format!("ALTER TABLE {table} MODIFY {quoted} {definition}")))
            }
        }
    }
}

/// The definition of a column in MySQL's statement of its table, with another length.
fn longer_definition(table: &str, quoted: &str, length: usize) -> Option<String> {
    let mut lines = table.lines().map(str::trim_start);
    let definition = lines.find_map(|line| line.strip_prefix(quoted)?.strip_prefix(' '))?;
    let definition = definition.strip_suffix(',').unwrap_or(definition);
    let end = definition.find(' ').unwrap_or(definition.len());
    let (kind, rest) = definition.split_at(end);
    let kind = match kind.split_once('(').map_or(kind, |(kind, _)| kind) {
        "tinytext" => "text".to_owned(),
        "tinyblob" => "blob".to_owned(),
        "char" if length > LONGEST_CHAR => format!("varchar({length})"),
        "binary" if length > LONGEST_CHAR => format!("varbinary({length})"),
        kind @ ("char" | "varchar" | "binary" | "varbinary") => format!("{kind}({length})"),
        _ => return None,
    };
    Some(kind + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_keeps_all_but_its_length() {
        let table = "CREATE TABLE `users` (\n  `a` int(11) NOT NULL,\n  `pass word` varchar(60) CHARACTER SET ascii COLLATE ascii_bin \
                     NOT NULL DEFAULT 'a (60)' COMMENT 'x,y',\n  `b` char(60) DEFAULT NULL,\n  `c` tinytext,\n  PRIMARY KEY (`a`)\n) ENGINE=InnoDB";
        for (column, expected) in [
            (
                "`pass word`",
                Some(
                    "varchar(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'a (60)' COMMENT 'x,y'",
                ),
            ),
            ("`b`", Some("varchar(500) DEFAULT NULL")),
            ("`c`", Some("text")),
            ("`a`", None),
            ("`d`", None),
        ] {
            assert_eq!(
                longer_definition(table, column, 500).as_deref(),
                expected,
                "{column}"
            );
        }
    }
}
