//! [`PrivateDirectory`]: a program's files, on a memory file system, for its user alone.
//!
//! `$XDG_RUNTIME_DIR/keyward-exec-RANDOM` or else `/dev/shm/keyward-exec-RANDOM`, laid out as a
//! [tree](crate::deliver::tree), so that all files change at once.

use std::env;
use std::fmt::Write as _;
use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::error::ExecError;
use crate::deliver::tree::{FileName, Tree, TreeFiles};

/// Where Linux has memory for everybody.
const SHARED_MEMORY: &str = "/dev/shm";
/// Bytes of the random part of the name.
const RANDOM_BYTES: usize = 8;

/// A directory of secrets for one program.
pub struct PrivateDirectory {
    path: PathBuf,
    tree: Tree,
}

impl PrivateDirectory {
    /// A new one, empty.
    ///
    /// # Errors
    /// When there is no memory file system, or the system refuses.
    pub fn create() -> Result<Self, ExecError> {
        let path = memory_file_system()?.join(random_name());
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|reason| ExecError::PrivateDirectory {
            path: path.clone(),
            reason,
        })?;
        Ok(Self {
            tree: Tree::at(&path),
            path,
        })
    }

    /// Makes `files` its content, all at once.
    pub(super) fn write(&self, files: &TreeFiles<'_>) -> Result<(), ExecError> {
        self.tree.write(files)?;
        Ok(())
    }

    /// Where the file of this name is.
    #[must_use]
    pub fn path_of(&self, name: &FileName) -> PathBuf {
        self.path.join(name.as_str())
    }

    /// Removes it with its files.
    ///
    /// # Errors
    /// When the system refuses, or somebody has put something else there.
    pub fn remove(self) -> Result<(), ExecError> {
        Ok(self.tree.remove()?)
    }
}

fn memory_file_system() -> Result<PathBuf, ExecError> {
    let of_user = env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let candidates = [of_user, Some(PathBuf::from(SHARED_MEMORY))];
    let mut usable = candidates.into_iter().flatten();
    let usable = usable.find(|path| path.is_absolute() && Path::is_dir(path));
    usable.ok_or(ExecError::NoMemoryFileSystem)
}

/// Nobody can have put something of this name there.
fn random_name() -> String {
    let mut random = [0; RANDOM_BYTES];
    let mut name = String::from("keyward-exec-");
    if getrandom::fill(&mut random).is_err() {
        // Making the directory fails where the name is taken.
        random = u64::from(std::process::id()).to_be_bytes();
    }
    for byte in random {
        let _ = write!(name, "{byte:02x}");
    }
    name
}
