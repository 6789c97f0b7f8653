//! [`SidecarLock`]: one writer at a time.
//!
//! The file itself is replaced, so the lock is on a file beside it. Whoever holds the lock removes
//! that file when done; whoever gets a lock checks that the file is still the one of that name.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use super::error::SafeFileError;
use super::sibling;

/// What the file beside one is called after.
const LOCK: &str = "keyward-lock";

/// The exclusive lock that goes with one file; released and removed when dropped.
pub(super) struct SidecarLock {
    path: PathBuf,
    file: File,
}

impl SidecarLock {
    /// Whether somebody holds the lock of the file at `path`, or was killed while holding it.
    #[cfg(feature = "wso2")]
    pub(super) fn is_there(path: &Path) -> Result<bool, SafeFileError> {
        Ok(sibling(path, LOCK)?.exists())
    }

    /// Waits until the lock of the file at `path` is free.
    pub(super) fn acquire(path: &Path) -> Result<Self, SafeFileError> {
        let path = sibling(path, LOCK)?;
        let of_step = |reason| SafeFileError::step("lock the file", &path, reason);
        loop {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(false);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let file = options.open(&path).map_err(of_step)?;
            file.lock().map_err(of_step)?;
            if is_still_at(&file, &path) {
                return Ok(Self { path, file });
            }
        }
    }
}

impl Drop for SidecarLock {
    fn drop(&mut self) {
        // Windows does not let an open file go; there it stays behind, empty.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
        let _ = self.file.unlock();
    }
}

#[cfg(unix)]
fn is_still_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(locked), Ok(named)) => identity(locked) == identity(named),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_still_at(_file: &File, _path: &Path) -> bool {
    true
}
