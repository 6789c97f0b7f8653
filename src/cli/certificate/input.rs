//! [`CertificateInput`]: a file with certificates, or what is piped in, for keyward's own commands.

use std::io;
use std::path::Path;

use super::{EncodedError, all_encoded, read_file};
use crate::cli::failure::Failure;
use crate::cli::terminal::Input;

/// Bytes with certificates in them, and where they are from.
pub(in crate::cli) struct CertificateInput {
    name: String,
    bytes: Vec<u8>,
}

/// Reads a file, or standard input where none is named.
pub(in crate::cli) fn input_of(
    file: Option<&Path>,
    input: &mut Input,
) -> Result<CertificateInput, Failure> {
    let Some(path) = file else {
        return Ok(CertificateInput {
            name: "standard input".to_owned(),
            bytes: input.rest()?.expose_bytes().to_vec(),
        });
    };
    let name = path.display().to_string();
    match read_file(path) {
        Ok(bytes) => Ok(CertificateInput { name, bytes }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::missing(format!(
            "{name}: the file does not exist. Check the path"
        ))),
        Err(error) => Err(Failure::new(format!("{name}: cannot be read: {error}"))),
    }
}

impl CertificateInput {
    /// Every certificate (DER) in it, at least one.
    pub(in crate::cli) fn all(&self) -> Result<Vec<Vec<u8>>, Failure> {
        let found = all_encoded(&self.bytes).and_then(|found| {
            if found.is_empty() {
                return Err(EncodedError::NoData);
            }
            Ok(found)
        });
        found.map_err(|error| self.failure(error))
    }

    /// What is wrong with it, with its name in front.
    pub(in crate::cli) fn failure(&self, reason: impl std::fmt::Display) -> Failure {
        Failure::new(format!(
            "{}: {reason}. It should be a certificate as DER or PEM, or PKCS#7",
            self.name
        ))
    }
}
