//! A stored hash that was hashed again, in an envelope that tells both functions.
//!
//! ```text
//! $keyward$1$inner$argon2id$v=19$m=19456,t=2,p=1$base64( salt )$base64( digest )
//!            |    `-- a plain value of the outer scheme, over the text of the inner digest
//!            `-- the inner function, its parameters and salt, never its digest: see `function_text`
//! $keyward$1$p=base64( alias )$inner$outer    under the pepper of that alias; `inner` may be `password`, which is hashed itself
//! ```
//! PHC strings cannot hold a chain: implementations refuse parameters that they do not know, and short salts. Before the
//! mark a `{keyward}` may stand, in any case; how the servers of a [`Dialect`] want it is told in [`super::spelling`].

use super::bcrypt::BcryptText;
use super::phc::{ARGON2ID, SCRYPT};
use super::{Notation, Parts, Reading, after_name, function_text, not_base64, passlib};
use crate::password::function::Wrapped;
use crate::password::radix64::STANDARD;
use crate::password::{
    Conventions, Dialect, HashFunction, KeyedLayer, LayerKey, Refusal, Scheme, Soundness,
};

const MARK: &str = "$keyward$1$";
/// Before the alias of a pepper.
const LAYER: &str = "p=";
/// In place of an inner function: the password is no digest.
pub(super) const PASSWORD: &str = "password";

/// What new values may be wrapped in, and its name.
pub(super) const OUTER: [(&str, &dyn Notation); 5] = [
    ("argon2id", &ARGON2ID),
    ("bcrypt", &BcryptText),
    ("scrypt", &SCRYPT),
    ("pbkdf2-sha256", &passlib::SHA256),
    ("pbkdf2-sha512", &passlib::SHA512),
];

pub(super) struct WrappedText;

impl Notation for WrappedText {
    fn read(&self, text: &str) -> Reading {
        self.read_by(text, &Conventions::default())
    }

    fn read_by(&self, text: &str, conventions: &Conventions) -> Reading {
        let text = after_name(text, "keyward").unwrap_or(text);
        Some(parts(
            text.strip_prefix(MARK)?,
            conventions.layer_key.as_ref(),
        ))
    }
}

/// The envelope of a value of the outer scheme.
pub(super) fn envelope(layer: Option<&KeyedLayer>, inner: &str, outer: &str) -> String {
    match layer {
        Some(layer) => {
            let alias = STANDARD.encode(layer.alias().as_bytes());
            format!("{MARK}{LAYER}{alias}${inner}{outer}")
        }
        None => format!("{MARK}{inner}{outer}"),
    }
}

fn parts(rest: &str, key: Option<&LayerKey>) -> Result<Parts, Refusal> {
    let no_outer = || Refusal::malformed("it has no outer value");
    let (layer, rest) = match rest.strip_prefix(LAYER) {
        Some(rest) => {
            let (alias, rest) = rest.split_once('$').ok_or_else(no_outer)?;
            (Some(layer(alias, key)?), rest)
        }
        None => (None, rest),
    };
    let (inner, outer) = rest.split_at(rest.find('$').ok_or_else(no_outer)?);
    let inner = match (inner, &layer) {
        (PASSWORD, Some(_)) => HashFunction::Clear,
        _ => function_text::read(inner)?,
    };
    let reading = OUTER.iter().find_map(|(_, notation)| notation.read(outer));
    let outer = reading.ok_or_else(|| Refusal::malformed("its outer value is in no scheme"))??;
    let Parts { function, digest } = outer;
    Ok(Parts {
        function: HashFunction::Wrapped(Wrapped::new(inner, layer, function)),
        digest,
    })
}

fn layer(alias: &str, key: Option<&LayerKey>) -> Result<KeyedLayer, Refusal> {
    let decoded = STANDARD.decode(alias).ok_or_else(not_base64)?;
    let alias = std::str::from_utf8(&decoded).unwrap_or_default();
    if alias.is_empty() {
        return Err(Refusal::malformed("the alias of its pepper is no text"));
    }
    Ok(KeyedLayer::of_alias(alias.to_owned(), key))
}

pub(super) const SCHEMES: &[Scheme] = &[Scheme {
    name: "wrapped",
    dialects: &[Dialect::Keyward],
    salt: "of both functions",
    cost: "of both functions",
    soundness: Soundness::Obsolete,
    judge: None,
    notation: &WrappedText,
}];
