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

/// The user stores of a home, and the files among them that are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserStoreLocations {
    /// `*.xml`, tenant by tenant, by name.
    pub user_stores: Vec<UserStoreLocation>,
    /// Files with another extension.
    pub others: Vec<UserStoreLocation>,
}

impl UserStoreLocations {
    /// Looks through the home of a server, for `tenants` alone where there are any. A folder that is not there is a
    /// tenant without user stores.
    ///
    /// # Errors
    /// When it is no home, a tenant that was asked for does not exist, or a folder cannot be read.
    pub fn find(home: &Path, tenants: &[Tenant]) -> Result<Self, UserStoreError> {
        if !home.join("repository").is_dir() {
            let path = home.to_owned();
            return Err(UserStoreError::NoHome { path });
        }
        let mut found = Self::default();
        let asked = if tenants.is_empty() {
            all_tenants(home)?
        } else {
            known_tenants(home, tenants)?
        };
        for tenant in asked {
            found.look_in(tenant, &folder_of(home, tenant))?;
        }
        Ok(found)
    }

    fn look_in(&mut self, tenant: Tenant, folder: &Path) -> Result<(), UserStoreError> {
        for path in entries(folder)? {
            if !path.is_file() || is_hidden(&path) {
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
        Ok(())
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

fn folder_of(home: &Path, tenant: Tenant) -> PathBuf {
    match tenant {
        Tenant::Super => home.join(SUPER_TENANT),
        Tenant::Number(number) => home.join(TENANTS).join(number.to_string()).join(FOLDER),
    }
}

fn all_tenants(home: &Path) -> Result<Vec<Tenant>, UserStoreError> {
    let mut tenants = vec![Tenant::Super];
    for path in entries(&home.join(TENANTS))? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
        if let Ok(number) = name.parse()
            && is_number
            && path.is_dir()
        {
            tenants.push(Tenant::Number(number));
        }
    }
    tenants.sort_unstable();
    tenants.dedup();
    Ok(tenants)
}

fn known_tenants(home: &Path, tenants: &[Tenant]) -> Result<Vec<Tenant>, UserStoreError> {
    let mut tenants = tenants.to_vec();
    tenants.sort_unstable();
    tenants.dedup();
    for tenant in &tenants {
        let Tenant::Number(number) = *tenant else {
            continue;
        };
        let path = home.join(TENANTS).join(number.to_string());
        if !path.is_dir() {
            return Err(UserStoreError::NoSuchTenant {
                path,
                tenant: number,
            });
        }
    }
    Ok(tenants)
}

/// What is in a folder, by name; nothing where there is none.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, UserStoreError> {
    let unreadable = |reason| UserStoreError::Unreadable {
        path: folder.to_owned(),
        reason,
    };
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(reason) if reason.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(reason) => return Err(unreadable(reason)),
    };
    let paths: io::Result<Vec<PathBuf>> = listed.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(unreadable)?;
    paths.sort_unstable();
    Ok(paths)
}

/// What a killed run left behind; servers do not look at such files either.
fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    name.as_encoded_bytes().starts_with(b".")
}
