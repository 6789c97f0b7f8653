//! Documents that name aliases: XML files beside a Java keystore.
//!
//! ```text
//! Configuration ── what a secret service is given: <secret-service>, or PhixFlow's Spring beans
//!   ├ KeystoreSettings   path, store type, password, retryDelay
//!   ├ AliasReference     document, line, setting, alias
//!   ├ GroupSettings      aliases that change together
//!   ├ SocketSettings     path, mode, AllowRule
//!   ├ HttpsSettings      address, keystore, keyAlias, truststore, CertificateRule
//!   ├ CredentialSocketSettings   path, mode, UnitRule, CredentialName
//!   └ TreeSettings       path, owner, file names and their aliases
//! read_references ── the aliases of one document alone
//! Rows ── the users of an LDIF file, a CSV file or JSON lines
//!   └ Row   line, name, Field: attribute, value, its bytes in the file
//! ```
//!
//! Spring beans are read by their structure, not by the names of classes: a property that ends in
//! `username`, `password` or `pepperKey` names an alias, whichever bean has it. The name of an
//! environment variable that holds a store password is kept, and read only when the keystore is
//! opened. Documents are bounded in size, depth and number of nodes; document type declarations are
//! refused.

mod alias_reference;
mod audit_settings;
mod base64_text;
mod bean;
mod configuration;
mod credential_socket;
mod csv;
mod deployment_toml;
#[cfg(any(feature = "password", feature = "wso2"))]
mod editable;
#[cfg(feature = "password")]
mod encoder_list;
mod encoding;
mod error;
mod group;
mod https;
mod included;
mod java_properties;
#[cfg(feature = "password")]
mod json_lines;
mod keystore_settings;
mod ldif;
mod limits;
mod load;
mod location;
mod location_path;
mod migration_service;
mod on_start;
mod phixflow;
mod place;
mod placeholder;
mod row;
mod row_error;
#[cfg(feature = "password")]
mod row_source;
#[cfg(feature = "password")]
mod rows;
mod secret_reference;
mod secret_service;
mod socket;
mod suggestion;
mod text_lines;
mod tree_settings;
mod wso2;
mod wso2_references;
mod xml;
mod xml_file;

use std::path::Path;

pub use alias_reference::AliasReference;
pub use audit_settings::{AuditDuty, AuditSettings};
#[cfg(feature = "wso2")]
pub(crate) use base64_text::value as base64_value;
pub use configuration::{Configuration, Dialect};
pub use credential_socket::{CredentialName, CredentialSocketSettings, Manager, UnitRule};
pub use csv::Csv;
pub use deployment_toml::{DeploymentToml, TomlSetting, TomlValue};
#[cfg(any(feature = "migrate", feature = "wso2"))]
pub(crate) use editable::{EditableDocument, Replacement};
#[cfg(feature = "password")]
pub use encoder_list::{EncoderListError, EncoderListFile, EncoderSettings, read_encoder_document};
pub use error::DocumentError;
pub use group::GroupSettings;
pub use https::{CertificateRule, CertificateSubject, HttpsSettings};
#[cfg(feature = "serve")]
pub(crate) use java_properties::write as write_property;
pub use java_properties::{JavaProperties, Property};
#[cfg(feature = "password")]
pub use json_lines::JsonLines;
#[cfg(feature = "cli")]
pub(crate) use json_lines::stored_text;
pub use keystore_settings::{KeystoreSettings, StoreFormat};
pub use ldif::Ldif;
pub use location_path::LocationPath;
pub use migration_service::{
    AnswerMember, ApiMethod, ApiSettings, ClientProof, ClientSettings, LegacySettings,
    ListenerSettings, MigrationLimits, MigrationServiceSettings, StoreSettings, TargetSettings,
};
pub use on_start::OnStart;
pub use place::Place;
pub use row::{Field, Row, Wanted};
pub use row_error::RowError;
#[cfg(feature = "cli")]
pub(crate) use row_source::open as open_rows;
#[cfg(feature = "password")]
pub(crate) use row_source::open_file as open_row_file;
#[cfg(feature = "password")]
pub use rows::{RowFormat, Rows, UnknownRowFormat};
#[cfg(feature = "wso2")]
pub(crate) use secret_reference::aliases_in;
pub use secret_reference::read_secret_references;
pub use socket::{AllowRule, SocketSettings};
#[cfg(feature = "cli")]
pub(crate) use text_lines::TextLines;
pub use tree_settings::{TreeFileSettings, TreeSettings};
#[cfg(feature = "wso2")]
pub(crate) use wso2::secret_repository;
pub use wso2_references::Wso2References;
pub use xml_file::{XmlFile, XmlValue};

use placeholder::Environment;
use xml::Document;
#[cfg(feature = "wso2")]
pub(crate) use xml::Element;

/// The aliases that the document at `path` names itself; what it imports or includes is not read.
///
/// A `<secret-service>` names none: its aliases stand in the documents that it includes, and
/// [`Configuration::load`] reads those.
///
/// # Errors
/// When the document cannot be read, or when an alias is a placeholder without a value.
pub fn read_references(path: &Path) -> Result<Vec<AliasReference>, DocumentError> {
    let document = Document::read(path)?;
    if included::has_beans(&document) {
        return alias_reference::references(&document, Environment::of_process());
    }
    if secret_service::is_root(&document) {
        return Ok(Vec::new());
    }
    Err(included::unknown_root(&document))
}

#[cfg(test)]
mod tests;
