//! The extensions of a certificate, as Java prints them. Those that are not known here are shown
//! in hexadecimal digits, as Java shows those that it does not know.

use std::fmt::Write as _;

use super::der_value::DerValue;
use super::general_name;

/// Java's names, by which it sorts.
const NAMES: [(&str, &str); 12] = [
    ("1.3.6.1.5.5.7.1.1", "AuthorityInfoAccess"),
    ("2.5.29.14", "SubjectKeyIdentifier"),
    ("2.5.29.15", "KeyUsage"),
    ("2.5.29.16", "PrivateKeyUsage"),
    ("2.5.29.17", "SubjectAlternativeName"),
    ("2.5.29.18", "IssuerAlternativeName"),
    ("2.5.29.19", "BasicConstraints"),
    ("2.5.29.30", "NameConstraints"),
    ("2.5.29.31", "CRLDistributionPoints"),
    ("2.5.29.32", "CertificatePolicies"),
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
const ACCESS_METHODS: [(&str, &str); 2] = [
    ("1.3.6.1.5.5.7.48.1", "ocsp"),
    ("1.3.6.1.5.5.7.48.2", "caIssuers"),
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
        "1.3.6.1.5.5.7.1.1" => information_access(value),
        "2.5.29.14" => Some(subject_key(value.content)),
        "2.5.29.15" => key_usage(value),
        "2.5.29.17" => alternative_names(value),
        "2.5.29.19" => basic_constraints(value),
        "2.5.29.31" => revocation_lists(value),
        "2.5.29.32" => policies(value),
        "2.5.29.35" => authority_key(value),
        "2.5.29.37" => purposes(value),
        _ => None,
    });
    let words = known.unwrap_or_else(|| format!("{}\n", hexadecimal_dump(value.content)));
    let text = format!("ObjectId: {identifier} Criticality={critical}\n{words}");
    Some((identifier, text))
}

fn subject_key(identifier: &[u8]) -> String {
    let identifier = key_identifier(identifier);
    format!("SubjectKeyIdentifier [\n{identifier}]\n")
}

fn key_identifier(identifier: &[u8]) -> String {
    format!("KeyIdentifier [\n{}]\n", hexadecimal_dump(identifier))
}

/// The issuer's key, or its certificate by issuer and serial number.
fn authority_key(value: DerValue<'_>) -> Option<String> {
    const KEY: u8 = 0x80;
    const ISSUER: u8 = 0xa1;
    const SERIAL_NUMBER: u8 = 0x82;
    let mut text = String::from("AuthorityKeyIdentifier [\n");
    for field in value.children()? {
        match field.tag {
            KEY => text.push_str(&key_identifier(field.content)),
            ISSUER => {
                let names = general_name::all_in_words(&field)?.join(", ");
                let _ = writeln!(text, "[{names}]");
            }
            SERIAL_NUMBER => {
                let _ = writeln!(text, "SerialNumber: [    {}]", in_groups(field.content));
            }
            _ => return None,
        }
    }
    text.push_str("]\n");
    Some(text)
}

/// A number as eight hexadecimal digits and eight again: `fedce301 0fc948ff`.
fn in_groups(number: &[u8]) -> String {
    let significant = number.iter().skip_while(|byte| **byte == 0);
    let digits: Vec<String> = significant.map(|byte| format!("{byte:02x}")).collect();
    let groups: Vec<String> = digits.chunks(4).map(<[String]>::concat).collect();
    groups.join(" ")
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
    let names = general_name::all_in_words(&value)?;
    Some(list("SubjectAlternativeName", names.into_iter()))
}

/// Where the issuer's certificate is, and who answers whether this one was revoked.
fn information_access(value: DerValue<'_>) -> Option<String> {
    let mut descriptions = Vec::new();
    for description in value.children()? {
        let [method, location] = &description.children()?[..] else {
            return None;
        };
        let method = method.identifier();
        let known = ACCESS_METHODS.iter().find(|(known, _)| *known == method);
        let method = known.map_or(method, |(_, name)| (*name).to_owned());
        let location = general_name::in_words(location)?;
        descriptions.push(format!(
            "\n   accessMethod: {method}\n   accessLocation: {location}\n"
        ));
    }
    let descriptions = descriptions.join(", ");
    Some(format!("AuthorityInfoAccess [\n  [{descriptions}]\n]\n"))
}

/// Where lists of revoked certificates are: the form with names alone, which nearly all have.
fn revocation_lists(value: DerValue<'_>) -> Option<String> {
    const NAME: u8 = 0xa0;
    const FULL_NAME: u8 = 0xa0;
    let mut points = Vec::new();
    for point in value.children()? {
        let [name] = &point.children()?[..] else {
            return None;
        };
        let names = name.child().filter(|_| name.tag == NAME)?;
        if names.tag != FULL_NAME {
            return None;
        }
        let names = general_name::all_in_words(&names)?.join(", ");
        points.push(format!("DistributionPoint:\n     [{names}]\n"));
    }
    let points = points.join(", ");
    Some(format!("CRLDistributionPoints [\n  [{points}]]\n"))
}

fn policies(value: DerValue<'_>) -> Option<String> {
    let mut text = String::from("CertificatePolicies [\n");
    for policy in value.children()? {
        let fields = policy.children()?;
        let identifier = fields.first()?.identifier();
        let mut qualifiers = Vec::new();
        for qualifier in fields
            .get(1)
            .map_or(Some(Vec::new()), |all| all.children())?
        {
            let [kind, value] = &qualifier.children()?[..] else {
                return None;
            };
            let dump = hexadecimal_dump(value.encoded);
            qualifiers.push(format!(
                "PolicyQualifierInfo: [\n  qualifierID: {}\n  qualifier: {dump}\n]",
                kind.identifier()
            ));
        }
        let qualifiers = qualifiers.join(", ");
        let _ = writeln!(
            text,
            "  [CertificatePolicyId: [{identifier}]\n[{qualifiers}]  ]"
        );
    }
    text.push_str("]\n");
    Some(text)
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
