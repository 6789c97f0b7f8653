//! `{RSMD5}` and `{RSSHA1}`: "reverse salted", the salt before the password.
//!
//! ```text
//! {RSMD5}base64( digest | salt ), or the other way round; the digest over salt | password
//! ```
//! What they are is not settled: `{RSMD5}` has one public implementation, akunzai/slapd-rsmd5 for OpenLDAP, whose README,
//! verifier and generator disagree on the order; `{RSSHA1}` is read by analogy. So the layout comes with the
//! [`Conventions`].

use super::{Notation, Parts, Reading, after_name, not_base64};
use crate::Secret;
use crate::hexadecimal::of_hexadecimal;
use crate::password::{
    Conventions, Dialect, HashFunction, HashedOrder, MessageDigest, Refusal, ReverseSaltLayout,
    ReverseSalted, SaltEncoding, SaltedDigest, Scheme, Soundness, StoredOrder, radix64,
};

struct LdapReverseSalted {
    name: &'static str,
    digest: MessageDigest,
}

impl LdapReverseSalted {
    fn parts(&self, rest: &str, layout: ReverseSaltLayout) -> Result<Parts, Refusal> {
        let bytes = match layout.encoding {
            SaltEncoding::Base64 => radix64::STANDARD
                .decode(rest)
                .ok_or_else(not_base64)?
                .to_vec(),
            SaltEncoding::Hexadecimal => of_hexadecimal(rest)
                .ok_or_else(|| Refusal::malformed("it is not in hexadecimal digits"))?,
        };
        let length = self.digest.output_length();
        if bytes.len() <= length {
            return Err(Refusal::malformed(format!(
                "it has {} bytes, not the {length} of {} and a salt",
                bytes.len(),
                self.digest.name()
            )));
        }
        let (digest, salt) = match layout.stored {
            StoredOrder::Auto => return Ok(self.either_order(layout.hashed, bytes)),
            StoredOrder::DigestSalt => bytes.split_at(length),
            StoredOrder::SaltDigest => {
                let (salt, digest) = bytes.split_at(bytes.len() - length);
                (digest, salt)
            }
        };
        let (before, after) = match layout.hashed {
            HashedOrder::SaltPassword => (salt.to_vec(), Vec::new()),
            HashedOrder::PasswordSalt => (Vec::new(), salt.to_vec()),
        };
        let function = SaltedDigest {
            digest: self.digest,
            before,
            after,
            times: 1,
        };
        Ok(Parts::new(HashFunction::Digest(function), digest))
    }

    fn either_order(&self, hashed: HashedOrder, bytes: Vec<u8>) -> Parts {
        let digest = Secret::copied_from(&bytes);
        let function = ReverseSalted {
            digest: self.digest,
            hashed,
            stored: bytes,
        };
        Parts {
            function: HashFunction::ReverseSalted(function),
            digest,
        }
    }
}

impl Notation for LdapReverseSalted {
    fn read(&self, text: &str) -> Reading {
        self.read_by(text, &Conventions::default())
    }

    fn read_by(&self, text: &str, conventions: &Conventions) -> Reading {
        Some(self.parts(after_name(text, self.name)?, conventions.reverse_salt))
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    scheme(&LdapReverseSalted {
        name: "RSMD5",
        digest: MessageDigest::Md5,
    }),
    scheme(&LdapReverseSalted {
        name: "RSSHA1",
        digest: MessageDigest::Sha1,
    }),
];

const fn scheme(notation: &'static LdapReverseSalted) -> Scheme {
    Scheme {
        name: notation.name,
        dialects: &[Dialect::OpenLdap],
        salt: "any length",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge: None,
        notation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::password::{PasswordError, StoredHash};

    const README: &str = "{RSMD5}c2FsdNQqD3Qv/Bvk4cwIRcJCnJc=";

    fn read(text: &str, layout: ReverseSaltLayout) -> Result<StoredHash, PasswordError> {
        let conventions = Conventions {
            reverse_salt: layout,
            ..Conventions::default()
        };
        conventions.recognise(text)
    }

    fn accepts(text: &str, layout: ReverseSaltLayout, password: &str) -> bool {
        let password = Secret::copied_from(password.as_bytes());
        read(text, layout).unwrap().verify(&password).unwrap()
    }

    fn stored(stored: StoredOrder) -> ReverseSaltLayout {
        ReverseSaltLayout {
            stored,
            ..ReverseSaltLayout::default()
        }
    }

    /// "salt" and MD5( "salt" | "secret" ), in the order that the README shows and not the one that it describes.
    #[test]
    fn the_sample_of_slapd_rsmd5() {
        assert!(accepts(README, ReverseSaltLayout::default(), "secret"));
        assert!(!accepts(README, ReverseSaltLayout::default(), "secreT"));
        assert!(accepts(README, stored(StoredOrder::SaltDigest), "secret"));
        assert!(!accepts(README, stored(StoredOrder::DigestSalt), "secret"));
    }

    #[test]
    fn every_layout_reads_its_own_values() {
        let layouts = [HashedOrder::SaltPassword, HashedOrder::PasswordSalt];
        for (hashed, digest_first) in layouts
            .into_iter()
            .flat_map(|one| [(one, true), (one, false)])
        {
            let parts: [&[u8]; 2] = match hashed {
                HashedOrder::SaltPassword => [b"12345", b"x34!2axf"],
                HashedOrder::PasswordSalt => [b"x34!2axf", b"12345"],
            };
            let digest = MessageDigest::Sha1.of(&parts);
            let bytes = if digest_first {
                [digest.as_slice(), b"12345"].concat()
            } else {
                [b"12345", digest.as_slice()].concat()
            };
            let base64 = format!("{{RSSHA1}}{}", radix64::STANDARD.encode_padded(&bytes));
            let hexadecimal = format!("{{rssha1}}{}", *crate::hexadecimal::hexadecimal(&bytes));
            let right = if digest_first {
                StoredOrder::DigestSalt
            } else {
                StoredOrder::SaltDigest
            };
            for order in [
                StoredOrder::Auto,
                StoredOrder::DigestSalt,
                StoredOrder::SaltDigest,
            ] {
                let layout = ReverseSaltLayout {
                    stored: order,
                    hashed,
                    encoding: SaltEncoding::Base64,
                };
                let is_right = order == StoredOrder::Auto || order == right;
                assert_eq!(accepts(&base64, layout, "x34!2axf"), is_right);
                let layout = ReverseSaltLayout {
                    encoding: SaltEncoding::Hexadecimal,
                    ..layout
                };
                assert_eq!(accepts(&hexadecimal, layout, "x34!2axf"), is_right);
                assert!(!accepts(&hexadecimal, layout, "x34!2axF"));
            }
        }
    }

    #[test]
    fn what_has_no_salt_is_refused() {
        for text in ["{RSMD5}", "{RSMD5}1CoPdC/8G+ThzAhFwkKclw==", "{RSMD5}?"] {
            assert!(read(text, ReverseSaltLayout::default()).is_err(), "{text}");
        }
    }
}
