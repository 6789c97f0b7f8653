//! [`TbsCertificate`]: the fields of a certificate that keyward looks at.
//!
//! ```text
//! Certificate    = SEQUENCE { TBSCertificate, … }
//! TBSCertificate = SEQUENCE { [0] version OPTIONAL, INTEGER serial, SEQUENCE algorithm, Name issuer, SEQUENCE validity,
//!                             Name subject, SEQUENCE subjectPublicKeyInfo, [1], [2], [3] extensions OPTIONAL }
//! SubjectPublicKeyInfo = SEQUENCE { SEQUENCE algorithm, BIT STRING }
//! Extensions     = SEQUENCE OF SEQUENCE { OID, BOOLEAN critical OPTIONAL, OCTET STRING }
//! ```
//! Source: RFC 5280 section 4.1.

use std::borrow::Cow;

use super::ber::{BerError, Element, Reader, tag};
use super::oid::Oid;

const BOOLEAN: u8 = 0x01;
const BIT_STRING: u8 = 0x03;
const EXTENSIONS: u8 = 0xa3;

pub(super) struct TbsCertificate<'a> {
    pub(super) subject: Element<'a>,
    public_key: Element<'a>,
    extensions: Option<Reader<'a>>,
}

impl<'a> TbsCertificate<'a> {
    pub(super) fn read(certificate: &'a [u8]) -> Result<Self, BerError> {
        let mut outer = Reader::new(certificate).sequence("a certificate")?;
        let mut fields = outer.sequence("a TBSCertificate")?;
        fields.optional(tag::CONTEXT_0)?;
        fields.expect(tag::INTEGER, "a serial number")?;
        fields.expect(tag::SEQUENCE, "a signature algorithm")?;
        fields.expect(tag::SEQUENCE, "an issuer")?;
        fields.expect(tag::SEQUENCE, "a validity")?;
        let subject = fields.expect(tag::SEQUENCE, "a subject")?;
        let public_key = fields.expect(tag::SEQUENCE, "a public key")?;
        let mut extensions = None;
        while let Some(field) = fields.next()? {
            if field.tag == EXTENSIONS {
                extensions = Some(field.reader().sequence("extensions")?);
            }
        }
        Ok(Self {
            subject,
            public_key,
            extensions,
        })
    }

    /// The octets of the subject's public key: for an elliptic curve, the point.
    pub(super) fn public_key(&self) -> Result<&'a [u8], BerError> {
        let mut fields = self.public_key.reader();
        fields.expect(tag::SEQUENCE, "an algorithm")?;
        let bits = fields.expect(BIT_STRING, "a public key")?;
        let octets = bits.content.strip_prefix(&[0]);
        octets.ok_or(BerError::Missing("a whole octet"))
    }

    /// What the extension of this identifier holds.
    pub(super) fn extension(&self, wanted: Oid<'_>) -> Result<Option<Cow<'a, [u8]>>, BerError> {
        let Some(mut extensions) = self.extensions else {
            return Ok(None);
        };
        while let Some(extension) = extensions.next()? {
            let mut fields = extension.reader();
            let identifier = fields.oid("an extension's identifier")?;
            fields.optional(BOOLEAN)?;
            if identifier == wanted {
                return Ok(Some(fields.octet_string("an extension")?));
            }
        }
        Ok(None)
    }
}
