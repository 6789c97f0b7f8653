//! From a text to the parts of a distinguished name.
//!
//! ```text
//! part (, or ;) part …      part = attribute + attribute …      attribute = keyword or OID = value
//! value = text with \, \+ \" \\ \2C (a byte of its UTF-8), or "text with \" and \\"
//! ```
//! Source: RFC 4514 section 3; the quotes are those of RFC 2253, which Java still writes.

use super::{Attribute, KEYWORDS};

/// Keywords beside Java's own that OpenSSL and RFC 4514 write.
const OTHER_KEYWORDS: [(&str, &str); 5] = [
    ("2.5.4.4", "SN"),
    ("2.5.4.8", "S"),
    ("2.5.4.12", "TITLE"),
    ("2.5.4.42", "GN"),
    ("1.2.840.113549.1.9.1", "E"),
];

/// The parts in the order of the text.
pub(super) fn parts(text: &str) -> Result<Vec<Vec<Attribute>>, String> {
    let mut text = Text { rest: text };
    let mut parts = Vec::new();
    let mut part = Vec::new();
    loop {
        part.push(text.attribute()?);
        match text.separator()? {
            Some('+') => {}
            Some(_) => parts.push(std::mem::take(&mut part)),
            None => {
                parts.push(part);
                return Ok(parts);
            }
        }
    }
}

struct Text<'t> {
    rest: &'t str,
}

impl Text<'_> {
    fn attribute(&mut self) -> Result<Attribute, String> {
        let Some((keyword, value)) = self.rest.split_once('=') else {
            let rest = self.rest.trim();
            return Err(format!("\"{rest}\" has no = after an attribute's keyword"));
        };
        let identifier = identifier_of(keyword.trim())?;
        self.rest = value.trim_start_matches(' ');
        let value = match self.rest.chars().next() {
            Some('"') => self.quoted_value()?,
            Some('#') => return Err("a value that begins with # is not read".to_owned()),
            _ => self.plain_value()?,
        };
        let value = String::from_utf8(value)
            .map_err(|_| format!("the value of {} is not UTF-8", keyword.trim()))?;
        Ok(Attribute { identifier, value })
    }

    fn quoted_value(&mut self) -> Result<Vec<u8>, String> {
        self.take();
        let mut value = Vec::new();
        loop {
            match self.take() {
                Some('"') => return Ok(value),
                Some('\\') => value.extend(self.escaped()?),
                Some(character) => push(&mut value, character),
                None => return Err("a quotation mark has no other one after it".to_owned()),
            }
        }
    }

    fn plain_value(&mut self) -> Result<Vec<u8>, String> {
        let mut value = Vec::new();
        // Blanks at the end do not count unless they are escaped.
        let mut end = 0;
        while !self.rest.is_empty() && !self.rest.starts_with([',', ';', '+']) {
            match self.take() {
                Some('\\') => value.extend(self.escaped()?),
                Some(' ') => {
                    value.push(b' ');
                    continue;
                }
                Some(character) => push(&mut value, character),
                None => break,
            }
            end = value.len();
        }
        value.truncate(end);
        Ok(value)
    }

    /// What stands after a backslash: one character, or a byte in two hexadecimal digits.
    fn escaped(&mut self) -> Result<Vec<u8>, String> {
        let digits = self.rest.get(..2).filter(|digits| is_hexadecimal(digits));
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            self.rest = &self.rest[2..];
            return Ok(vec![byte]);
        }
        let character = self.take();
        let character = character.ok_or("a backslash has nothing after it")?;
        let mut value = Vec::new();
        push(&mut value, character);
        Ok(value)
    }

    /// What ends an attribute; `None` is the end of the text.
    fn separator(&mut self) -> Result<Option<char>, String> {
        self.rest = self.rest.trim_start_matches(' ');
        match self.take() {
            separator @ (None | Some(',' | ';' | '+')) => Ok(separator),
            Some(_) => Err("there is more text after a quoted value".to_owned()),
        }
    }

    fn take(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let first = characters.next();
        self.rest = characters.as_str();
        first
    }
}

fn push(value: &mut Vec<u8>, character: char) {
    value.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
}

fn is_hexadecimal(digits: &str) -> bool {
    digits.bytes().all(|digit| digit.is_ascii_hexdigit())
}

fn identifier_of(keyword: &str) -> Result<String, String> {
    let mut known = KEYWORDS.iter().chain(&OTHER_KEYWORDS);
    if let Some((identifier, _)) = known.find(|(_, name)| name.eq_ignore_ascii_case(keyword)) {
        return Ok((*identifier).to_owned());
    }
    let prefix = keyword.get(..4).unwrap_or_default();
    let digits = if prefix.eq_ignore_ascii_case("OID.") {
        &keyword[4..]
    } else {
        keyword
    };
    let mut arcs = digits.split('.');
    let is_number = |arc: &str| !arc.is_empty() && arc.bytes().all(|digit| digit.is_ascii_digit());
    if digits.contains('.') && arcs.all(is_number) {
        return Ok(digits.to_owned());
    }
    Err(format!("\"{keyword}\" is no keyword of an attribute"))
}
