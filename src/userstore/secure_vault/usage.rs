//! [`Usages`]: where the documents of a home name secrets.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::document::{AliasReference, DocumentError, read_secret_references};
use crate::userstore::home::Wso2Home;

const CONFIGURATION: &str = "repository/conf";
const USERSTORES: &str = "repository/deployment/server/userstores";
const TENANTS: &str = "repository/tenants";
/// The most directories inside one another.
const DEEPEST: usize = 16;
/// The most files that are looked at.
const MOST_FILES: usize = 20_000;

/// What the documents of a home say.
#[derive(Default)]
pub struct Usages {
    /// Each place that names a secret.
    pub references: Vec<AliasReference>,
    /// Documents that name secrets, or may, and cannot be read.
    pub unreadable: Vec<DocumentError>,
}

/// Looks at `deployment.toml`, and every XML and properties file of the configuration and of the user stores.
#[must_use]
pub fn usages(home: &Wso2Home) -> Usages {
    let mut files = Vec::new();
    collect(&home.root().join(CONFIGURATION), DEEPEST, &mut files);
    collect(&home.root().join(USERSTORES), 1, &mut files);
    for tenant in children(&home.root().join(TENANTS)) {
        collect(&tenant.join("userstores"), 1, &mut files);
    }
    let mut usages = Usages::default();
    for file in files {
        match read_secret_references(&file) {
            Ok(references) => usages.references.extend(references),
            Err(error) => usages.unreadable.push(error),
        }
    }
    usages
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    for path in children(folder) {
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|it| it.is_dir());
        if is_folder && depth > 1 {
            collect(&path, depth - 1, files);
        } else if is_document(&path) && path.is_file() && files.len() < MOST_FILES {
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
