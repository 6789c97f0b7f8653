//! Changing names in one step, as plain `rename` cannot: Linux's `renameat2`.

use std::path::Path;

/// There is a file of that name already.
pub(super) struct Taken;

/// Lets two files exchange their names; `false` where the system or the file system cannot do that.
#[cfg(target_os = "linux")]
pub(super) fn exchange(one: &Path, other: &Path) -> bool {
    use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
    renameat2(AT_FDCWD, one, AT_FDCWD, other, RenameFlags::RENAME_EXCHANGE).is_ok()
}

/// Renames a file to a name that no other has; `None` where the system or the file system cannot
/// look at that in the same step.
#[cfg(target_os = "linux")]
pub(super) fn rename_to_free(from: &Path, to: &Path) -> Option<Result<(), Taken>> {
    use nix::errno::Errno;
    use nix::fcntl::{AT_FDCWD, RenameFlags, renameat2};
    match renameat2(AT_FDCWD, from, AT_FDCWD, to, RenameFlags::RENAME_NOREPLACE) {
        Ok(()) => Some(Ok(())),
        Err(Errno::EEXIST) => Some(Err(Taken)),
        Err(_) => None,
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn exchange(_one: &Path, _other: &Path) -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
pub(super) fn rename_to_free(_from: &Path, _to: &Path) -> Option<Result<(), Taken>> {
    None
}
