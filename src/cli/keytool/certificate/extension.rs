//! The extensions of a certificate, as Java prints them. Those that are not known here are shown
//! in hexadecimal digits, as Java shows those that it does not know.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use super::der_value::DerValue;

/// Java's names, by which it sorts.
const NAMES: [(&str, &str); 6] = [
    ("2.5.29.14", "SubjectKeyIdentifier"),
    ("2.5.29.15", "KeyUsage"),
    ("2.5.29.17", "SubjectAlternativeName"),
    ("2.5.29.19", "BasicConstraints"),
    ("2.5.29.35", "AuthorityKeyIdentifier"),
    ("2.5.29.37", "ExtendedKeyUsage"),
];
const USAGES: [&str; 9] = [
    "DigitalSignature",
    "Non_repudiation",
    "Key_Encipherment",
    "Data_Encipherment",
    "Key_Agreement",
    "Key_CertSign",
    "Crl_Sign",
    "Encipher_Only",
    "Decipher_Only",
];
const PURPOSES: [(&str, &str); 7] = [
    ("2.5.29.37.0", "anyExtendedKeyUsage"),
    ("1.3.6.1.5.5.7.3.1", "serverAuth"),
    ("1.3.6.1.5.5.7.3.2", "clientAuth"),
    ("1.3.6.1.5.5.7.3.3", "codeSigning"),
    ("1.3.6.1.5.5.7.3.4", "emailProtection"),
    ("1.3.6.1.5.5.7.3.8", "timeStamping"),
    ("1.3.6.1.5.5.7.3.9", "OCSPSigning"),
];

/// All extensions, with the blank lines before and between them.
pub(super) fn all_in_words(extensions: &DerValue<'_>) -> Option<String> {
    let mut named = Vec::new();
    for extension in extensions.children()? {
        let (identifier, text) = in_words(extension)?;
        let name = NAMES.iter().find(|(known, _)| *known == identifier);
        let sort_key = name.map_or(identifier, |(_, name)| (*name).to_owned());
        named.push((sort_key, text));
    }
    named.sort();
    let mut text = String::from("\nExtensions: \n\n");
    for (index, (_, extension)) in named.iter().enumerate() {
        let _ = writeln!(text, "#{}: {extension}", index + 1);
    }
    Some(text)
}

/// The identifier and the words of one extension.
fn in_words(extension: DerValue<'_>) -> Option<(String, String)> {
    let fields = extension.children()?;
    let (identifier, critical, value) = match &fields[..] {
        [identifier, value] => (identifier, false, value),
        [identifier, critical, value] => (identifier, critical.content != [0], value),
        _ => return None,
    };
    let identifier = identifier.identifier();
    let known = DerValue::only(value.content).and_then(|value| match identifier.as_str() {
        "2.5.29.14" => Some(key_identifier("SubjectKeyIdentifier", value.content)),
        "2.5.29.15" => key_usage(value),
        "2.5.29.17" => alternative_names(value),
        "2.5.29.19" => basic_constraints(value),
        "2.5.29.35" => authority_key(value),
        "2.5.29.37" => purposes(value),
        _ => None,
    });
    let words = known.unwrap_or_else(|| format!("{}\n", hexadecimal_dump(value.content)));
    let text = format!("ObjectId: {identifier} Criticality={critical}\n{words}");
    Some((identifier, text))
}

fn key_identifier(name: &str, identifier: &[u8]) -> String {
    let dump = hexadecimal_dump(identifier);
    format!("{name} [\nKeyIdentifier [\n{dump}]\n]\n")
}

/// The form with a key identifier alone, which nearly all have.
fn authority_key(value: DerValue<'_>) -> Option<String> {
    match &value.children()?[..] {
        [only] if only.tag == 0x80 => Some(key_identifier("AuthorityKeyIdentifier", only.content)),
        _ => None,
    }
}

fn basic_constraints(value: DerValue<'_>) -> Option<String> {
    let fields = value.children()?;
    let is_ca = fields
        .first()
        .is_some_and(|field| field.tag == 1 && field.content != [0]);
    let length = fields.iter().find(|field| field.tag == 2);
    let length = match (is_ca, length) {
        (true, Some(length)) => length.content.last()?.to_string(),
        (true, None) => " no limit".to_owned(),
        (false, _) => " undefined".to_owned(),
    };
    Some(format!(
        "BasicConstraints:[\n  CA:{is_ca}\n  PathLen:{length}\n]\n"
    ))
}

fn key_usage(value: DerValue<'_>) -> Option<String> {
    let (_, octets) = value.content.split_first()?;
    let is_set = |bit: usize| {
        let octet = octets.get(bit / 8).copied().unwrap_or(0);
        octet & (0x80 >> (bit % 8)) != 0
    };
    let set = USAGES.iter().enumerate().filter(|(bit, _)| is_set(*bit));
    Some(list("KeyUsage", set.map(|(_, usage)| (*usage).to_owned())))
}

fn purposes(value: DerValue<'_>) -> Option<String> {
    let purposes = value.children()?.into_iter().map(|purpose| {
        let identifier = purpose.identifier();
        let known = PURPOSES.iter().find(|(known, _)| *known == identifier);
        known.map_or(identifier, |(_, name)| (*name).to_owned())
    });
    Some(list("ExtendedKeyUsages", purposes))
}

fn alternative_names(value: DerValue<'_>) -> Option<String> {
    let names: Option<Vec<String>> = value
        .children()?
        .into_iter()
        .map(|name| {
            let text = || String::from_utf8_lossy(name.content).into_owned();
            match name.tag {
                0x81 => Some(format!("RFC822Name: {}", text())),
                0x82 => Some(format!("DNSName: {}", text())),
                0x86 => Some(format!("URIName: {}", text())),
                0x87 => Some(format!("IPAddress: {}", address(name.content)?)),
                _ => None,
            }
        })
        .collect();
    Some(list("SubjectAlternativeName", names?.into_iter()))
}

fn address(octets: &[u8]) -> Option<String> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        return Some(Ipv4Addr::from(octets).to_string());
    }
    let octets = <[u8; 16]>::try_from(octets).ok()?;
    let groups = Ipv6Addr::from(octets)
        .segments()
        .map(|group| format!("{group:x}"));
    Some(groups.join(":"))
}

fn list(name: &str, items: impl Iterator<Item = String>) -> String {
    let lines = items.fold(String::new(), |lines, item| lines + "  " + &item + "\n");
    format!("{name} [\n{lines}]\n")
}

/// Sixteen bytes a line: `0000: A2 7D …   F4 …  ..C.`.
fn hexadecimal_dump(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (number, line) in bytes.chunks(16).enumerate() {
        let _ = write!(text, "{:04X}: ", 16 * number);
        for position in 0..16 {
            match line.get(position) {
                Some(byte) => {
                    let _ = write!(text, "{byte:02X} ");
                }
                None => text.push_str("   "),
            }
            if position == 7 {
                text.push_str("  ");
            }
        }
        text.push(' ');
        let shown = |byte: &u8| match byte {
            0x20..=0x7a => char::from(*byte),
            _ => '.',
        };
        text.extend(line.iter().map(shown));
        text.push('\n');
    }
    text
}
