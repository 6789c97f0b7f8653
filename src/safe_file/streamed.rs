//! [`StreamedEdit`]: the edit of a file that is too large to be held in memory.

use std::path::Path;

use zeroize::Zeroizing;

use super::error::SafeFileError;
use super::target::{Target, digest_of};
use super::temporary::Temporary;

/// So many bytes are written at a time.
const BLOCK: usize = 256 << 10;

/// One edit of one file, under its lock. Dropping it leaves the file as it was.
pub(crate) struct StreamedEdit {
    target: Target,
}

/// The new file while it is written.
pub(crate) struct NewFile {
    temporary: Temporary,
    /// What is not written yet. It never grows, so that no copy stays behind.
    waiting: Zeroizing<Vec<u8>>,
}

impl StreamedEdit {
    /// Waits for the lock of the file at `path`, behind symbolic links. There may be no file yet.
    pub(crate) fn begin(path: &Path) -> Result<Self, SafeFileError> {
        let target = Target::lock(path, digest_of)?;
        Ok(Self { target })
    }

    /// Puts what `write` writes into the file's place, after `verify` has accepted the file at its path; it gets what
    /// `write` gave. Errors are those of [`super::FileEdit::commit`].
    pub(crate) fn commit<W, V, E: From<SafeFileError>>(
        self,
        write: impl FnOnce(&mut NewFile) -> Result<W, E>,
        verify: impl FnOnce(W, &Path) -> Result<V, E>,
    ) -> Result<V, E> {
        let mut new = NewFile {
            temporary: Temporary::create(&self.target.path)?,
            waiting: Zeroizing::new(Vec::with_capacity(BLOCK)),
        };
        let written = write(&mut new)?;
        new.flush()?;
        new.temporary.complete(self.target.model())?;
        let verified = verify(written, &new.temporary.path)?;
        self.target.replace_with(new.temporary)?;
        Ok(verified)
    }
}

impl NewFile {
    /// Adds `bytes`.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), SafeFileError> {
        if self.waiting.len() + bytes.len() > BLOCK {
            self.flush()?;
        }
        if bytes.len() > BLOCK {
            return self.temporary.write(bytes);
        }
        self.waiting.extend_from_slice(bytes);
        Ok(())
    }

    fn flush(&mut self) -> Result<(), SafeFileError> {
        self.temporary.write(&self.waiting)?;
        self.waiting.clear();
        Ok(())
    }
}
