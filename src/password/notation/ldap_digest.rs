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
    const fn new(name: &'static str, digest: MessageDigest, salt: Salt) -> Self {
        Self { name, digest, salt }
    }

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

/// Any of them, as Spring has them behind `{ldap}`, and Auth0 in an object.
pub(super) struct LdapValue;

impl Notation for LdapValue {
    fn read(&self, text: &str) -> Reading {
        let mut schemes = SCHEMES.iter();
        schemes.find_map(|scheme| scheme.notation.read(text))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        dialects: EVERYWHERE,
        ..scheme(&LdapDigest::new("MD5", MessageDigest::Md5, Salt::None))
    },
    scheme(&LdapDigest::new(
        "SMD5",
        MessageDigest::Md5,
        Salt::Remainder,
    )),
    scheme(&LdapDigest::new("SHA", MessageDigest::Sha1, Salt::None)),
    scheme(&LdapDigest::new(
        "SSHA",
        MessageDigest::Sha1,
        Salt::Remainder,
    )),
    unsalted_sha2(&LdapDigest::new(
        "SHA256",
        MessageDigest::Sha256,
        Salt::None,
    )),
    unsalted_sha2(&LdapDigest::new(
        "SHA384",
        MessageDigest::Sha384,
        Salt::None,
    )),
    unsalted_sha2(&LdapDigest::new(
        "SHA512",
        MessageDigest::Sha512,
        Salt::None,
    )),
    salted_sha2(&LdapDigest::new(
        "SSHA256",
        MessageDigest::Sha256,
        Salt::Remainder,
    )),
    Scheme {
        judge: Some("OpenDJ"),
        ..salted_sha2(&LdapDigest::new(
            "SSHA384",
            MessageDigest::Sha384,
            Salt::Remainder,
        ))
    },
    salted_sha2(&LdapDigest::new(
        "SSHA512",
        MessageDigest::Sha512,
        Salt::Remainder,
    )),
    of_ibm(&LdapDigest::new("SHA1", MessageDigest::Sha1, Salt::None)),
    of_ibm(&LdapDigest::new(
        "SSHA1",
        MessageDigest::Sha1,
        Salt::Remainder,
    )),
    of_ibm(&LdapDigest::new(
        "SHA224",
        MessageDigest::Sha224,
        Salt::None,
    )),
    of_ibm(&LdapDigest::new(
        "SSHA224",
        MessageDigest::Sha224,
        Salt::Remainder,
    )),
];

const EVERYWHERE: &[Dialect] = &[
    Dialect::OpenDj,
    Dialect::OpenLdap,
    Dialect::Directory389,
    Dialect::Ibm,
];

const fn scheme(notation: &'static LdapDigest) -> Scheme {
    Scheme {
        name: notation.name,
        dialects: match (notation.digest, notation.salt) {
            (MessageDigest::Md5, _) => &[Dialect::OpenDj, Dialect::OpenLdap, Dialect::Directory389],
            (MessageDigest::Sha384, _) | (_, Salt::None) => &[
                Dialect::OpenDj,
                Dialect::OpenLdap,
                Dialect::Directory389,
                Dialect::Passwap,
            ],
            _ => &[
                Dialect::OpenDj,
                Dialect::OpenLdap,
                Dialect::Directory389,
                Dialect::Kratos,
                Dialect::Passwap,
            ],
        },
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

const fn salted_sha2(notation: &'static LdapDigest) -> Scheme {
    Scheme {
        dialects: match notation.digest {
            MessageDigest::Sha384 => &[
                Dialect::OpenDj,
                Dialect::OpenLdap,
                Dialect::Directory389,
                Dialect::Ibm,
                Dialect::Passwap,
            ],
            _ => &[
                Dialect::OpenDj,
                Dialect::OpenLdap,
                Dialect::Directory389,
                Dialect::Ibm,
                Dialect::Kratos,
                Dialect::Passwap,
            ],
        },
        ..scheme(notation)
    }
}

/// OpenDJ has no SHA-2 without salt.
const fn unsalted_sha2(notation: &'static LdapDigest) -> Scheme {
    Scheme {
        dialects: &[
            Dialect::OpenLdap,
            Dialect::Directory389,
            Dialect::Ibm,
            Dialect::Passwap,
        ],
        judge: Some("OpenLDAP"),
        ..scheme(notation)
    }
}

/// IBM's own names for what others have too. Its SHA-224 is nobody else's.
const fn of_ibm(notation: &'static LdapDigest) -> Scheme {
    Scheme {
        dialects: &[Dialect::Ibm],
        judge: None,
        ..scheme(notation)
    }
}
