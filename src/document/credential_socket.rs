//! [`CredentialSocketSettings`]: the socket that a service manager's `LoadCredential=` reads from.

use std::path::PathBuf;

/// A socket that a service manager's `LoadCredential=` reads from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialSocketSettings {
    /// Its path; a relative one begins at the folder of the document.
    pub path: PathBuf,
    /// Its file mode; 0600 unless the document says otherwise.
    pub mode: u32,
    /// Who is believed to be the manager.
    pub manager: Manager,
    /// Which unit may get what. Nothing is allowed that no rule allows.
    pub rules: Vec<UnitRule>,
    /// Credentials that have another name than their alias.
    pub names: Vec<CredentialName>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// Whose service manager asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manager {
    /// The system's, which is root's.
    System,
    /// The one of the user who runs the service; any process of this user can then ask in the name of any unit.
    User,
}

/// Aliases that a unit may get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRule {
    /// The name of the unit with its ending; `*` stands for any characters.
    pub unit: String,
    /// Patterns of aliases, in which `*` stands for any characters.
    pub aliases: Vec<String>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// The alias of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialName {
    /// As the unit names it.
    pub name: String,
    /// As the keystore names it.
    pub alias: String,
}
