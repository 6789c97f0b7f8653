//! [`RenderError`]: why a file was not rendered. No message holds a secret.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::place::Place;
use crate::safe_file::SafeFileError;

/// Why a file was not rendered. The output is as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The template cannot be used as it is.
    #[error("{at}: {problem}")]
    Template {
        /// Where.
        at: Place,
        /// What is wrong, and the next step.
        problem: &'static str,
    },
    /// A secret cannot stand where its placeholder does.
    #[error("{at}: alias {alias}: the secret {problem}")]
    Secret {
        /// Where.
        at: Place,
        /// The alias.
        alias: String,
        /// What is wrong with the secret there, and the next step.
        problem: &'static str,
    },
    /// What came out is not of the format.
    #[error("{}: what comes out is {problem}. Correct the template", template.display())]
    Output {
        /// The template.
        template: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The template is not text.
    #[error("{}: is not UTF-8 text. Convert it", path.display())]
    NotText {
        /// The template.
        path: PathBuf,
    },
    /// There is no template.
    #[error("{}: the template does not exist. Check the path", path.display())]
    Missing {
        /// The template.
        path: PathBuf,
    },
    /// The template cannot be read.
    #[error("{}: the template cannot be read: {reason}", path.display())]
    Unreadable {
        /// The template.
        path: PathBuf,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// The file's ending does not say which format it has.
    #[error("{}: its ending does not say how to escape. Add --format properties, dotenv, json, yaml or xml", path.display())]
    UnknownFormat {
        /// The output.
        path: PathBuf,
    },
    /// The output cannot be made its owner's alone.
    #[error("{}: cannot be given the mode 0600: {reason}. Run keyward as its owner", path.display())]
    Mode {
        /// The output.
        path: PathBuf,
        /// What the system said.
        #[source]
        reason: io::Error,
    },
    /// The output cannot be written.
    #[error(transparent)]
    Write(#[from] SafeFileError),
}
