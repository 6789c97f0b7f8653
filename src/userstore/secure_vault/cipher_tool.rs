//! [`CipherToolEntry`]: where `cipher-tool.properties` says that a secret is used.
//!
//! ```text
//! alias=repository/conf/carbon.xml//Server/Security/KeyStore/Password,false
//!       file                      //xpath                            ,flag
//! ```
//! The path ends at the first comma; with the flag `true` and a path that ends with `[@name]` the attribute is meant.
//! Source: `CipherTool` of wso2/cipher-tool.

use std::path::PathBuf;

use super::error::VaultError;
use crate::document::{JavaProperties, LocationPath, Place, XmlFile};
use crate::userstore::home::Wso2Home;

const CIPHER_TOOL: &str = "repository/conf/security/cipher-tool.properties";

/// One line of `cipher-tool.properties`.
pub struct CipherToolEntry {
    /// The secret.
    pub alias: String,
    /// Its line.
    pub at: Place,
    /// The document, in the home.
    pub file: PathBuf,
    /// The place in it, as written.
    pub path: String,
}

impl CipherToolEntry {
    /// Those of `home`; none where the file is not there.
    ///
    /// # Errors
    /// When the file cannot be read, or a line has another form.
    pub fn read(home: &Wso2Home) -> Result<Vec<Self>, VaultError> {
        let properties = JavaProperties::read_if_there(&home.root().join(CIPHER_TOOL))?;
        let mut entries = Vec::new();
        for property in properties.properties() {
            let at = properties.place(property);
            let Some((file, rest)) = property.value.split_once("//") else {
                return Err(VaultError::Setting {
                    at,
                    setting: property.key.clone(),
                    problem: "it is not file//xpath,flag. Write it like the stock entries"
                        .to_owned(),
                });
            };
            let path = rest.split_once(',').map_or(rest, |(path, _)| path);
            entries.push(Self {
                alias: property.key.clone(),
                at,
                file: home.root().join(file.trim()),
                path: format!("//{}", path.trim()),
            });
        }
        Ok(entries)
    }

    /// What is wrong with it: its document has no such place, or does not name the alias there.
    ///
    /// # Errors
    /// When the document cannot be read or the path is not understood.
    pub fn problem(&self) -> Result<Option<String>, VaultError> {
        let path = LocationPath::parse(&self.path)?;
        let found = XmlFile::read(&self.file)?.values(&path);
        let (file, alias) = (self.file.display(), &self.alias);
        if found.is_empty() {
            return Ok(Some(format!(
                "{file}: there is no element {}, where {} expects {alias}",
                self.path, self.at
            )));
        }
        let mut others = found
            .iter()
            .filter(|value| value.secret_alias.as_deref() != Some(alias));
        Ok(others.next().map(|value| {
            format!(
                "{}: the element has no svns:secretAlias=\"{alias}\", so the server does not take the secret. Add it",
                value.at
            )
        }))
    }
}
