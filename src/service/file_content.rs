//! [`FileContent`]: the bytes of a keystore file as read at one moment, and their digest.
//!
//! The digest alone decides whether a file has changed: no modification time, no inode, so that every
//! way to replace a file, on every file system, is noticed.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::error::LoadError;

/// How many bytes of a keystore file are read at most.
pub(super) const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// SHA-256 of a whole file.
pub(super) type Digest = [u8; 32];

/// A keystore file's content at one moment.
pub(super) struct FileContent {
    pub(super) bytes: Vec<u8>,
    pub(super) digest: Digest,
}

impl FileContent {
    /// Reads the file that `path` leads to now.
    pub(super) fn read(path: &Path) -> Result<Self, LoadError> {
        let failed = |reason: io::Error| match reason.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => LoadError::Missing {
                path: path.to_owned(),
            },
            _ => LoadError::Unreadable {
                path: path.to_owned(),
                reason,
            },
        };
        let file = open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(LoadError::NotAFile {
                path: path.to_owned(),
            });
        }
        let mut bytes = Vec::new();
        let mut limited = file.take(LARGEST_FILE + 1);
        limited.read_to_end(&mut bytes).map_err(failed)?;
        if limited.limit() == 0 {
            return Err(LoadError::TooLarge {
                path: path.to_owned(),
                limit: LARGEST_FILE,
            });
        }
        let digest = Sha256::digest(&bytes).into();
        Ok(Self { bytes, digest })
    }
}

/// Opening a pipe in place of the keystore must not hang the thread that watches it.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    OpenOptions::new()
        .read(true)
        .custom_flags(nix::fcntl::OFlag::O_NONBLOCK.bits())
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_the_content_s() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        std::fs::write(&path, b"abc").unwrap();
        let file = FileContent::read(&path).ok().unwrap();
        assert_eq!(file.bytes, b"abc");
        assert_eq!(file.digest[..4], [0xba, 0x78, 0x16, 0xbf]);
    }

    #[test]
    fn a_missing_file_and_a_directory_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let missing = FileContent::read(&folder.path().join("none")).err();
        assert!(matches!(missing, Some(LoadError::Missing { .. })));
        let directory = FileContent::read(folder.path()).err();
        assert!(matches!(directory, Some(LoadError::NotAFile { .. })));
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sparse");
        File::create(&path)
            .unwrap()
            .set_len(LARGEST_FILE + 1)
            .unwrap();
        let refused = FileContent::read(&path).err();
        assert!(matches!(refused, Some(LoadError::TooLarge { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_and_does_not_hang() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        nix::unistd::mkfifo(&path, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let refused = FileContent::read(&path).err();
        assert!(matches!(refused, Some(LoadError::NotAFile { .. })));
    }
}
