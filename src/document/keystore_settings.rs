//! [`KeystoreSettings`]: a keystore as a document describes it.

use std::path::PathBuf;
use std::time::Duration;

use super::bean::{Bean, Setting, beans};
use super::error::DocumentError;
use super::location;
use super::place::Place;
use super::placeholder::{Environment, PlaceholderError, sole_variable};
use super::xml::Document;
use crate::secret::{Secret, SecretSource};

/// How long after a look at the keystore the next one follows, unless a document says otherwise.
pub(super) const DEFAULT_RETRY_DELAY: Duration = Duration::from_secs(10);
/// The longest `retryDelay`, in milliseconds: a day.
const LONGEST_RETRY_DELAY: u64 = 24 * 60 * 60 * 1000;

const PASSWORD_EXAMPLE: &str =
    "<property name=\"password\" value=\"#{systemEnvironment['KEY_PASS']}\"/>";

/// Keys that can mean nothing but the keystore's path.
const KEYSTORE_KEYS: [&str; 8] = [
    "keystore",
    "keystorepath",
    "keystorefile",
    "keystorefilename",
    "keystorelocation",
    "keystorename",
    "keystoreurl",
    "keystoreresource",
];
/// Keys that mean the keystore's path beside a password.
const PATH_KEYS: [&str; 7] = [
    "location",
    "path",
    "file",
    "filename",
    "storepath",
    "storefile",
    "storelocation",
];
const TYPE_KEYS: [&str; 3] = ["keystoretype", "storetype", "type"];
/// The store password goes before other keys that end like one, such as `keyPassword`.
const PASSWORD_KEYS: [&str; 6] = [
    "password",
    "storepassword",
    "keystorepassword",
    "storepass",
    "keystorepass",
    "pass",
];
const PASSWORD_ENDINGS: [&str; 3] = ["password", "storepass", "pass"];
const PASSWORD_FILE_ENDINGS: [&str; 2] = ["passwordfile", "passfile"];
const PASSWORD_VARIABLE_ENDINGS: [&str; 3] = ["passwordenv", "passwordvariable", "passenv"];
const USER_ENDINGS: [&str; 2] = ["user", "username"];

/// What the file of a keystore is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreFormat {
    /// A Java keystore.
    Keystore,
    /// The file with the secrets of WSO2's Secure Vault.
    SecureVault {
        /// The server's directory.
        home: PathBuf,
    },
}

/// A keystore: where it is, how it is opened, how often it is looked at.
pub struct KeystoreSettings {
    /// Its name in the configuration.
    pub name: String,
    /// What the file is.
    pub format: StoreFormat,
    /// Its path; a relative one begins at the folder of the document.
    pub path: PathBuf,
    /// The store type as written, if there is one.
    pub store_type: Option<String>,
    /// Where the store password comes from. An environment variable is not read while loading. Of Secure Vault it is the
    /// password of the keystore with its key; an empty one means those that the home itself has.
    pub password: SecretSource,
    /// The time between two looks at the file.
    pub retry_delay: Duration,
    /// How long an alias that the file has no more is served, and how long a group that has changed in part
    /// is held back.
    pub vanish_grace: Duration,
    /// What is put before each alias; mostly empty.
    pub alias_prefix: String,
    /// The document that describes it.
    pub document: PathBuf,
    /// Line of that document; the first is 1.
    pub line: usize,
}

/// Whether the bean describes a keystore: it has a path with a password, a store type or a
/// `retryDelay`. What has a user name is a data source or an account, whatever else it has.
pub(super) fn is_keystore(bean: &Bean<'_>) -> bool {
    if ending(bean, &USER_ENDINGS).is_some() {
        return false;
    }
    let has_password = password_setting(bean).is_some();
    let has_delay = named(bean, &["retrydelay"]).is_some();
    let has_type = named(bean, &TYPE_KEYS).is_some();
    if named(bean, &KEYSTORE_KEYS).is_some() {
        return has_password || has_delay || has_type;
    }
    named(bean, &PATH_KEYS).is_some() && (has_password || has_delay || names_store_type(bean))
}

/// The keystores that the document's beans describe.
pub(super) fn keystores(
    document: &Document,
    environment: Environment,
) -> Result<Vec<KeystoreSettings>, DocumentError> {
    let beans = beans(document);
    let keystores = beans.iter().filter(|bean| is_keystore(bean));
    let reader = BeanReader {
        document,
        environment,
        beans: &beans,
    };
    keystores.map(|bean| reader.keystore(bean)).collect()
}

/// How long a vanished alias is served unless a document says otherwise: a rotation with keytool is two
/// commands, and whoever types them needs a moment.
pub(super) fn default_vanish_grace(retry_delay: Duration) -> Duration {
    retry_delay * 3
}

/// A `retryDelay`, in milliseconds.
pub(super) fn parse_retry_delay(text: &str, at: Place) -> Result<Duration, DocumentError> {
    match text.trim().parse() {
        Ok(milliseconds @ 1..=LONGEST_RETRY_DELAY) => Ok(Duration::from_millis(milliseconds)),
        _ => Err(DocumentError::RetryDelay {
            at,
            value: text.trim().to_owned(),
        }),
    }
}

struct BeanReader<'r> {
    document: &'r Document,
    environment: Environment,
    beans: &'r [Bean<'r>],
}

