//! [`SqlTable`]: which table of a database holds stored passwords, and in which columns. [`Preset`]: those of a product.
//!
//! ```text
//! keycloak  CREDENTIAL (TYPE = 'password'): CREDENTIAL_DATA, SECRET_DATA, VERSION; the user is USER_ENTITY.USERNAME
//! wso2      UM_USER: UM_USER_NAME, UM_USER_PASSWORD, UM_SALT_VALUE, UM_TENANT_ID
//! spring    users: username, password
//! ```
//! Sources: Keycloak's `CredentialEntity` and its Liquibase change logs; WSO2 Carbon's `dbscripts`; Spring Security's
//! `users.ddl`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::password::Dialect;

/// The tables of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Keycloak's `CREDENTIAL`.
    Keycloak,
    /// WSO2's JDBC user store.
    Wso2,
    /// Spring Security's default schema.
    Spring,
}

/// There is no such preset.
#[derive(Debug, Error)]
#[error("{name}: no such preset. There are keycloak, wso2 and spring")]
pub struct UnknownPreset {
    name: String,
}

/// Which table, and its columns. What is not given is that of the preset, or the usual one.
#[derive(Debug, Clone, Default)]
pub struct SqlTable {
    /// The product whose table it is.
    pub preset: Option<Preset>,
    /// The table, perhaps behind its schema and a dot.
    pub table: Option<String>,
    /// The column that tells rows apart: unique, of any type. Usually the primary key.
    pub id: Option<String>,
    /// The column of the user's name. Usually `username`, or else the id.
    pub user: Option<String>,
    /// The column of the stored password. Usually `password`.
    pub password: Option<String>,
    /// Keycloak's realm by name, or WSO2's tenant by number: its users alone.
    pub realm: Option<String>,
    /// WSO2: the realm's `PasswordDigest`, with its properties where that is PBKDF2. Usually `SHA-256`.
    pub password_digest: Option<String>,
}

impl Preset {
    /// Whose conventions its values follow.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Keycloak => Dialect::Keycloak,
            Self::Wso2 => Dialect::Wso2,
            Self::Spring => Dialect::Spring,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Keycloak => "keycloak",
            Self::Wso2 => "wso2",
            Self::Spring => "spring",
        }
    }

    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Keycloak => "credential",
            Self::Wso2 => "um_user",
            Self::Spring => "users",
        }
    }
}

impl fmt::Display for Preset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl FromStr for Preset {
    type Err = UnknownPreset;

    fn from_str(name: &str) -> Result<Self, UnknownPreset> {
        let all = [Self::Keycloak, Self::Wso2, Self::Spring];
        let named = all.into_iter().find(|preset| preset.name() == name);
        named.ok_or_else(|| UnknownPreset {
            name: name.to_owned(),
        })
    }
}
