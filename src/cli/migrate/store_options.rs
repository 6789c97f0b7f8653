//! [`StoreOptions`]: which credential store, and what its values are moved to.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::failure::Failure;
use crate::cli::password::{DialectOption, DirectoryOptions, PepperSource};
use crate::cli::terminal::Input;
use crate::document::RowFormat;
use crate::migrate::{CredentialStore, Migration, UserFile};
use crate::password::{Conventions, Wrapping};

#[derive(Args)]
#[group(skip)]
pub(super) struct StoreOptions {
    /// A file: LDIF with userPassword, CSV with the columns username and password, or JSON lines with these members
    #[arg(value_name = "STORE")]
    store: String,

    /// The file's format: ldif, csv or jsonl [default: what its ending tells]
    #[arg(long, value_name = "FORMAT")]
    format: Option<RowFormat>,

    /// The new function: argon2id, bcrypt, scrypt, pbkdf2-sha256 or pbkdf2-sha512
    #[arg(long, value_name = "NAME", default_value = "argon2id")]
    to: String,

    /// Iterations (PBKDF2), logarithm (bcrypt, scrypt) or passes (Argon2) [default: OWASP's figure]
    #[arg(long, value_name = "NUMBER")]
    cost: Option<u32>,

    #[command(flatten)]
    dialect: DialectOption,

    #[command(flatten)]
    directory: DirectoryOptions,

    #[command(flatten)]
    pepper: PepperSource,
}

/// A store that is there, and what its values are moved to.
pub(super) struct OpenedStore {
    store: Box<dyn CredentialStore>,
    conventions: Conventions,
    wrapping: Wrapping,
}

impl StoreOptions {
    /// The store; a file's changed copy goes to `output`.
    pub(super) fn open(self, output: Option<PathBuf>) -> Result<OpenedStore, Failure> {
        let dialect = self.dialect.dialect;
        let mut conventions = self.directory.conventions(dialect)?;
        let mut wrapping = Wrapping::in_dialect(&self.to, self.cost, dialect)?;
        conventions.layer_key = self.pepper.read(&mut Input::standard())?;
        if let Some(pepper) = &conventions.layer_key {
            wrapping = wrapping.under(pepper);
        }
        Ok(OpenedStore {
            conventions,
            wrapping,
            store: Box::new(UserFile::open(Path::new(&self.store), self.format, output)?),
        })
    }
}

impl OpenedStore {
    pub(super) fn migration(&self) -> Migration<'_> {
        Migration {
            store: self.store.as_ref(),
            conventions: &self.conventions,
            wrapping: &self.wrapping,
        }
    }
}
