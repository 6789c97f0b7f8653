//! FusionAuth's users: four members of its JSON.
//!
//! ```text
//! {"encryptionScheme": "salted-sha256", "factor": 20000, "salt": "base64", "password": "base64( digest )"}
//! ```
//! | scheme | function |
//! |---|---|
//! | `salted-md5`, `salted-sha256` | digest over password and salt, applied `factor` times |
//! | `salted-hmac-sha256` | HMAC of the password under the salt, once, whatever the factor |
//! | `salted-pbkdf2-hmac-…` | `factor` iterations; the key is as long as its value |
//! | `phpass-md5`, `phpass-sha512` | phpass whose salt is the text itself, and whose rounds are `factor`, not its logarithm |
//! | `bcrypt` | salt and digest in bcrypt's alphabet |
//!
//! Source: fusionauth.io, "Password Hashing Algorithms"; for HMAC, FusionAuth's `SaltedHMACSHA256PasswordEncryptor`.

use serde::Deserialize;

use super::bcrypt;
use super::json_text::{SaltPlace, WipedText, base64, object, of_length};
use super::{Notation, Parts, Reading};
use crate::kdf::DigestAlgorithm;
use crate::password::{
    Dialect, HashFunction, HmacDigest, MessageDigest, Pbkdf2, Phpass, Refusal, Scheme, Soundness,
};

/// How often a message digest is applied at most: ten seconds of SHA-256.
pub(super) const MOST_TIMES: u32 = 20_000_000;

struct FusionAuth {
    scheme: &'static str,
    function: Function,
}

enum Function {
    Digest(MessageDigest),
    Hmac(MessageDigest),
    Pbkdf2(DigestAlgorithm),
    Phpass(MessageDigest),
    Bcrypt,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    encryption_scheme: String,
    factor: u32,
    salt: WipedText,
    password: WipedText,
}

impl Notation for FusionAuth {
    fn read(&self, text: &str) -> Reading {
        let user: User = match object(text, &["encryptionScheme", "password"])? {
            Ok(user) => user,
            Err(refusal) => return Some(Err(refusal)),
        };
        (user.encryption_scheme == self.scheme).then(|| self.parts(&user))
    }
}

impl FusionAuth {
    fn parts(&self, user: &User) -> Result<Parts, Refusal> {
        if let Function::Bcrypt = self.function {
            return bcrypt::of_fields(user.factor, [&user.salt, &user.password]);
        }
        let digest = base64(&user.password, "password")?;
        let function = match self.function {
            Function::Digest(function) => {
                if !(1..=MOST_TIMES).contains(&user.factor) {
                    return Err(Refusal::beyond(format!(
                        "the factor {} is outside of 1 to {MOST_TIMES}",
                        user.factor
                    )));
                }
                of_length(&digest, function)?;
                let salt = base64(&user.salt, "salt")?.to_vec();
                let digest = SaltPlace::AfterPassword.digest(function, salt, user.factor);
                HashFunction::Digest(digest)
            }
            Function::Hmac(function) => {
                of_length(&digest, function)?;
                HashFunction::Hmac(HmacDigest {
                    digest: function,
                    key: base64(&user.salt, "salt")?,
                    before: Vec::new(),
                    after: Vec::new(),
                })
            }
            Function::Phpass(function) => HashFunction::Phpass(Phpass::new(
                function,
                user.salt.as_bytes().to_vec(),
                user.factor,
                digest.len(),
            )?),
            Function::Pbkdf2(prf) => {
                let salt = base64(&user.salt, "salt")?.to_vec();
                let function = Pbkdf2::new(prf, salt, user.factor.into(), digest.len())?;
                HashFunction::Pbkdf2(function)
            }
            Function::Bcrypt => return Err(Refusal::UnknownInner),
        };
        Ok(Parts::new(function, &digest))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    digest(&FusionAuth {
        scheme: "salted-md5",
        function: Function::Digest(MessageDigest::Md5),
    }),
    digest(&FusionAuth {
        scheme: "salted-sha256",
        function: Function::Digest(MessageDigest::Sha256),
    }),
    Scheme {
        cost: "none",
        ..digest(&FusionAuth {
            scheme: "salted-hmac-sha256",
            function: Function::Hmac(MessageDigest::Sha256),
        })
    },
    digest(&FusionAuth {
        scheme: "phpass-md5",
        function: Function::Phpass(MessageDigest::Md5),
    }),
    digest(&FusionAuth {
        scheme: "phpass-sha512",
        function: Function::Phpass(MessageDigest::Sha512),
    }),
    sound(&FusionAuth {
        scheme: "salted-pbkdf2-hmac-sha256",
        function: Function::Pbkdf2(DigestAlgorithm::Sha256),
    }),
    sound(&FusionAuth {
        scheme: "salted-pbkdf2-hmac-sha256-512",
        function: Function::Pbkdf2(DigestAlgorithm::Sha256),
    }),
    sound(&FusionAuth {
        scheme: "salted-pbkdf2-hmac-sha512-512",
        function: Function::Pbkdf2(DigestAlgorithm::Sha512),
    }),
    Scheme {
        salt: "16 bytes",
        cost: "2^cost, 4 to 18",
        ..sound(&FusionAuth {
            scheme: "bcrypt",
            function: Function::Bcrypt,
        })
    },
];

const fn digest(notation: &'static FusionAuth) -> Scheme {
    Scheme {
        name: notation.scheme,
        dialects: &[Dialect::FusionAuth],
        salt: "any length",
        cost: "rounds",
        soundness: Soundness::Obsolete,
        judge: None,
        notation,
    }
}

const fn sound(notation: &'static FusionAuth) -> Scheme {
    Scheme {
        cost: "iterations",
        soundness: Soundness::Sound,
        ..digest(notation)
    }
}
