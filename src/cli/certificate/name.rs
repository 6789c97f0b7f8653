//! Distinguished names as Java prints them: the last part first, `CN=host, O="Muster, GmbH", C=DE`.

use super::der_value::DerValue;

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

/// A Name in words.
pub(super) fn in_words(name: &DerValue<'_>) -> Option<String> {
    let mut parts = Vec::new();
    for part in name.children()?.into_iter().rev() {
        let attributes: Option<Vec<String>> = part
            .children()?
            .into_iter()
            .map(attribute_in_words)
            .collect();
        parts.push(attributes?.join(" + "));
    }
    Some(parts.join(", "))
}

/// Whether both are one name. Case and runs of blanks do not count, as in RFC 5280 section 7.1.
pub(super) fn is_same(one: &DerValue<'_>, other: &DerValue<'_>) -> bool {
    if one.encoded == other.encoded {
        return true;
    }
    let folded = |name: &DerValue<'_>| {
        let words = in_words(name)?.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        Some(words.join(" "))
    };
    folded(one).is_some_and(|name| Some(name) == folded(other))
}

fn attribute_in_words(attribute: DerValue<'_>) -> Option<String> {
    let [identifier, value] = &attribute.children()?[..] else {
        return None;
    };
    let identifier = identifier.identifier();
    let keyword = KEYWORDS.iter().find(|(known, _)| *known == identifier);
    let keyword = keyword.map_or_else(
        || format!("OID.{identifier}"),
        |(_, name)| (*name).to_owned(),
    );
    Some(format!("{keyword}={}", quoted(&string(value))))
}

/// The text of any of ASN.1's string types.
fn string(value: &DerValue<'_>) -> String {
    const T61: u8 = 0x14;
    const BMP: u8 = 0x1e;
    match value.tag {
        BMP => {
            let units = value.content.chunks_exact(2);
            let units = units.map(|unit| u16::from_be_bytes([unit[0], unit[1]]));
            String::from_utf16_lossy(&units.collect::<Vec<u16>>())
        }
        T61 => value.content.iter().copied().map(char::from).collect(),
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
