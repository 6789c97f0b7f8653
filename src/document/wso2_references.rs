//! [`Wso2References`]: where the documents of a WSO2 server name secrets.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::alias_reference::AliasReference;
use super::error::DocumentError;
use super::limits::MOST_FILES;
use super::secret_reference::read_secret_references;

const CONFIGURATION: &str = "repository/conf";
const USERSTORES: &str = "repository/deployment/server/userstores";
const TENANTS: &str = "repository/tenants";
/// The most directories inside one another.
const DEEPEST: usize = 16;

/// What the documents of a server say.
#[derive(Default)]
pub struct Wso2References {
    /// Each place that names a secret.
    pub references: Vec<AliasReference>,
    /// Documents that name secrets, or may, and cannot be read.
    pub unreadable: Vec<DocumentError>,
}

impl Wso2References {
    /// Looks at `deployment.toml`, and at every XML and properties file of the configuration and of the user stores of the
    /// server in `home`.
    #[must_use]
    pub fn of_home(home: &Path) -> Self {
        let mut files = Vec::new();
        collect(&home.join(CONFIGURATION), DEEPEST, &mut files);
        collect(&home.join(USERSTORES), 1, &mut files);
        for tenant in children(&home.join(TENANTS)) {
            collect(&tenant.join("userstores"), 1, &mut files);
        }
        let mut found = Self::default();
        for file in &files[..files.len().min(MOST_FILES)] {
            match read_secret_references(file) {
                Ok(references) => found.references.extend(references),
                Err(error) => found.unreadable.push(error),
            }
        }
        if let Some(path) = files.get(MOST_FILES).cloned() {
            let error = DocumentError::TooManyFiles { path };
            found.unreadable.push(error);
        }
        found
    }
}

/// Ends with one file more than are looked at.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for path in children(folder) {
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|it| it.is_dir());
        if is_folder && depth > 1 {
            collect(&path, depth - 1, files);
        } else if is_document(&path) && path.is_file() && files.len() <= MOST_FILES {
            files.push(path);
        }
    }
}

/// In the order of their names; none of a folder that is not there.
fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn is_document(path: &Path) -> bool {
    match path.extension().and_then(OsStr::to_str) {
        Some("xml" | "properties") => true,
        Some("toml") => path.file_name() == Some(OsStr::new("deployment.toml")),
        _ => false,
    }
}
