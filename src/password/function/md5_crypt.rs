//! [`Md5Crypt`]: Poul-Henning Kamp's crypt(3) of FreeBSD 2.0, and Apache's form of it.
//!
//! ```text
//! B      = MD5( password | salt | password )
//! A      = MD5( password | mark | salt | B, as long as the password | bits of the length: zero byte or first character )
//! digest = 1000 rounds of MD5 over turns of digest, salt and password
//! ```
//! The mark is `$1$`, or Apache's `$apr1$`, and is part of what is hashed.

use std::fmt;

use zeroize::Zeroizing;

use super::without_zero_byte;
use crate::password::{MessageDigest, Refusal};

/// The salt's longest length in bytes.
pub(in crate::password) const LONGEST_MD5_SALT: usize = 8;

/// crypt(3) with MD5.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Md5Crypt {
    /// `$1$` or `$apr1$`.
    pub(in crate::password) mark: &'static str,
    /// At most 8 bytes.
    pub(in crate::password) salt: Vec<u8>,
}

impl Md5Crypt {
    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        without_zero_byte(password)?;
        let mut digest = self.first(password);
        for round in 0..1000 {
            digest = self.next(password, &digest, round);
        }
        Ok(digest)
    }

    fn first(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let other = MessageDigest::Md5.of(&[password, &self.salt, password]);
        let repeated: Zeroizing<Vec<u8>> =
            Zeroizing::new(other.iter().copied().cycle().take(password.len()).collect());
        let mut bits = Vec::new();
        let mut length = password.len();
        while length > 0 {
            bits.push(if length & 1 == 1 { 0 } else { password[0] });
            length >>= 1;
        }
        let bits = Zeroizing::new(bits);
        MessageDigest::Md5.of(&[password, self.mark.as_bytes(), &self.salt, &repeated, &bits])
    }

    fn next(&self, password: &[u8], digest: &[u8], round: u32) -> Zeroizing<Vec<u8>> {
        let is_odd = round & 1 == 1;
        let none: &[u8] = &[];
        MessageDigest::Md5.of(&[
            if is_odd { password } else { digest },
            if round.is_multiple_of(3) {
                none
            } else {
                &self.salt
            },
            if round.is_multiple_of(7) {
                none
            } else {
                password
            },
            if is_odd { digest } else { password },
        ])
    }
}

impl fmt::Display for Md5Crypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { mark, salt } = self;
        let salt = salt.len();
        write!(
            formatter,
            "MD5-crypt ({mark}), 1000 rounds, salt of {salt} bytes"
        )
    }
}
