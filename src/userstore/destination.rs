//! [`Destination`]: where the new user stores go.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::error::UserStoreError;
use super::location::UserStoreLocations;

/// Where the new user stores go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// In the place of the old ones, which are kept in `backup` first, where there is one.
    InPlace {
        /// A folder for the user stores as they were.
        backup: Option<PathBuf>,
    },
    /// Into this folder; the home stays as it is.
    Copies(PathBuf),
    /// Nowhere: what would be done is said.
    DryRun,
}

impl Destination {
    /// Checks that no copy and no backup would come to lie on, among or around the user stores of `home`.
    ///
    /// # Errors
    /// When the folder is the home itself, holds its user stores, or is in one of their folders.
    pub fn check(&self, home: &Path, locations: &UserStoreLocations) -> Result<(), UserStoreError> {
        let (Self::Copies(folder)
        | Self::InPlace {
            backup: Some(folder),
        }) = self
        else {
            return Ok(());
        };
        let among = || UserStoreError::AmongUserStores {
            path: folder.clone(),
        };
        let canonical_home = canonical(home);
        let canonical_folder = canonical(folder);
        if canonical_folder == canonical_home {
            return Err(among());
        }
        for location in &locations.user_stores {
            let user_store = canonical(&location.path);
            let of_user_stores = location.path.parent().map(canonical).unwrap_or_default();
            let is_within = canonical_folder.starts_with(&of_user_stores);
            let is_around = canonical_folder.starts_with(&canonical_home)
                && user_store.starts_with(&canonical_folder);
            let copy = canonical(&folder.join(path_in_home(home, &location.path)));
            if is_within || is_around || copy == user_store {
                return Err(among());
            }
        }
        Ok(())
    }
}

/// The path that a backup or a copy has below its folder.
pub(super) fn path_in_home<'p>(home: &Path, path: &'p Path) -> &'p Path {
    path.strip_prefix(home).unwrap_or(path)
}

/// The path without symbolic links, as far as it exists.
fn canonical(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut resolved = PathBuf::new();
    for component in path.components() {
        if component == Component::ParentDir {
            resolved.pop();
            continue;
        }
        resolved.push(component);
        if let Ok(real) = fs::canonicalize(&resolved) {
            resolved = real;
        }
    }
    resolved
}
