//! Migration: the stored passwords of many users move to a new function, while the users keep their passwords.
//!
//! ```text
//! hash(password) ──Wrapping::wrap──> new(hash(password)), in an envelope that tells both; no password is needed
//! password kept clear or encrypted ──Wrapping::hash──> new(password)
//! ```
//! A [`Migration`] reads a [`CredentialStore`] page by page, hashes, and replaces each value that still stands. What is
//! done already is left alone, so a run that was ended is gone on with by another. The idea is that of a proposal to
//! Keycloak's developers (keycloak-dev, March 2017).

mod credential_store;
mod ending;
mod error;
mod just_in_time;
mod keycloak_export;
mod ldap_store;
mod login_name;
mod migration;
mod migration_report;
mod reactor;
mod sql_store;
mod standing;
mod task;
mod user_file;
mod validation_api;

pub use credential_store::{Change, Credential, CredentialStore, Inserted, Page, Place, Replaced};
pub use ending::mark_ended;
pub use error::MigrateError;
pub use just_in_time::{
    Account, Answer, Attempts, Decision, Found, HashSlots, Judgement, JustInTime, LegacySource,
    LegacyStore, Target, Work,
};
pub use keycloak_export::KeycloakExport;
pub use ldap_store::{InvalidLdapUrl, LdapAddress, LdapBind, LdapStore};
pub use migration::{Migration, Moved};
pub use migration_report::MigrationReport;
pub use sql_store::{
    Beginning, DatabaseKind, Fleet, JoinedJob, Preset, SharedJob, Sharing, SqlAddress, SqlStore,
    SqlTable, UnknownPreset, Worker,
};
pub use standing::{Census, LeftAlone, Standing};
pub use task::{Bounds, Task};
pub use user_file::UserFile;
pub use validation_api::{ApiCredentials, ApiIdentity, ValidationApi};
