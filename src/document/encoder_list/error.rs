//! [`EncoderListError`]: why there is no list of encoders, or one of them stays in it.

use std::path::PathBuf;

use thiserror::Error;

use crate::document::{DocumentError, Place};

/// Why there is no list, or an encoder is not disabled.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EncoderListError {
    /// The document cannot be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// No bean holds encoders.
    #[error(
        "{}: no bean here is called an encoder and holds a list of encoders. Name the document that has the list: phixflow-login.xml or phixflow-instance.xml in PhixFlow",
        path.display()
    )]
    NoList {
        /// The document.
        path: PathBuf,
    },
    /// Several beans hold encoders.
    #[error(
        "{at}: there are several lists of encoders, in lines {}. Give the right bean the id passwordEncoder",
        numbers(lines)
    )]
    SeveralLists {
        /// The first.
        at: Place,
        /// The line of each.
        lines: Vec<usize>,
    },
    /// There is no encoder of that id.
    #[error("{}: the list has no encoder {id}. It has: {}", path.display(), known.join(", "))]
    NoSuchEncoder {
        /// The document.
        path: PathBuf,
        /// What was asked for.
        id: String,
        /// The ids that there are.
        known: Vec<String>,
    },
    /// Several encoders have that id.
    #[error(
        "{at}: the list has several encoders {id}, in lines {}. Put the right one into a comment by hand",
        numbers(lines)
    )]
    SeveralEncoders {
        /// The first.
        at: Place,
        /// The id.
        id: String,
        /// The line of each.
        lines: Vec<usize>,
    },
    /// An XML comment cannot hold its element.
    #[error(
        "{at}: the element of {id} has -- in it, which no XML comment may hold. Take it out of the list by hand"
    )]
    NotForAComment {
        /// The line of the two hyphens.
        at: Place,
        /// The encoder.
        id: String,
    },
    /// The list would be empty.
    #[error("{at}: {id} is the only encoder of the list; without it nobody could log in")]
    Last {
        /// Where it is.
        at: Place,
        /// The encoder.
        id: String,
    },
}

fn numbers(lines: &[usize]) -> String {
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    lines.join(", ")
}
