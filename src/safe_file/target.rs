//! [`Target`]: the file that is to be replaced, as it was when its edit began.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::SafeFileError;
use super::exchange::exchange;
use super::lock::SidecarLock;
use super::temporary::Temporary;
use super::{behind_links, is_there, sync_directory_of};

/// How many bytes are read at a time.
const BLOCK: usize = 64 << 10;

/// The SHA-256 of a file.
pub(super) type FileDigest = [u8; 32];

/// The file to replace, under its lock.
pub(super) struct Target {
    /// Behind all symbolic links.
    pub(super) path: PathBuf,
    /// What it holds; none where there is no file yet.
    pub(super) digest: Option<FileDigest>,
    // Released last.
    _lock: SidecarLock,
}

impl Target {
    /// Waits for the lock of the file at `path`, and lets `digest` look at the file.
    pub(super) fn lock(
        path: &Path,
        digest: impl FnOnce(&Path) -> Result<Option<FileDigest>, SafeFileError>,
    ) -> Result<Self, SafeFileError> {
        let path = behind_links(path)?;
        let lock = SidecarLock::acquire(&path)?;
        let digest = digest(&path)?;
        Ok(Self {
            path,
            digest,
            _lock: lock,
        })
    }

    /// The file whose owner, mode and attributes the new one gets.
    pub(super) fn model(&self) -> Option<&Path> {
        self.digest.is_some().then_some(self.path.as_path())
    }

    /// Puts `temporary` into the file's place, if that is still what it was.
    pub(super) fn replace_with(&self, temporary: Temporary) -> Result<(), SafeFileError> {
        self.check_unchanged(&self.path)?;
        self.take_place(temporary)?;
        sync_directory_of(&self.path)
    }

    /// Exchanges both files where the file system can do that, since only then it is seen what was
    /// replaced; otherwise renames.
    pub(super) fn take_place(&self, temporary: Temporary) -> Result<(), SafeFileError> {
        let step = "put the new file into its place";
        let of_step = |reason| SafeFileError::step(step, &self.path, reason);
        if self.digest.is_none() {
            return temporary.take_free_name(&self.path);
        }
        if !exchange(&temporary.path, &self.path) {
            return temporary.rename_to(&self.path);
        }
        // The name of the temporary file is that of the old one now; dropping it removes that.
        let Err(conflict) = self.check_unchanged(&temporary.path) else {
            return Ok(());
        };
        if !exchange(&temporary.path, &self.path) {
            fs::rename(&temporary.path, &self.path).map_err(of_step)?;
        }
        Err(conflict)
    }

    /// Whether `path` has what the file had when it was read.
    fn check_unchanged(&self, path: &Path) -> Result<(), SafeFileError> {
        if digest_of(path)? == self.digest {
            return Ok(());
        }
        Err(SafeFileError::Conflict {
            path: self.path.clone(),
        })
    }
}

/// The digest of the file at `path`; none where there is none.
pub(super) fn digest_of(path: &Path) -> Result<Option<FileDigest>, SafeFileError> {
    if !is_there(path)? {
        return Ok(None);
    }
    let digest = File::open(path).and_then(digest_of_file);
    let of_step = |reason| SafeFileError::step("read the file", path, reason);
    digest.map(Some).map_err(of_step)
}

fn digest_of_file(mut file: File) -> io::Result<FileDigest> {
    let mut digest = Sha256::new();
    let mut block = Zeroizing::new(vec![0; BLOCK]);
    loop {
        match file.read(&mut block) {
            Ok(0) => return Ok(digest.finalize().into()),
            Ok(length) => digest.update(&block[..length]),
            Err(reason) if reason.kind() == io::ErrorKind::Interrupted => {}
            Err(reason) => return Err(reason),
        }
    }
}
