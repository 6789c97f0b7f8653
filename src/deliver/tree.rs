//! A directory of small files, one a secret, that changes as a whole.
//!
//! ```text
//! DIR/..1763765132.046113907/username      the set that is current: files 0400, directory 0500
//! DIR/..1763765132.046113907/password
//! DIR/..data -> ..1763765132.046113907     one rename of this link changes the whole set
//! DIR/username -> ..data/username
//! DIR/password -> ..data/password
//! ```
//!
//! The layout of Kubernetes' mounted secrets (`pkg/volume/util/atomic_writer.go`), which Spring Boot's configtree,
//! Tomcat's binding source and Keycloak's file vault read. Steps of a change:
//!
//! ```text
//! lock DIR -> same as the current set? done -> new directory, written and synced -> links to new names
//! -> rename ..data -> links to old names and older directories go
//! ```
//!
//! A link to a new name leads nowhere until `..data` is renamed, and one to an old name leads nowhere from then on:
//! who opens a file sees the old or the new set, whenever the writer is killed. What a killed writer leaves behind
//! is removed by the next. Who reads several files, and wants them of one set, opens them below the directory that
//! `..data` leads to at that moment.

mod error;
mod file_name;
mod owner;
mod projection;
mod version;

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

pub use error::TreeError;
pub use file_name::{FileName, FileNameError};
pub use owner::Owner;
pub use projection::Projections;

use nix::unistd;

use crate::secret::Secret;
use owner::{close_directory, closed_mode};
use version::Version;

const DATA: &str = "..data";
/// The link that is to become `..data`.
const NEXT_DATA: &str = "..data_tmp";
/// Of a directory while it is written.
const OPEN: u32 = 0o700;
const OWNER_MAY_WRITE: u32 = 0o200;
const OTHERS_MAY_WRITE: u32 = 0o022;

/// The secrets of a tree by the names of their files.
pub type TreeFiles<'s> = BTreeMap<&'s FileName, &'s Secret>;

/// A directory of secrets. Nothing is kept open.
#[derive(Debug)]
pub struct Tree {
    path: PathBuf,
    owner: Option<Owner>,
}

/// What a write has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The set is new.
    Replaced,
    /// The set was current already; nothing was written.
    Unchanged,
}

impl Tree {
    /// The tree in this directory, whether it exists or not.
    #[must_use]
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            owner: None,
        }
    }

    /// The same, for `owner` to read. Who writes it then needs the right to give files away (`CAP_CHOWN`).
    #[must_use]
    pub fn for_owner(mut self, owner: Owner) -> Self {
        self.owner = (!owner.is_this_process()).then_some(owner);
        self
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a set is there.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.path.join(DATA).is_dir()
    }

    /// Makes the directory if it does not exist; its parent must.
    ///
    /// # Errors
    /// When the system refuses, or what is there is not a directory of who runs this.
    pub fn make(&self) -> Result<(), TreeError> {
        OpenDirectory::begin(&self.path, self.owner).map(drop)
    }

    /// Makes `files` the whole content: all of them appear at once, and what is no longer among them goes.
    /// A directory that does not exist is made, for its owner alone; its parent must exist.
    ///
    /// # Errors
    /// When something that keyward did not put there has one of the names, or the system refuses. The old set is
    /// then there as it was.
    pub fn write(&self, files: &TreeFiles<'_>) -> Result<Written, TreeError> {
        let directory = OpenDirectory::begin(&self.path, self.owner)?;
        directory.refuse_what_is_not_ours(files)?;
        let current = directory.current();
        if let Some(version) = &current
            && version.holds(files, self.owner)
            && directory.has_links(files)
        {
            directory.remove_leftovers(files, version)?;
            return Ok(Written::Unchanged);
        }
        let version = Version::write(&self.path, files, self.owner)?;
        directory.add_links(files)?;
        directory.make_current(&version)?;
        directory.remove_leftovers(files, &version)?;
        Ok(Written::Replaced)
    }

    /// Removes the directory with everything that a write has put there.
    ///
    /// # Errors
    /// When the system refuses, or something else is in it.
    pub fn remove(&self) -> Result<(), TreeError> {
        let directory = OpenDirectory::begin(&self.path, self.owner)?;
        let of_step = |reason| TreeError::io(&self.path, "be removed", reason);
        let data = self.path.join(DATA);
        if data.is_symlink() {
            fs::remove_file(data).map_err(of_step)?;
        }
        directory.remove_all_but(&TreeFiles::new(), None)?;
        fs::remove_dir(&self.path).map_err(of_step)
    }
}

/// The directory while it is written: locked, and its owner may write to it.
struct OpenDirectory<'t> {
    path: &'t Path,
    /// What the directory's mode is to be afterwards.
    mode: u32,
    owner: Option<Owner>,
    /// Holds the lock until it is closed.
    directory: File,
}

