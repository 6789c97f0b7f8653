//! [`Certificate`]: an X.509 certificate, as the commands show and check it.
//!
//! ```text
//! Certificate SEQUENCE { TBSCertificate SEQUENCE {
//!     [0] version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo,
//!     [1] [2] unique identifiers, [3] extensions }, signatureAlgorithm, signature BIT STRING }
//! ```
//! Source: RFC 5280 section 4.1.

mod algorithm;
mod chain;
mod der_value;
mod encoded;
mod extension;
mod general_name;
mod input;
mod name;
pub(super) mod pem;
mod pool;
mod signature;
mod strength;
mod words;

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::keystore::Validity;
use der_value::DerValue;

pub(super) use chain::{Link, ReplyError, establish_chain, order_reply};
pub(super) use encoded::{EncodedError, all_encoded, first_encoded, read_file};
pub(super) use input::input_of;
pub(super) use pool::{Origin, Pool, cacerts_file};
pub(super) use words::Marks;

const VERSION: u8 = 0xa0;
const EXTENSIONS: u8 = 0xa3;

/// A certificate with its parts; the bytes are those of its owner.
#[derive(Clone, Copy)]
pub(super) struct Certificate<'a> {
    der: &'a [u8],
    tbs: DerValue<'a>,
    version: u8,
    serial: DerValue<'a>,
    issuer: DerValue<'a>,
    subject: DerValue<'a>,
    key: DerValue<'a>,
    extensions: Option<DerValue<'a>>,
    signature_algorithm: DerValue<'a>,
    signature: DerValue<'a>,
    pub(super) validity: Validity,
}

impl<'a> Certificate<'a> {
    /// Takes a certificate (DER) apart; none where it is no X.509 certificate.
    pub(super) fn read(der: &'a [u8]) -> Option<Self> {
        let [tbs, signature_algorithm, signature] = DerValue::only(der)?.children()?[..] else {
            return None;
        };
        let mut fields = tbs.children()?;
        let version = match fields.first()? {
            field if field.tag == VERSION => {
                let number = fields.remove(0).child()?.content.first()?;
                number.checked_add(1)?
            }
            _ => 1,
        };
        let [serial, _, issuer, _, subject, key, ref rest @ ..] = fields[..] else {
            return None;
        };
        let extensions = rest.iter().find(|field| field.tag == EXTENSIONS);
        Some(Self {
            der,
            tbs,
            version,
            serial,
            issuer,
            subject,
            key,
            extensions: extensions.copied(),
            signature_algorithm,
            signature,
            validity: Validity::of_certificate(der)?,
        })
    }

    /// The bytes (DER).
    pub(super) fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Whose key it is: `CN=host, O=Example`.
    pub(super) fn subject(&self) -> Option<String> {
        name::in_words(&self.subject)
    }

    /// Who signed it.
    pub(super) fn issuer(&self) -> Option<String> {
        name::in_words(&self.issuer)
    }

    /// The serial number in hexadecimal digits.
    pub(super) fn serial_number(&self) -> String {
        let digits = hexadecimal(self.serial.content).replace(':', "");
        let digits = digits.to_lowercase();
        let digits = digits.trim_start_matches('0');
        if digits.is_empty() { "0" } else { digits }.to_owned()
    }

    /// Java's name of the algorithm of its signature.
    pub(super) fn signature_name(&self) -> Option<String> {
        algorithm::of_signature(&self.signature_algorithm)
    }

    /// Its key in words: `2048-bit RSA key`.
    pub(super) fn key_in_words(&self) -> Option<String> {
        Some(algorithm::PublicKey::of(&self.key)?.to_string())
    }

    /// Whether both are for one key.
    pub(super) fn has_key_of(&self, other: &Certificate<'_>) -> bool {
        self.key.encoded == other.key.encoded
    }

    /// Whether `issuer` signed it: the names fit, and the signature is right. One that cannot be
    /// verified here (see [`signature`]) is not.
    pub(super) fn is_signed_by(&self, issuer: &Certificate<'_>) -> bool {
        name::is_same(&self.issuer, &issuer.subject) && self.is_verified_by(issuer)
    }

    /// Whether the signature is one of the key of `issuer`, whatever the names.
    pub(super) fn is_verified_by(&self, issuer: &Certificate<'_>) -> bool {
        signature::is_right(self, &issuer.key)
    }

    /// Whether subject and issuer are one name.
    pub(super) fn is_self_issued(&self) -> bool {
        name::is_same(&self.issuer, &self.subject)
    }

    /// Whether it is signed with its own key.
    pub(super) fn is_self_signed(&self) -> bool {
        self.is_signed_by(self)
    }
}

/// The SHA-1 fingerprint of a certificate: `AB:CD:…`.
pub(super) fn sha1(certificate: &[u8]) -> String {
    hexadecimal(&Sha1::digest(certificate))
}

/// The SHA-256 fingerprint of a certificate: `AB:CD:…`.
pub(super) fn sha256(certificate: &[u8]) -> String {
    hexadecimal(&Sha256::digest(certificate))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    digits.join(":")
}
