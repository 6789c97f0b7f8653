//! What is read of a table: pages in the order of its ids, and the rows of one user.

use super::address::DatabaseKind;
use super::database::Columns;
use super::layout::{Filters, Layout};
use super::statement::Statement;
use crate::migrate::{Credential, Place};

/// Rows between two ids: behind the one, up to the other, which belongs to it.
#[derive(Clone, Copy, Default)]
pub(super) struct Span<'a> {
    pub(super) after: Option<&'a str>,
    pub(super) until: Option<&'a str>,
}

impl Layout {
    /// The first rows of a span.
    pub(super) fn page(&self, span: Span<'_>, rows: usize) -> Statement {
        let mut statement = self.select();
        let mut word = self.push_filters(&mut statement, "WHERE", Filters::All);
        let bounds = [(span.after, ">"), (span.until, "<=")];
        for (bound, sign) in bounds {
            if let Some(bound) = bound {
                statement.push(&format!(" {word} {} {sign} ", self.id.column));
                statement.bind(&self.id.bind, bound);
                word = "AND";
            }
        }
        for value in &self.values {
            statement.push(&format!(" {word} k.{} IS NOT NULL", value.quoted));
            word = "AND";
        }
        statement.push(&format!(" ORDER BY {} LIMIT {rows}", self.id.column));
        statement
    }

    /// The rows of one user.
    pub(super) fn of_user(&self, user: &str) -> Statement {
        let mut statement = self.select();
        let word = self.push_filters(&mut statement, "WHERE", Filters::All);
        statement.push(&format!(" {word} {} = ", self.user.column));
        statement.bind(&self.user.bind, user);
        for value in &self.values {
            statement.push(&format!(" AND k.{} IS NOT NULL", value.quoted));
        }
        statement.push(&format!(" ORDER BY {}", self.id.column));
        statement
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> Statement {
        let number = match self.kind {
            DatabaseKind::Postgres => "count(*)::text",
            DatabaseKind::Sqlite => "CAST(count(*) AS TEXT)",
            DatabaseKind::Mysql => "CAST(count(*) AS CHAR)",
        };
        let text = format!("SELECT {number} FROM {}", self.from);
        let mut statement = Statement::new(self.kind, text);
        let mut word = self.push_filters(&mut statement, "WHERE", Filters::All);
        for value in &self.values {
            statement.push(&format!(" {word} k.{} IS NOT NULL", value.quoted));
            word = "AND";
        }
        statement
    }

    fn select(&self) -> Statement {
        let values = self.values.iter().map(|value| value.read.as_str());
        let beside = self.beside.iter().map(String::as_str);
        let columns = [self.id.read.as_str(), &self.user.read, &self.user.owner];
        let columns: Vec<&str> = columns.into_iter().chain(values).chain(beside).collect();
        let text = format!("SELECT {} FROM {}", columns.join(", "), self.from);
        Statement::new(self.kind, text)
    }

    /// The credential of a row.
    pub(super) fn credential(&self, row: &Columns) -> Credential {
        let count = self.values.len() + self.beside.len();
        let values: Vec<&[u8]> = (3..3 + count).map_while(|index| row.bytes(index)).collect();
        Credential {
            place: Place(row.text(0)),
            user: row.text(1),
            stored: self.stored.stored(&values),
        }
    }

    /// Whose a row is, where names do not tell it.
    pub(super) fn owner(row: &Columns) -> String {
        row.text(2)
    }
}
