//! `keyward resolve`: what the aliases in documents come to.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use serde::Serialize;

use super::failure::Failure;
use super::resolution_table::{Values, revealed, table, unreadable};
use super::store_options::StoreOptions;
use super::terminal::{Input, note};
use crate::SecretSource;
use crate::document::{
    Configuration, Dialect, DocumentError, KeystoreSettings, StoreFormat, read_references,
};
use crate::service::{self, Resolution};

/// Show every alias that documents name, which keystore has it, and whether it can be read
#[derive(Args)]
#[command(
    after_help = "The keystore is the one that the documents, or a PhixFlow *-secret.xml beside them, name; \
                        -keystore names another.\n\
                        Exit code 1 when an alias cannot be read, or does not exist, or a document of a WSO2 server cannot be read.\n\
                        Example: KEY_PASS=storepw keyward resolve xml-examples/phixflow-secret.xml"
)]
pub(super) struct Resolve {
    /// The documents: a configuration, or documents that name aliases
    #[arg(value_name = "DOCUMENT", required = true)]
    documents: Vec<PathBuf>,

    /// Show the secrets themselves
    #[arg(long)]
    reveal: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    store: StoreOptions,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct ResolvedAlias<'a> {
    #[serde(flatten)]
    resolution: &'a Resolution,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

struct Resolved {
    resolutions: Vec<Resolution>,
    /// Documents whose aliases are not known.
    problems: Vec<DocumentError>,
}

impl Resolve {
    pub(super) fn run(self) -> Result<(), Failure> {
        let Resolved {
            resolutions,
            problems,
        } = if self.store.names_keystore() {
            Resolved {
                resolutions: service::resolve(&self.with_named_keystore()?),
                problems: Vec::new(),
            }
        } else {
            resolve_by_documents(&self.documents)?
        };
        let mut output = io::stdout().lock();
        if self.json {
            write_json(&mut output, &resolutions, self.reveal)?;
        } else if resolutions.is_empty() {
            writeln!(output, "The documents name no alias.")?;
        } else {
            let values = if self.reveal {
                Values::Revealed
            } else {
                Values::Hidden
            };
            writeln!(output, "{}", table(&resolutions, values))?;
        }
        output.flush()?;
        for problem in &problems {
            note(problem);
        }
        match unreadable(&resolutions) {
            0 if problems.is_empty() => Ok(()),
            0 => Err(Failure::silent()),
            1 => Err(Failure::new("1 alias cannot be read; its row says why")),
            count => Err(Failure::new(format!(
                "{count} aliases cannot be read; their rows say why"
            ))),
        }
    }

    /// The documents' aliases with the keystore of the command line.
    fn with_named_keystore(&self) -> Result<Configuration, Failure> {
        let path = self.store.path()?;
        let password = match self.store.password_source() {
            Some(source) => source,
            None => SecretSource::Inline(self.store.password(&path, &mut Input::standard())?),
        };
        let first = self.documents.first().cloned().unwrap_or_default();
        let mut references = Vec::new();
        for document in &self.documents {
            references.extend(read_references(document)?);
        }
        let keystore = KeystoreSettings {
            name: "command line".to_owned(),
            format: StoreFormat::Keystore,
            path,
            store_type: None,
            password,
            retry_delay: Duration::ZERO,
            vanish_grace: Duration::ZERO,
            alias_prefix: String::new(),
            document: first.clone(),
            line: 0,
        };
        Ok(Configuration {
            references,
            documents: self.documents.clone(),
            ..Configuration::of_keystores(first, Dialect::Keyward, vec![keystore])
        })
    }
}

/// Each document with the keystores that it names, or that a document beside it names. One that
/// names none is looked up in those of the first configuration among the others.
fn resolve_by_documents(documents: &[PathBuf]) -> Result<Resolved, Failure> {
    let mut configurations = Vec::new();
    for path in documents {
        configurations.push((path, Configuration::load(path)));
    }
    let fallback = configurations.iter().position(|(path, loaded)| {
        loaded
            .as_ref()
            .is_ok_and(|loaded| names_keystore(loaded, path))
    });
    let (mut resolutions, mut problems) = (Vec::new(), Vec::new());
    for index in 0..configurations.len() {
        let path = configurations[index].0;
        let without_keystore = matches!(
            configurations[index].1,
            Err(DocumentError::NoSecretDocument { .. })
        );
        let used = if without_keystore {
            fallback.unwrap_or(index)
        } else {
            index
        };
        let references = match &configurations[index].1 {
            Ok(own) if names_keystore(own, path) => own.references.clone(),
            _ => read_references(path)?,
        };
        if let (_, Ok(configuration)) = &mut configurations[used] {
            let before = std::mem::replace(&mut configuration.references, references);
            resolutions.extend(service::resolve(configuration));
            configuration.references = before;
            problems.append(&mut configuration.unreadable);
        } else if let Err(error) = configurations.swap_remove(used).1 {
            return Err(error.into());
        }
    }
    Ok(Resolved {
        resolutions,
        problems,
    })
}

/// Whether the document itself, not one beside it, is the configuration.
fn names_keystore(configuration: &Configuration, path: &Path) -> bool {
    configuration.dialect == Dialect::Keyward
        || configuration
            .keystores
            .iter()
            .any(|keystore| keystore.document == path)
}

fn write_json(
    output: &mut impl Write,
    resolutions: &[Resolution],
    reveal: bool,
) -> Result<(), Failure> {
    let rows: Vec<ResolvedAlias<'_>> = resolutions
        .iter()
        .map(|resolution| ResolvedAlias {
            resolution,
            secret: (reveal && resolution.secret.is_some()).then(|| revealed(resolution)),
        })
        .collect();
    serde_json::to_writer_pretty(&mut *output, &rows).map_err(io::Error::from)?;
    Ok(writeln!(output)?)
}
