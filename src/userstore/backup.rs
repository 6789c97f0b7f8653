//! A copy of a user store as it was.

use std::fs;
use std::path::Path;

use super::error::UserStoreError;
use crate::safe_file::FileEdit;

/// Keeps `bytes` at `path`, in folders that are made for it. What is there already must be the same: it may be what a run
/// that was ended has kept.
pub(super) fn keep(path: &Path, bytes: &[u8]) -> Result<(), UserStoreError> {
    make_folder_of(path)?;
    let edit = FileEdit::begin(path)?;
    match edit.current() {
        Some(kept) if kept == bytes => Ok(()),
        Some(_) => Err(UserStoreError::OtherBackup {
            path: path.to_owned(),
        }),
        None => edit.commit(bytes, |_| Ok(())),
    }
}

/// Makes the folder that `path` is in, for its owner alone.
pub(super) fn make_folder_of(path: &Path) -> Result<(), UserStoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|reason| UserStoreError::NoFolder {
            path: folder.to_owned(),
            reason,
        })
}
