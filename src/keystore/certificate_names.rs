//! [`CertificateNames`]: what a certificate calls its owner.
//!
//! ```text
//! SubjectAltName = SEQUENCE OF GeneralName: [1] rfc822Name, [2] dNSName, [6] uniformResourceIdentifier, …
//! ```
//! Source: RFC 5280, sections 4.1.2.6 and 4.2.1.6.

use super::ber::{BerError, Reader};
use super::distinguished_name::DistinguishedName;
use super::oid::Oid;
use super::tbs_certificate::TbsCertificate;

/// 2.5.29.17.
const SUBJECT_ALTERNATIVE_NAME: Oid<'static> = Oid(&[0x55, 0x1d, 0x11]);

const RFC822_NAME: u8 = 0x81;
const DNS_NAME: u8 = 0x82;
const URI: u8 = 0x86;

/// The names of a certificate's owner, as they stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateNames {
    /// The subject; empty where the certificate has alternative names alone.
    pub subject: DistinguishedName,
    /// Hosts; one may begin with `*.`.
    pub dns: Vec<String>,
    /// URIs, such as a SPIFFE identity.
    pub uris: Vec<String>,
    /// Mail addresses.
    pub emails: Vec<String>,
}

impl CertificateNames {
    /// The names in an X.509 certificate (DER); `None` where it is none.
    #[must_use]
    pub fn of_certificate(certificate: &[u8]) -> Option<Self> {
        let certificate = TbsCertificate::read(certificate).ok()?;
        let mut names = Self {
            subject: DistinguishedName::from_der(certificate.subject.raw)?,
            dns: Vec::new(),
            uris: Vec::new(),
            emails: Vec::new(),
        };
        if let Some(extension) = certificate.extension(SUBJECT_ALTERNATIVE_NAME).ok()? {
            names.add_alternatives(&extension).ok()?;
        }
        Some(names)
    }

    fn add_alternatives(&mut self, extension: &[u8]) -> Result<(), BerError> {
        let mut alternatives = Reader::new(extension).sequence("alternative names")?;
        while let Some(name) = alternatives.next()? {
            let names = match name.tag {
                RFC822_NAME => &mut self.emails,
                DNS_NAME => &mut self.dns,
                URI => &mut self.uris,
                _ => continue,
            };
            // An IA5String; what is beyond ASCII is no name that a rule could mean.
            if let Ok(text) = str::from_utf8(name.content)
                && text.is_ascii()
            {
                names.push(text.to_owned());
            }
        }
        Ok(())
    }
}
