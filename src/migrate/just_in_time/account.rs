//! [`Account`]: one user of a store, as the store itself calls it.
//!
//! What is typed is not the user: a directory finds `jane` for `Jane`, `jane ` and `uid=jane,ou=people`, a database by its
//! collation. So the store's own name is what the target is asked about, and the place is what attempts are counted by.

use super::super::{Credential, CredentialStore, MigrateError};

/// One user of a store, with one stored password at least.
pub struct Account {
    /// The name by which the user logs in there.
    pub name: String,
    /// What tells the user from every other, whatever was typed.
    pub key: String,
    /// The stored passwords.
    pub credentials: Vec<Credential>,
}

impl Account {
    /// The user whom `store` finds by what was typed, if there is one.
    ///
    /// # Errors
    /// When the store cannot be read, or there are several such users.
    pub fn find(store: &dyn CredentialStore, typed: &str) -> Result<Option<Self>, MigrateError> {
        let credentials = store.of_user(typed)?;
        let Some(first) = credentials.first() else {
            return Ok(None);
        };
        Ok(Some(Self {
            name: store.login_name(first).into_owned(),
            key: format!("{}\n{}", store.name(), first.place),
            credentials,
        }))
    }
}

/// A name as most stores compare it: capitals and blanks make no difference.
pub(super) fn folded(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
