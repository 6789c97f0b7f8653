//! [`Statement`]: a statement of SQL with what is bound to it. Values are always bound, never written into the text.

use zeroize::Zeroizing;

use super::address::DatabaseKind;

/// A text that the driver sends beside the statement.
pub(super) enum Bound {
    Text(Zeroizing<String>),
    /// An array: PostgreSQL alone has them.
    Texts(Vec<Zeroizing<String>>),
}

/// Text and bound values. All values are texts; the statement casts them.
pub(super) struct Statement {
    kind: DatabaseKind,
    pub(super) text: String,
    pub(super) bound: Vec<Bound>,
}

impl Statement {
    pub(super) fn new(kind: DatabaseKind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            bound: Vec::new(),
        }
    }

    /// More of the text.
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A value, in an expression such as `CAST({} AS uuid)`, in which `{}` is its place.
    pub(super) fn bind(&mut self, expression: &str, value: &str) -> &mut Self {
        self.bound
            .push(Bound::Text(Zeroizing::new(value.to_owned())));
        self.push_expression(expression)
    }

    /// An array in an expression.
    pub(super) fn bind_all(
        &mut self,
        expression: &str,
        values: Vec<Zeroizing<String>>,
    ) -> &mut Self {
        self.bound.push(Bound::Texts(values));
        self.push_expression(expression)
    }

    fn push_expression(&mut self, expression: &str) -> &mut Self {
        let place = match (self.kind, self.bound.last()) {
            (DatabaseKind::Postgres, Some(Bound::Texts(_))) => {
                format!("${}::text[]", self.bound.len())
            }
            (DatabaseKind::Postgres, _) => format!("${}::text", self.bound.len()),
            (DatabaseKind::Sqlite | DatabaseKind::Mysql, _) => "?".to_owned(),
        };
        self.push(&expression.replace("{}", &place))
    }
}
