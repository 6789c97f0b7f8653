//! [`OutputFile`]: the file that a template becomes.

use std::path::Path;

use super::error::RenderError;
use crate::safe_file::{FileEdit, SafeFileError};

/// What writing has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rendered {
    /// The file is new, or has another content.
    Written,
    /// The file had this content; it was not written.
    Unchanged,
}

/// The file that a template becomes, by its path.
#[derive(Clone, Copy, Debug)]
pub struct OutputFile<'p> {
    path: &'p Path,
}

impl<'p> OutputFile<'p> {
    /// The file at `path`, whether it exists or not.
    #[must_use]
    pub fn at(path: &'p Path) -> Self {
        Self { path }
    }

    /// Puts `content` there, readable by its owner alone. The old file or the new one is there, whole, whatever
    /// happens.
    ///
    /// # Errors
    /// When the file cannot be replaced; it is then as it was.
    pub fn write(self, content: &str) -> Result<Rendered, RenderError> {
        let edit = FileEdit::begin(self.path)?;
        if edit.current().is_some() {
            // The new file takes over the old one's mode.
            self.close_to_others()?;
        }
        if edit.current() == Some(content.as_bytes()) {
            return Ok(Rendered::Unchanged);
        }
        edit.commit(content.as_bytes(), |_| Ok::<_, SafeFileError>(()))?;
        Ok(Rendered::Written)
    }

    #[cfg(unix)]
    fn close_to_others(self) -> Result<(), RenderError> {
        use std::fs::{self, Permissions};
        use std::os::unix::fs::PermissionsExt as _;
        let closed = Permissions::from_mode(0o600);
        let is_closed = |metadata: fs::Metadata| metadata.permissions().mode() & 0o7777 == 0o600;
        let mended = fs::metadata(self.path).and_then(|metadata| {
            if is_closed(metadata) {
                return Ok(());
            }
            fs::set_permissions(self.path, closed)
        });
        mended.map_err(|reason| RenderError::Mode {
            path: self.path.to_owned(),
            reason,
        })
    }

    #[cfg(not(unix))]
    fn close_to_others(self) -> Result<(), RenderError> {
        Ok(())
    }
}