impl BeanReader<'_> {
    fn keystore(&self, bean: &Bean<'_>) -> Result<KeystoreSettings, DocumentError> {
        let path = self.inherited(bean, |bean| {
            named(bean, &KEYSTORE_KEYS).or_else(|| named(bean, &PATH_KEYS))
        })?;
        let path = path.unwrap_or_default();
        let store_type = self.inherited(bean, |bean| named(bean, &TYPE_KEYS))?;
        let alias_prefix = self.inherited(bean, |bean| named(bean, &["aliasprefix"]))?;
        let retry_delay = self.retry_delay(bean)?;
        Ok(KeystoreSettings {
            name: self.name(bean),
            format: StoreFormat::Keystore,
            path: location::resolve(self.document.path(), &path),
            store_type: store_type.filter(|text| !text.is_empty()),
            password: self.password(bean)?,
            retry_delay,
            vanish_grace: default_vanish_grace(retry_delay),
            alias_prefix: alias_prefix.unwrap_or_default(),
            document: self.document.path().to_path_buf(),
            line: self.document.line(bean.offset),
        })
    }

    fn name(&self, bean: &Bean<'_>) -> String {
        if !bean.name.is_empty() {
            return bean.name.clone();
        }
        let stem = self.document.path().file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    }

    fn retry_delay(&self, bean: &Bean<'_>) -> Result<Duration, DocumentError> {
        let find = |bean: &'_ Bean<'_>| named(bean, &["retrydelay"]).map(|setting| setting.offset);
        let Some(text) = self.inherited(bean, |bean| named(bean, &["retrydelay"]))? else {
            return Ok(DEFAULT_RETRY_DELAY);
        };
        let offset = self.lineage(bean).find_map(find).unwrap_or(bean.offset);
        parse_retry_delay(&text, self.document.place(offset))
    }

    fn password(&self, bean: &Bean<'_>) -> Result<SecretSource, DocumentError> {
        let mut lineage = self.lineage(bean);
        let Some((owner, kind, setting)) = lineage.find_map(|bean| {
            let (kind, setting) = password_setting(bean)?;
            Some((bean, kind, setting))
        }) else {
            return Err(DocumentError::NoPassword {
                at: self.document.place(bean.offset),
                keystore: self.name(bean),
                example: PASSWORD_EXAMPLE,
            });
        };
        if let (PasswordKind::Text, Some(variable)) = (kind, sole_variable(setting.value)) {
            return Ok(SecretSource::Environment(variable));
        }
        let text = match self.environment.expand(setting.value) {
            Ok(text) => text,
            Err(error) => return Err(self.at(error, owner, setting)),
        };
        Ok(match kind {
            PasswordKind::Text => SecretSource::Inline(Secret::copied_from(text.as_bytes())),
            PasswordKind::Variable => SecretSource::Environment(text.trim().to_owned()),
            PasswordKind::File => {
                SecretSource::File(location::resolve(self.document.path(), text.trim()))
            }
        })
    }

    /// The value of a setting of the bean or else of the beans around it.
    fn inherited<'b>(
        &'b self,
        bean: &'b Bean<'b>,
        find: impl Fn(&'b Bean<'b>) -> Option<&'b Setting<'b>>,
    ) -> Result<Option<String>, DocumentError> {
        let mut lineage = self.lineage(bean);
        let found = lineage.find_map(|bean| Some((bean, find(bean)?)));
        let Some((owner, setting)) = found else {
            return Ok(None);
        };
        match self.environment.expand(setting.value) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) => Err(self.at(error, owner, setting)),
        }
    }

    /// The bean, the one around it, and so on.
    fn lineage<'b>(&'b self, bean: &'b Bean<'b>) -> impl Iterator<Item = &'b Bean<'b>> {
        std::iter::successors(Some(bean), |bean| self.beans.get(bean.parent?))
    }

    fn at(
        &self,
        error: PlaceholderError,
        owner: &Bean<'_>,
        setting: &Setting<'_>,
    ) -> DocumentError {
        error.at(
            self.document.place(setting.offset),
            owner.setting_path(setting),
        )
    }
}

#[derive(Clone, Copy)]
enum PasswordKind {
    Text,
    Variable,
    File,
}

fn password_setting<'b>(bean: &'b Bean<'_>) -> Option<(PasswordKind, &'b Setting<'b>)> {
    if let Some(setting) = named(bean, &PASSWORD_KEYS).or_else(|| ending(bean, &PASSWORD_ENDINGS)) {
        return Some((PasswordKind::Text, setting));
    }
    if let Some(setting) = ending(bean, &PASSWORD_FILE_ENDINGS) {
        return Some((PasswordKind::File, setting));
    }
    let setting = ending(bean, &PASSWORD_VARIABLE_ENDINGS)?;
    Some((PasswordKind::Variable, setting))
}

fn names_store_type(bean: &Bean<'_>) -> bool {
    let store_types = ["pkcs12", "p12", "pfx", "jceks", "jks"];
    let value = named(bean, &TYPE_KEYS).map_or("", |setting| setting.value.trim());
    store_types
        .iter()
        .any(|store_type| value.eq_ignore_ascii_case(store_type))
}

/// The setting with the first of these keys that the bean has and that has a value.
fn named<'b>(bean: &'b Bean<'_>, keys: &[&str]) -> Option<&'b Setting<'b>> {
    let with_key = |key: &&str| find(bean, |folded| folded == *key);
    keys.iter().find_map(with_key)
}

/// The first setting whose key ends so and that has a value.
fn ending<'b>(bean: &'b Bean<'_>, endings: &[&str]) -> Option<&'b Setting<'b>> {
    find(bean, |folded| {
        endings.iter().any(|ending| folded.ends_with(ending))
    })
}

fn find<'b>(bean: &'b Bean<'_>, is_meant: impl Fn(&str) -> bool) -> Option<&'b Setting<'b>> {
    let mut settings = bean.settings.iter();
    settings.find(|setting| !setting.value.trim().is_empty() && is_meant(&setting.folded_key()))
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

#[cfg(test)]
mod tests;
