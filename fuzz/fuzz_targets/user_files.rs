//! Files of many users: LDIF and CSV. What a row says of its bytes has to be so.
#![no_main]

use std::path::Path;

use keyward::document::{Csv, Ldif, Row, RowError, Wanted};
use libfuzzer_sys::fuzz_target;

const WANTED: Wanted<'static> = Wanted {
    names: &["username"],
    values: &["userPassword", "password"],
};

fuzz_target!(|text: &[u8]| {
    check(text, Ldif::new(Path::new("x.ldif"), text, WANTED));
    check(text, Csv::new(Path::new("x.csv"), text, WANTED));
});

/// Spans lie in the file, one after the other.
fn check(text: &[u8], rows: impl Iterator<Item = Result<Row, RowError>>) {
    let mut line = 0;
    for row in rows {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                return;
            }
        };
        assert!(row.line > line);
        line = row.line;
        for field in &row.fields {
            assert!(field.span.start <= field.span.end);
            assert!(field.span.end <= text.len() as u64);
            assert!(field.line >= row.line);
        }
    }
}
