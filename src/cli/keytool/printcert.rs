//! `-printcert`: shows the certificates of a file, or of standard input.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::command_line::CommandLine;
use super::failure::Failure;
use super::list::{one_of_many, with_separators};
use super::opening;
use super::option::KeytoolOption;
use super::{store_file, trust};
use crate::cli::certificate::{
    Certificate, EncodedError, Origin, Pool, all_encoded, pem, read_file,
};
use crate::cli::terminal::Input;
use crate::keystore::{KeystoreFile, KeystoreFileError, UnverifiedKeystore};

pub(super) fn run(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    refuse_other_sources(line)?;
    let pool = trusted(line)?;
    let encoded = match line.text(KeytoolOption::FileIn) {
        Some(name) => {
            read_file(Path::new(name)).map_err(|reason| Failure::of_file(name, &reason))?
        }
        None => input.rest()?.expose_bytes().to_vec(),
    };
    let certificates = match all_encoded(&encoded) {
        Ok(found) if !found.is_empty() => found,
        Ok(_) | Err(EncodedError::Empty) => return Err(Failure::new("Empty input")),
        Err(_) => return Err(Failure::new("Failed to parse input")),
    };
    let mut output = BufWriter::new(io::stdout().lock());
    let mut warnings = Vec::new();
    let count = certificates.len();
    for (index, der) in certificates.iter().enumerate() {
        if index > 0 {
            writeln!(output)?;
        }
        if count > 1 {
            writeln!(output, "Certificate[{}]:", with_separators(index + 1))?;
        }
        let Some(certificate) = Certificate::read(der) else {
            continue;
        };
        let marks = pool.marks(&certificate);
        let words = certificate
            .in_words(marks)
            .filter(|_| !line.has(KeytoolOption::Rfc));
        let text = words.unwrap_or_else(|| pem::certificate(der, pem::LineEnd::CrLf));
        output.write_all(text.as_bytes())?;
        let label = one_of_many("The certificate", index, count);
        warnings.extend(certificate.warnings(&label, marks));
    }
    output.flush()?;
    Ok(warnings)
}

/// keytool also asks servers and looks into signed archives.
fn refuse_other_sources(line: &CommandLine) -> Result<(), Failure> {
    let instead = [
        (
            KeytoolOption::Sslserver,
            "keyward -printcert has no -sslserver: use `openssl s_client -showcerts -connect HOST:PORT </dev/null | keyward -printcert`",
        ),
        (
            KeytoolOption::Jarfile,
            "keyward -printcert has no -jarfile: use `unzip -p FILE.jar 'META-INF/*.RSA' | keyward -printcert`, or a JDK's keytool",
        ),
    ];
    match instead
        .iter()
        .find(|(option, _)| line.text(*option).is_some())
    {
        Some((_, message)) => Err(Failure::unsupported(message)),
        None => Ok(()),
    }
}

/// The certificates that need no valid signature. Without its password a keystore shows those that
/// are not encrypted, and one that does not exist shows none.
fn trusted(line: &CommandLine) -> Result<Pool, Failure> {
    let mut pool = Pool::default();
    if line.text(KeytoolOption::Keystore).is_some() {
        let name = store_file::name_of(line)?;
        match KeystoreFile::at(Path::new(&name)).read() {
            Ok(bytes) => {
                pool = if let Some(password) = line.password(KeytoolOption::Storepass) {
                    Pool::of(&opening::open(&bytes, password)?)
                } else {
                    let store = UnverifiedKeystore::read(&bytes).map_err(Failure::of_keystore)?;
                    Pool::of_unverified(&store, Origin::Keystore)
                };
            }
            Err(KeystoreFileError::Missing { .. }) => {}
            Err(error) => return Err(Failure::of_source_file(&name, error)),
        }
    }
    if line.has(KeytoolOption::Trustcacerts) {
        trust::add_cacerts(&mut pool)?;
    }
    Ok(pool)
}
