//! [`AuditFile`]: lines are appended to a file that may be renamed meanwhile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

pub(super) struct AuditFile {
    path: PathBuf,
    file: File,
    /// Whether the last line may be half there.
    is_cut_off: bool,
}

impl AuditFile {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        private(&mut options);
        let file = options.open(path)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            is_cut_off: false,
        })
    }

    pub(super) fn append(&mut self, line: &[u8]) -> io::Result<()> {
        if !self.is_in_place() {
            *self = Self::open(&self.path)?;
        }
        // What was cut off by a full disk stays a line of its own.
        if self.is_cut_off {
            self.file.write_all(b"\n")?;
        }
        let written = self.file.write_all(line);
        self.is_cut_off = written.is_err();
        written
    }

    #[cfg(unix)]
    fn is_in_place(&self) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let identity = |found: fs::Metadata| (found.dev(), found.ino());
        match (fs::metadata(&self.path), self.file.metadata()) {
            (Ok(found), Ok(open)) => identity(found) == identity(open),
            _ => false,
        }
    }

    #[cfg(not(unix))]
    fn is_in_place(&self) -> bool {
        fs::metadata(&self.path).is_ok()
    }
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt as _;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn private(_options: &mut OpenOptions) {}
