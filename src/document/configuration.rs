//! [`Configuration`]: everything that a secret service needs to know, from one document or several.

use std::path::PathBuf;

use super::alias_reference::AliasReference;
use super::audit_settings::AuditSettings;
use super::credential_socket::CredentialSocketSettings;
use super::error::DocumentError;
use super::group::GroupSettings;
use super::https::HttpsSettings;
use super::keystore_settings::KeystoreSettings;
use super::on_start::OnStart;
use super::socket::SocketSettings;
use super::tree_settings::TreeSettings;

/// What `keyward serve CONFIG` is given.
pub struct Configuration {
    /// The document that was named.
    pub path: PathBuf,
    /// Which form it has.
    pub dialect: Dialect,
    /// At least one; their names differ.
    pub keystores: Vec<KeystoreSettings>,
    /// From the configuration itself and from every document that it includes, in order.
    pub references: Vec<AliasReference>,
    /// Every document that was read, the one with the keystore first.
    pub documents: Vec<PathBuf>,
    /// Documents of a WSO2 server that may name secrets and cannot be read: what they name is not in `references`.
    pub unreadable: Vec<DocumentError>,
    /// Where to listen, if the document says so.
    pub socket: Option<SocketSettings>,
    /// Where to listen over TCP, with mutual TLS.
    pub https: Vec<HttpsSettings>,
    /// Where a service manager reads credentials, if the document says so.
    pub credential_socket: Option<CredentialSocketSettings>,
    /// Aliases that change together; an alias is in one group at most.
    pub groups: Vec<GroupSettings>,
    /// What happens when a keystore cannot be loaded at start.
    pub on_start: OnStart,
    /// Where audit lines go.
    pub audit: AuditSettings,
    /// Directories of small files that the service keeps current.
    pub trees: Vec<TreeSettings>,
}

impl Configuration {
    /// A configuration that names keystores and nothing else yet.
    #[must_use]
    pub fn of_keystores(path: PathBuf, dialect: Dialect, keystores: Vec<KeystoreSettings>) -> Self {
        Self {
            path,
            dialect,
            keystores,
            references: Vec::new(),
            documents: Vec::new(),
            unreadable: Vec::new(),
            socket: None,
            https: Vec::new(),
            credential_socket: None,
            groups: Vec::new(),
            on_start: OnStart::default(),
            audit: AuditSettings::default(),
            trees: Vec::new(),
        }
    }
}

/// The form of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Spring beans, as PhixFlow ships them.
    Phixflow,
    /// `<secret-service>`.
    Keyward,
    /// The files of a WSO2 server, which name secrets of its Secure Vault.
    Wso2,
}
