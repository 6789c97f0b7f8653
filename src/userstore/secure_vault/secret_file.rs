//! [`SecretFile`]: the file that holds the secrets, whichever of two it is.

use std::io;
use std::path::Path;

use zeroize::Zeroizing;

use super::error::VaultError;
use super::stored::{Stored, VaultSecret};
use crate::document::{DeploymentToml, DocumentError, JavaProperties};
use crate::safe_file::SafeFileError;

const SECRETS: &str = "secrets.";

/// A setting's name, and its value if that is a text.
type NamedText = (String, Option<Zeroizing<String>>);

pub(super) enum SecretFile {
    Toml(DeploymentToml),
    Properties(JavaProperties),
}

impl SecretFile {
    pub(super) fn read_toml(path: &Path) -> Result<Self, DocumentError> {
        DeploymentToml::read(path).map(Self::Toml)
    }

    pub(super) fn read_properties(path: &Path) -> Result<Self, DocumentError> {
        JavaProperties::read_if_there(path).map(Self::Properties)
    }

    /// The content of the file at `path`, whose ending says which it is.
    pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<Self, DocumentError> {
        if path.extension().is_some_and(|ending| ending == "toml") {
            return DeploymentToml::parse(path, bytes).map(Self::Toml);
        }
        JavaProperties::parse(path, bytes).map(Self::Properties)
    }

    /// The same file with what is in it now.
    pub(super) fn parsed_again(&self, bytes: &[u8]) -> Result<Self, DocumentError> {
        match self {
            Self::Toml(file) => DeploymentToml::parse(file.path(), bytes).map(Self::Toml),
            Self::Properties(file) => {
                JavaProperties::parse(file.path(), bytes).map(Self::Properties)
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Toml(file) => file.path(),
            Self::Properties(file) => file.path(),
        }
    }

    pub(super) fn secrets(&self) -> Vec<VaultSecret> {
        match self {
            Self::Toml(file) => {
                let secrets = file.settings().iter().filter_map(|setting| {
                    Some(VaultSecret {
                        alias: setting.name.strip_prefix(SECRETS)?.to_owned(),
                        at: file.place(setting),
                        stored: Stored::of(setting.text().unwrap_or_default()),
                        is_unambiguous: true,
                    })
                });
                secrets.collect()
            }
            Self::Properties(file) => {
                let secrets = file.properties().map(|property| VaultSecret {
                    alias: property.key.clone(),
                    at: file.place(property),
                    stored: Stored::of(&property.value),
                    is_unambiguous: file.is_ascii(property),
                });
                secrets.collect()
            }
        }
    }

    pub(super) fn value(&self, alias: &str) -> Option<&str> {
        match self {
            Self::Toml(file) => file.setting(&format!("{SECRETS}{alias}"))?.text(),
            Self::Properties(file) => file.value(alias),
        }
    }

    pub(super) fn with_values(
        &self,
        values: &[(&str, &str)],
    ) -> Result<Zeroizing<Vec<u8>>, DocumentError> {
        match self {
            Self::Toml(file) => file.with_secrets(values),
            Self::Properties(file) => Ok(file.with_values(values)),
        }
    }

    /// Whether `written` has the new values, and every other setting as it was.
    pub(super) fn verify_written(
        &self,
        written: &[u8],
        values: &[(&str, &str)],
    ) -> Result<(), VaultError> {
        let mut expected = self.texts();
        for &(alias, value) in values {
            let name = match self {
                Self::Toml(_) => format!("{SECRETS}{alias}"),
                Self::Properties(_) => alias.to_owned(),
            };
            expected.retain(|(known, _)| *known != name);
            expected.push((name, Some(Zeroizing::new(value.to_owned()))));
        }
        let mut found = self.parsed_again(written)?.texts();
        expected.sort_by(|one, other| one.0.cmp(&other.0));
        found.sort_by(|one, other| one.0.cmp(&other.0));
        if expected == found {
            return Ok(());
        }
        Err(VaultError::File(SafeFileError::Step {
            step: "edit the file",
            path: self.path().to_path_buf(),
            reason: io::Error::other("its settings would read back differently"),
        }))
    }

    fn texts(&self) -> Vec<NamedText> {
        match self {
            Self::Toml(file) => {
                let text = |text: &str| Zeroizing::new(text.to_owned());
                let settings = file.settings().iter();
                let texts = settings.map(|it| (it.name.clone(), it.text().map(text)));
                texts.collect()
            }
            Self::Properties(file) => {
                let texts = file
                    .properties()
                    .map(|it| (it.key.clone(), Some(it.value.clone())));
                texts.collect()
            }
        }
    }
}
