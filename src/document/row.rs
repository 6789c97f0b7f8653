//! [`Row`]: one user of a file of many, with the values that were asked for and where they stand.

use std::ops::Range;

use crate::Secret;

/// An entry of an LDIF file, a record of a CSV file, or a JSON line.
pub struct Row {
    /// The line where it begins; the first is 1.
    pub line: usize,
    /// The DN or the user, as written; empty if it has none.
    pub name: String,
    /// What was asked for, in the order of the file.
    pub fields: Vec<Field>,
}

/// One value.
pub struct Field {
    /// The attribute with its options, the column, or the member, as written.
    pub attribute: String,
    /// The line where it begins; the first is 1.
    pub line: usize,
    /// The value itself, unfolded, unquoted and decoded.
    pub value: Secret,
    /// Where it stands in the file, in bytes: the value as it is written, with its quotes; in LDIF with the colons
    /// before it, since they say how it is written, and without the last line end.
    pub span: Range<u64>,
}

impl Field {
    /// The attribute without options: `userPassword` of `userPassword;x-old`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.attribute
            .split_once(';')
            .map_or(self.attribute.as_str(), |(name, _)| name)
    }
}

/// What is looked for in a file of users. Case does not matter.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The columns or members that can be the user's name; the first that is there counts. An LDIF entry has its DN.
    pub names: &'a [&'a str],
    /// The attributes, columns or members whose values are asked for.
    pub values: &'a [&'a str],
}

impl Wanted<'_> {
    pub(super) fn has_value(&self, name: &str) -> bool {
        self.values
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case(name))
    }
}
