//! [`Owner`]: the user who may read the files of a tree, where that is not who writes them.
//!
//! ```text
//! DIR, ..SECONDS.NANOSECONDS    who writes : the owner's group   0550
//! the files                     the owner  : the owner's group   0400
//! ```
//!
//! The directories stay the writer's: an owner who could put links into them could make a writer with more rights
//! than his change files elsewhere. Members of the group see the names of the files, and no content.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt as _, chown, fchown};
use std::path::Path;

use nix::unistd::{self, User};

/// The user who may read the files of a tree, where that is not who writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// The user's number.
    uid: u32,
    /// The user's own group.
    gid: u32,
}

/// Of a directory that has been written.
const CLOSED: u32 = 0o500;
/// The same, where the owner's group is to find the files.
const CLOSED_FOR_GROUP: u32 = 0o550;

impl Owner {
    /// The user of this name or number, with the group that the user database names; `None` if there is none.
    ///
    /// # Errors
    /// When the user database cannot be asked.
    pub fn named(name: &str) -> io::Result<Option<Self>> {
        let by_number = |number: u32| User::from_uid(number.into());
        let found = match (User::from_name(name)?, name.parse()) {
            (None, Ok(number)) => by_number(number)?,
            (found, _) => found,
        };
        Ok(found.map(|user| Self {
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
        }))
    }

    /// Whether it is the user who runs this process.
    #[must_use]
    pub fn is_this_process(&self) -> bool {
        self.uid == unistd::geteuid().as_raw()
    }

    pub(super) fn uid(self) -> u32 {
        self.uid
    }
}

/// The mode of a directory that has been written.
pub(super) fn closed_mode(owner: Option<Owner>) -> u32 {
    owner.map_or(CLOSED, |_| CLOSED_FOR_GROUP)
}

/// Gives the directory its last mode, and to the owner's group.
pub(super) fn close_directory(path: &Path, mode: u32, owner: Option<Owner>) -> io::Result<()> {
    if let Some(owner) = owner {
        chown(path, None, Some(owner.gid))?;
    }
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Gives a file that nobody else can open yet to the owner.
pub(super) fn give_file(file: &File, owner: Option<Owner>) -> io::Result<()> {
    match owner {
        Some(owner) => fchown(file, Some(owner.uid), Some(owner.gid)),
        None => Ok(()),
    }
}