impl<'t> OpenDirectory<'t> {
    fn begin(path: &'t Path, owner: Option<Owner>) -> Result<Self, TreeError> {
        let of_step = |step| move |reason| TreeError::io(path, step, reason);
        let is_new = match DirBuilder::new().mode(OPEN).create(path) {
            Ok(()) => true,
            Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => false,
            Err(reason) => return Err(of_step("be made")(reason)),
        };
        let directory = File::open(path).map_err(of_step("be opened"))?;
        directory.lock().map_err(of_step("be locked"))?;
        // Another writer may have had it open until now.
        let metadata = directory.metadata().map_err(of_step("be looked at"))?;
        if !metadata.is_dir() {
            return Err(TreeError::NotADirectory {
                path: path.to_owned(),
            });
        }
        refuse_another_s(path, &metadata)?;
        let closed = closed_mode(owner);
        let mode = match metadata.permissions().mode() & 0o7777 {
            _ if is_new => closed,
            mode if owner.is_some() => mode | closed,
            mode => mode,
        };
        let opened = Self {
            path,
            mode,
            owner,
            directory,
        };
        if mode & OWNER_MAY_WRITE == 0 {
            opened
                .set_mode(mode | OPEN)
                .map_err(of_step("be written to"))?;
        }
        Ok(opened)
    }

    /// The set that `..data` leads to, if it is one of keyward's.
    fn current(&self) -> Option<Version> {
        let target = fs::read_link(self.path.join(DATA)).ok()?;
        Version::of_name(self.path, target.to_str()?)
    }

    /// A name may be free or a link of this tree; `..data` may be missing or a link.
    fn refuse_what_is_not_ours(&self, files: &TreeFiles<'_>) -> Result<(), TreeError> {
        for name in files.keys() {
            let path = self.path.join(name.as_str());
            let is_free = fs::symlink_metadata(&path)
                .is_err_and(|reason| reason.kind() == io::ErrorKind::NotFound);
            if !is_free && !self.is_our_link(name.as_str()) {
                return Err(TreeError::Taken { path });
            }
        }
        let data = self.path.join(DATA);
        if data.exists() && !data.is_symlink() {
            return Err(TreeError::Taken { path: data });
        }
        Ok(())
    }

    fn is_our_link(&self, name: &str) -> bool {
        let target = fs::read_link(self.path.join(name));
        target.is_ok_and(|target| target == Path::new(DATA).join(name))
    }

    fn has_links(&self, files: &TreeFiles<'_>) -> bool {
        files.keys().all(|name| self.is_our_link(name.as_str()))
    }

    /// They lead nowhere as long as the names are not in the set that `..data` leads to.
    fn add_links(&self, files: &TreeFiles<'_>) -> Result<(), TreeError> {
        for name in files.keys().map(|name| name.as_str()) {
            if self.is_our_link(name) {
                continue;
            }
            let link = self.path.join(name);
            symlink(Path::new(DATA).join(name), &link)
                .map_err(|reason| TreeError::io(&link, "be made", reason))?;
        }
        self.sync()
    }

    fn make_current(&self, version: &Version) -> Result<(), TreeError> {
        let (next, data) = (self.path.join(NEXT_DATA), self.path.join(DATA));
        let of_step = |reason| TreeError::io(&data, "be replaced", reason);
        match fs::remove_file(&next) {
            Err(reason) if reason.kind() != io::ErrorKind::NotFound => return Err(of_step(reason)),
            _ => {}
        }
        symlink(version.name(), &next).map_err(of_step)?;
        fs::rename(&next, &data).map_err(of_step)?;
        self.sync()
    }

    fn remove_leftovers(&self, files: &TreeFiles<'_>, current: &Version) -> Result<(), TreeError> {
        self.remove_all_but(files, Some(current))
    }

    /// Removes links to names that are not in the set, and the directories of older sets.
    fn remove_all_but(
        &self,
        files: &TreeFiles<'_>,
        current: Option<&Version>,
    ) -> Result<(), TreeError> {
        let of_step = |reason| TreeError::io(self.path, "be listed", reason);
        for entry in fs::read_dir(self.path).map_err(of_step)? {
            let name = entry.map_err(of_step)?.file_name();
            // keyward's own names are all text.
            let Some(name) = name.to_str() else { continue };
            if name == NEXT_DATA || self.is_stale_link(name, files) {
                let path = self.path.join(name);
                fs::remove_file(&path)
                    .map_err(|reason| TreeError::io(&path, "be removed", reason))?;
                continue;
            }
            let Some(version) = Version::of_name(self.path, name) else {
                continue;
            };
            if current.is_none_or(|current| current.name() != version.name()) {
                version.remove()?;
            }
        }
        Ok(())
    }

    fn is_stale_link(&self, name: &str, files: &TreeFiles<'_>) -> bool {
        !name.starts_with("..")
            && self.is_our_link(name)
            && !files.keys().any(|file| file.as_str() == name)
    }

    fn sync(&self) -> Result<(), TreeError> {
        let synced = self.directory.sync_all();
        synced.map_err(|reason| TreeError::io(self.path, "be written to the disk", reason))
    }

    fn set_mode(&self, mode: u32) -> io::Result<()> {
        fs::set_permissions(self.path, Permissions::from_mode(mode))
    }
}

/// Who may write to the directory could lead the writer elsewhere with a link.
fn refuse_another_s(path: &Path, metadata: &Metadata) -> Result<(), TreeError> {
    let is_open = metadata.mode() & OTHERS_MAY_WRITE != 0;
    let is_own = metadata.uid() == unistd::geteuid().as_raw();
    if is_own && !is_open {
        return Ok(());
    }
    Err(TreeError::NotOurs {
        path: path.to_owned(),
    })
}

impl Drop for OpenDirectory<'_> {
    fn drop(&mut self) {
        // The set is whole; a directory that its owner may still write to is no reason to fail.
        let _ = close_directory(self.path, self.mode, self.owner);
    }
}
