//! [`UserStoreLocations`]: where a server keeps its user stores.
//!
//! ```text
//! HOME/repository/deployment/server/userstores/NAME.xml     the super tenant
//! HOME/repository/tenants/N/userstores/NAME.xml             tenant N
//! ```
//! Source: `UserStoreDeploymentManager`, and the layout of a server's home.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::UserStoreError;

const SUPER_TENANT: &str = "repository/deployment/server/userstores";
const TENANTS: &str = "repository/tenants";
const FOLDER: &str = "userstores";

/// Who owns a user store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tenant {
    /// `carbon.super`, whose number is -1234.
    Super,
    /// A tenant of this number.
    Number(u32),
}

/// The path of one user store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserStoreLocation {
    /// Whose it is.
    pub tenant: Tenant,
    /// The file.
    pub path: PathBuf,
}

/// The user stores of a home, and what is in their folders besides.
#[derive(Debug, Default)]
pub struct UserStoreLocations {
    /// `*.xml`, tenant by tenant, by name.
    pub user_stores: Vec<UserStoreLocation>,
    /// Files with another extension.
    pub others: Vec<UserStoreLocation>,
    /// Folders of user stores that are not there.
    pub missing_folders: Vec<UserStoreLocation>,
    /// Folders of user stores that cannot be listed, and why.
    pub unlisted_folders: Vec<(UserStoreLocation, UserStoreError)>,
}

impl UserStoreLocations {
    /// Looks through the home of a server, for `tenants` alone where there are any. A folder that is not there is a
    /// tenant without user stores.
    ///
    /// # Errors
    /// When it is no home, a tenant that was asked for does not exist, or the folder of all tenants cannot be read.
    pub fn find(home: &Path, tenants: &[Tenant]) -> Result<Self, UserStoreError> {
        if !home.join("repository").is_dir() {
            let path = home.to_owned();
            return Err(UserStoreError::NoHome { path });
        }
        let mut found = Self::default();
        let mut folders = if tenants.is_empty() {
            all_folders(home)?
        } else {
            known_folders(home, tenants)?
        };
        folders.sort_unstable_by(|one, other| {
            (one.tenant, &one.path).cmp(&(other.tenant, &other.path))
        });
        folders.dedup();
        for folder in folders {
            found.look_in(folder);
        }
        Ok(found)
    }

    fn look_in(&mut self, folder: UserStoreLocation) {
        let tenant = folder.tenant;
        let paths = match entries(&folder.path) {
            Ok(Some(paths)) => paths,
            Ok(None) => return self.missing_folders.push(folder),
            Err(error) => return self.unlisted_folders.push((folder, error)),
        };
        for path in paths {
            // What the system says nothing about is reported when it is read.
            let is_file = fs::metadata(&path).map_or(true, |metadata| metadata.is_file());
            if !is_file || is_hidden(&path) {
                continue;
            }
            let is_user_store = path
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("xml"));
            let location = UserStoreLocation { tenant, path };
            if is_user_store {
                self.user_stores.push(location);
            } else {
                self.others.push(location);
            }
        }
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Super => formatter.write_str("carbon.super"),
            Self::Number(number) => write!(formatter, "{number}"),
        }
    }
}

fn of_super_tenant(home: &Path) -> UserStoreLocation {
    UserStoreLocation {
        tenant: Tenant::Super,
        path: home.join(SUPER_TENANT),
    }
}

fn all_folders(home: &Path) -> Result<Vec<UserStoreLocation>, UserStoreError> {
    let mut folders = vec![of_super_tenant(home)];
    for path in entries(&home.join(TENANTS))?.unwrap_or_default() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        if let Ok(number) = name.parse()
            && is_number
            && path.is_dir()
        {
            let tenant = Tenant::Number(number);
            // Not the number: a folder may have zeros before it.
            let path = path.join(FOLDER);
            folders.push(UserStoreLocation { tenant, path });
        }
    }
    Ok(folders)
}

fn known_folders(
    home: &Path,
    tenants: &[Tenant],
) -> Result<Vec<UserStoreLocation>, UserStoreError> {
    let all = all_folders(home)?;
    for tenant in tenants {
        if let Tenant::Number(number) = *tenant
            && !all.iter().any(|folder| folder.tenant == *tenant)
        {
            return Err(UserStoreError::NoSuchTenant {
                path: home.join(TENANTS).join(number.to_string()),
                tenant: number,
            });
        }
    }
    let asked = all
        .into_iter()
        .filter(|folder| tenants.contains(&folder.tenant));
    Ok(asked.collect())
}

/// What is in a folder, by name; `None` where there is no such folder.
fn entries(folder: &Path) -> Result<Option<Vec<PathBuf>>, UserStoreError> {
    let unreadable = |reason| UserStoreError::Unreadable {
        path: folder.to_owned(),
        reason,
    };
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(reason) => return Err(unreadable(reason)),
    };
    let paths: io::Result<Vec<PathBuf>> = listed.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.sort_unstable();
    Ok(Some(paths))
}

/// What a killed run left behind; servers do not look at such files either.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}
