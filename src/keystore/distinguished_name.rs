//! [`DistinguishedName`]: whom a certificate is for, or from, as Java and `printcert` show it.
//!
//! ```text
//! Name = SEQUENCE OF RelativeDistinguishedName, which is SET OF SEQUENCE { type OID, value string }
//! CN=host, OU=a + UID=7, O="Muster, GmbH", C=DE        the last of the encoding first
//! ```
//! Source: RFC 5280 section 4.1.2.4; RFC 4514; the JDK's sun.security.x509.X500Name and AVA.

mod parser;

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::ber::{Element, tag};
use super::oid::Oid;

/// Java's keywords.
const KEYWORDS: [(&str, &str); 18] = [
    ("2.5.4.3", "CN"),
    ("2.5.4.4", "SURNAME"),
    ("2.5.4.5", "SERIALNUMBER"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("2.5.4.12", "T"),
    ("2.5.4.42", "GIVENNAME"),
    ("2.5.4.43", "INITIALS"),
    ("2.5.4.44", "GENERATION"),
    ("2.5.4.46", "DNQ"),
    ("1.2.840.113549.1.9.1", "EMAILADDRESS"),
    ("1.3.6.1.4.1.42.2.11.2.1", "IP"),
    ("0.9.2342.19200300.100.1.1", "UID"),
    ("0.9.2342.19200300.100.1.25", "DC"),
];
const SPECIAL: &[char] = &[',', '+', '=', '\n', '<', '>', '#', ';', '\\', '"'];

const T61_STRING: u8 = 0x14;

/// A name of the X.500 directory. Two are equal if they have the same attributes with the same
/// texts, letter for letter, in the same order; those of one part have no order.
#[derive(Debug, Clone)]
pub struct DistinguishedName {
    /// In the order in which they are shown.
    parts: Vec<Vec<Attribute>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Attribute {
    /// The object identifier in digits and dots.
    identifier: String,
    value: String,
}

/// Why a text is no distinguished name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem}. Write it as keyward printcert shows it: CN=tomcat, O=Example, C=DE")]
pub struct DistinguishedNameError {
    problem: String,
}

impl DistinguishedName {
    /// Takes a Name (DER) apart; `None` where it is none.
    #[must_use]
    pub fn from_der(name: &[u8]) -> Option<Self> {
        let (name, rest) = Element::first_of(name).ok()?;
        if name.tag != tag::SEQUENCE || !rest.is_empty() {
            return None;
        }
        let mut parts = Vec::new();
        for part in children(name)? {
            let attributes: Option<Vec<Attribute>> =
                children(part)?.into_iter().map(Attribute::of).collect();
            parts.push(attributes?);
        }
        parts.reverse();
        Some(Self { parts })
    }

    /// Whether it has no part at all, as that of a certificate with alternative names alone may.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Attribute {
    fn of(attribute: Element<'_>) -> Option<Self> {
        let [identifier, value] = children(attribute)?[..] else {
            return None;
        };
        Some(Self {
            identifier: Oid(identifier.content).to_string(),
            value: string(value),
        })
    }
}

impl PartialEq for DistinguishedName {
    fn eq(&self, other: &Self) -> bool {
        let sorted = |part: &Vec<Attribute>| {
            let mut part = part.clone();
            part.sort();
            part
        };
        let (own, others) = (self.parts.iter(), other.parts.iter());
        own.map(sorted).eq(others.map(sorted))
    }
}

impl Eq for DistinguishedName {}

impl FromStr for DistinguishedName {
    type Err = DistinguishedNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = parser::parts(text).map_err(|problem| DistinguishedNameError { problem })?;
        Ok(Self { parts })
    }
}

impl fmt::Display for DistinguishedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                f.write_str(", ")?;
            }
            let attributes: Vec<String> = part.iter().map(Attribute::to_string).collect();
            f.write_str(&attributes.join(" + "))?;
        }
        Ok(())
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keyword = KEYWORDS.iter().find(|(known, _)| *known == self.identifier);
        match keyword {
            Some((_, keyword)) => f.write_str(keyword)?,
            None => write!(f, "OID.{}", self.identifier)?,
        }
        write!(f, "={}", quoted(&self.value))
    }
}

