//! [`HttpsSettings`]: where the service listens over TCP, and [`CertificateRule`]: who may read what there.

use std::net::SocketAddr;

use super::error::DocumentError;
use super::place::Place;
use crate::keystore::DistinguishedName;

/// A TCP address at which the service listens with mutual TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpsSettings {
    /// The address and the port; port 0 lets the system choose one.
    pub address: SocketAddr,
    /// Name of the keystore with the server's private key and certificates.
    pub keystore: String,
    /// The key's alias in it.
    pub key_alias: String,
    /// Name of the keystore whose trusted certificates are those of the clients' authorities.
    pub truststore: String,
    /// Who may read what. Nothing is allowed that no rule allows.
    pub rules: Vec<CertificateRule>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// Aliases that the owner of a certificate may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRule {
    /// Whose certificate.
    pub subject: CertificateSubject,
    /// Patterns of aliases, in which `*` stands for any characters.
    pub aliases: Vec<String>,
    /// Line of the document; the first is 1.
    pub line: usize,
}

/// How a rule names a certificate. Each is meant as a whole: nothing stands for other text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateSubject {
    /// The subject, letter for letter.
    Name(DistinguishedName),
    /// One of its alternative names: a host, without regard to case.
    Dns(String),
    /// One of its alternative names: a URI, letter for letter.
    Uri(String),
    /// One of its alternative names: a mail address, its host without regard to case.
    Email(String),
    /// SHA-256 of the certificate (DER).
    Fingerprint([u8; 32]),
}

/// An IP address and a port: `127.0.0.1:8443`, `[::1]:8443`.
pub(super) fn parse_address(text: &str, at: Place) -> Result<SocketAddr, DocumentError> {
    text.parse().map_err(|_| DocumentError::Address {
        at,
        value: text.to_owned(),
    })
}

/// Hexadecimal digits, with colons between the octets or without.
pub(super) fn parse_fingerprint(text: &str, at: Place) -> Result<[u8; 32], DocumentError> {
    let refused = || DocumentError::Fingerprint {
        at,
        value: text.to_owned(),
    };
    fingerprint(text).ok_or_else(refused)
}

fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = match text.split(':').collect::<Vec<_>>()[..] {
        [digits] => digits.bytes().collect(),
        ref octets if octets.iter().all(|octet| octet.len() == 2) => octets.concat().into_bytes(),
        _ => return None,
    };
    let (pairs, []) = digits.as_chunks::<2>() else {
        return None;
    };
    let value = |digit: u8| char::from(digit).to_digit(16);
    let octets = pairs.iter().map(|&[high, low]| {
        let octet = value(high)? << 4 | value(low)?;
        u8::try_from(octet).ok()
    });
    octets.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn at() -> Place {
        Place {
            document: PathBuf::from("a.xml"),
            line: 7,
        }
    }

    #[test]
    fn a_fingerprint_has_64_digits() {
        let plain = "0aB1".repeat(16);
        let with_colons = ["0A", "b1"].repeat(16).join(":");
        let expected: [u8; 32] = [0x0a, 0xb1].repeat(16).try_into().unwrap();
        assert_eq!(parse_fingerprint(&plain, at()).unwrap(), expected);
        assert_eq!(parse_fingerprint(&with_colons, at()).unwrap(), expected);
        for text in [
            "",
            ":",
            &plain[2..],
            &format!("{plain}00"),
            &plain.replace('a', "g"),
            &format!("+{}", &plain[1..]),
            &with_colons.replacen("0A:b1", "0Ab:1", 1),
        ] {
            let message = parse_fingerprint(text, at()).unwrap_err().to_string();
            assert!(message.starts_with("a.xml:7: fingerprint is"), "{message}");
        }
    }

    #[test]
    fn an_address_is_numbers_and_a_port() {
        assert!(parse_address("127.0.0.1:8443", at()).is_ok());
        assert!(parse_address("[::1]:0", at()).is_ok());
        for text in ["", "8443", "127.0.0.1", "localhost:8443", "127.0.0.1:65536"] {
            let message = parse_address(text, at()).unwrap_err().to_string();
            assert!(message.starts_with("a.xml:7: address is"), "{message}");
        }
    }
}
