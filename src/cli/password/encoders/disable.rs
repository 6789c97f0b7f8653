//! `keyward password encoders disable`: an encoder's element in the list becomes a comment, and nothing else changes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::super::encoder_options::{EncoderKinds, ReadList};
use super::census::Census;
use crate::cli::failure::Failure;
use crate::document::{EncoderListFile, EncoderSettings};
use crate::safe_file::{FileEdit, SafeFileError};

/// Put one encoder of a document into a comment, if no stored value needs it any more
#[derive(Args)]
#[command(
    after_help = "Only the bytes of the comment's marks are added to the document. The server reads it when it is restarted.\n\
                  Example: keyward password encoders disable phixflow-login.xml startup --values stored.txt --encoder startup=SHA"
)]
pub(super) struct Disable {
    /// The document with the list: PhixFlow's phixflow-login.xml or phixflow-instance.xml
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,

    /// The encoder, as `keyward password encoders list` names it, or its bean
    #[arg(value_name = "ID")]
    id: String,

    /// All stored values: one a line, or JSON lines {"stored": …}; - is standard input
    #[arg(long, value_name = "FILE", required_unless_present = "force")]
    values: Option<PathBuf>,

    #[command(flatten)]
    kinds: EncoderKinds,

    /// Disable it although stored values need it, or it is the current one: their users cannot log in then
    #[arg(long)]
    force: bool,
}

impl Disable {
    pub(super) fn run(self) -> Result<(), Failure> {
        let path = &self.document;
        if !path.exists() {
            return Err(Failure::missing(format!(
                "{}: there is no such file. Check the path",
                path.display()
            )));
        }
        let edit = FileEdit::begin(path)?;
        let bytes = edit.current().unwrap_or_default();
        let file = EncoderListFile::parse(path, bytes)?;
        let encoder = file.encoder(&self.id)?;
        let written = file.without(encoder)?;
        let read = self.kinds.list(&file)?;
        let objection = self.objection(&read, encoder)?;
        if let Some(objection) = objection.filter(|_| !self.force) {
            return Err(Failure::new(format!(
                "{}: {objection}. Nothing was changed",
                encoder.at
            )));
        }
        let (at, id) = (encoder.at.clone(), encoder.id.clone());
        let expected = ids(&file).filter(|it| *it != id).map(str::to_owned);
        let expected: Vec<String> = expected.collect();
        edit.commit(&written, |bytes| {
            let file = EncoderListFile::parse(path, bytes)?;
            if ids(&file).eq(expected.iter()) {
                return Ok(());
            }
            Err(Failure::new(format!(
                "{}: nothing was changed: without {id} the document would have another list. Edit it by hand",
                path.display()
            )))
        })?;
        Ok(writeln!(
            io::stdout(),
            "{at}: {id} is in a comment. Restart the server"
        )?)
    }

    /// Says how many values need the encoder, and gives the reason why it should stay.
    fn objection(
        &self,
        read: &ReadList,
        encoder: &EncoderSettings,
    ) -> Result<Option<String>, Failure> {
        let id = &encoder.id;
        if encoder.is_current {
            return Ok(Some(format!(
                "{id} makes new values. Make another one the current one first"
            )));
        }
        let Some(values) = &self.values else {
            return Ok(None);
        };
        let index = read.settings.iter().position(|it| it == encoder);
        let index = index.unwrap_or_default();
        if read.list.encoders()[index].scheme().is_none() {
            return Ok(Some(format!(
                "how many values need {id} cannot be counted. Say what it stores: --encoder {id}=SCHEME"
            )));
        }
        let census = Census::of(&read.list, values)?;
        let (needed, total) = (census.values[index], census.total);
        let mut output = io::stdout();
        writeln!(output, "{id}: {needed} of {total} stored values need it")?;
        Ok(needed_by(&census, index, id).or_else(|| unclear(&census, id, values)))
    }
}

/// The values that need the encoder.
fn needed_by(census: &Census, index: usize, id: &str) -> Option<String> {
    let needed = match census.values[index] {
        0 => return None,
        1 => format!("1 stored value still needs {id}"),
        needed => format!("{needed} stored values still need {id}"),
    };
    let shared = match census.shared[index] {
        0 => String::new(),
        shared => format!(", {shared} of them perhaps of another encoder"),
    };
    Some(format!(
        "{needed}{shared}. Wait until their users have logged in, or let them choose new passwords"
    ))
}

/// Values that may need it, since nobody knows whose they are; or no values at all.
fn unclear(census: &Census, id: &str, values: &Path) -> Option<String> {
    let values = values.display();
    if census.total == 0 {
        return Some(format!(
            "{values} has no stored value: is it the right file?"
        ));
    }
    let line = census.first_of_nobody?;
    Some(format!(
        "{} of the values are of no encoder that is known, the first in line {line} of {values}, and may need {id}. Say what the \
         other encoders store, or correct the file",
        census.of_nobody
    ))
}

impl From<SafeFileError> for Failure {
    fn from(error: SafeFileError) -> Self {
        Self::new(error)
    }
}

fn ids<'f>(file: &'f EncoderListFile<'_>) -> impl Iterator<Item = &'f str> {
    file.encoders().iter().map(|encoder| encoder.id.as_str())
}
