//! Owner, mode, access control list and other extended attributes, carried over to the new file.

use std::fs::File;
use std::io;
use std::path::Path;

/// Gives `new` what the file at `model` has. Access control lists and security labels are extended
/// attributes on Linux.
#[cfg(unix)]
pub(super) fn copy(model: &Path, new: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let (old, made) = (model.metadata()?, new.metadata()?);
    if (old.uid(), old.gid()) != (made.uid(), made.gid()) {
        fchown(new, Some(old.uid()), Some(old.gid()))?;
    }
    copy_extended_attributes(model, new)?;
    // Last, since a change of owner clears bits of the mode.
    new.set_permissions(old.permissions())
}

#[cfg(not(unix))]
pub(super) fn copy(model: &Path, new: &File) -> io::Result<()> {
    new.set_permissions(model.metadata()?.permissions())
}

/// Linux's access control list. A folder's default list gives one to every new file: what the old
/// file lets in must not grow by that.
#[cfg(unix)]
const ACCESS_LIST: &str = "system.posix_acl_access";

#[cfg(unix)]
fn copy_extended_attributes(model: &Path, new: &File) -> io::Result<()> {
    use xattr::FileExt;
    let names = match xattr::list(model) {
        Ok(names) => names,
        Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut has_access_list = false;
    for name in names {
        has_access_list |= name == ACCESS_LIST;
        let Some(value) = xattr::get(model, &name)? else {
            continue;
        };
        // What the new file has by itself, such as its security label, needs no right to set.
        if new.get_xattr(&name)?.as_ref() != Some(&value) {
            new.set_xattr(&name, &value)?;
        }
    }
    if !has_access_list && new.get_xattr(ACCESS_LIST).is_ok_and(|list| list.is_some()) {
        new.remove_xattr(ACCESS_LIST)?;
    }
    Ok(())
}
