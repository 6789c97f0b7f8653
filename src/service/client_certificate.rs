//! [`ClientCertificate`]: the certificate whose key the peer of a TLS connection has.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::document::CertificateSubject;
use crate::keystore::CertificateNames;

/// A certificate that TLS has verified: an authority that is trusted has signed it, it is valid today, and the
/// peer has its key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientCertificate {
    names: CertificateNames,
    subject: String,
    digest: [u8; 32],
    fingerprint: String,
}

impl ClientCertificate {
    /// Takes a verified certificate (DER); `None` where it is no X.509 certificate.
    #[must_use]
    pub fn from_der(certificate: &[u8]) -> Option<Self> {
        let names = CertificateNames::of_certificate(certificate)?;
        let digest: [u8; 32] = Sha256::digest(certificate).into();
        Some(Self {
            subject: names.subject.to_string(),
            names,
            fingerprint: fingerprint(&digest),
            digest,
        })
    }

    /// The subject, as `printcert` shows it: `CN=tomcat, O=Example`.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Whether the subject names anybody.
    #[must_use]
    pub fn has_subject(&self) -> bool {
        !self.names.subject.is_empty()
    }

    /// SHA-256 of the certificate: `AB:CD:…`.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// SHA-256 of the certificate.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Whether a rule for `subject` means this certificate.
    #[must_use]
    pub fn is(&self, subject: &CertificateSubject) -> bool {
        match subject {
            CertificateSubject::Name(name) => !name.is_empty() && self.names.subject == *name,
            CertificateSubject::Dns(host) => {
                has(&self.names.dns, |own| own.eq_ignore_ascii_case(host))
            }
            CertificateSubject::Uri(uri) => has(&self.names.uris, |own| own == uri),
            CertificateSubject::Email(email) => {
                has(&self.names.emails, |own| is_same_mailbox(own, email))
            }
            CertificateSubject::Fingerprint(digest) => self.digest == *digest,
        }
    }
}

fn has(names: &[String], is_meant: impl Fn(&str) -> bool) -> bool {
    names.iter().any(|name| is_meant(name))
}

/// The part before the @ is the host's affair, case included (RFC 5280 section 7.5).
fn is_same_mailbox(one: &str, other: &str) -> bool {
    match (one.rsplit_once('@'), other.rsplit_once('@')) {
        (Some((one, host)), Some((other, others))) => {
            one == other && host.eq_ignore_ascii_case(others)
        }
        _ => false,
    }
}

/// `AB:CD:…`
fn fingerprint(digest: &[u8]) -> String {
    let mut text = String::new();
    for (index, octet) in digest.iter().enumerate() {
        let colon = if index == 0 { "" } else { ":" };
        // Writing to a String does not fail.
        let _ = write!(text, "{colon}{octet:02X}");
    }
    text
}
