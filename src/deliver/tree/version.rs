//! [`Version`]: the directory of one set of a tree, `..SECONDS.NANOSECONDS` since 1970.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{
    DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _,
};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use zeroize::Zeroizing;

use super::error::TreeError;
use super::owner::{Owner, close_directory, closed_mode, give_file};
use super::{OPEN, TreeFiles};
use crate::secret::Secret;

/// Of a secret's file.
const FILE_MODE: u32 = 0o400;
/// Of the part of the name behind the dot.
const NANOSECOND_DIGITS: usize = 9;

/// The directory of one set.
pub(super) struct Version {
    path: PathBuf,
    name: String,
}

impl Version {
    /// The version of this name; `None` for a name that no version has.
    pub(super) fn of_name(tree: &Path, name: &str) -> Option<Self> {
        let (seconds, nanoseconds) = name.strip_prefix("..")?.split_once('.')?;
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let is_version =
            is_number(seconds) && is_number(nanoseconds) && nanoseconds.len() == NANOSECOND_DIGITS;
        is_version.then(|| Self {
            path: tree.join(name),
            name: name.to_owned(),
        })
    }

    /// Writes a new set, synced to the disk and closed. One that cannot be finished is removed.
    pub(super) fn write(
        tree: &Path,
        files: &TreeFiles<'_>,
        owner: Option<Owner>,
    ) -> Result<Self, TreeError> {
        let version = Self::create(tree)?;
        match version.fill(files, owner) {
            Ok(()) => Ok(version),
            Err(error) => {
                let _ = version.remove();
                Err(error)
            }
        }
    }

    /// The name of the directory in its tree.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has these files, with these contents and their modes, and no other.
    pub(super) fn holds(&self, files: &TreeFiles<'_>, owner: Option<Owner>) -> bool {
        let Ok(listing) = fs::read_dir(&self.path) else {
            return false;
        };
        listing.count() == files.len()
            && files
                .iter()
                .all(|(name, secret)| is_file_with(&self.path.join(name.as_str()), secret, owner))
    }

    /// Removes the directory and the files in it.
    pub(super) fn remove(&self) -> Result<(), TreeError> {
        let removed = match fs::symlink_metadata(&self.path) {
            // Nothing of keyward's: what it leads to is not touched.
            Ok(found) if !found.is_dir() => fs::remove_file(&self.path),
            Ok(_) => fs::set_permissions(&self.path, Permissions::from_mode(OPEN))
                .and_then(|()| fs::remove_dir_all(&self.path)),
            Err(reason) => Err(reason),
        };
        removed.map_err(|reason| TreeError::io(&self.path, "be removed", reason))
    }

    /// A directory of a name that no other has; the clock may have been set back.
    fn create(tree: &Path) -> Result<Self, TreeError> {
        loop {
            let now = SystemTime::now();
            let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
            let name = format!("..{}.{:09}", now.as_secs(), now.subsec_nanos());
            let path = tree.join(&name);
            match DirBuilder::new().mode(OPEN).create(&path) {
                Ok(()) => return Ok(Self { path, name }),
                Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => {}
                Err(reason) => return Err(TreeError::io(&path, "be made", reason)),
            }
        }
    }

    fn fill(&self, files: &TreeFiles<'_>, owner: Option<Owner>) -> Result<(), TreeError> {
        for (name, secret) in files {
            let path = self.path.join(name.as_str());
            write_file(&path, secret, owner)
                .map_err(|reason| TreeError::io(&path, "be written", reason))?;
        }
        let closed = close_directory(&self.path, closed_mode(owner), owner)
            .and_then(|()| File::open(&self.path)?.sync_all());
        closed.map_err(|reason| TreeError::io(&self.path, "be written to the disk", reason))
    }
}

fn write_file(path: &Path, secret: &Secret, owner: Option<Owner>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(FILE_MODE);
    let mut file = options.open(path)?;
    file.write_all(secret.expose_bytes())?;
    // Whatever the umask has taken away.
    file.set_permissions(Permissions::from_mode(FILE_MODE))?;
    give_file(&file, owner)?;
    file.sync_all()
}

fn is_file_with(path: &Path, secret: &Secret, owner: Option<Owner>) -> bool {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        return false;
    };
    let is_ours = metadata.is_file() && metadata.permissions().mode() & 0o7777 == FILE_MODE;
    is_ours
        && owner.is_none_or(|owner| metadata.uid() == owner.uid())
        && metadata.len() == secret.len() as u64
        && read(path, secret.len()).is_ok_and(|bytes| *bytes == secret.expose_bytes())
}

fn read(path: &Path, length: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    // Read into its final place, so that no copy is left unwiped.
    let mut bytes = Zeroizing::new(vec![0; length]);
    File::open(path)?.read_exact(&mut bytes)?;
    Ok(bytes)
}
