//! [`public_key_info`]: the public key that a certificate is about.
//!
//! ```text
//! TBSCertificate = SEQUENCE { …, validity, SEQUENCE subject, SEQUENCE SubjectPublicKeyInfo, … }
//! ```
//! Source: RFC 5280, section 4.1.

use super::ber::{BerError, tag};
use super::validity::from_validity;

/// The SubjectPublicKeyInfo (DER) of an X.509 certificate; `None` where it is none.
#[must_use]
pub fn public_key_info(certificate: &[u8]) -> Option<&[u8]> {
    find(certificate).ok()
}

fn find(certificate: &[u8]) -> Result<&[u8], BerError> {
    let mut fields = from_validity(certificate)?;
    fields.expect(tag::SEQUENCE, "a validity")?;
    fields.expect(tag::SEQUENCE, "a subject")?;
    Ok(fields.expect(tag::SEQUENCE, "a public key")?.raw)
}
