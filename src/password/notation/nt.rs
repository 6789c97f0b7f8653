//! Windows' NT hash: MD4 over the password in UTF-16.
//!
//! ```text
//! {NT}hex    $3$$hex    hex
//! ```
//! crypt(3) writes each byte in two, which is UTF-16 for ASCII alone. 32 digits alone are anything: they are an NT hash for
//! the one dialect that says so. Source: [MS-NLMP] section 3.3.1; crypt(5) of libxcrypt; FreeRADIUS's `rlm_pap`.

use super::{Notation, Parts, Reading, after_name};
use crate::hexadecimal::of_hexadecimal;
use crate::password::{
    Dialect, EncodedDigest, HashFunction, MessageDigest, PasswordEncoding, Refusal, SaltedDigest,
    Scheme, Soundness,
};

enum Nt {
    Prefixed,
    Crypt,
    Bare,
}

impl Notation for Nt {
    fn read(&self, text: &str) -> Reading {
        let digest = match self {
            Self::Prefixed => after_name(text, "NT").or(after_name(text, "NTHASH"))?,
            Self::Crypt => text.strip_prefix("$3$$")?,
            Self::Bare => text,
        };
        let digest = of_hexadecimal(digest).filter(|digest| digest.len() == 16);
        match (self, digest) {
            (_, Some(digest)) => Some(Ok(Parts::new(self.function(), &digest))),
            (Self::Bare, None) => None,
            (_, None) => Some(Err(Refusal::malformed("its digest is not 32 digits"))),
        }
    }
}

impl Nt {
    fn function(&self) -> HashFunction {
        let digest = SaltedDigest {
            digest: MessageDigest::Md4,
            before: Vec::new(),
            after: Vec::new(),
            times: 1,
        };
        let encoding = match self {
            Self::Crypt => PasswordEncoding::ZeroExtended,
            Self::Prefixed | Self::Bare => PasswordEncoding::Utf16LittleEndian,
        };
        HashFunction::EncodedDigest(EncodedDigest { encoding, digest })
    }
}

pub(super) const SCHEMES: &[Scheme] = &[
    nt(&[Dialect::OpenLdap], None, &Nt::Prefixed),
    nt(&[Dialect::Crypt], Some("libxcrypt"), &Nt::Crypt),
    nt(&[Dialect::Nt], Some("passlib"), &Nt::Bare),
];

const fn nt(
    dialects: &'static [Dialect],
    judge: Option<&'static str>,
    notation: &'static Nt,
) -> Scheme {
    Scheme {
        name: "NT",
        dialects,
        salt: "none",
        cost: "none",
        soundness: Soundness::Obsolete,
        judge,
        notation,
    }
}
