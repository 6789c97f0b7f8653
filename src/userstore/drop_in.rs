//! [`DropInFile`]: `DOMAIN.enc`, a user store in clear that a server encrypts when it finds it.
//!
//! The server writes `DOMAIN.xml` and deletes the drop-in file. Encrypted is a property without `encrypted` that carries
//! `encrypt="true"` and no `secretAlias`, and the password of the stock classes: `password` of JDBC, `ConnectionPassword`
//! of LDAP and Active Directory. `encrypt` gives way to `encrypted="true"`.
//!
//! Source: `UserStoreConfigurationDeployer` of wso2/carbon-identity-framework.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::encryption_key::EncryptionKey;
use super::error::{CiphertextError, UserStoreError};
use super::form::Form;
use super::reencryption::read;
use super::user_store_file::{PropertyValue, UserStoreFile, is_true, name_of, secret_alias};
use crate::Secret;
use crate::document::{Element, Replacement};
use crate::safe_file::FileEdit;

/// The passwords of the stock classes, as their descriptions mark them.
const PASSWORDS: [(&str, &str); 3] = [
    ("JDBC", "password"),
    ("LDAP", "ConnectionPassword"),
    ("ActiveDirectory", "ConnectionPassword"),
];

/// A user store in clear.
pub struct DropInFile {
    path: PathBuf,
    bytes: Zeroizing<Vec<u8>>,
}

impl DropInFile {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(path: &Path) -> Result<Self, UserStoreError> {
        Ok(Self {
            path: path.to_owned(),
            bytes: read(path)?,
        })
    }

    /// The bytes of the user store, and the names of the properties that were encrypted.
    ///
    /// # Errors
    /// When it is no user store, has nothing to encrypt, or a value cannot be encrypted.
    pub fn encrypted(
        &self,
        key: &EncryptionKey,
        form: &Form,
    ) -> Result<(Zeroizing<Vec<u8>>, Vec<String>), UserStoreError> {
        let file = UserStoreFile::parse(&self.path, &self.bytes)?;
        let class = file.document().root().attribute("class");
        let class = class.map_or_else(String::new, |class| class.value.to_string());
        let mut replacements = Vec::new();
        let mut names = Vec::new();
        for property in file
            .properties()
            .filter(|property| is_clear(property, &class))
        {
            let (value, span) = file.value(property);
            let text = match value {
                PropertyValue::Text(text) => Zeroizing::new(text),
                PropertyValue::Empty | PropertyValue::Reference(_) => continue,
                PropertyValue::Unusable(error) => return Err(of_property(&file, property, error)),
            };
            let secret = Secret::copied_from(text.as_bytes());
            let ciphertext = key.encrypt(&secret, form);
            let ciphertext = ciphertext.map_err(|error| of_property(&file, property, error))?;
            replacements.extend(mark(&file, property));
            replacements.push(Replacement {
                span,
                text: ciphertext.to_string(),
            });
            names.push(name_of(property));
        }
        if names.is_empty() {
            return Err(UserStoreError::NothingToEncrypt {
                path: self.path.clone(),
            });
        }
        Ok((file.document().with(&replacements), names))
    }

    /// Writes the bytes of a user store to `path`, which must not exist, readable by its owner alone.
    ///
    /// # Errors
    /// When there is such a file, or it cannot be written.
    pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), UserStoreError> {
        let edit = FileEdit::begin(path)?;
        if edit.current().is_some() {
            return Err(UserStoreError::Exists {
                path: path.to_owned(),
            });
        }
        edit.commit(bytes, |_| Ok(()))
    }
}

fn is_clear(property: &Element, class: &str) -> bool {
    if property.attribute("encrypted").is_some() {
        return false;
    }
    let name = name_of(property);
    let is_password = PASSWORDS
        .iter()
        .any(|(part, password)| class.contains(part) && name == *password);
    is_password || is_true(property, "encrypt") && secret_alias(property).is_none()
}

/// `encrypted="true"` in the place of `encrypt="…"`, or as the first attribute.
fn mark(file: &UserStoreFile<'_>, property: &Element) -> Option<Replacement> {
    let start = property.span.start;
    let tag = file.document().raw(start..property.content.start);
    if let Some(attribute) = property.attribute("encrypt") {
        let value = attribute.span.start;
        let before = &tag[..value - start];
        let name = start + before.rfind("encrypt")?;
        let quote = attribute.span.end + 1;
        return Some(Replacement {
            span: name..quote,
            text: "encrypted=\"true\"".to_owned(),
        });
    }
    let name_end = start + tag.find(|c: char| c.is_ascii_whitespace())?;
    Some(Replacement {
        span: name_end..name_end,
        text: " encrypted=\"true\"".to_owned(),
    })
}

fn of_property(
    file: &UserStoreFile<'_>,
    property: &Element,
    error: CiphertextError,
) -> UserStoreError {
    UserStoreError::Property {
        at: file.document().place(property.span.start),
        property: name_of(property),
        error,
    }
}
