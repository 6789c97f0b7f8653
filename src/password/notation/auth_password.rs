//! RFC 3112's `authPassword`, as OpenDJ writes it.
//!
//! ```text
//! SHA256 $ base64( salt ) $ base64( digest )      the digest over password | salt
//! PBKDF2 $ iterations:base64( salt ) $ base64( key )
//! PKCS5S2 $ 10000:base64( salt ) $ base64( key )  HMAC-SHA1, key of 32 bytes
//! ```
//! Spaces around `$` do not count. Names are in capitals, which tells them from Django's. Source: RFC 3112 section 2,
//! OpenDJ's `AuthPasswordSyntax` and its `…PasswordStorageScheme.encodeAuthPassword`.

use super::{Notation, Parts, Reading, decimal, fields, not_base64};
use crate::kdf::DigestAlgorithm;
use crate::password::{
    Dialect, HashFunction, MessageDigest, Pbkdf2, Refusal, SaltedDigest, Scheme, Soundness, radix64,
};

struct AuthPassword {
    /// With the separator.
    mark: &'static str,
    function: Function,
}

#[derive(Clone, Copy)]
enum Function {
    Digest(MessageDigest),
    /// With the length of the key in bytes.
    Pbkdf2(DigestAlgorithm, usize),
}

impl AuthPassword {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [info, value] = fields(rest)?;
        let value = decoded(value)?;
        let (function, length) = match self.function {
            Function::Digest(digest) => {
                let salt = decoded(info)?;
                let function = SaltedDigest {
                    digest,
                    before: Vec::new(),
                    after: salt,
                    times: 1,
                };
                (HashFunction::Digest(function), digest.output_length())
            }
            Function::Pbkdf2(prf, length) => {
                let halves = info.split_once(':');
                let (iterations, salt) = halves
                    .ok_or_else(|| Refusal::malformed("it has no colon after the iterations"))?;
                let iterations = decimal(iterations.trim(), "the iteration count")?;
                let function = Pbkdf2::new(prf, decoded(salt)?, iterations.into(), length)?;
                (HashFunction::Pbkdf2(function), length)
            }
        };
        if value.len() != length {
            return Err(Refusal::malformed(format!(
                "its last part has {} bytes, not {length}",
                value.len()
            )));
        }
        Ok(Parts::new(function, &value))
    }
}

fn decoded(text: &str) -> Result<Vec<u8>, Refusal> {
    let bytes = radix64::STANDARD.decode(text.trim());
    Ok(bytes.ok_or_else(not_base64)?.to_vec())
}

impl Notation for AuthPassword {
    fn read(&self, text: &str) -> Reading {
        let (name, rest) = text.split_once('$')?;
        (name.trim() == self.mark).then(|| self.parts(rest))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    digest("authPassword MD5", &of_digest("MD5", MessageDigest::Md5)),
    digest("authPassword SHA1", &of_digest("SHA1", MessageDigest::Sha1)),
    digest(
        "authPassword SHA256",
        &of_digest("SHA256", MessageDigest::Sha256),
    ),
    digest(
        "authPassword SHA384",
        &of_digest("SHA384", MessageDigest::Sha384),
    ),
    digest(
        "authPassword SHA512",
        &of_digest("SHA512", MessageDigest::Sha512),
    ),
    pbkdf2(
        "authPassword PBKDF2",
        &of_pbkdf2("PBKDF2", DigestAlgorithm::Sha1, 20),
    ),
    pbkdf2(
        "authPassword PBKDF2-HMAC-SHA256",
        &of_pbkdf2("PBKDF2-HMAC-SHA256", DigestAlgorithm::Sha256, 32),
    ),
    pbkdf2(
        "authPassword PBKDF2-HMAC-SHA512",
        &of_pbkdf2("PBKDF2-HMAC-SHA512", DigestAlgorithm::Sha512, 64),
    ),
    Scheme {
        soundness: Soundness::Obsolete,
        ..pbkdf2(
            "authPassword PKCS5S2",
            &of_pbkdf2("PKCS5S2", DigestAlgorithm::Sha1, 32),
        )
    },
];

const fn of_digest(mark: &'static str, digest: MessageDigest) -> AuthPassword {
    AuthPassword {
        mark,
        function: Function::Digest(digest),
    }
}

const fn of_pbkdf2(mark: &'static str, prf: DigestAlgorithm, length: usize) -> AuthPassword {
    AuthPassword {
        mark,
        function: Function::Pbkdf2(prf, length),
    }
}

const fn digest(name: &'static str, notation: &'static AuthPassword) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::OpenDj],
        salt: "any length",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: Some("OpenDJ"),
        notation,
    }
}

/// Verified, and not made: OpenDJ takes `userPassword` as well.
const fn pbkdf2(name: &'static str, notation: &'static AuthPassword) -> Scheme {
    Scheme {
        cost: "iterations",
        soundness: Soundness::Sound,
        ..digest(name, notation)
    }
}
