//! [`Configuration::load`]: tells the form of a document and reads it in that form.

use std::path::Path;

use super::configuration::Configuration;
use super::error::DocumentError;
use super::included::{has_beans, unknown_root};
use super::placeholder::Environment;
use super::xml::Document;
use super::{phixflow, secret_service, wso2};

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
        if let Some(home) = wso2::home_of(path) {
            return wso2::load(path, &home);
        }
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
