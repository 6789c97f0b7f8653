//! [`RealmFile`]: the stored passwords in one file of a realm export, and where their bytes are.
//!
//! ```text
//! { "realm": …, "users": [ { "username": …, "credentials": [
//!     { "type": "password", "secretData": "{\"value\":…}", "credentialData": "{\"hashIterations\":…}" }, … ] }, … ],
//!   "federatedUsers": [ … ] }                                          or a list of such objects, a realm each
//! ```
//! The columns are strings that hold JSON. Source: Keycloak's `RealmRepresentation`, `UserRepresentation` and
//! `CredentialRepresentation`.

use std::ops::Range;

use serde::Deserialize;
use serde_json::error::Category;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::Secret;
use crate::password::{keycloak_columns, keycloak_row};

/// The stored passwords of a file, in its order.
pub(super) struct RealmFile {
    pub(super) passwords: Vec<StoredPassword>,
}

/// One stored password.
pub(super) struct StoredPassword {
    /// Name of the realm, where the file has it.
    pub(super) realm: Option<String>,
    pub(super) user: String,
    start: usize,
    /// Where its object begins, counted from one.
    pub(super) line: usize,
    pub(super) column: usize,
    /// The row of both columns.
    pub(super) stored: Secret,
    columns: Option<Columns>,
}

/// Where the strings of both columns are, quotes included.
struct Columns {
    credential_data: Range<usize>,
    secret_data: Range<usize>,
}

/// Why a file is not read, and its line.
pub(super) struct Malformed {
    pub(super) line: usize,
    pub(super) reason: &'static str,
}

#[derive(Deserialize)]
struct Realm<'a> {
    #[serde(rename = "realm")]
    name: Option<String>,
    #[serde(borrow)]
    users: Option<Vec<User<'a>>>,
    #[serde(borrow, rename = "federatedUsers")]
    federated_users: Option<Vec<User<'a>>>,
}

#[derive(Deserialize)]
struct User<'a> {
    username: Option<String>,
    id: Option<String>,
    #[serde(borrow)]
    credentials: Option<Vec<&'a RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PasswordObject<'a> {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(borrow)]
    credential_data: Option<&'a RawValue>,
    #[serde(borrow)]
    secret_data: Option<&'a RawValue>,
}

impl RealmFile {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let realms: Vec<Realm<'_>> = match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'[') => serde_json::from_slice(bytes),
            _ => serde_json::from_slice(bytes).map(|realm| vec![realm]),
        }
        .map_err(|error| malformed(&error))?;
        let mut passwords = Vec::new();
        for realm in realms {
            let users = [realm.users, realm.federated_users];
            for user in users.into_iter().flatten().flatten() {
                let name = user.username.or(user.id).unwrap_or_default();
                for object in user.credentials.into_iter().flatten() {
                    let password = StoredPassword::of(object, &name, bytes)?;
                    passwords.extend(password.map(|password| StoredPassword {
                        realm: realm.name.clone(),
                        ..password
                    }));
                }
            }
        }
        passwords.sort_by_key(|password| password.start);
        number_lines(&mut passwords, bytes);
        Ok(Self { passwords })
    }

    /// The bytes of the file with other rows in place of some, each told by its index, in rising order.
    pub(super) fn with_rows(
        &self,
        bytes: &[u8],
        rows: &[(usize, &Secret)],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let mut strings = Vec::with_capacity(2 * rows.len());
        for (index, row) in rows {
            let places = self.passwords.get(*index)?.columns.as_ref()?;
            let [credential_data, secret_data] = keycloak_columns(row.expose_text().ok()?)?;
            strings.push((
                places.credential_data.clone(),
                json_string(&credential_data)?,
            ));
            strings.push((places.secret_data.clone(), json_string(&secret_data)?));
        }
        strings.sort_by_key(|(place, _)| place.start);
        let length: usize = strings.iter().map(|(_, string)| string.len()).sum();
        let mut new = Zeroizing::new(Vec::with_capacity(bytes.len() + length));
        let mut at = 0;
        for (place, string) in &strings {
            new.extend_from_slice(bytes.get(at..place.start)?);
            new.extend_from_slice(string.as_bytes());
            at = place.end;
        }
        new.extend_from_slice(bytes.get(at..)?);
        Some(new)
    }
}

impl StoredPassword {
    /// What the object of a credential holds; none if it is no password.
    fn of(object: &RawValue, user: &str, bytes: &[u8]) -> Result<Option<Self>, Malformed> {
        let start = span(object, bytes).start;
        let credential: PasswordObject<'_> =
            serde_json::from_str(object.get()).map_err(|error| {
                let before = bytes[..start].iter().filter(|byte| **byte == b'\n');
                let Malformed { line, reason } = malformed(&error);
                let line = line + before.count();
                Malformed { line, reason }
            })?;
        if credential.kind.as_deref() != Some("password") {
            return Ok(None);
        }
        let (row, columns) = credential.row(bytes);
        Ok(Some(Self {
            realm: None,
            user: user.to_owned(),
            start,
            line: 1,
            column: 1,
            stored: Secret::new(row.into_bytes()),
            columns,
        }))
    }
}

impl PasswordObject<'_> {
    fn row(&self, bytes: &[u8]) -> (String, Option<Columns>) {
        let of = |column: Option<&RawValue>| {
            let column = column?;
            let text: Zeroizing<String> = Zeroizing::new(serde_json::from_str(column.get()).ok()?);
            Some((text, span(column, bytes)))
        };
        match (of(self.credential_data), of(self.secret_data)) {
            (Some((credential, credential_data)), Some((secret, secret_data))) => {
                let columns = Columns {
                    credential_data,
                    secret_data,
                };
                (keycloak_row(&credential, &secret), Some(columns))
            }
            // As versions before 8 wrote them, or a password in clear: no scheme reads it.
            _ => ("no credentialData and secretData".to_owned(), None),
        }
    }
}

/// Where a value that was borrowed from `bytes` is in them.
fn span(value: &RawValue, bytes: &[u8]) -> Range<usize> {
    let start = value.get().as_ptr() as usize - bytes.as_ptr() as usize;
    start..start + value.get().len()
}

/// Lines and columns, counted once from the beginning to the end.
fn number_lines(passwords: &mut [StoredPassword], bytes: &[u8]) {
    let (mut at, mut line, mut start_of_line) = (0, 1, 0);
    for password in passwords {
        let start = password.start;
        while let Some(offset) = bytes[at..start.max(at)]
            .iter()
            .position(|byte| *byte == b'\n')
        {
            at += offset + 1;
            start_of_line = at;
            line += 1;
        }
        at = at.max(start);
        password.line = line;
        password.column = start - start_of_line + 1;
    }
}

/// The reader's own message could quote a value.
fn malformed(error: &serde_json::Error) -> Malformed {
    Malformed {
        line: error.line(),
        reason: match error.classify() {
            Category::Syntax => "it is not JSON",
            Category::Eof => "the file ends in the middle of its JSON",
            Category::Data | Category::Io => {
                "its users and credentials are not as Keycloak exports them"
            }
        },
    }
}

fn json_string(text: &str) -> Option<Zeroizing<String>> {
    serde_json::to_string(text).ok().map(Zeroizing::new)
}
