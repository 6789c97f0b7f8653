//! A password on keytool's command line: the text itself, or with `:env` and `:file` where it is kept.

use std::path::PathBuf;

use super::option::without_dashes;
use crate::{Secret, SecretSource, SecretSourceError};

/// The password that `argument` says, after the option's `modifier`. An error is a message in
/// keytool's words.
pub(super) fn read(modifier: Option<&str>, argument: String) -> Result<Secret, String> {
    let source = match modifier.map(without_dashes).as_deref() {
        None => return Ok(Secret::new(argument.into_bytes())),
        Some("env") => SecretSource::Environment(argument.clone()),
        Some("file") => SecretSource::File(PathBuf::from(&argument)),
        Some(_) => {
            return Err(format!(
                "Unknown password type: {}",
                modifier.unwrap_or_default()
            ));
        }
    };
    source.read().map_err(|error| match error {
        SecretSourceError::MissingVariable { .. } => {
            format!("Cannot find environment variable: {argument}")
        }
        SecretSourceError::UnreadableFile { .. } => format!("Cannot find file: {argument}"),
        other => other.to_string(),
    })
}
