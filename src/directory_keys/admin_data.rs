//! [`KeyEntry`]: an entry below `cn=secret keys,cn=admin data`.
//!
//! ```text
//! ds-cfg-symmetric-key: ID OF AN INSTANCE KEY:TRANSFORMATION:ALGORITHM:HEXADECIMAL DIGITS
//! ```

use std::path::Path;

use super::DirectoryKeysError;
use crate::document::{Field, Ldif, Place, Row, Wanted, open_row_file};
use crate::hexadecimal::of_hexadecimal;
use crate::password::KeyId;

const KEY_ID: &str = "ds-cfg-key-id";
const TRANSFORMATION: &str = "ds-cfg-cipher-transformation-name";
const SYMMETRIC_KEY: &str = "ds-cfg-symmetric-key";

/// A key that passwords may be encrypted under.
pub(super) struct KeyEntry {
    pub(super) id: KeyId,
    /// What it is used for, in Java's words.
    pub(super) transformation: String,
    pub(super) wrapped: Vec<WrappedKey>,
}

/// The key, encrypted for one server.
pub(super) struct WrappedKey {
    /// The ID of that server's instance key.
    pub(super) instance: String,
    /// How it is encrypted.
    pub(super) transformation: String,
    pub(super) bytes: Vec<u8>,
}

/// The cipher keys of the LDIF file at `path`. Instance keys and keys of MACs are left out.
pub(super) fn read(path: &Path) -> Result<Vec<KeyEntry>, DirectoryKeysError> {
    let file = open_row_file(path)?;
    let wanted = Wanted {
        names: &[],
        values: &[KEY_ID, TRANSFORMATION, SYMMETRIC_KEY],
    };
    let mut entries = Vec::new();
    for row in Ldif::new(path, file, wanted) {
        entries.extend(entry(path, &row?)?);
    }
    Ok(entries)
}

fn entry(path: &Path, row: &Row) -> Result<Option<KeyEntry>, DirectoryKeysError> {
    let named = |name: &'static str| {
        let fields = row.fields.iter();
        fields.filter(move |field| field.name().eq_ignore_ascii_case(name))
    };
    let (Some(id), Some(transformation)) = (named(KEY_ID).next(), named(TRANSFORMATION).next())
    else {
        return Ok(None);
    };
    let malformed = |field: &Field, attribute, form| DirectoryKeysError::Malformed {
        at: Place {
            document: path.to_owned(),
            line: field.line,
        },
        attribute,
        form,
    };
    let text = |field: &Field| {
        field
            .value
            .expose_text()
            .map(ToOwned::to_owned)
            .unwrap_or_default()
    };
    let key_id = text(id).parse();
    let key_id = key_id.map_err(|_| malformed(id, KEY_ID, "a UUID"))?;
    let mut wrapped = Vec::new();
    for field in named(SYMMETRIC_KEY) {
        let key = wrapped_key(&text(field));
        wrapped.push(key.ok_or_else(|| {
            malformed(
                field,
                SYMMETRIC_KEY,
                "an ID, a transformation, an algorithm and hexadecimal digits between colons",
            )
        })?);
    }
    Ok(Some(KeyEntry {
        id: key_id,
        transformation: text(transformation),
        wrapped,
    }))
}

fn wrapped_key(text: &str) -> Option<WrappedKey> {
    let fields: Vec<&str> = text.split(':').collect();
    let [instance, transformation, _, digits] = fields.as_slice() else {
        return None;
    };
    Some(WrappedKey {
        instance: (*instance).to_owned(),
        transformation: (*transformation).to_owned(),
        bytes: of_hexadecimal(digits)?,
    })
}

impl WrappedKey {
    pub(super) fn is_oaep_with_sha1(&self) -> bool {
        // OpenDJ's default. Java takes the name in any case.
        self.transformation
            .eq_ignore_ascii_case("RSA/ECB/OAEPWITHSHA-1ANDMGF1PADDING")
    }
}
