//! LDAP's digests: `{MD5}`, `{SHA…}`, and with a salt `{SMD5}`, `{SSHA…}`.
//!
//! ```text
//! {SHA}base64( digest )    {SSHA}base64( digest | salt ), the digest over password | salt
//! ```
//! The salt is what is left after the digest, one byte at least: OpenLDAP writes 4, OpenDJ 8, others 2 to 64. Source:
//! OpenDJ's `Salted…PasswordStorageScheme`, OpenLDAP's `liblutil/passwd.c` and `contrib/slapd-modules/passwd/sha2`.

use super::{Notation, Parts, Reading, after_name, not_base64};
use crate::password::{
    Dialect, HashFunction, MessageDigest, Refusal, SaltedDigest, Scheme, Soundness, radix64,
};

struct LdapDigest {
    name: &'static str,
    digest: MessageDigest,
    salt: Salt,
}

#[derive(Clone, Copy, PartialEq)]
enum Salt {
    None,
    Remainder,
}

impl LdapDigest {
    fn parts(&self, rest: &str) -> Result<Parts, Refusal> {
        let bytes = radix64::STANDARD.decode(rest).ok_or_else(not_base64)?;
        let length = self.digest.output_length();
        let has_its_length = match self.salt {
            Salt::None => bytes.len() == length,
            Salt::Remainder => bytes.len() > length,
        };
        if !has_its_length {
            let and_salt = match self.salt {
                Salt::None => "",
                Salt::Remainder => " and a salt",
            };
            return Err(Refusal::malformed(format!(
                "it has {} bytes, not the {length} of {}{and_salt}",
                bytes.len(),
                self.digest.name()
            )));
        }
        let (digest, salt) = bytes.split_at(length);
        let function = SaltedDigest {
            digest: self.digest,
            before: Vec::new(),
            after: salt.to_vec(),
            times: 1,
        };
        Ok(Parts::new(HashFunction::Digest(function), digest))
    }
}

impl Notation for LdapDigest {
    fn read(&self, text: &str) -> Reading {
        Some(self.parts(after_name(text, self.name)?))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme(&LdapDigest {
        name: "MD5",
        digest: MessageDigest::Md5,
        salt: Salt::None,
    }),
    scheme(&LdapDigest {
        name: "SMD5",
        digest: MessageDigest::Md5,
        salt: Salt::Remainder,
    }),
    scheme(&LdapDigest {
        name: "SHA",
        digest: MessageDigest::Sha1,
        salt: Salt::None,
    }),
    scheme(&LdapDigest {
        name: "SSHA",
        digest: MessageDigest::Sha1,
        salt: Salt::Remainder,
    }),
    unsalted_sha2(&LdapDigest {
        name: "SHA256",
        digest: MessageDigest::Sha256,
        salt: Salt::None,
    }),
    unsalted_sha2(&LdapDigest {
        name: "SHA384",
        digest: MessageDigest::Sha384,
        salt: Salt::None,
    }),
    unsalted_sha2(&LdapDigest {
        name: "SHA512",
        digest: MessageDigest::Sha512,
        salt: Salt::None,
    }),
    scheme(&LdapDigest {
        name: "SSHA256",
        digest: MessageDigest::Sha256,
        salt: Salt::Remainder,
    }),
    unjudged(&LdapDigest {
        name: "SSHA384",
        digest: MessageDigest::Sha384,
        salt: Salt::Remainder,
    }),
    scheme(&LdapDigest {
        name: "SSHA512",
        digest: MessageDigest::Sha512,
        salt: Salt::Remainder,
    }),
];

const fn scheme(notation: &'static LdapDigest) -> Scheme {
    Scheme {
        name: notation.name,
        dialects: &[Dialect::OpenDj, Dialect::OpenLdap],
        salt: match notation.salt {
            Salt::None => "none",
            Salt::Remainder => "any length",
        },
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: Some("passlib"),
        notation,
    }
}

const fn unjudged(notation: &'static LdapDigest) -> Scheme {
    Scheme {
        judge: None,
        ..scheme(notation)
    }
}

/// OpenDJ has no SHA-2 without salt.
const fn unsalted_sha2(notation: &'static LdapDigest) -> Scheme {
    Scheme {
        dialects: &[Dialect::OpenLdap],
        ..unjudged(notation)
    }
}
