//! [`Resolution`]: what an alias in a document comes to, with or without a running service.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::error::{GetError, LoadError};
use super::file_content::FileContent;
use super::served_keystore::{Identity, Published, may_mean, referenced};
use super::snapshot::Snapshot;
use super::state::{Freshness, State};
use super::view::View;
use crate::document::{AliasReference, Configuration, KeystoreSettings};
use crate::secret::Secret;

/// What one alias in a document comes to. Serialized without its secret.
#[derive(Clone, Serialize)]
#[non_exhaustive]
pub struct Resolution {
    /// The document that names the alias.
    #[serde(serialize_with = "as_text")]
    pub document: PathBuf,
    /// The line in it, from 1.
    pub line: usize,
    /// The setting whose value the alias is.
    pub setting: String,
    /// The alias as the document writes it.
    pub alias: String,
    /// The keystore that has it.
    pub keystore: Option<ResolvedKeystore>,
    /// What came of looking it up.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// The value, for who is allowed to reveal it.
    #[serde(skip)]
    pub secret: Option<Arc<Secret>>,
}

/// A keystore that has an alias.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ResolvedKeystore {
    /// Its name in the configuration.
    pub name: String,
    /// The file.
    #[serde(serialize_with = "as_text")]
    pub path: PathBuf,
}

/// What came of looking an alias up. The texts say what is wrong and what to do; never a value.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "outcome", content = "reason", rename_all = "kebab-case")]
pub enum Outcome {
    /// The secret can be read.
    Readable,
    /// The alias is there, or may be, and its secret cannot be read.
    Unreadable(String),
    /// No keystore has the alias.
    Missing(String),
}

impl fmt::Debug for Resolution {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Resolution")
            .field("document", &self.document)
            .field("line", &self.line)
            .field("setting", &self.setting)
            .field("alias", &self.alias)
            .field("keystore", &self.keystore)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

fn as_text<S: Serializer>(path: &std::path::Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// Looks up every alias that the configuration and its documents name, without a service: each keystore
/// is read once. A keystore that cannot be loaded is the reason of its aliases' rows, not an error.
#[must_use]
pub fn resolve(configuration: &Configuration) -> Vec<Resolution> {
    let references = &configuration.references;
    let load = |settings| Arc::new(load_once(settings, references));
    let keystores = configuration.keystores.iter().map(load).collect();
    resolve_in(&View { keystores }, references)
}

fn load_once(settings: &KeystoreSettings, references: &[AliasReference]) -> Published {
    let (snapshot, state) = match try_load(settings, references) {
        Ok(snapshot) => (Some(Arc::new(snapshot)), State::fresh()),
        Err(error) => (
            None,
            State::now(Freshness::NeverLoaded, Some(Arc::from(error.to_string()))),
        ),
    };
    Published {
        identity: Arc::new(Identity::of(settings)),
        snapshot,
        held: Arc::default(),
        generation: 0,
        state,
    }
}

fn try_load(
    settings: &KeystoreSettings,
    references: &[AliasReference],
) -> Result<Snapshot, LoadError> {
    let path = &settings.path;
    let file = FileContent::read(path)?;
    let password = settings
        .password
        .read()
        .map_err(|reason| LoadError::Password {
            path: path.clone(),
            reason,
        })?;
    Snapshot::load(
        settings,
        &file,
        password,
        &referenced(references, settings),
        None,
    )
}

/// Looks the references up in what is loaded.
pub(super) fn resolve_in(view: &View, references: &[AliasReference]) -> Vec<Resolution> {
    references
        .iter()
        .map(|reference| resolve_one(view, reference))
        .collect()
}

fn resolve_one(view: &View, reference: &AliasReference) -> Resolution {
    let candidates = View {
        keystores: view
            .keystores
            .iter()
            .filter(|keystore| may_mean(reference, &keystore.identity.name))
            .cloned()
            .collect(),
    };
    let found = candidates.keystores.iter().find_map(|keystore| {
        let answer = keystore.look_up(&reference.alias)?;
        Some((ResolvedKeystore::of(keystore), answer))
    });
    let (keystore, outcome, secret) = match found {
        Some((keystore, Ok(served))) => (Some(keystore), Outcome::Readable, Some(served.secret)),
        Some((keystore, Err(error))) => (Some(keystore), Outcome::of(&error), None),
        None => (None, missing(&candidates, reference), None),
    };
    Resolution {
        document: reference.document.clone(),
        line: reference.line,
        setting: reference.setting.clone(),
        alias: reference.alias.clone(),
        keystore,
        outcome,
        secret,
    }
}

fn missing(candidates: &View, reference: &AliasReference) -> Outcome {
    match &reference.keystore {
        Some(name) if candidates.keystores.is_empty() => Outcome::Missing(format!(
            "no keystore is called {name}. Add <keystore name=\"{name}\" …>, or correct the name"
        )),
        _ => Outcome::of(&candidates.no_such_alias(&reference.alias)),
    }
}

impl ResolvedKeystore {
    fn of(keystore: &Published) -> Self {
        Self {
            name: keystore.identity.name.to_string(),
            path: keystore.identity.path.clone(),
        }
    }
}

impl Outcome {
    fn of(error: &GetError) -> Self {
        match error {
            GetError::NoSuchAlias { .. } => Self::Missing(error.to_string()),
            GetError::NotLoaded { reason, .. } => Self::Unreadable(reason.to_string()),
            GetError::NotASecret { .. } | GetError::Unreadable { .. } => {
                Self::Unreadable(error.to_string())
            }
        }
    }
}
