//! [`EncoderOptions`]: which list of encoders, and what those store that are not known.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use crate::cli::failure::Failure;
use crate::document::{EncoderListError, EncoderListFile, EncoderSettings, read_encoder_document};
use crate::password::{Dialect, Encoder, EncoderKind, EncoderList, scheme};

#[derive(Args)]
pub(super) struct EncoderOptions {
    /// The document with the list of encoders: PhixFlow's phixflow-login.xml or phixflow-instance.xml, or Spring's
    /// delegating encoder
    #[arg(long, value_name = "DOCUMENT", conflicts_with = "dialect")]
    encoders: Option<PathBuf>,

    #[command(flatten)]
    kinds: EncoderKinds,
}

#[derive(Args)]
pub(super) struct EncoderKinds {
    /// What an encoder of the list stores, such as legacy=SHA or legacy=spring/sha256
    #[arg(long = "encoder", value_name = "ID=[DIALECT/]SCHEME")]
    kinds: Vec<NamedKind>,
}

#[derive(Clone)]
struct NamedKind {
    id: String,
    kind: EncoderKind,
}

/// A list of encoders with the elements that name them, one for each.
pub(super) struct ReadList {
    pub(super) list: EncoderList,
    pub(super) settings: Vec<EncoderSettings>,
}

impl EncoderOptions {
    /// The list, if an option names it.
    pub(super) fn read(&self) -> Result<Option<ReadList>, Failure> {
        let Some(path) = &self.encoders else {
            if self.kinds.kinds.is_empty() {
                return Ok(None);
            }
            return Err(Failure::usage(
                "which list is --encoder about? Add --encoders DOCUMENT",
            ));
        };
        self.kinds.read(path).map(Some)
    }
}

impl EncoderKinds {
    /// The list of the document at `path`.
    pub(super) fn read(&self, path: &Path) -> Result<ReadList, Failure> {
        let bytes = read_encoder_document(path)?;
        self.list(&EncoderListFile::parse(path, &bytes)?)
    }

    pub(super) fn list(&self, file: &EncoderListFile<'_>) -> Result<ReadList, Failure> {
        let settings = file.encoders().to_vec();
        let mut encoders: Vec<Encoder> = settings.iter().map(encoder).collect();
        for NamedKind { id, kind } in &self.kinds {
            let meant = file.encoder(id)?;
            let index = settings.iter().position(|it| it == meant);
            if let Some(index) = index {
                let known = encoders.remove(index);
                encoders.insert(index, known.of_kind(kind.clone()));
            }
        }
        let current = settings.iter().position(|it| it.is_current);
        let list = EncoderList::new(encoders, current.unwrap_or(0));
        let list = list.ok_or_else(|| Failure::new("the list has no encoder"))?;
        Ok(ReadList { list, settings })
    }
}

fn encoder(settings: &EncoderSettings) -> Encoder {
    let encoder =
        Encoder::new(&settings.id, settings.class.as_deref()).with_cost(settings.strength);
    if settings.has_mark {
        return encoder.with_mark();
    }
    encoder
}

impl FromStr for NamedKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form =
            "write ID=SCHEME or ID=DIALECT/SCHEME, such as legacy=SHA or legacy=spring/sha256";
        let (id, name) = text.split_once('=').ok_or(form)?;
        let (dialect, name) = match name.split_once('/') {
            Some((dialect, name)) => (Some(dialect), name),
            None => (None, name),
        };
        let dialect = dialect.map(str::parse::<Dialect>).transpose();
        let dialect = dialect.map_err(|error| error.to_string())?;
        let scheme = scheme(name, dialect).map_err(|error| format!("{error}. {form}"))?;
        Ok(Self {
            id: id.trim().to_owned(),
            kind: EncoderKind::of_scheme(scheme),
        })
    }
}

impl From<EncoderListError> for Failure {
    fn from(error: EncoderListError) -> Self {
        match error {
            EncoderListError::Document(error) => error.into(),
            EncoderListError::NoList { .. } | EncoderListError::NoSuchEncoder { .. } => {
                Self::missing(error)
            }
            error => Self::new(error),
        }
    }
}
