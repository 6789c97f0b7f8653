//! [`SecretConf`]: `secret-conf.properties`, which tells the server how its secrets are encrypted.
//!
//! ```text
//! secVault.enabled=true
//! carbon.secretProvider=org.wso2.securevault.secret.handler.SecretManagerSecretCallbackHandler
//! secretRepositories=file
//! secretRepositories.file.provider=…  .location=repository/conf/security/cipher-text.properties  .algorithm=RSA
//! secretRepositories.file.encryptionMode=symmetric | key.based.symmetric.encryption
//! keystore.identity.location=…  .type=…  .alias=…  .store.password=identity.store.password …
//! ```
//! Source: `SecretManager`, `KeyStoreInformationFactory` of wso2/carbon-secvault; `Utils` of wso2/cipher-tool.

use std::fmt;
use std::fs;
use std::path::{self, Path, PathBuf};

use super::error::VaultError;
use super::key_source::VaultKeystore;
use crate::document::{JavaProperties, Place, secret_repository};
use crate::safe_file::{FileEdit, SafeFileError};
use crate::userstore::home::Wso2Home;
use crate::userstore::transformation::Transformation;

const CONF: &str = "repository/conf/security/secret-conf.properties";
const REPOSITORY: &str = "repository/conf/security/cipher-text.properties";
const ENABLED: &str = "secVault.enabled";
const LOCATION: &str = "secretRepositories.file.location";
const ALGORITHM: &str = "secretRepositories.file.algorithm";
const MODE: &str = "secretRepositories.file.encryptionMode";
const KEYSTORE_LOCATION: &str = "keystore.identity.location";
const KEYSTORE_TYPE: &str = "keystore.identity.type";
const KEYSTORE_ALIAS: &str = "keystore.identity.alias";
const CALLBACK: &str = "org.wso2.carbon.securevault.DefaultSecretCallbackHandler";

/// What the cipher tool writes beside the keystore; each only where it is not there yet.
const CONSTANTS: [(&str, &str); 8] = [
    (
        "carbon.secretProvider",
        "org.wso2.securevault.secret.handler.SecretManagerSecretCallbackHandler",
    ),
    ("secretRepositories", "file"),
    (
        "secretRepositories.file.provider",
        "org.wso2.securevault.secret.repository.FileBaseSecretRepositoryProvider",
    ),
    (LOCATION, REPOSITORY),
    (
        "keystore.identity.store.password",
        "identity.store.password",
    ),
    ("keystore.identity.store.secretProvider", CALLBACK),
    ("keystore.identity.key.password", "identity.key.password"),
    ("keystore.identity.key.secretProvider", CALLBACK),
];

/// How secrets are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncryptionMode {
    /// With the RSA key of a keystore.
    Asymmetric,
    /// With a secret key of a keystore.
    SecretKey,
    /// With a key that is typed in.
    TypedKey,
}

/// `secret-conf.properties`; a file that is not there is an empty one.
pub struct SecretConf {
    properties: JavaProperties,
}

