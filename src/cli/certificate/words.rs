//! A certificate in keytool's words, as `-list -v` and `-printcert` print it.
//!
//! Source: the output of JDK 17.

use std::fmt::Write as _;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::strength::Strength;
use super::{Certificate, extension, sha1, sha256};

/// Which marks stand behind weak algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Marks {
    /// Behind the signature and the key.
    All,
    /// Behind the key alone: nobody checks the signature of a certificate that is trusted itself.
    KeyAlone,
}

impl Certificate<'_> {
    /// All of it in words; none where a part of it cannot be read.
    pub(in crate::cli) fn in_words(&self, marks: Marks) -> Option<String> {
        let mut text = String::new();
        let _ = writeln!(text, "Owner: {}", self.subject()?);
        let _ = writeln!(text, "Issuer: {}", self.issuer()?);
        let _ = writeln!(text, "Serial number: {}", self.serial_number());
        let from = date(self.validity.not_before);
        let until = date(self.validity.not_after);
        let _ = writeln!(text, "Valid from: {from} until: {until}");
        let _ = writeln!(text, "Certificate fingerprints:");
        let _ = writeln!(text, "\t SHA1: {}", sha1(self.der));
        let _ = writeln!(text, "\t SHA256: {}", sha256(self.der));
        let signature = self.signature_name()?;
        let mark = match marks {
            Marks::All => Strength::of_signature(&signature).mark(),
            Marks::KeyAlone => "",
        };
        let _ = writeln!(text, "Signature algorithm name: {signature}{mark}");
        let (key, mark) = (self.key_in_words()?, self.key_strength().mark());
        let _ = writeln!(text, "Subject Public Key Algorithm: {key}{mark}");
        let _ = writeln!(text, "Version: {}", self.version);
        if let Some(extensions) = &self.extensions {
            text.push_str(&extension::all_in_words(&extensions.child()?)?);
        }
        Some(text)
    }
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
