//! [`Bcrypt`]: Provos and Mazières, "A Future-Adaptable Password Scheme" (1999), with the ways in which products prepare a password.
//!
//! ```text
//! key    = the password (or its pre-hash) and a zero byte, repeated to 72 bytes
//! digest = bcrypt( cost, salt, key ), 23 bytes
//! ```
//! A password beyond 72 bytes is refused; others cut it off. `2` is the first form, without the zero byte. `2x` marks
//! values of an old crypt_blowfish that sign-extended the bytes of the password. Under `2a` crypt_blowfish (PHP, libxcrypt)
//! departs from all others where a password is one that both its forms hash alike; none of those is UTF-8, and they are
//! refused.

use std::fmt;

use zeroize::Zeroizing;

use super::without_zero_byte;
use crate::hexadecimal::hexadecimal;
use crate::kdf::{BCRYPT_KEY_LENGTH, BcryptInput, DigestAlgorithm, bcrypt_many};
use crate::password::{MessageDigest, Refusal, radix64};

/// 2^18 expansions take half a minute.
const HIGHEST_COST: u32 = 18;

/// bcrypt with its salt and cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bcrypt {
    pub(in crate::password) variant: BcryptVariant,
    pub(in crate::password) cost: u32,
    pub(in crate::password) salt: [u8; 16],
    pub(in crate::password) pre_hash: PreHash,
}

/// The mark of a bcrypt value. `2a`, `2b` and `2y` are the same function.
#[derive(Debug, Clone, Copy, Eq)]
pub enum BcryptVariant {
    /// `2`: the password is repeated without a zero byte.
    First,
    /// `2a`.
    A,
    /// `2b`.
    B,
    /// `2x`: bytes of the password above 127 are sign-extended.
    X,
    /// `2y`.
    Y,
}

/// What bcrypt gets in place of the password, so that no byte of a long one is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreHash {
    /// The password itself.
    None,
    /// SHA-256 as lower-case hexadecimal digits (Django).
    HexSha256,
    /// SHA-256 as padded base64 (passlib's `bcrypt_sha256`, version 1).
    Base64Sha256,
    /// HMAC-SHA256 under the text of the salt, as padded base64 (passlib's `bcrypt_sha256`, version 2).
    Base64HmacSha256,
}

impl Bcrypt {
    pub(in crate::password) fn new(
        variant: BcryptVariant,
        cost: u32,
        salt: [u8; 16],
    ) -> Result<Self, Refusal> {
        if !(4..=HIGHEST_COST).contains(&cost) {
            return Err(Refusal::beyond(format!(
                "the bcrypt cost {cost} is outside of 4 to {HIGHEST_COST}"
            )));
        }
        Ok(Self {
            variant,
            cost,
            salt,
            pre_hash: PreHash::None,
        })
    }

    pub(in crate::password) fn with_pre_hash(self, pre_hash: PreHash) -> Self {
        Self { pre_hash, ..self }
    }

    /// What of a password is looked at, in bytes.
    pub(in crate::password) fn longest_password(&self) -> usize {
        match self.pre_hash {
            PreHash::None => BCRYPT_KEY_LENGTH,
            _ => usize::MAX,
        }
    }

    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let input = self.input(password)?;
        Ok(bcrypt_many(self.cost, &[input]).swap_remove(0))
    }

    /// What is hashed with [`Self::cost`].
    pub(super) fn input(&self, password: &[u8]) -> Result<BcryptInput, Refusal> {
        match self.pre_hash {
            PreHash::None => self.raw(password),
            PreHash::HexSha256 => {
                let digest = MessageDigest::Sha256.of(&[password]);
                self.raw(hexadecimal(&digest).as_bytes())
            }
            PreHash::Base64Sha256 => self.raw_of_base64(&MessageDigest::Sha256.of(&[password])),
            PreHash::Base64HmacSha256 => {
                let key = radix64::BCRYPT.encode(&self.salt);
                let mac = DigestAlgorithm::Sha256.hmac(key.as_bytes(), password);
                self.raw_of_base64(&Zeroizing::new(mac))
            }
        }
    }

    fn raw_of_base64(&self, digest: &[u8]) -> Result<BcryptInput, Refusal> {
        let text = Zeroizing::new(radix64::STANDARD.encode_padded(digest));
        self.raw(text.as_bytes())
    }

    fn raw(&self, password: &[u8]) -> Result<BcryptInput, Refusal> {
        without_zero_byte(password)?;
        if password.len() > BCRYPT_KEY_LENGTH {
            return Err(Refusal::PasswordTooLong {
                length: password.len(),
                limit: BCRYPT_KEY_LENGTH,
            });
        }
        let key = self.key(password);
        if matches!(self.variant, BcryptVariant::A) && self.is_disputed(password, &key) {
            return Err(Refusal::Disputed);
        }
        Ok(BcryptInput {
            key,
            salt: self.salt,
        })
    }

    /// The password with its zero byte, repeated to all that the key schedule takes.
    fn key(&self, password: &[u8]) -> Zeroizing<[u8; BCRYPT_KEY_LENGTH]> {
        let end: &[u8] = match self.variant {
            BcryptVariant::First if !password.is_empty() => &[],
            _ => &[0],
        };
        let mut bytes = password.iter().chain(end).cycle();
        let mut key = Zeroizing::new([0; BCRYPT_KEY_LENGTH]);
        let (words, _) = key.as_chunks_mut::<4>();
        for word in words {
            let mut bits: u32 = 0;
            for &byte in bytes.by_ref().take(4) {
                let bits_of_byte = match self.variant {
                    BcryptVariant::X => i32::from(byte.cast_signed()).cast_unsigned(),
                    _ => u32::from(byte),
                };
                bits = bits << 8 | bits_of_byte;
            }
            *word = bits.to_be_bytes();
        }
        key
    }

    /// Whether bytes are sign-extended in `2x` and it makes no difference.
    fn is_disputed(&self, password: &[u8], key: &[u8; BCRYPT_KEY_LENGTH]) -> bool {
        let (words, _) = key.as_chunks::<4>();
        let extends = |word: &[u8; 4]| !word[1..].is_ascii();
        let extended = Self {
            variant: BcryptVariant::X,
            ..self.clone()
        };
        words.iter().any(extends) && *extended.key(password) == *key
    }
}

impl BcryptVariant {
    /// The mark, as in `$2b$`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "2",
            Self::A => "2a",
            Self::B => "2b",
            Self::X => "2x",
            Self::Y => "2y",
        }
    }
}

/// Variants are the same where they accept the same passwords.
impl PartialEq for BcryptVariant {
    fn eq(&self, other: &Self) -> bool {
        let class = |variant: &Self| match variant {
            Self::First => 0,
            Self::X => 1,
            Self::A | Self::B | Self::Y => 2,
        };
        class(self) == class(other)
    }
}

impl fmt::Display for Bcrypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = match self.pre_hash {
            PreHash::None => "",
            PreHash::HexSha256 => " of the hexadecimal SHA-256",
            PreHash::Base64Sha256 => " of the base64 SHA-256",
            PreHash::Base64HmacSha256 => " of the base64 HMAC-SHA256",
        };
        let Self { variant, cost, .. } = self;
        write!(
            formatter,
            "bcrypt ({}){before}, cost {cost}, salt of 16 bytes",
            variant.name()
        )
    }
}
