//! A WSO2 server as a configuration: its Secure Vault is the keystore, its own files are the documents.
//!
//! ```text
//! HOME/repository/conf/deployment.toml                      [secrets], and references $secret{alias}
//! HOME/repository/conf/security/cipher-text.properties      the secrets of packs without deployment.toml, unless
//! HOME/repository/conf/security/secret-conf.properties      names another file
//! ```

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::configuration::{Configuration, Dialect};
use super::error::DocumentError;
use super::java_properties::JavaProperties;
use super::keystore_settings::{
    DEFAULT_RETRY_DELAY, KeystoreSettings, StoreFormat, default_vanish_grace,
};
use super::wso2_references::Wso2References;
use crate::secret::{Secret, SecretSource};

const DEPLOYMENT_TOML: &str = "repository/conf/deployment.toml";
const CARBON_XML: &str = "repository/conf/carbon.xml";
const CIPHER_TEXT: &str = "repository/conf/security/cipher-text.properties";
const SECRET_CONF: &str = "repository/conf/security/secret-conf.properties";
const REPOSITORY_LOCATION: &str = "secretRepositories.file.location";

/// The server's directory, if `path` is one or its configuration.
pub(super) fn home_of(path: &Path) -> Option<PathBuf> {
    let is_home = |path: &Path| {
        [DEPLOYMENT_TOML, CARBON_XML]
            .iter()
            .any(|name| path.join(name).is_file())
    };
    if path.is_dir() {
        return is_home(path).then(|| path.to_path_buf());
    }
    // A path that begins below the home, `conf/deployment.toml`, says less than the whole one.
    let names_configuration =
        |path: &Path| path.ends_with(DEPLOYMENT_TOML) || path.ends_with(CARBON_XML);
    let path = if names_configuration(path) {
        path.to_path_buf()
    } else {
        let whole = std::path::absolute(path).ok()?;
        Some(whole).filter(|whole| names_configuration(whole))?
    };
    let home = path.ancestors().nth(3)?;
    // Of a path that begins with `repository`.
    let home = if home.as_os_str().is_empty() {
        Path::new(".")
    } else {
        home
    };
    is_home(home).then(|| home.to_path_buf())
}

/// Whether the name of the file says that it is no document of Spring beans: `.toml` or `.properties`.
pub(super) fn may_hold_references(path: &Path) -> bool {
    let ending = path.extension().and_then(OsStr::to_str);
    matches!(ending, Some("toml" | "properties"))
}

/// The file that holds the secrets of the server in `home`.
pub(super) fn secrets_of(home: &Path) -> Result<PathBuf, DocumentError> {
    let toml = home.join(DEPLOYMENT_TOML);
    if toml.is_file() {
        return Ok(toml);
    }
    let secret_conf = JavaProperties::read_if_there(&home.join(SECRET_CONF))?;
    Ok(secret_repository(home, &secret_conf))
}

/// The properties file with the secrets of the server in `home`, as its `secret-conf.properties` says.
pub(crate) fn secret_repository(home: &Path, secret_conf: &JavaProperties) -> PathBuf {
    let location = secret_conf.value(REPOSITORY_LOCATION).map(str::trim);
    let location = location.filter(|location| !location.is_empty());
    home.join(location.unwrap_or(CIPHER_TEXT))
}

/// No password of its own: those that the home has are tried.
pub(super) fn passwords_of_home() -> SecretSource {
    SecretSource::Inline(Secret::copied_from(b""))
}

/// Loads the server in `home`, with every document of it that names secrets. One that cannot be read keeps nobody from the
/// secrets that the others name.
pub(super) fn load(path: &Path, home: &Path) -> Result<Configuration, DocumentError> {
    let found = Wso2References::of_home(home);
    let secrets = secrets_of(home)?;
    let keystore = KeystoreSettings {
        name: "wso2".to_owned(),
        format: StoreFormat::SecureVault {
            home: home.to_path_buf(),
        },
        path: secrets.clone(),
        store_type: None,
        password: passwords_of_home(),
        retry_delay: DEFAULT_RETRY_DELAY,
        vanish_grace: default_vanish_grace(DEFAULT_RETRY_DELAY),
        alias_prefix: String::new(),
        document: path.to_path_buf(),
        line: 0,
    };
    let mut documents = vec![secrets];
    for reference in &found.references {
        if !documents.contains(&reference.document) {
            documents.push(reference.document.clone());
        }
    }
    Ok(Configuration {
        references: found.references,
        unreadable: found.unreadable,
        documents,
        ..Configuration::of_keystores(path.to_path_buf(), Dialect::Wso2, vec![keystore])
    })
}
