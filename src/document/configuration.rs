//! [`Configuration`]: everything that a secret service needs to know, from one document or several.

use std::path::{Path, PathBuf};

use super::alias_reference::AliasReference;
use super::error::{DocumentError, Place};
use super::included::{has_beans, unknown_root};
use super::keystore_settings::KeystoreSettings;
use super::placeholder::Environment;
use super::socket::SocketSettings;
use super::xml::Document;
use super::{phixflow, secret_service};

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
    /// Where to listen, if the document says so.
    pub socket: Option<SocketSettings>,
}

/// The form of a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Spring beans, as PhixFlow ships them.
    Phixflow,
    /// `<secret-service>`.
    Keyward,
}

impl Configuration {
    /// Loads the configuration at `path` with every document that belongs to it.
    ///
    /// # Errors
    /// When one of the documents cannot be read, or does not say what it must. No keystore and no
    /// password is looked for: those may come later.
    pub fn load(path: &Path) -> Result<Self, DocumentError> {
        Self::load_in(path, Environment::of_process())
    }

    pub(super) fn load_in(path: &Path, environment: Environment) -> Result<Self, DocumentError> {
        let document = Document::read(path)?;
        if has_beans(&document) {
            return phixflow::load(path, document, environment);
        }
        if secret_service::is_root(&document) {
            return secret_service::load(&document, environment);
        }
        Err(unknown_root(&document))
    }
}

/// Refuses two keystores of one name.
pub(super) fn check_keystore_names(keystores: &[KeystoreSettings]) -> Result<(), DocumentError> {
    for (index, keystore) in keystores.iter().enumerate() {
        let mut before = keystores.iter().take(index);
        let Some(first) = before.find(|first| first.name == keystore.name) else {
            continue;
        };
        return Err(DocumentError::DuplicateKeystore {
            at: Place {
                document: keystore.document.clone(),
                line: keystore.line,
            },
            name: keystore.name.clone(),
            first: first.line,
        });
    }
    Ok(())
}
