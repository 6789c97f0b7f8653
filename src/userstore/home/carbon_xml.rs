//! `carbon.xml` of packs without `deployment.toml`.
//!
//! ```text
//! //Server/Security/KeyStore          { Location Type Password KeyAlias KeyPassword }   primary
//! //Server/Security/InternalKeyStore  the same; the primary one where there is none
//! ```
//! Source: `RegistryResources` and `CarbonUtils` of wso2/carbon-kernel; `Utils` of wso2/cipher-tool.

use std::path::{Path, PathBuf};

use super::error::HomeError;
use super::keystore::{HomeKeystore, located};
use super::text::HomeText;
use super::{EncryptionSettings, StartOptions, TRANSFORMATION, Wso2Home};
use crate::document::{LocationPath, XmlFile, XmlValue, aliases_in};
use crate::keystore::Alias;

const PRIMARY: &str = "//Server/Security/KeyStore";
const INTERNAL: &str = "//Server/Security/InternalKeyStore";
const USERSTORE_ENCRYPTION: &str = "//Server/Security/UserStorePasswordEncryption";

pub(super) fn load(
    root: &Path,
    path: &Path,
    options: &StartOptions,
) -> Result<Wso2Home, HomeError> {
    let carbon = CarbonXml {
        root,
        path: path.to_path_buf(),
        document: XmlFile::read(path)?,
    };
    let internal = match carbon.value(&format!("{INTERNAL}/Location"))? {
        Some(_) => INTERNAL,
        None => PRIMARY,
    };
    let encryption = carbon.value(USERSTORE_ENCRYPTION)?;
    Ok(Wso2Home {
        root: root.to_path_buf(),
        primary: carbon.keystore(PRIMARY)?,
        internal: carbon.keystore(internal)?,
        encryption: EncryptionSettings::default(),
        cipher_transformation: options.system_properties.get(TRANSFORMATION).cloned(),
        userstore_password_encryption: encryption.map(|value| value.text.to_string()),
        defaults: Vec::new(),
        configuration: carbon.path,
    })
}

struct CarbonXml<'r> {
    root: &'r Path,
    path: PathBuf,
    document: XmlFile,
}

impl CarbonXml<'_> {
    fn keystore(&self, element: &'static str) -> Result<HomeKeystore, HomeError> {
        let location = self.needed(element, "Location")?;
        let alias = self.needed(element, "KeyAlias")?;
        let store_type = self.value(&format!("{element}/Type"))?;
        Ok(HomeKeystore {
            path: located(self.root, &location.text),
            store_type: store_type.map_or_else(|| "JKS".to_owned(), |it| it.text.to_string()),
            alias: Alias::new(&alias.text),
            store_password: password(&self.needed(element, "Password")?),
            key_password: password(&self.needed(element, "KeyPassword")?),
        })
    }

    fn needed(&self, path: &'static str, element: &'static str) -> Result<XmlValue, HomeError> {
        let value = self.value(&format!("{path}/{element}"))?;
        value.ok_or_else(|| HomeError::Incomplete {
            document: self.path.clone(),
            element,
            path,
        })
    }

    fn value(&self, path: &str) -> Result<Option<XmlValue>, HomeError> {
        let mut values = self
            .document
            .values(&LocationPath::parse(path)?)
            .into_iter();
        Ok(values.find(|value| !value.text.is_empty() || value.secret_alias.is_some()))
    }
}

fn password(value: &XmlValue) -> HomeText {
    let named = aliases_in(&value.text).into_iter().next();
    match value.secret_alias.clone().or(named) {
        Some(alias) => HomeText::InSecureVault { alias },
        None => HomeText::known(&value.text),
    }
}
