//! [`SocketFile`]: a Unix socket in the file system, put there without harm to what was there before.
//!
//! ```text
//! lock the directory -> who is at the path?  a process answers: refuse.  not a socket: refuse
//! -> bind beside it, under a name that nobody knows -> chmod -> rename to the path
//! ```
//!
//! So the socket appears with its final mode, replaces a dead one in one step, and two services that start
//! at once do not take it from each other.

use std::fs::{self, File, Permissions};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::error::SocketError;
use crate::safe_file::directory_of;

/// `sun_path` has 108 bytes on Linux and 104 elsewhere, with a NUL at the end (`unix(7)`).
const LONGEST_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };
/// Bytes of the passing name; where the final name has as many, no more than that has.
const SHORTEST_PASSING_NAME: usize = 4;
const LONGEST_PASSING_NAME: usize = 12;
/// How long another service that starts in the same directory is waited for.
const LONGEST_LOCK: Duration = Duration::from_secs(2);

/// A bound socket's file. Removed when dropped, unless another has taken its place.
pub(in crate::deliver) struct SocketFile {
    path: PathBuf,
    /// Device and inode.
    identity: (u64, u64),
}

impl SocketFile {
    pub(super) fn bind(path: &Path, mode: u32) -> Result<(UnixListener, Self), SocketError> {
        let directory = directory_of(path);
        let passing = passing_path(path)?;
        for path in [path, &passing] {
            check_length(path)?;
        }
        if !directory.is_dir() {
            return Err(SocketError::NoDirectory {
                path: path.to_owned(),
                directory: directory.to_owned(),
            });
        }
        let _lock = lock(directory);
        refuse_what_is_not_ours(path)?;
        let listener = UnixListener::bind(&passing)
            .map_err(|reason| SocketError::io(path, "be created", reason))?;
        match move_into_place(&listener, &passing, path, mode) {
            Ok(identity) => Ok((
                listener,
                Self {
                    path: path.to_owned(),
                    identity,
                },
            )),
            Err(reason) => {
                let _ = fs::remove_file(&passing);
                Err(SocketError::io(path, "be put in place", reason))
            }
        }
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let found = fs::symlink_metadata(&self.path);
        if found.is_ok_and(|found| (found.dev(), found.ino()) == self.identity) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

fn move_into_place(
    listener: &UnixListener,
    passing: &Path,
    path: &Path,
    mode: u32,
) -> io::Result<(u64, u64)> {
    listener.set_nonblocking(true)?;
    fs::set_permissions(passing, Permissions::from_mode(mode))?;
    let metadata = fs::symlink_metadata(passing)?;
    fs::rename(passing, path)?;
    Ok((metadata.dev(), metadata.ino()))
}

fn check_length(path: &Path) -> Result<(), SocketError> {
    let length = path.as_os_str().as_bytes().len();
    if length <= LONGEST_PATH {
        return Ok(());
    }
    Err(SocketError::PathTooLong {
        path: path.to_owned(),
        length,
        limit: LONGEST_PATH,
    })
}

/// A path beside `path` that nobody can guess.
fn passing_path(path: &Path) -> Result<PathBuf, SocketError> {
    let name = path.file_name().ok_or_else(|| SocketError::NotASocket {
        path: path.to_owned(),
    })?;
    let length = name
        .len()
        .clamp(SHORTEST_PASSING_NAME, LONGEST_PASSING_NAME);
    let mut random = [0; LONGEST_PASSING_NAME];
    getrandom::fill(&mut random).map_err(|reason| {
        SocketError::io(
            path,
            "be given a passing name",
            io::Error::other(reason.to_string()),
        )
    })?;
    let letters = random[1..length]
        .iter()
        .map(|byte| char::from(b'a' + byte % 26));
    let passing: String = std::iter::once('.').chain(letters).collect();
    Ok(path.with_file_name(passing))
}

/// Holds off other services that start in this directory. Without the lock (a directory that may not be
/// opened, a file system without locks) only the moment between check and rename is unguarded.
fn lock(directory: &Path) -> Option<File> {
    let opened = File::open(directory).ok()?;
    let start = Instant::now();
    loop {
        match opened.try_lock() {
            Ok(()) => return Some(opened),
            Err(fs::TryLockError::WouldBlock) if start.elapsed() < LONGEST_LOCK => {
                thread::sleep(Duration::from_millis(10));
            }
            Err(_) => return None,
        }
    }
}

fn refuse_what_is_not_ours(path: &Path) -> Result<(), SocketError> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(reason) if reason.kind() == ErrorKind::NotFound => return Ok(()),
        Err(reason) => return Err(SocketError::io(path, "be looked at", reason)),
    };
    if !found.file_type().is_socket() {
        return Err(SocketError::NotASocket {
            path: path.to_owned(),
        });
    }
    match UnixStream::connect(path) {
        Ok(_) => Err(SocketError::InUse {
            path: path.to_owned(),
        }),
        Err(reason) if is_dead(reason.kind()) => Ok(()),
        Err(reason) => Err(SocketError::io(
            path,
            "be asked whether a process answers",
            reason,
        )),
    }
}

