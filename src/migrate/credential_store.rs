//! [`CredentialStore`]: where stored passwords live, as the engine sees it.
//!
//! ```text
//! page(after) ──> Page { credentials, end } ──> hash ──> replace(changes) ──> finish(page) ──> page(end) … ──> complete()
//! of_user(user) ──> the credentials of one user, for a login
//! ```
//! A change is a compare-and-swap: it is done only where the old value still stands, so that a user who changes the
//! password meanwhile wins. A store that is replaced as a whole (a file) may hold changes back until many are there.

use std::borrow::Cow;
use std::fmt;

use super::MigrateError;
use crate::Secret;

/// Where stored passwords live.
pub trait CredentialStore: Send + Sync {
    /// What messages call it: a path, or a URL without its password.
    fn name(&self) -> String;

    /// The first page, or the one after another's end; none when all were seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError>;

    /// The stored passwords of one user; none if there is no such user.
    ///
    /// # Errors
    /// When the store cannot be read, or there are several such users.
    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError>;

    /// The name by which the user of a credential logs in: [`Credential::user`], unless that is a DN.
    fn login_name<'c>(&self, credential: &'c Credential) -> Cow<'c, str> {
        Cow::Borrowed(&credential.user)
    }

    /// Whether [`Self::replace`] may hold changes back until [`Self::complete`].
    fn holds_back(&self) -> bool {
        false
    }

    /// Replaces each value that still stands. What became of each is told in the order of the changes.
    ///
    /// # Errors
    /// When the store cannot be changed; then a change is done or not, and a second run goes on.
    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError>;

    /// How many credentials there are, where that is told more quickly than by all pages.
    ///
    /// # Errors
    /// When the store cannot be read.
    fn count(&self) -> Result<Option<u64>, MigrateError> {
        Ok(None)
    }

    /// Adds a user with this stored text, unless there is one of that name.
    ///
    /// # Errors
    /// When the store cannot be changed, or users cannot be added to it: those of a file have more than a password.
    fn insert(&self, user: &str, stored: &Secret) -> Result<Inserted, MigrateError> {
        let _ = (user, stored);
        Err(MigrateError::Store {
            store: self.name(),
            reason: "users cannot be added to it. Add the user without a password, or with the pending one".to_owned(),
        })
    }

    /// All that was to be done with a page is done.
    ///
    /// # Errors
    /// When the store cannot be changed.
    fn finish(&self, page: &Page) -> Result<(), MigrateError> {
        let _ = page;
        Ok(())
    }

    /// No more changes come: those that were held back are stored. How many of these found another value.
    ///
    /// # Errors
    /// When the store cannot be changed.
    fn complete(&self) -> Result<u64, MigrateError> {
        Ok(0)
    }
}

/// Where a credential is in its store: a line, a key, a DN. Its text is for messages, too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(pub String);

/// A stored password.
pub struct Credential {
    /// Where it is.
    pub place: Place,
    /// Whose it is: the user's name or DN, as the store has it.
    pub user: String,
    /// The stored text, as [`crate::password::Conventions`] read it: of Keycloak's columns
    /// [`crate::password::keycloak_row`].
    pub stored: Secret,
}

/// Some credentials, in the order of the store.
pub struct Page {
    /// The credentials. There may be none, though others follow.
    pub credentials: Vec<Credential>,
    /// After it the next page begins.
    pub end: Place,
}

/// A new value for a stored one.
pub struct Change<'a> {
    /// What is to be replaced, if it still stands so.
    pub credential: &'a Credential,
    /// The new stored text.
    pub new: Secret,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// The new value is stored, or will be when the store is complete.
    Done,
    /// Another value stands there by now, or none.
    ChangedMeanwhile,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What became of a new user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// The user is there now.
    Done,
    /// There is one of that name by now.
    AlreadyThere,
}
