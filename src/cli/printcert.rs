//! `keyward printcert`: shows the certificates of a file.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::certificate::{Certificate, Marks, input_of, pem, sha256};
use super::failure::Failure;
use super::terminal::{Input, note};

/// Show the certificates of a file
#[derive(Args)]
#[command(
    after_help = "The file is DER, PEM with any text around it, or PKCS#7. What Java takes for weak is marked, and told on \
                  standard error.\n\
                  Example: keyward printcert -file chain.pem --json"
)]
pub(super) struct Printcert {
    /// The file; without one it is standard input
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Print PEM
    #[arg(long, conflicts_with = "json")]
    rfc: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Printed {
    certificates: Vec<PrintedCertificate>,
}

#[derive(Serialize)]
struct PrintedCertificate {
    subject: Option<String>,
    issuer: Option<String>,
    /// Hexadecimal digits.
    serial_number: String,
    /// RFC 3339, UTC.
    not_before: Option<String>,
    not_after: Option<String>,
    /// The fingerprint: `AB:CD:…`.
    sha256: String,
    signature_algorithm: Option<String>,
    /// `sound`, `weak` or `disabled`.
    signature_strength: &'static str,
    key: Option<String>,
    key_strength: &'static str,
    /// Whether subject and issuer are one name, as those of a root are.
    self_issued: bool,
}

impl Printcert {
    pub(super) fn run(self) -> Result<(), Failure> {
        let found = input_of(self.file.as_deref(), &mut Input::standard())?.all()?;
        let certificates: Vec<Certificate<'_>> = found
            .iter()
            .filter_map(|der| Certificate::read(der))
            .collect();
        let mut output = io::stdout().lock();
        if self.json {
            let certificates = certificates.iter().map(PrintedCertificate::of).collect();
            let printed = Printed { certificates };
            serde_json::to_writer_pretty(&mut output, &printed).map_err(io::Error::from)?;
            writeln!(output)?;
            return Ok(output.flush()?);
        }
        for (index, certificate) in certificates.iter().enumerate() {
            let words = certificate.in_words(Marks::All).filter(|_| !self.rfc);
            let text =
                words.unwrap_or_else(|| pem::certificate(certificate.der(), pem::LineEnd::Lf));
            if index > 0 && !self.rfc {
                writeln!(output)?;
            }
            output.write_all(text.as_bytes())?;
        }
        output.flush()?;
        for certificate in &certificates {
            let subject = certificate.subject().unwrap_or_default();
            for warning in certificate.warnings(&format!("<{subject}>"), Marks::All) {
                note(warning);
            }
        }
        Ok(())
    }
}

impl PrintedCertificate {
    fn of(certificate: &Certificate<'_>) -> Self {
        let time = |time| Some(Timestamp::try_from(time).ok()?.to_string());
        Self {
            subject: certificate.subject(),
            issuer: certificate.issuer(),
            serial_number: certificate.serial_number(),
            not_before: time(certificate.validity.not_before),
            not_after: time(certificate.validity.not_after),
            sha256: sha256(certificate.der()),
            signature_algorithm: certificate.signature_name(),
            signature_strength: certificate.signature_strength().name(),
            key: certificate.key_in_words(),
            key_strength: certificate.key_strength().name(),
            self_issued: certificate.is_self_issued(),
        }
    }
}
