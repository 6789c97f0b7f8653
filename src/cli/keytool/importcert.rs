//! `-importcert`: adds a trusted certificate, or installs an authority's reply for a private key.

mod reply;
mod trusted_certificate;

use std::path::Path;

use super::command_line::CommandLine;
use super::failure::Failure;
use super::importpass::given_key_password;
use super::option::KeytoolOption;
use super::store_file::{StoreFile, WritableStore};
use super::{prompts, trust, warning};
use crate::Secret;
use crate::cli::certificate::{Certificate, Pool, read_file};
use crate::cli::terminal::Input;
use crate::keystore::{Alias, EntryKind};

/// A certificate on its way into a keystore.
struct Import<'a> {
    line: &'a CommandLine,
    input: &'a mut Input,
    store: &'a WritableStore,
    alias: Alias,
    /// What `-keypass` says.
    key_password: Option<Secret>,
    /// The certificates that are there already.
    pool: Pool,
    /// What is weak, and has not been said yet.
    warnings: Vec<String>,
}

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let store = StoreFile::find(line)?.open_for_writing(line, input)?;
    let mut pool = store.current.as_ref().map(Pool::of).unwrap_or_default();
    let key_password = given_key_password(line, &store);
    if line.has(KeytoolOption::Trustcacerts) {
        trust::add_cacerts(&mut pool)?;
    }
    let file = line
        .text(KeytoolOption::FileIn)
        .map(|name| read_file(Path::new(name)).map_err(|reason| Failure::of_file(name, &reason)));
    let file = file.transpose()?;
    let alias = Alias::new(line.alias());
    let kind = store
        .current
        .as_ref()
        .and_then(|current| current.kind_of(&alias));
    let mut import = Import {
        line,
        input,
        store: &store,
        alias,
        key_password,
        pool,
        warnings: Vec::new(),
    };
    let mut warnings = match kind {
        Some(EntryKind::PrivateKey) => import.install_reply(file)?,
        _ => import.add_trusted(file)?,
    };
    let mut all = import.warnings;
    all.append(&mut warnings);
    Ok(all)
}

impl Import<'_> {
    /// The file, or what is piped in.
    fn encoded(&mut self, file: Option<Vec<u8>>) -> Result<Vec<u8>, Failure> {
        match file {
            Some(bytes) => Ok(bytes),
            None => Ok(self.input.rest()?.expose_bytes().to_vec()),
        }
    }

    /// Notes what is weak of a certificate.
    fn check(&mut self, label: &str, certificate: &Certificate<'_>) {
        let marks = self.pool.marks(certificate);
        self.warnings.extend(certificate.warnings(label, marks));
    }

    /// Shows a certificate on standard output.
    fn show(&self, certificate: &Certificate<'_>) {
        let marks = self.pool.marks(certificate);
        print!("{}", certificate.in_words(marks).unwrap_or_default());
    }

    /// Says what is weak, and asks.
    fn ask(&mut self, question: &str) -> Result<bool, Failure> {
        if !self.warnings.is_empty() && !self.line.has(KeytoolOption::Nowarn) {
            warning::print(&self.warnings);
            eprintln!();
        }
        self.warnings.clear();
        prompts::yes_or_no(self.input, question)
    }
}
