//! [`FileOutcome`]: what became of one user store, and of each encrypted property in it.

use std::path::PathBuf;

use super::error::{CiphertextError, UserStoreError};
use super::location::Tenant;

/// What became of a user store.
#[derive(Debug)]
pub struct FileOutcome {
    /// Whose it is.
    pub tenant: Tenant,
    /// The user store.
    pub path: PathBuf,
    /// What was done with the file.
    pub state: FileState,
    /// Its encrypted properties in the order of the file; none where it could not be read.
    pub properties: Vec<PropertyOutcome>,
}

/// What was done with a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum FileState {
    /// It was written, here.
    Written(PathBuf),
    /// It would have been written.
    WouldBeWritten,
    /// There was nothing to change.
    Unchanged,
    /// It has another extension than `xml`.
    Skipped,
    /// The path is the folder of a tenant's user stores, and there is none.
    NoFolder,
    /// It was left as it was, since something is wrong.
    Failed(UserStoreError),
}

/// What became of an encrypted property.
#[derive(Debug)]
pub struct PropertyOutcome {
    /// Its name.
    pub name: String,
    /// Its line in the file; the first is 1.
    pub line: usize,
    /// What became of its value.
    pub state: PropertyState,
}

/// What became of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PropertyState {
    /// It is under the target key now, or would be.
    Reencrypted,
    /// It was under the target key already.
    UnderTarget,
    /// There is no value.
    Empty,
    /// The server takes the value from elsewhere; this is the reference.
    Reference(String),
    /// It was left as it was, since it cannot be read.
    Unreadable(CiphertextError),
}

impl FileOutcome {
    /// Whether the file, or a value in it, could not be dealt with.
    #[must_use]
    pub fn has_failed(&self) -> bool {
        let unreadable =
            |property: &PropertyOutcome| matches!(property.state, PropertyState::Unreadable(_));
        matches!(self.state, FileState::Failed(_)) || self.properties.iter().any(unreadable)
    }

    /// How many of its properties `is` true of.
    #[must_use]
    pub fn count(&self, is: impl Fn(&PropertyState) -> bool) -> usize {
        self.properties
            .iter()
            .filter(|property| is(&property.state))
            .count()
    }
}
