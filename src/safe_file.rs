//! Replace a file so that the old or the new one survives whatever happens.
//!
//! ```text
//! lock a sidecar file → read and digest the current file → (the caller builds the new bytes)
//! → temporary file beside it, 0600, exclusive → owner, mode, extended attributes of the old file
//! → write, fsync → read back, the caller verifies → is the live file still the one that was read?
//! → exchange the two, or rename → what was exchanged away is looked at once more → fsync the directory
//! ```
//! A full disk, a kill at any point, two writers at once: the old file or the new one is there,
//! whole. Programs that ignore the lock (keytool does) are noticed before the exchange, and just
//! after it: then the two are exchanged back. What a killed run leaves behind is removed by the next
//! one.

mod error;
mod exchange;
mod lock;
mod metadata;
#[cfg(feature = "migrate")]
mod streamed;
mod target;
mod temporary;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

pub use error::SafeFileError;
#[cfg(feature = "migrate")]
pub(crate) use streamed::{NewFile, StreamedEdit};
use target::Target;
use temporary::Temporary;

/// The largest file that is read or edited as a whole, in bytes.
pub(crate) const LARGEST: u64 = 256 * 1024 * 1024;
/// How many symbolic links are followed before they are taken for a circle.
const MOST_LINKS: u32 = 40;

/// One edit of one file, under its lock. Dropping it leaves the file as it was.
pub struct FileEdit {
    target: Target,
    current: Option<Zeroizing<Vec<u8>>>,
}

impl FileEdit {
    /// Waits for the lock of the file at `path` and reads it. Symbolic links are followed, so that
    /// the file is replaced and not the link.
    ///
    /// # Errors
    /// When the directory cannot be written, the file cannot be read or is not a regular file.
    pub fn begin(path: &Path) -> Result<Self, SafeFileError> {
        let mut current = None;
        let target = Target::lock(path, |path| {
            current = read_regular(path)?;
            let digest = |bytes: &Zeroizing<Vec<u8>>| Sha256::digest(bytes.as_slice()).into();
            Ok(current.as_ref().map(digest))
        })?;
        Ok(Self { target, current })
    }

    /// The file's bytes, or `None` where there is no file yet.
    #[must_use]
    pub fn current(&self) -> Option<&[u8]> {
        self.current.as_ref().map(|bytes| bytes.as_slice())
    }

    /// Puts `bytes` into the file's place, after `verify` has accepted what was read back from the
    /// disk.
    ///
    /// # Errors
    /// When anything fails or `verify` refuses; the file is then as it was. When only the last
    /// fsync fails, the new file is in place and the error says so.
    pub fn commit<E: From<SafeFileError>>(
        self,
        bytes: &[u8],
        verify: impl FnOnce(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let temporary = Temporary::create(&self.target.path)?;
        temporary.write(bytes)?;
        temporary.complete(self.target.model())?;
        verify(&temporary.read_back(bytes)?)?;
        self.target.replace_with(temporary)?;
        Ok(())
    }
}

/// Removes what a killed run has left beside the file at `path`, where no edit follows that would do it.
///
/// # Errors
/// When the lock cannot be had, or the directory cannot be written.
#[cfg(feature = "wso2")]
pub(crate) fn remove_leftovers(path: &Path) -> Result<(), SafeFileError> {
    let path = behind_links(path)?;
    let temporary = temporary::path_beside(&path)?;
    if !temporary.exists() && !lock::SidecarLock::is_there(&path)? {
        return Ok(());
    }
    // A live writer is waited for; dropping the lock removes its file.
    let _lock = lock::SidecarLock::acquire(&path)?;
    temporary::remove_if_there(&temporary)
        .map_err(|reason| SafeFileError::step("remove what a killed run left", &temporary, reason))
}

/// `.NAME.suffix` in the directory of `path`.
fn sibling(path: &Path, suffix: &str) -> Result<PathBuf, SafeFileError> {
    let name = path
        .file_name()
        .ok_or_else(|| SafeFileError::not_a_file(path))?;
    let mut hidden = std::ffi::OsString::from(".");
    hidden.push(name);
    hidden.push(".");
    hidden.push(suffix);
    Ok(path.with_file_name(hidden))
}

fn behind_links(path: &Path) -> Result<PathBuf, SafeFileError> {
    let mut path = std::path::absolute(path)
        .map_err(|reason| SafeFileError::step("find the file", path, reason))?;
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else {
            return Ok(path);
        };
        path = path.parent().unwrap_or(Path::new("/")).join(target);
    }
    let reason = io::Error::other("too many symbolic links");
    Err(SafeFileError::step("find the file", &path, reason))
}

/// Whether there is a regular file.
fn is_there(path: &Path) -> Result<bool, SafeFileError> {
    match fs::metadata(path) {
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(reason) => Err(SafeFileError::step("read the file", path, reason)),
        Ok(metadata) if !metadata.is_file() => Err(SafeFileError::not_a_file(path)),
        Ok(_) => Ok(true),
    }
}

fn read_regular(path: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, SafeFileError> {
    if !is_there(path)? {
        return Ok(None);
    }
    let of_step = |reason| SafeFileError::step("read the file", path, reason);
    let bytes = File::open(path).and_then(read_wiped).map_err(of_step)?;
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        let reason = format!("it is larger than {LARGEST} bytes: is it the right file?");
        return Err(of_step(io::Error::other(reason)));
    }
    Ok(Some(bytes))
}

/// Everything in the file, up to one byte more than [`LARGEST`]. The file may hold secrets in clear:
/// no block of memory that was too small for it is freed unwiped.
fn read_wiped(file: File) -> io::Result<Zeroizing<Vec<u8>>> {
    let expected = file.metadata()?.len().min(LARGEST);
    // One byte more than the file has: the end is seen without more room.
    let mut bytes = Zeroizing::new(vec![0; usize::try_from(expected).unwrap_or(0) + 1]);
    let mut length = 0;
    let mut limited = file.take(LARGEST + 1);
    loop {
        if length == bytes.len() {
            let mut grown = Zeroizing::new(vec![0; 2 * length]);
            grown[..length].copy_from_slice(&bytes);
            bytes = grown;
        }
        match limited.read(&mut bytes[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(reason) if reason.kind() == io::ErrorKind::Interrupted => {}
            Err(reason) => return Err(reason),
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// The directory that a file is in, also where its path has none.
pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// A rename is on the disk only when its directory is.
fn sync_directory_of(path: &Path) -> Result<(), SafeFileError> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    File::open(directory_of(path))
        .and_then(|directory| directory.sync_all())
        .map_err(|reason| SafeFileError::NotSynced {
            path: path.to_owned(),
            reason,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_between_the_last_look_and_the_exchange_is_a_conflict_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        fs::write(&path, "old").unwrap();
        let edit = FileEdit::begin(&path).unwrap();
        let temporary = Temporary::create(&edit.target.path).unwrap();
        temporary.write(b"ours").unwrap();
        temporary.complete(edit.target.model()).unwrap();
        fs::write(&path, "theirs").unwrap();
        let conflict = edit.target.take_place(temporary);
        assert!(matches!(conflict, Err(SafeFileError::Conflict { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        drop(edit);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
