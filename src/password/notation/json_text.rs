//! What the notations that are JSON objects share. Some hold a password or a key: their texts are wiped when dropped, and
//! are never in a buffer that serde grows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Deref;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::password::radix64::STANDARD;
use crate::password::{MessageDigest, Refusal, SaltedDigest};

/// The object that `text` is, if it has these members; a refusal if one of its members is of another type.
pub(super) fn object<'t, T: Deserialize<'t>>(
    text: &'t str,
    members: &[&str],
) -> Option<Result<T, Refusal>> {
    let text = text.trim_start();
    if !text.strip_prefix('{')?.trim_start().starts_with('"') {
        return None;
    }
    let object: BTreeMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    if members.iter().any(|member| !object.contains_key(*member)) {
        return None;
    }
    // The reader's own error would quote the value.
    let wrong = |_| Refusal::malformed("a member of its JSON object is missing or of another type");
    Some(serde_json::from_str(text).map_err(wrong))
}

/// A JSON string that is wiped when dropped.
#[derive(Default)]
pub(crate) struct WipedText(Zeroizing<String>);

impl WipedText {
    /// The string that `raw` is; none if it is no string.
    pub(crate) fn of(raw: &RawValue) -> Option<Self> {
        let mut rest = raw.get().strip_prefix('"')?.strip_suffix('"')?;
        // What an escape stands for is shorter than the escape, so that the buffer is never moved.
        let mut text = Zeroizing::new(String::with_capacity(rest.len()));
        while let Some((plain, escape)) = rest.split_once('\\') {
            let (character, after) = unescaped(escape)?;
            text.push_str(plain);
            text.push(character);
            rest = after;
        }
        text.push_str(rest);
        Some(Self(text))
    }
}

impl Deref for WipedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for WipedText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?;
        Self::of(raw).ok_or_else(|| D::Error::custom("it is no string"))
    }
}

/// The character of what follows a backslash, and the rest.
fn unescaped(escape: &str) -> Option<(char, &str)> {
    let mut characters = escape.chars();
    let character = match characters.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return of_code_units(characters.as_str()),
        itself @ ('"' | '\\' | '/') => itself,
        _ => return None,
    };
    Some((character, characters.as_str()))
}

/// The character of four digits, or of twice four where it is a pair of surrogates.
fn of_code_units(text: &str) -> Option<(char, &str)> {
    let (unit, rest) = code_unit(text)?;
    if let Some(character) = char::from_u32(unit.into()) {
        return Some((character, rest));
    }
    let (low, rest) = code_unit(rest.strip_prefix("\\u")?)?;
    let character = char::decode_utf16([unit, low]).next()?.ok()?;
    Some((character, rest))
}

fn code_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, rest) = text.split_at_checked(4)?;
    Some((u16::from_str_radix(digits, 16).ok()?, rest))
}

/// What a member of an object is written from.
#[derive(Clone, Copy)]
pub(crate) enum Member<'a> {
    /// A text, which becomes a string.
    Text(&'a str),
    /// JSON.
    Json(&'a str),
}

/// The JSON object of these members.
pub(crate) fn written(members: &[(&str, Member<'_>)]) -> Zeroizing<String> {
    // An escape has at most six bytes: with this much room the buffer is never moved.
    let room = members.iter().map(|(name, member)| match member {
        Member::Text(text) => name.len() + 6 * text.len() + 6,
        Member::Json(json) => name.len() + json.len() + 4,
    });
    let mut object = Zeroizing::new(String::with_capacity(room.sum::<usize>() + 2));
    for (index, (name, member)) in members.iter().enumerate() {
        object.push_str(if index == 0 { "{\"" } else { ",\"" });
        object.push_str(name);
        object.push_str("\":");
        match member {
            Member::Text(text) => push_string(&mut object, text),
            Member::Json(json) => object.push_str(json),
        }
    }
    object.push('}');
    object
}

fn push_string(to: &mut String, text: &str) {
    to.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => to.extend(['\\', character]),
            '\0'..='\u{1f}' => {
                // A string takes whatever is written to it.
                let _ = write!(to, "\\u{:04x}", u32::from(character));
            }
            _ => to.push(character),
        }
    }
    to.push('"');
}

/// The bytes of base64 in either alphabet of RFC 4648.
pub(super) fn base64(text: &str, what: &str) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    // With this much room the buffer is never moved.
    let mut usual = Zeroizing::new(String::with_capacity(text.len()));
    usual.extend(text.chars().map(|character| match character {
        '-' => '+',
        '_' => '/',
        other => other,
    }));
    let wrong = || Refusal::malformed(format!("its {what} is not base64"));
    STANDARD.decode(&usual).ok_or_else(wrong)
}

/// What a member holds that has to be there.
pub(super) fn required<T>(member: Option<T>, name: &str) -> Result<T, Refusal> {
    member.ok_or_else(|| Refusal::malformed(format!("it has no {name}")))
}

/// Where a salt stands.
#[derive(Clone, Copy)]
pub(super) enum SaltPlace {
    BeforePassword,
    AfterPassword,
}

impl SaltPlace {
    /// What stands before and after the password.
    pub(super) fn surround(self, salt: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
        match self {
            Self::BeforePassword => (salt, Vec::new()),
            Self::AfterPassword => (Vec::new(), salt),
        }
    }

    pub(super) fn digest(self, digest: MessageDigest, salt: Vec<u8>, times: u32) -> SaltedDigest {
        let (before, after) = self.surround(salt);
        SaltedDigest {
            digest,
            before,
            after,
            times,
        }
    }
}

/// `digest`, if it has the length that the function makes.
pub(super) fn of_length(digest: &[u8], function: MessageDigest) -> Result<(), Refusal> {
    let length = function.output_length();
    if digest.len() == length {
        return Ok(());
    }
    Err(Refusal::malformed(format!(
        "its digest has {} bytes, and {} has {length}",
        digest.len(),
        function.name()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Object {
        text: WipedText,
        absent: Option<WipedText>,
    }

    fn read(text: &str) -> Option<Result<Object, Refusal>> {
        object(text, &["text"])
    }

    #[test]
    fn strings_are_those_of_serde_json() {
        for text in [
            r#""""#,
            r#""x34!2axf""#,
            r#""\"\\\/\b\f\n\r\t\u00fc\ud83d\ude00ü😀""#,
            r#""\u0000\ud7ff\ue000""#,
            r#""a\\""#,
        ] {
            let expected: String = serde_json::from_str(text).unwrap();
            let object = read(&format!("{{\"text\": {text}, \"absent\": null}}"));
            let object = object.unwrap().unwrap();
            assert_eq!(&*object.text, expected, "{text}");
            assert!(object.absent.is_none());
            let again = written(&[("text", Member::Text(&expected)), ("n", Member::Json("7"))]);
            assert_eq!(&*read(&again).unwrap().unwrap().text, expected, "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(&again).is_ok());
        }
    }

    #[test]
    fn what_is_no_string_is_damaged() {
        for text in [
            "7",
            "null",
            "[\"a\"]",
            r#""\ud83d""#,
            r#""\ud83dx""#,
            r#""\ud83d\ud83d""#,
        ] {
            let object = read(&format!("{{\"text\": {text}}}"));
            assert!(matches!(object, Some(Err(Refusal::Malformed(_)))), "{text}");
        }
        let twice = read(r#"{"text": "a", "text": "b"}"#);
        assert!(matches!(twice, Some(Err(Refusal::Malformed(_)))));
        assert!(read(r#"{"other": "a"}"#).is_none());
        assert!(read(r#"{"text": "a"} b"#).is_none());
    }
}