impl SecretConf {
    /// Reads that of `home`.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn read(home: &Wso2Home) -> Result<Self, VaultError> {
        let properties = JavaProperties::read_if_there(&home.root().join(CONF))?;
        Ok(Self { properties })
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.properties.path()
    }

    /// Whether the server uses Secure Vault at all.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.text(ENABLED) == Some("true")
    }

    /// The mode.
    ///
    /// # Errors
    /// When it is none of the two that WSO2 knows.
    pub fn mode(&self) -> Result<EncryptionMode, VaultError> {
        match self.text(MODE) {
            None => Ok(EncryptionMode::Asymmetric),
            Some("symmetric") => Ok(EncryptionMode::SecretKey),
            Some("key.based.symmetric.encryption") => Ok(EncryptionMode::TypedKey),
            Some(_) => Err(self.wrong(
                MODE,
                "write symmetric or key.based.symmetric.encryption, or delete the line for RSA",
            )),
        }
    }

    /// The algorithm: what is configured, or the mode's default.
    ///
    /// # Errors
    /// When it is not known, or belongs to another mode.
    pub fn transformation(&self) -> Result<Transformation, VaultError> {
        let mode = self.mode()?;
        let default = match mode {
            EncryptionMode::Asymmetric => "RSA",
            EncryptionMode::SecretKey | EncryptionMode::TypedKey => "AES/GCM/NoPadding",
        };
        let name = self.text(ALGORITHM).unwrap_or(default);
        let transformation: Transformation =
            name.parse().map_err(|error| self.wrong(ALGORITHM, error))?;
        if transformation.cipher().is_rsa() != (mode == EncryptionMode::Asymmetric) {
            let problem = "it does not go with secretRepositories.file.encryptionMode: RSA has no mode, AES has one";
            return Err(self.wrong(ALGORITHM, problem));
        }
        Ok(transformation)
    }

    /// The properties file with the secrets.
    #[must_use]
    pub fn repository(&self, home: &Wso2Home) -> PathBuf {
        secret_repository(home.root(), &self.properties)
    }

    /// The keystore that it names, if it does.
    #[must_use]
    pub fn keystore(&self, home: &Wso2Home) -> Option<VaultKeystore> {
        let location = self.properties.property(KEYSTORE_LOCATION)?;
        Some(VaultKeystore {
            path: home.root().join(location.value.trim()),
            alias: self.text(KEYSTORE_ALIAS)?.to_owned(),
            store_type: self.text(KEYSTORE_TYPE).unwrap_or("JKS").to_owned(),
            named_by: self.properties.place(location).to_string(),
        })
    }

    /// Turns Secure Vault on with `keystore`, as WSO2's cipher tool does. Other settings that are there stay.
    ///
    /// # Errors
    /// When the file cannot be replaced.
    pub fn enable(&self, keystore: &VaultKeystore) -> Result<(), VaultError> {
        self.enable_after(keystore, || Ok(()))
    }

    /// As [`Self::enable`], once `secrets_are_stored` has stored the secrets for the key of `keystore`: the new file is
    /// on the disk before that, and only has to be put into its place after it.
    ///
    /// # Errors
    /// When the file cannot be replaced, or the secrets cannot be stored; the file is then as it was.
    pub fn enable_after(
        &self,
        keystore: &VaultKeystore,
        secrets_are_stored: impl FnOnce() -> Result<(), VaultError>,
    ) -> Result<(), VaultError> {
        self.create_folder()?;
        let edit = FileEdit::begin(self.path())?;
        let now = JavaProperties::parse(self.path(), edit.current().unwrap_or_default())?;
        let location = path::absolute(&keystore.path).unwrap_or_else(|_| keystore.path.clone());
        let location = location.display().to_string();
        let mut values = vec![
            (ENABLED, "true"),
            (KEYSTORE_LOCATION, location.as_str()),
            (KEYSTORE_TYPE, &keystore.store_type),
            (KEYSTORE_ALIAS, &keystore.alias),
        ];
        let is_missing = |key: &str| now.property(key).is_none();
        values.extend(CONSTANTS.iter().filter(|(key, _)| is_missing(key)));
        edit.commit(&now.with_values(&values), |written| {
            let written = JavaProperties::parse(self.path(), written)?;
            let mut values = values.iter();
            match values.find(|(key, value)| written.value(key) != Some(value)) {
                None => secrets_are_stored(),
                Some((key, _)) => Err(self.wrong(key, "it would read back differently")),
            }
        })
    }

    fn create_folder(&self) -> Result<(), SafeFileError> {
        let Some(folder) = self.path().parent() else {
            return Ok(());
        };
        fs::create_dir_all(folder).map_err(|reason| SafeFileError::Step {
            step: "create the directory",
            path: folder.to_path_buf(),
            reason,
        })
    }

    fn text(&self, key: &str) -> Option<&str> {
        let value = self.properties.value(key)?.trim();
        (!value.is_empty()).then_some(value)
    }

    fn wrong(&self, key: &str, problem: impl fmt::Display) -> VaultError {
        let property = self.properties.property(key);
        VaultError::Setting {
            at: Place {
                document: self.path().to_path_buf(),
                line: property.map_or(1, |property| property.line),
            },
            setting: key.to_owned(),
            problem: problem.to_string(),
        }
    }
}
