//! `-exportcert`: writes a certificate, as DER or with `-rfc` as PEM.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::command_line::CommandLine;
use super::failure::Failure;
use super::option::KeytoolOption;
use super::store_file::StoreFile;
use crate::cli::certificate::{Certificate, pem};
use crate::cli::terminal::Input;
use crate::safe_file::{FileEdit, SafeFileError};

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    let opened = StoreFile::find(line)?.open_for_reading(line, input)?;
    let certificates = opened.certificates(opened.entry(line.alias())?)?;
    let Some(certificate) = certificates.first() else {
        return Err(Failure::new(format!(
            "Alias <{}> has no certificate",
            line.alias()
        )));
    };
    let exported = if line.has(KeytoolOption::Rfc) {
        pem::certificate(certificate, pem::LineEnd::CrLf).into_bytes()
    } else {
        certificate.clone()
    };
    match line.text(KeytoolOption::FileIn) {
        None => io::stdout().lock().write_all(&exported)?,
        Some(name) => {
            write_file(name, &exported)?;
            eprintln!("Certificate stored in file <{name}>");
        }
    }
    let mut warnings = Vec::new();
    if let Some(certificate) = Certificate::read(certificate) {
        let marks = opened.pool().marks(&certificate);
        warnings = certificate.warnings("The certificate", marks);
    }
    warnings.extend(opened.warnings());
    Ok(warnings)
}

/// Replaces a file safely; into a pipe or a device it is only written.
fn write_file(name: &str, content: &[u8]) -> Result<(), Failure> {
    let path = Path::new(name);
    let of_file = |reason: io::Error| Failure::of_file(name, &reason);
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return fs::write(path, content).map_err(of_file);
    }
    let replace = || FileEdit::begin(path)?.commit(content, |_| Ok::<(), SafeFileError>(()));
    replace().map_err(|error| match error {
        SafeFileError::Step { reason, .. } => of_file(reason),
        other => Failure::of("java.io.IOException", other),
    })
}
