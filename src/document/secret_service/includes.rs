//! `<document>`: documents whose aliases the service looks up.

use std::path::Path;

use super::ServiceReader;
use crate::document::alias_reference::{AliasReference, references};
use crate::document::configuration::Configuration;
use crate::document::error::DocumentError;
use crate::document::included::Included;
use crate::document::place::Place;
use crate::document::secret_reference::read_secret_references;
use crate::document::wso2;
use crate::document::xml::{Attribute, Element};

impl ServiceReader<'_> {
    pub(super) fn include(
        &self,
        element: &Element,
        configuration: &mut Configuration,
    ) -> Result<(), DocumentError> {
        self.check(element, &["path", "keystore"], &[])?;
        let path = self.path(element)?;
        let keystore = element.attribute("keystore");
        let keystore = keystore
            .map(|name| self.known_keystore(name, configuration))
            .transpose()?;
        let place = self.document.place(element.span.start);
        if wso2::may_hold_references(&path) {
            return include_secret_references(&path, &place, keystore.as_deref(), configuration);
        }
        for document in Included::new(self.environment).read(&path, Some(&place))? {
            let is_known = |known: &AliasReference| {
                known.document == document.path() && known.keystore == keystore
            };
            if !configuration.references.iter().any(is_known) {
                let found = references(&document, self.environment)?.into_iter();
                let found = found.map(|reference| AliasReference {
                    keystore: keystore.clone(),
                    ..reference
                });
                configuration.references.extend(found);
            }
            let path = document.path().to_path_buf();
            if !configuration.documents.contains(&path) {
                configuration.documents.push(path);
            }
        }
        Ok(())
    }

    pub(in crate::document) fn known_keystore(
        &self,
        attribute: &Attribute,
        configuration: &Configuration,
    ) -> Result<String, DocumentError> {
        let name = attribute.value.trim().to_owned();
        let known = configuration
            .keystores
            .iter()
            .map(|keystore| keystore.name.clone());
        let known: Vec<String> = known.collect();
        if known.contains(&name) {
            return Ok(name);
        }
        let at = self.document.place(attribute.span.start);
        Err(DocumentError::UnknownKeystore { at, name, known })
    }
}

/// A file of a WSO2 server, which names secrets of its Secure Vault.
fn include_secret_references(
    path: &Path,
    named_by: &Place,
    keystore: Option<&str>,
    configuration: &mut Configuration,
) -> Result<(), DocumentError> {
    let found = read_secret_references(path).map_err(|error| match error {
        DocumentError::Missing { path, .. } => DocumentError::Missing {
            path,
            named_by: Some(named_by.clone()),
        },
        error => error,
    })?;
    let found = found.into_iter().map(|reference| AliasReference {
        keystore: keystore.map(str::to_owned),
        ..reference
    });
    configuration.references.extend(found);
    configuration.documents.push(path.to_path_buf());
    Ok(())
}
