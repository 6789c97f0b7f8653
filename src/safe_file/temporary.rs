//! [`Temporary`]: the new file, before it takes the place of the old one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::error::SafeFileError;
use super::exchange::{Taken, rename_to_free};
use super::{metadata, sibling};

/// What the temporary file beside one is called after.
const TEMPORARY: &str = "keyward-new";

/// The temporary file beside the one to replace; removed when dropped before it was renamed.
pub(super) struct Temporary {
    pub(super) path: PathBuf,
    file: File,
    renamed: bool,
}

impl Temporary {
    pub(super) fn create(target: &Path) -> Result<Self, SafeFileError> {
        let path = path_beside(target)?;
        let of_step = |reason| SafeFileError::step("create the temporary file", &path, reason);
        // The lock is ours, so a file of this name is what a killed run left behind.
        remove_if_there(&path).map_err(of_step)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(of_step)?;
        Ok(Self {
            path,
            file,
            renamed: false,
        })
    }

    pub(super) fn write(&self, bytes: &[u8]) -> Result<(), SafeFileError> {
        let written = (&self.file).write_all(bytes);
        written
            .map_err(|reason| SafeFileError::step("write the temporary file", &self.path, reason))
    }

    /// All is written: it gets what the file at `model` has besides its bytes, and is put on the disk.
    pub(super) fn complete(&self, model: Option<&Path>) -> Result<(), SafeFileError> {
        let of_step = |step| move |reason| SafeFileError::step(step, &self.path, reason);
        if let Some(model) = model {
            metadata::copy(model, &self.file).map_err(of_step(
                "give the old file's owner, mode and attributes to the new one",
            ))?;
        }
        self.file
            .sync_all()
            .map_err(of_step("write the temporary file to the disk"))
    }

    pub(super) fn read_back(&self, expected: &[u8]) -> Result<Zeroizing<Vec<u8>>, SafeFileError> {
        let step = "read the temporary file back";
        let of_step = |reason| SafeFileError::step(step, &self.path, reason);
        let written = Zeroizing::new(fs::read(&self.path).map_err(of_step)?);
        if written.as_slice() != expected {
            return Err(of_step(io::Error::other(
                "it does not hold what was written",
            )));
        }
        Ok(written)
    }

    /// Renames unless there is a file of that name meanwhile.
    pub(super) fn take_free_name(mut self, target: &Path) -> Result<(), SafeFileError> {
        match rename_to_free(&self.path, target) {
            Some(Ok(())) => {
                self.renamed = true;
                Ok(())
            }
            Some(Err(Taken)) => Err(SafeFileError::Conflict {
                path: target.to_owned(),
            }),
            None => self.rename_to(target),
        }
    }

    pub(super) fn rename_to(mut self, target: &Path) -> Result<(), SafeFileError> {
        fs::rename(&self.path, target).map_err(|reason| {
            SafeFileError::step("put the new file into its place", target, reason)
        })?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Where the temporary file of the one at `target` is, or was left by a killed run.
pub(super) fn path_beside(target: &Path) -> Result<PathBuf, SafeFileError> {
    sibling(target, TEMPORARY)
}

pub(super) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(reason) if reason.kind() != io::ErrorKind::NotFound => Err(reason),
        _ => Ok(()),
    }
}
