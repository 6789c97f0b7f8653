//! A certificate as `keytool -list -v` prints it.
//!
//! ```text
//! Certificate SEQUENCE { TBSCertificate SEQUENCE {
//!     [0] version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo,
//!     [1] [2] unique identifiers, [3] extensions }, signatureAlgorithm, signature }
//! ```
//! Source: RFC 5280 section 4.1; the words are those of JDK 17.

mod algorithm;
mod der_value;
mod extension;
mod name;

use std::fmt::Write as _;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::keystore::Validity;
use der_value::DerValue;

const EXTENSIONS: u8 = 0xa3;
const VERSION: u8 = 0xa0;

/// The certificate (DER) in words; none where it is no X.509 certificate.
pub(super) fn in_words(certificate: &[u8]) -> Option<String> {
    let [tbs, signature_algorithm, _] = &DerValue::only(certificate)?.children()?[..] else {
        return None;
    };
    let mut fields = tbs.children()?;
    let version = match fields.first()? {
        field if field.tag == VERSION => fields.remove(0).child()?.content.first()? + 1,
        _ => 1,
    };
    let [serial, _, issuer, _, subject, key, rest @ ..] = &fields[..] else {
        return None;
    };
    let validity = Validity::of_certificate(certificate)?;
    let mut text = String::new();
    let _ = writeln!(text, "Owner: {}", name::in_words(subject)?);
    let _ = writeln!(text, "Issuer: {}", name::in_words(issuer)?);
    let _ = writeln!(text, "Serial number: {}", number(serial.content));
    let from = date(validity.not_before);
    let _ = writeln!(
        text,
        "Valid from: {from} until: {}",
        date(validity.not_after)
    );
    let _ = writeln!(text, "Certificate fingerprints:");
    let _ = writeln!(text, "\t SHA1: {}", hexadecimal(&Sha1::digest(certificate)));
    let _ = writeln!(text, "\t SHA256: {}", sha256(certificate));
    let signature = algorithm::of_signature(signature_algorithm)?;
    let _ = writeln!(text, "Signature algorithm name: {signature}");
    let key = algorithm::of_key(key)?;
    let _ = writeln!(text, "Subject Public Key Algorithm: {key}");
    let _ = writeln!(text, "Version: {version}");
    if let Some(extensions) = rest.iter().find(|field| field.tag == EXTENSIONS) {
        text.push_str(&extension::all_in_words(&extensions.child()?)?);
    }
    Some(text)
}

/// The SHA-256 fingerprint of a certificate: `AB:CD:…`.
pub(super) fn sha256(certificate: &[u8]) -> String {
    hexadecimal(&Sha256::digest(certificate))
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    digits.join(":")
}

/// A positive number in hexadecimal digits.
fn number(bytes: &[u8]) -> String {
    let digits = hexadecimal(bytes).replace(':', "").to_lowercase();
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() { "0" } else { digits }.to_owned()
}

/// As `java.util.Date` prints it, in the local time zone.
fn date(time: SystemTime) -> String {
    Timestamp::try_from(time).map_or_else(
        |_| "no date".to_owned(),
        |time| {
            let local = time.to_zoned(TimeZone::system());
            local.strftime("%a %b %d %H:%M:%S %Z %Y").to_string()
        },
    )
}
