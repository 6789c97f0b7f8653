//! Message digests without a mark, for the one dialect that says so.
//!
//! ```text
//! hex                        the digest of the password; its length says which
//! sha256($salt.$pass):hex:salt     sha256($pass.$salt):hex:salt     the salt is the text itself
//! ```
//! The second form is hashcat's and John the Ripper's way to say what a digest is over.

use super::json_text::SaltPlace;
use super::{Notation, Parts, Reading};
use crate::hexadecimal::of_hexadecimal;
use crate::password::{Dialect, HashFunction, MessageDigest, Refusal, Scheme, Soundness};

struct Raw {
    digest: MessageDigest,
}

impl Notation for Raw {
    fn read(&self, text: &str) -> Reading {
        let Some((function, rest)) = text.split_once("):") else {
            let digest = self.digest_of(text)?;
            return Some(Ok(self.parts(SaltPlace::AfterPassword, "", &digest)));
        };
        let (name, input) = function.split_once('(')?;
        (MessageDigest::named(name)? == self.digest).then(|| self.described(input, rest))
    }
}

impl Raw {
    fn described(&self, input: &str, rest: &str) -> Result<Parts, Refusal> {
        let (digest, salt) = rest.split_once(':').unwrap_or((rest, ""));
        let wrong = || {
            Refusal::malformed(format!(
                "its digest is not {} hexadecimal digits",
                2 * self.digest.output_length()
            ))
        };
        let digest = self.digest_of(digest).ok_or_else(wrong)?;
        let place = match input {
            "$salt.$pass" => SaltPlace::BeforePassword,
            "$pass.$salt" | "$pass" => SaltPlace::AfterPassword,
            _ => {
                return Err(Refusal::malformed(
                    "its input is not $pass, $pass.$salt or $salt.$pass",
                ));
            }
        };
        if (input == "$pass") != salt.is_empty() {
            return Err(Refusal::malformed(
                "it has a salt that its input does not name, or none that it names",
            ));
        }
        Ok(self.parts(place, salt, &digest))
    }

    fn digest_of(&self, text: &str) -> Option<Vec<u8>> {
        of_hexadecimal(text).filter(|digest| digest.len() == self.digest.output_length())
    }

    fn parts(&self, place: SaltPlace, salt: &str, digest: &[u8]) -> Parts {
        let function = place.digest(self.digest, salt.as_bytes().to_vec(), 1);
        Parts::new(HashFunction::Digest(function), digest)
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    // passwap's `md5plain`.
    Scheme {
        dialects: &[Dialect::Raw, Dialect::Passwap],
        ..raw("MD5", "passlib", &of(MessageDigest::Md5))
    },
    raw("SHA-1", "passlib", &of(MessageDigest::Sha1)),
    Scheme {
        judge: None,
        ..raw("SHA-224", "", &of(MessageDigest::Sha224))
    },
    raw("SHA-256", "passlib", &of(MessageDigest::Sha256)),
    Scheme {
        judge: None,
        ..raw("SHA-384", "", &of(MessageDigest::Sha384))
    },
    raw("SHA-512", "passlib", &of(MessageDigest::Sha512)),
];

const fn of(digest: MessageDigest) -> Raw {
    Raw { digest }
}

const fn raw(name: &'static str, judge: &'static str, notation: &'static Raw) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Raw],
        salt: "a text, or none",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: Some(judge),
        notation,
    }
}
