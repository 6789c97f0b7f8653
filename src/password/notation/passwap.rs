//! Zitadel passwap's own spellings; the rest of its values are passlib's and crypt(3)'s.
//!
//! ```text
//! $md5salted-prefix$salt$base64( digest )    $md5salted-suffix$…    the salt is the text itself, not its base64
//! $pbkdf2-sha224$iterations$ab64( salt )$ab64( key )                as passlib's, with SHA-2 behind sha224 and sha384
//! $7$ln=16,r=8,p=1$salt$digest                                      as $scrypt$
//! 5f4dcc3b5aa765d61d8327deb882cf99                                  MD5, among the digests without a mark
//! $firebasescrypt$ln=14,r=8$salt$digest$separator$signer key
//! ```
//! Source: `md5salted.go`, `md5plain.go`, `scrypt.go` (`Identifier_Linux`), `pbkdf2.go` and `firebasescrypt.go` of passwap.

use super::json_text::{SaltPlace, base64, of_length};
use super::kratos::{FirebaseParameters, FirebaseText};
use super::passlib::PasslibPbkdf2;
use super::{Notation, Parts, Reading, fields, phc};
use crate::kdf::DigestAlgorithm;
use crate::password::{Dialect, HashFunction, MessageDigest, Refusal, Scheme, Soundness};

struct Md5Salted {
    mark: &'static str,
    salt: SaltPlace,
}

impl Notation for Md5Salted {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(text.strip_prefix(self.mark)?))
    }
}

impl Md5Salted {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let [salt, digest] = fields(rest)?;
        let digest = base64(digest, "digest")?;
        of_length(&digest, MessageDigest::Md5)?;
        let salt = salt.as_bytes().to_vec();
        let function = self.salt.digest(MessageDigest::Md5, salt, 1);
        Ok(Parts::new(HashFunction::Digest(function), &digest))
    }
}

/// Not crypt(3)'s text of the same mark.
struct ScryptLinux;

impl Notation for ScryptLinux {
    fn read(&self, text: &str) -> Reading {
        let rest = text.strip_prefix("$7$")?;
        rest.starts_with("ln=").then(|| phc::scrypt_parts(rest))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    sound("scrypt-linux", "N, r, p", &ScryptLinux),
    obsolete(
        "md5salted-prefix",
        &Md5Salted {
            mark: "$md5salted-prefix$",
            salt: SaltPlace::BeforePassword,
        },
    ),
    obsolete(
        "md5salted-suffix",
        &Md5Salted {
            mark: "$md5salted-suffix$",
            salt: SaltPlace::AfterPassword,
        },
    ),
    sound(
        "firebasescrypt",
        "N, r",
        &FirebaseText {
            mark: "$firebasescrypt$",
            parameters: FirebaseParameters::Two,
        },
    ),
    sound(
        "pbkdf2-sha224",
        "iterations",
        &PasslibPbkdf2 {
            prefix: "$pbkdf2-sha224$",
            prf: DigestAlgorithm::Sha224,
        },
    ),
    sound(
        "pbkdf2-sha384",
        "iterations",
        &PasslibPbkdf2 {
            prefix: "$pbkdf2-sha384$",
            prf: DigestAlgorithm::Sha384,
        },
    ),
];

const fn sound(name: &'static str, cost: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        name,
        dialects: &[Dialect::Passwap],
        salt: "any length",
        cost,
        soundness: Soundness::Sound,
        judge: None,
        notation,
    }
}

const fn obsolete(name: &'static str, notation: &'static dyn Notation) -> Scheme {
    Scheme {
        soundness: Soundness::Obsolete,
        ..sound(name, "none", notation)
    }
}
