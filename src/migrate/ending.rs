//! The end of a just-in-time migration: `ended="…"` in its document, and not a byte beside it changes.

use std::path::Path;

use super::MigrateError;
use crate::document::{EditableDocument, Replacement};
use crate::safe_file::FileEdit;

/// Writes into the document at `path` that the migration was ended at `when` (RFC 3339): no legacy source is asked from then on.
///
/// # Errors
/// When the document cannot be read or replaced; it is as it was then.
pub fn mark_ended(path: &Path, when: &str) -> Result<(), MigrateError> {
    let edit = FileEdit::begin(path)?;
    let Some(bytes) = edit.current() else {
        let path = path.to_owned();
        return Err(MigrateError::Missing { path });
    };
    let document = EditableDocument::parse(path, bytes)?;
    let span = document.root().span.clone();
    let tag = document.raw(span.clone());
    let is_end = |character: char| character.is_whitespace() || "/>".contains(character);
    let name_end = span.start + tag.find(is_end).unwrap_or(tag.len());
    let attribute = Replacement {
        span: name_end..name_end,
        text: format!(" ended=\"{when}\""),
    };
    let new = document.with(&[attribute]);
    edit.commit(&new, |written| {
        let document = EditableDocument::parse(path, written)?;
        let ended = document.root().attribute("ended");
        if ended.is_some_and(|ended| *ended.value == *when) {
            return Ok(());
        }
        let path = path.to_owned();
        Err(MigrateError::NotWrittenRight { path })
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn one_attribute_is_added_and_every_other_byte_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.xml");
        for (before, after) in [
            (
                "<!-- ü --><migration-service\r\n  audit='log'>\n</migration-service>\n",
                "<!-- ü --><migration-service ended=\"2026\"\r\n  audit='log'>\n</migration-service>\n",
            ),
            (
                "<migration-service/>",
                "<migration-service ended=\"2026\"/>",
            ),
        ] {
            fs::write(&path, before).unwrap();
            mark_ended(&path, "2026").unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), after);
        }
        let missing = mark_ended(&folder.path().join("b.xml"), "2026");
        assert!(matches!(missing, Err(MigrateError::Missing { .. })));
    }
}
