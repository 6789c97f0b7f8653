//! [`OpenLdap`]: the programs of OpenLDAP that `.ci/peers` fetches.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::java_stores::peer;
use super::left_out::leave_out;

/// Debian's packages, unpacked and not installed.
pub(crate) struct OpenLdap {
    home: PathBuf,
}

impl OpenLdap {
    /// None, and a report, where they are not.
    pub(crate) fn here() -> Option<Self> {
        let home = peer("openldap");
        if !home.is_dir() {
            leave_out("OpenLDAP is not here (bash .ci/peers fetches it)");
            return None;
        }
        Some(Self { home })
    }

    pub(crate) fn modules(&self) -> PathBuf {
        self.home.join("usr/lib/ldap")
    }

    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.home.join("usr/sbin").join(program));
        let libraries = self.home.join("usr/lib");
        let mut paths = vec![libraries.clone()];
        for folder in [libraries, self.home.join("lib")] {
            let folders = fs::read_dir(folder)
                .unwrap()
                .map(|entry| entry.unwrap().path());
            paths.extend(folders.filter(|folder| is_multiarch(folder)));
        }
        command.env("LD_LIBRARY_PATH", std::env::join_paths(paths).unwrap());
        command
    }

    /// A file of the packages.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.home.join(path)
    }
}

fn is_multiarch(folder: &Path) -> bool {
    let name = folder.file_name().unwrap().to_string_lossy();
    name.ends_with("-linux-gnu")
}