fn children(element: Element<'_>) -> Option<Vec<Element<'_>>> {
    let mut reader = element.reader();
    let mut children = Vec::new();
    while let Some(child) = reader.next().ok()? {
        children.push(child);
    }
    Some(children)
}

/// The text of any of ASN.1's string types.
fn string(value: Element<'_>) -> String {
    match value.tag {
        tag::BMP_STRING => {
            let units = value.content.chunks_exact(2);
            let units = units.map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
            String::from_utf16_lossy(&units.collect::<Vec<u16>>())
        }
        T61_STRING => value.content.iter().copied().map(char::from).collect(),
        _ => String::from_utf8_lossy(value.content).into_owned(),
    }
}

fn quoted(text: &str) -> String {
    let is_plain =
        !text.contains(SPECIAL) && !text.contains("  ") && text.trim_matches(' ') == text;
    if is_plain {
        return text.to_owned();
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keystore::der;

    const UTF8_STRING: u8 = 0x0c;

    fn attribute(identifier: &[u8], value: &str) -> Vec<u8> {
        der::sequence(&[
            &der::oid(Oid(identifier)),
            &der::element(UTF8_STRING, &[value.as_bytes()]),
        ])
    }

    fn common_name(value: &str) -> DistinguishedName {
        let name = der::sequence(&[&der::set(&[&attribute(&[0x55, 4, 3], value)])]);
        DistinguishedName::from_der(&name).unwrap()
    }

    fn parse(text: &str) -> DistinguishedName {
        text.parse().unwrap()
    }

    #[test]
    fn a_name_is_shown_last_part_first() {
        let country = der::set(&[&attribute(&[0x55, 4, 6], "DE")]);
        let unknown = attribute(&[0x2a, 3], "x");
        let both = der::set(&[&attribute(&[0x55, 4, 3], "host"), &unknown]);
        let name = DistinguishedName::from_der(&der::sequence(&[&country, &both])).unwrap();
        assert_eq!(name.to_string(), "CN=host + OID.1.2.3=x, C=DE");
        assert_eq!(name, parse("OID.1.2.3=x+CN=host,C=DE"));
        assert_eq!(name, parse("cn = host + 1.2.3 = x ; c = DE"));
        assert_ne!(name, parse("C=DE, CN=host + OID.1.2.3=x"));
        assert_ne!(name, parse("CN=host, OID.1.2.3=x, C=DE"));
    }

    #[test]
    fn what_is_shown_is_read_back_whatever_the_value() {
        for value in [
            "tomcat",
            "Muster, GmbH",
            "a, O=Example",
            "back\\slash",
            "say \"hello\"",
            " blanks ",
            "two  blanks",
            "#1",
            "a+b=c;d<e>",
            "Käse",
            "",
            "\\2C",
        ] {
            let name = common_name(value);
            assert_eq!(parse(&name.to_string()), name, "{name}");
        }
        assert_ne!(common_name("a, O=Example"), parse("CN=a, O=Example"));
        assert_ne!(common_name("Tomcat"), parse("CN=tomcat"));
    }

    #[test]
    fn the_escapes_of_rfc_4514_are_read() {
        assert_eq!(parse("CN=Muster\\, GmbH"), common_name("Muster, GmbH"));
        assert_eq!(parse("CN=K\\C3\\A4se"), common_name("Käse"));
        assert_eq!(parse("CN=\\ a\\ "), common_name(" a "));
        assert_eq!(parse("CN=a\\2b"), common_name("a+"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "",
            " ",
            "tomcat",
            "CN=a,",
            "CN=a,,O=b",
            "XY=a",
            "CN=\"a",
            "CN=\"a\"b",
            "CN=a\\",
            "CN=\\C3",
            "CN=#0c0161",
            "=a",
        ] {
            assert!(text.parse::<DistinguishedName>().is_err(), "{text}");
        }
    }
}
