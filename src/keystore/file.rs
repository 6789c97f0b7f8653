//! [`KeystoreFile`]: a keystore on disk.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use super::Keystore;
use super::error::KeystoreError;
use super::store_type::StoreType;
use crate::Secret;
use crate::safe_file::{FileEdit, LARGEST, SafeFileError};

/// A keystore on disk, by its path. Nothing is kept open.
#[derive(Debug, Clone, Copy)]
pub struct KeystoreFile<'a> {
    path: &'a Path,
}

/// Why a keystore file cannot be read or written. Every message begins with the path.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeystoreFileError {
    /// There is no file of that name.
    #[error("{}: the keystore file does not exist. Check the path", path.display())]
    Missing {
        /// The keystore file.
        path: PathBuf,
    },
    /// The system does not let the file be read.
    #[error("{}: cannot read the keystore: {reason}", path.display())]
    Unreadable {
        /// The keystore file.
        path: PathBuf,
        /// What the system said.
        reason: io::Error,
    },
    /// The file is larger than any keystore.
    #[error("{}: is larger than {LARGEST} bytes, too large for a keystore. Is it the right file?", path.display())]
    TooLarge {
        /// The keystore file.
        path: PathBuf,
    },
    /// The file can be read, but not used, or not changed as asked.
    #[error("{}: {error}", path.display())]
    Keystore {
        /// The keystore file.
        path: PathBuf,
        /// What is wrong.
        error: KeystoreError,
    },
    /// A new keystore would take the place of something.
    #[error("{}: exists already: choose another name, or move it away", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// What was written to the temporary file is not what it should be; the old file was left.
    #[error("{}: nothing was changed: {error}", path.display())]
    NotWrittenRight {
        /// The keystore file.
        path: PathBuf,
        /// What is wrong with the new file.
        error: KeystoreError,
    },
    /// The file cannot be replaced safely; the old file was left.
    #[error(transparent)]
    Replace(#[from] SafeFileError),
}

impl<'a> KeystoreFile<'a> {
    /// The keystore at `path`, whether it exists or not.
    #[must_use]
    pub fn at(path: &'a Path) -> Self {
        Self { path }
    }

    /// Reads and opens it.
    ///
    /// # Errors
    /// When the file is missing, cannot be read, is no keystore, or the password is wrong.
    pub fn open(self, password: &Secret) -> Result<Keystore, KeystoreFileError> {
        let bytes = self.read()?;
        Keystore::open(&bytes, password).map_err(|error| self.of_keystore(error))
    }

    /// Reads the bytes of the file.
    ///
    /// # Errors
    /// When the file is missing, cannot be read, or is larger than 256 MiB.
    pub fn read(self) -> Result<Zeroizing<Vec<u8>>, KeystoreFileError> {
        let path = || self.path.to_owned();
        let unreadable = |reason: io::Error| match reason.kind() {
            io::ErrorKind::NotFound => KeystoreFileError::Missing { path: path() },
            _ => KeystoreFileError::Unreadable {
                path: path(),
                reason,
            },
        };
        let file = File::open(self.path).map_err(unreadable)?;
        let length = file.metadata().map_err(unreadable)?.len();
        if length > LARGEST {
            return Err(KeystoreFileError::TooLarge { path: path() });
        }
        let capacity = usize::try_from(length).unwrap_or(0);
        let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
        file.take(LARGEST)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Ok(bytes)
    }

    /// Opens it, lets `change` edit it and replaces the file, all under one lock. What was written
    /// is read back and compared before it takes the place of the old file.
    ///
    /// # Errors
    /// As [`Self::open`], those of `change`, and when the file cannot be replaced. In each case
    /// the old file stays as it was.
    pub fn edit<T>(
        self,
        password: &Secret,
        change: impl FnOnce(&mut Keystore) -> Result<T, KeystoreError>,
    ) -> Result<T, KeystoreFileError> {
        let edit = FileEdit::begin(self.path)?;
        let Some(bytes) = edit.current() else {
            return Err(KeystoreFileError::Missing {
                path: self.path.to_owned(),
            });
        };
        let store = Keystore::open(bytes, password).map_err(|error| self.of_keystore(error))?;
        self.change_and_commit(edit, store, change)
    }

    /// As [`Self::edit`]; where there is no file yet, a new store of `store_type` is made, readable
    /// by its owner alone.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn edit_or_create<T>(
        self,
        store_type: StoreType,
        password: &Secret,
        change: impl FnOnce(&mut Keystore) -> Result<T, KeystoreError>,
    ) -> Result<T, KeystoreFileError> {
        let edit = FileEdit::begin(self.path)?;
        let store = match edit.current() {
            Some(bytes) => Keystore::open(bytes, password),
            None => Keystore::new(store_type, password),
        };
        let store = store.map_err(|error| self.of_keystore(error))?;
        self.change_and_commit(edit, store, change)
    }

    /// Writes `store` to a file that does not exist yet, readable by its owner alone. What was
    /// written is read back and compared.
    ///
    /// # Errors
    /// When there is something of that name, or the file cannot be written.
    pub fn create(self, store: &Keystore) -> Result<(), KeystoreFileError> {
        let edit = FileEdit::begin(self.path)?;
        if edit.current().is_some() {
            return Err(KeystoreFileError::Exists {
                path: self.path.to_owned(),
            });
        }
        self.commit(edit, store)
    }

    fn change_and_commit<T>(
        self,
        edit: FileEdit,
        mut store: Keystore,
        change: impl FnOnce(&mut Keystore) -> Result<T, KeystoreError>,
    ) -> Result<T, KeystoreFileError> {
        let outcome = change(&mut store).map_err(|error| self.of_keystore(error))?;
        self.commit(edit, &store)?;
        Ok(outcome)
    }

    fn commit(self, edit: FileEdit, store: &Keystore) -> Result<(), KeystoreFileError> {
        let bytes = Zeroizing::new(store.to_bytes());
        edit.commit(&bytes, |written| {
            store
                .verify_written(written)
                .map_err(|error| KeystoreFileError::NotWrittenRight {
                    path: self.path.to_owned(),
                    error,
                })
        })
    }

    fn of_keystore(self, error: KeystoreError) -> KeystoreFileError {
        KeystoreFileError::Keystore {
            path: self.path.to_owned(),
            error,
        }
    }
}
