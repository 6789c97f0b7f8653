//! [`Wso2Home`]: the directory of a WSO2 server: its keystores, its symmetric key, what it encrypts user stores with.
//!
//! ```text
//! HOME/repository/conf/deployment.toml            [keystore.primary], [keystore.internal], [encryption] …
//! HOME/repository/conf/carbon.xml                 older packs: //Server/Security/KeyStore, InternalKeyStore
//! HOME/repository/resources/security/             keystores, by their file_name
//! HOME/repository/conf/security/                  Secure Vault's files
//! ```
//! What is not configured has the product's default, and each default that was used is told. Sources: `default.json` and
//! `carbon.xml.j2` of wso2/carbon-kernel; wso2/config-mapper; `CipherTool`.

mod applied_default;
mod carbon_xml;
mod error;
mod keystore;
mod product_default;
mod reference;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::document::DeploymentToml;

pub use applied_default::AppliedDefault;
pub use error::HomeError;
pub use keystore::HomeKeystore;
use reference::Settings;
pub use text::HomeText;

const DEPLOYMENT_TOML: &str = "repository/conf/deployment.toml";
const CARBON_XML: &str = "repository/conf/carbon.xml";
const TRANSFORMATION: &str = "org.wso2.CipherTransformation";
const SYMMETRIC_PROVIDER: &str = "SymmetricKeyInternalCryptoProvider";
const USERSTORE_ENCRYPTION: &str = "keystore.userstore_password_encryption";

/// A WSO2 server's directory, and what its configuration says about keys.
pub struct Wso2Home {
    root: PathBuf,
    configuration: PathBuf,
    /// The keystore of the server's own key.
    pub primary: HomeKeystore,
    /// The keystore for what is encrypted inside the server; the primary one unless configured.
    pub internal: HomeKeystore,
    /// `[encryption]`.
    pub encryption: EncryptionSettings,
    /// `org.wso2.CipherTransformation`, of the caller's `-D` or the configuration.
    pub cipher_transformation: Option<String>,
    /// `[keystore] userstore_password_encryption`.
    pub userstore_password_encryption: Option<String>,
    /// Every default of the product that was used.
    pub defaults: Vec<AppliedDefault>,
}

/// `[encryption]` of `deployment.toml`.
#[derive(Default)]
pub struct EncryptionSettings {
    /// The symmetric key, as text.
    pub key: Option<HomeText>,
    /// The key before.
    pub old_key: Option<HomeText>,
    /// The class that encrypts.
    pub internal_crypto_provider: Option<String>,
}

/// What a server is started with that its directory does not tell.
#[derive(Default)]
pub struct StartOptions {
    /// `-Dname=value`, for `$sys{name}`.
    pub system_properties: BTreeMap<String, String>,
}

impl Wso2Home {
    /// Reads the configuration of the server in `root`.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or a reference in it leads nowhere.
    pub fn load(root: &Path, options: &StartOptions) -> Result<Self, HomeError> {
        let toml = root.join(DEPLOYMENT_TOML);
        if toml.exists() {
            return Self::of_toml(root, DeploymentToml::read(&toml)?, options);
        }
        let carbon = root.join(CARBON_XML);
        if carbon.exists() {
            return carbon_xml::load(root, &carbon, options);
        }
        Err(HomeError::NoConfiguration {
            home: root.to_path_buf(),
        })
    }

    fn of_toml(
        root: &Path,
        toml: DeploymentToml,
        options: &StartOptions,
    ) -> Result<Self, HomeError> {
        let configuration = toml.path().to_path_buf();
        let settings = Settings::new(root, toml, options);
        let primary = HomeKeystore::of_settings(root, &settings, "primary")?;
        let internal = HomeKeystore::of_settings(root, &settings, "internal")?;
        let encryption = EncryptionSettings {
            key: settings.optional("encryption.key"),
            old_key: settings.optional("encryption.old_key"),
            internal_crypto_provider: settings.plain("encryption.internal_crypto_provider")?,
        };
        let named = options.system_properties.get(TRANSFORMATION).cloned();
        let configured = settings.plain(&format!("system.parameter.{TRANSFORMATION}"))?;
        Ok(Self {
            root: root.to_path_buf(),
            configuration,
            primary,
            internal,
            encryption,
            cipher_transformation: named.or(configured),
            userstore_password_encryption: settings.plain(USERSTORE_ENCRYPTION)?,
            defaults: settings.into_defaults(),
        })
    }

    /// The directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// `deployment.toml` or `carbon.xml`.
    #[must_use]
    pub fn configuration(&self) -> &Path {
        &self.configuration
    }

    /// Whether the server is configured by `deployment.toml`.
    #[must_use]
    pub fn has_deployment_toml(&self) -> bool {
        self.configuration.ends_with(DEPLOYMENT_TOML)
    }

    /// Whether user stores are under the internal keystore's key.
    #[must_use]
    pub fn uses_internal_keystore(&self) -> bool {
        let configured = self.userstore_password_encryption.as_deref();
        configured.is_some_and(|value| value.eq_ignore_ascii_case("InternalKeyStore"))
    }

    /// Whether the internal keystore's key is another one than the primary keystore's.
    #[must_use]
    pub fn has_internal_keystore(&self) -> bool {
        let (primary, internal) = (&self.primary, &self.internal);
        primary.path != internal.path || primary.alias != internal.alias
    }

    /// Whether user stores are under `[encryption] key`.
    #[must_use]
    pub fn uses_symmetric_key(&self) -> bool {
        let provider = self.encryption.internal_crypto_provider.as_deref();
        let is_symmetric = provider.is_none_or(|class| class.ends_with(SYMMETRIC_PROVIDER));
        is_symmetric && self.encryption.key.is_some() && !self.uses_internal_keystore()
    }

    /// What to add to the configuration, so that the server reads user stores with the internal key.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        if self.uses_internal_keystore() {
            return None;
        }
        let line = if self.has_deployment_toml() {
            "userstore_password_encryption = \"InternalKeyStore\" below [keystore], before [keystore.primary]"
        } else {
            "<UserStorePasswordEncryption>InternalKeyStore</UserStorePasswordEncryption> below <Security>"
        };
        Some(format!(
            "{}: user stores are not set to the internal keystore: add {line}",
            self.configuration.display()
        ))
    }
}
