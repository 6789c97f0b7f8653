//! [`HomeKeystore`]: one of the keystores of a WSO2 server.

use std::path::{Path, PathBuf};

use super::error::HomeError;
use super::product_default::SECURITY;
use super::reference::Settings;
use super::text::HomeText;
use crate::keystore::Alias;

/// A keystore as the configuration names it.
pub struct HomeKeystore {
    /// The file, whether it is there or not.
    pub path: PathBuf,
    /// The store type as written; a file's own type counts.
    pub store_type: String,
    /// The entry with the server's key.
    pub alias: Alias,
    /// The store password.
    pub store_password: HomeText,
    /// The password of the entry.
    pub key_password: HomeText,
}

impl HomeKeystore {
    /// `[keystore.<name>]`.
    pub(super) fn of_settings(
        root: &Path,
        settings: &Settings,
        name: &str,
    ) -> Result<Self, HomeError> {
        let setting = |key: &str| format!("keystore.{name}.{key}");
        // Each of them has a default.
        let plain = |key| Ok::<_, HomeError>(settings.plain(&setting(key))?.unwrap_or_default());
        let password = |key| {
            let password = settings.optional(&setting(key));
            password.unwrap_or_else(|| HomeText::known(""))
        };
        Ok(Self {
            path: located(root, &plain("file_name")?),
            store_type: plain("type")?,
            alias: Alias::new(&plain("alias")?),
            store_password: password("password"),
            key_password: password("key_password"),
        })
    }
}

/// A keystore's file: below `repository/resources/security`, or where a longer path says.
pub(super) fn located(root: &Path, file_name: &str) -> PathBuf {
    if let Some(rest) = file_name.strip_prefix("${carbon.home}") {
        return root.join(rest.trim_start_matches('/'));
    }
    let usual = root.join(SECURITY).join(file_name);
    let of_home = root.join(file_name);
    if !usual.exists() && file_name.contains('/') && of_home.exists() {
        return of_home;
    }
    usual
}