/// Nobody listens, or the file has gone meanwhile.
fn is_dead(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionRefused | ErrorKind::NotFound)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn the_socket_has_its_mode_and_goes_when_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyward.sock");
        let (_listener, socket) = SocketFile::bind(&path, 0o640).unwrap();
        assert_eq!(mode_of(&path), 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        drop(socket);
        assert!(!path.exists());
    }

    #[test]
    fn a_dead_socket_is_replaced_and_a_live_one_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyward.sock");
        drop(UnixListener::bind(&path).unwrap());
        let (_listener, _socket) = SocketFile::bind(&path, 0o600).unwrap();
        let refused = SocketFile::bind(&path, 0o600).err();
        assert!(matches!(refused, Some(SocketError::InUse { .. })));
    }

    #[test]
    fn the_socket_of_a_successor_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyward.sock");
        let (_listener, first) = SocketFile::bind(&path, 0o600).unwrap();
        fs::remove_file(&path).unwrap();
        let (_other_listener, _second) = SocketFile::bind(&path, 0o600).unwrap();
        drop(first);
        assert!(path.exists());
    }

    #[test]
    fn what_is_not_a_socket_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.txt");
        fs::write(&path, "keep me").unwrap();
        let refused = SocketFile::bind(&path, 0o600).err();
        assert!(matches!(refused, Some(SocketError::NotASocket { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"keep me");
    }

    #[test]
    fn a_link_to_a_dead_socket_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (path, target) = (folder.path().join("link"), folder.path().join("dead.sock"));
        drop(UnixListener::bind(&target).unwrap());
        std::os::unix::fs::symlink(&target, &path).unwrap();
        let refused = SocketFile::bind(&path, 0o600).err();
        assert!(matches!(refused, Some(SocketError::NotASocket { .. })));
        assert!(fs::symlink_metadata(&path).unwrap().is_symlink());
    }

    #[test]
    fn a_path_of_the_longest_length_works_and_one_more_is_refused_with_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let room = LONGEST_PATH - folder.path().as_os_str().len() - 1;
        let longest = folder.path().join("s".repeat(room));
        assert!(SocketFile::bind(&longest, 0o600).is_ok());
        let refused = SocketFile::bind(&folder.path().join("s".repeat(room + 1)), 0o600);
        let message = refused.err().unwrap().to_string();
        assert!(message.contains(&LONGEST_PATH.to_string()), "{message}");
        assert!(message.contains("--socket"), "{message}");
    }

    #[test]
    fn a_missing_directory_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let refused = SocketFile::bind(&folder.path().join("none/keyward.sock"), 0o600).err();
        assert!(matches!(refused, Some(SocketError::NoDirectory { .. })));
    }
}
