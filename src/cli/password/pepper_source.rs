//! [`PepperSource`]: the pepper, from a keystore or from what documents say of it.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::store_options::StoreOptions;
use crate::cli::terminal::Input;
use crate::document::{AliasReference, Configuration};
use crate::keystore::Alias;
use crate::password::LayerKey;
use crate::service::{self, Outcome};

/// How the setting ends that names the pepper in PhixFlow's documents; capitals, `-` and `_` do not count.
const PEPPER_KEY: &str = "pepperkey";

#[derive(Args)]
pub(crate) struct PepperSource {
    /// The alias of the pepper in the keystore: it is hashed with each password
    #[arg(long, value_name = "ALIAS", allow_hyphen_values = true)]
    pepper: Option<String>,

    /// The document that names the keystore, instead of -keystore, and the pepper as pepperKey: a `<secret-service>` or a
    /// PhixFlow *-secret.xml
    #[arg(long, value_name = "DOCUMENT")]
    #[arg(conflicts_with_all = ["keystore", "storetype", "storepass", "storepass_env", "storepass_file"])]
    config: Option<PathBuf>,

    #[command(flatten)]
    store: StoreOptions,
}

impl PepperSource {
    /// Whether an option names it, or a document that does.
    pub(crate) fn is_named(&self) -> bool {
        self.pepper.is_some() || self.config.is_some()
    }

    /// The options of the keystore, which may hold other secrets, too.
    pub(crate) fn keystore(&self) -> &StoreOptions {
        &self.store
    }

    /// The pepper under its alias, if an option names one; the store password is asked for where nothing gives it.
    pub(crate) fn read(&self, input: &mut Input) -> Result<Option<LayerKey>, Failure> {
        match (&self.pepper, &self.config) {
            (alias, Some(document)) => of_documents(document, alias.as_deref()).map(Some),
            (Some(alias), None) => {
                let secret = self.of_keystore(&Alias::new(alias), input)?;
                Ok(Some(LayerKey::new(alias, secret)))
            }
            (None, None) if self.store.names_keystore() => Err(no_alias()),
            (None, None) => Ok(None),
        }
    }

    fn of_keystore(&self, alias: &Alias, input: &mut Input) -> Result<Secret, Failure> {
        let expected = [alias.clone()];
        let opened = self.store.open_expecting(&expected, input)?;
        let found = opened.store.secret_key(alias, &opened.password);
        Ok(found.map_err(|error| opened.failure(error))?.secret)
    }
}

pub(super) fn no_alias() -> Failure {
    Failure::usage(
        "which entry is the pepper? Add --pepper ALIAS, or --config DOCUMENT that names it as pepperKey",
    )
}

/// The entry `alias` of the documents' keystore, or that which they name as the pepper.
fn of_documents(document: &Path, alias: Option<&str>) -> Result<LayerKey, Failure> {
    let mut configuration = Configuration::load(document)?;
    configuration.references = match alias {
        Some(alias) => vec![AliasReference {
            document: document.to_path_buf(),
            line: 0,
            setting: "--pepper".to_owned(),
            alias: alias.to_owned(),
            keystore: None,
        }],
        None => vec![named_pepper(&configuration)?],
    };
    let Some(resolution) = service::resolve(&configuration).pop() else {
        return Err(no_pepper(document));
    };
    match (resolution.outcome, resolution.secret) {
        (Outcome::Readable, Some(secret)) => {
            let secret = Secret::copied_from(secret.expose_bytes());
            Ok(LayerKey::new(&resolution.alias, secret))
        }
        (Outcome::Missing(reason), _) => Err(Failure::missing(format!(
            "{}: the pepper {}: {reason}",
            document.display(),
            resolution.alias
        ))),
        (Outcome::Unreadable(reason), _) => Err(Failure::new(format!(
            "{}: the pepper {}: {reason}",
            document.display(),
            resolution.alias
        ))),
        (Outcome::Readable, None) => Err(no_pepper(document)),
    }
}

fn named_pepper(configuration: &Configuration) -> Result<AliasReference, Failure> {
    let references = configuration.references.iter();
    let mut peppers = references.filter(|reference| is_pepper(&reference.setting));
    let Some(first) = peppers.next() else {
        return Err(no_pepper(&configuration.path));
    };
    if let Some(other) = peppers.find(|other| !other.alias.eq_ignore_ascii_case(&first.alias)) {
        return Err(Failure::new(format!(
            "the documents name two peppers: {} in {}:{}, and {} in {}:{}. Choose one with --pepper",
            first.alias,
            first.document.display(),
            first.line,
            other.alias,
            other.document.display(),
            other.line
        )));
    }
    Ok(first.clone())
}

fn is_pepper(setting: &str) -> bool {
    let letters = setting
        .chars()
        .filter(|letter| !matches!(letter, '-' | '_'));
    let folded: String = letters.flat_map(char::to_lowercase).collect();
    folded.ends_with(PEPPER_KEY)
}

fn no_pepper(document: &Path) -> Failure {
    Failure::missing(format!(
        "{}: neither it nor the documents beside it have a pepperKey. Name the pepper with --pepper ALIAS",
        document.display()
    ))
}
