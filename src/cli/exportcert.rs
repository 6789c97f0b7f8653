//! `keyward exportcert`: writes the certificate of an entry.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;

use super::alias_argument::AliasArgument;
use super::certificate::pem;
use super::failure::Failure;
use super::store_options::StoreOptions;
use super::terminal::Input;
use crate::safe_file::{FileEdit, SafeFileError};

/// Write the certificate of an entry
#[derive(Args)]
#[command(after_help = "Without -rfc it is DER.\n\
                  Example: keyward exportcert server -rfc -file server.pem -keystore secure.jks -storepass:env KEY_PASS")]
pub(super) struct Exportcert {
    #[command(flatten)]
    alias: AliasArgument,

    /// Write PEM
    #[arg(long)]
    rfc: bool,

    /// Write the certificates of its issuers too, as PEM
    #[arg(long)]
    chain: bool,

    /// The file to be written; without one it is standard output
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    #[command(flatten)]
    store: StoreOptions,
}

impl Exportcert {
    pub(super) fn run(self) -> Result<(), Failure> {
        let as_text = self.rfc || self.chain;
        if !as_text && self.file.is_none() && io::stdout().is_terminal() {
            return Err(Failure::usage(
                "DER is nothing for a terminal: add -rfc, or -file FILE",
            ));
        }
        let alias = self.alias.alias();
        let opened = self.store.open_to_read(&mut Input::standard())?;
        let found = opened.store.certificates(&alias);
        let mut certificates = found.map_err(|error| opened.failure(error))?;
        if !self.chain {
            certificates.truncate(1);
        }
        let text = |der: &Vec<u8>| pem::certificate(der, pem::LineEnd::Lf).into_bytes();
        let exported: Vec<u8> = match &certificates[..] {
            [] => {
                return Err(Failure::new(format!(
                    "{}: alias <{alias}> has no certificate: it is a secret",
                    opened.path.display()
                )));
            }
            certificates if as_text => certificates.iter().flat_map(text).collect(),
            [own, ..] => own.clone(),
        };
        match &self.file {
            Some(path) => write_file(path, &exported),
            None => Ok(io::stdout().lock().write_all(&exported)?),
        }
    }
}

/// Replaces a file safely; into a pipe or a device it is only written.
fn write_file(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let written = if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        fs::write(path, content).map_err(|error| format!("{}: {error}", path.display()))
    } else {
        let replace = || FileEdit::begin(path)?.commit(content, |_| Ok::<(), SafeFileError>(()));
        replace().map_err(|error| error.to_string())
    };
    written.map_err(Failure::new)
}
