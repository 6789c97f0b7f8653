//! PhixFlow's documents: Spring beans, side by side in one folder.
//!
//! ```text
//! phixflow-secret.xml      the keystore: path, type, password, retryDelay
//! phixflow-datasource.xml  aliases of the database's user and password
//! phixflow-email.xml       aliases of mail accounts
//! phixflow-instance.xml    the pepper's alias
//! phixflow-login.xml       password encoders: no alias
//! ```
//!
//! They belong together by their prefix: with `<prefix>-secret.xml`, every `<prefix>-*.xml` beside it
//! is read, and what they import. Given one of the others, the secret document is looked for.
//! Source: PhixFlow help, "Keystore" and "Adding values to the keystore".

use std::fs;
use std::path::{Path, PathBuf};

use super::alias_reference::references;
use super::bean::beans;
use super::configuration::{Configuration, Dialect};
use super::error::DocumentError;
use super::included::{Included, has_beans};
use super::keystore_settings::{check_keystore_names, is_keystore, keystores};
use super::location;
use super::placeholder::Environment;
use super::xml::Document;

const SECRET_ENDING: &str = "-secret.xml";
const DOCUMENT_ENDING: &str = ".xml";
const KEYSTORE_EXAMPLE: &str = "a <bean> with <property name=\"keystore\" value=\"…\"/> and <property name=\"password\" value=\"#{systemEnvironment['KEY_PASS']}\"/>";

/// The documents of one installation: the secret document with its imports, and the others.
struct Installation {
    secret: Vec<Document>,
    others: Vec<Document>,
}

/// Loads what belongs to `document`, which was read from `path`.
pub(super) fn load(
    path: &Path,
    document: Document,
    environment: Environment,
) -> Result<Configuration, DocumentError> {
    let installation = collect(path, document, environment)?;
    let mut configuration =
        Configuration::of_keystores(path.to_path_buf(), Dialect::Phixflow, Vec::new());
    for document in &installation.secret {
        configuration
            .keystores
            .extend(keystores(document, environment)?);
    }
    if configuration.keystores.is_empty() {
        let secret = installation.secret.first();
        return Err(DocumentError::NoKeystore {
            path: secret.map_or(path, Document::path).to_path_buf(),
            example: KEYSTORE_EXAMPLE,
        });
    }
    check_keystore_names(&configuration.keystores)?;
    for document in installation.secret.iter().chain(&installation.others) {
        configuration
            .references
            .extend(references(document, environment)?);
        configuration.documents.push(document.path().to_path_buf());
    }
    Ok(configuration)
}

fn collect(
    path: &Path,
    document: Document,
    environment: Environment,
) -> Result<Installation, DocumentError> {
    let mut included = Included::new(environment);
    let name = file_name(path);
    if let Some(prefix) = name.strip_suffix(SECRET_ENDING) {
        let secret = included.with_imports(document)?;
        let others = read_siblings(path, prefix, &mut included)?;
        return Ok(Installation { secret, others });
    }
    if let Some((prefix, secret_document)) = secret_document_beside(path) {
        let secret = included.read(&secret_document, None)?;
        let others = read_siblings(path, prefix, &mut included)?;
        return Ok(Installation { secret, others });
    }
    let secret = included.with_imports(document)?;
    if !secret.iter().any(has_keystore) {
        return Err(DocumentError::NoSecretDocument {
            path: path.to_path_buf(),
            secret_document: expected_secret_document(name),
        });
    }
    let others = Vec::new();
    Ok(Installation { secret, others })
}

fn has_keystore(document: &Document) -> bool {
    beans(document).iter().any(is_keystore)
}

/// Every `<prefix>-*.xml` beside `path` that holds Spring beans and has not been read, by name.
///
/// Nobody named these files: one with another root, such as a log4j configuration, is left out.
fn read_siblings(
    path: &Path,
    prefix: &str,
    included: &mut Included,
) -> Result<Vec<Document>, DocumentError> {
    let mut documents = Vec::new();
    for sibling in siblings(path, prefix)? {
        match Document::read(&sibling) {
            Ok(document) if has_beans(&document) => {
                documents.extend(included.with_imports(document)?);
            }
            Ok(_) => {}
            Err(DocumentError::Doctype { root, .. }) if !root.is_empty() && root != "beans" => {}
            Err(error) => return Err(error),
        }
    }
    Ok(documents)
}

fn siblings(path: &Path, prefix: &str) -> Result<Vec<PathBuf>, DocumentError> {
    let folder = location::folder_of(path);
    let listed = location::resolve(path, "");
    let unreadable = |reason| DocumentError::Unreadable {
        path: listed.clone(),
        reason,
    };
    let start = format!("{prefix}-");
    let mut siblings = Vec::new();
    for entry in fs::read_dir(&listed).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        let is_meant = name
            .to_str()
            .is_some_and(|name| name.starts_with(&start) && name.ends_with(DOCUMENT_ENDING));
        let sibling = folder.join(name);
        if is_meant && sibling.is_file() {
            siblings.push(sibling);
        }
    }
    siblings.sort();
    Ok(siblings)
}

/// The prefix that `path` shares with a secret document beside it, and that document. Of several, the
/// one with the longest prefix.
fn secret_document_beside(path: &Path) -> Option<(&str, PathBuf)> {
    let name = file_name(path);
    let mut prefixes = name.rmatch_indices('-').map(|(end, _)| &name[..end]);
    prefixes.find_map(|prefix| {
        let candidate = location::folder_of(path).join(format!("{prefix}{SECRET_ENDING}"));
        candidate.is_file().then_some((prefix, candidate))
    })
}

fn expected_secret_document(name: &str) -> PathBuf {
    let stem = name.strip_suffix(DOCUMENT_ENDING).unwrap_or(name);
    let prefix = stem.rsplit_once('-').map_or(stem, |(prefix, _)| prefix);
    PathBuf::from(format!("{prefix}{SECRET_ENDING}"))
}

fn file_name(path: &Path) -> &str {
    let name = path.file_name().and_then(|name| name.to_str());
    name.unwrap_or_default()
}

#[cfg(test)]
mod tests;
