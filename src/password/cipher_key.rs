//! [`CipherKey`]: the key of a reversible scheme, and [`KeyId`], the name under which stored values refer to it.
//!
//! ```text
//! AES         AES/CFB/NoPadding       16, 24 or 32 bytes   vector of 16 bytes
//! 3DES        DESede/CFB/NoPadding    24 bytes             vector of 8 bytes
//! Blowfish    Blowfish/CFB/NoPadding  4 to 56 bytes        vector of 8 bytes
//! RC4         RC4/NONE/NoPadding      5 to 32 bytes        none: the stream begins anew with each password
//! ```
//! Plain `CFB` is full-block CFB for Java. Nothing authenticates a ciphertext: a wrong key gives garbage, no error. Source:
//! OpenDJ's `CryptoManagerImpl` and its `…PasswordStorageScheme` classes.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use aes::cipher::{BlockCipherEncrypt, InnerIvInit, KeyInit, StreamCipher};
use cfb_mode::{Decryptor, Encryptor};

use crate::Secret;
use crate::hexadecimal::of_hexadecimal;

/// The name of a key: 16 bytes, written as a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub(super) [u8; 16]);

/// A text is no UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key ID is 32 hexadecimal digits with dashes, as in 8b546cc4-e33a-48c7-b689-e6d8e5a05e3a"
)]
pub struct InvalidKeyId;

/// The ciphers of reversible schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordCipher {
    /// AES in CFB mode.
    Aes,
    /// Triple DES with three keys in CFB mode.
    TripleDes,
    /// Blowfish in CFB mode.
    Blowfish,
    /// RC4.
    Rc4,
}

/// A key with its cipher.
pub struct CipherKey {
    cipher: PasswordCipher,
    key: Secret,
}

impl PasswordCipher {
    const ALL: [Self; 4] = [Self::Aes, Self::TripleDes, Self::Blowfish, Self::Rc4];

    /// The cipher of a Java transformation; none if it is another, or in another mode.
    #[must_use]
    pub fn of_transformation(transformation: &str) -> Option<Self> {
        let named = |cipher: &Self| cipher.transformation().eq_ignore_ascii_case(transformation);
        Self::ALL.into_iter().find(named)
    }

    /// Its name in Java.
    #[must_use]
    pub fn transformation(self) -> &'static str {
        match self {
            Self::Aes => "AES/CFB/NoPadding",
            Self::TripleDes => "DESede/CFB/NoPadding",
            Self::Blowfish => "Blowfish/CFB/NoPadding",
            Self::Rc4 => "RC4/NONE/NoPadding",
        }
    }

    /// Length of the initialization vector in bytes.
    pub(super) fn iv_length(self) -> usize {
        match self {
            Self::Aes => 16,
            Self::TripleDes | Self::Blowfish => 8,
            Self::Rc4 => 0,
        }
    }

    fn takes_key_of(self, length: usize) -> bool {
        match self {
            Self::Aes => matches!(length, 16 | 24 | 32),
            Self::TripleDes => length == 24,
            Self::Blowfish => (4..=56).contains(&length),
            Self::Rc4 => (5..=32).contains(&length),
        }
    }
}

/// Which way.
#[derive(Clone, Copy)]
enum Direction {
    Encrypt,
    Decrypt,
}

impl CipherKey {
    /// None if the cipher has no keys of this length.
    #[must_use]
    pub fn new(cipher: PasswordCipher, key: Secret) -> Option<Self> {
        let fits = cipher.takes_key_of(key.len());
        fits.then_some(Self { cipher, key })
    }

    /// Its cipher.
    #[must_use]
    pub fn cipher(&self) -> PasswordCipher {
        self.cipher
    }

    /// Encrypts `text` in place; none if `iv` is not one of the cipher.
    pub(super) fn encrypt(&self, iv: &[u8], text: &mut [u8]) -> Option<()> {
        self.apply(iv, text, Direction::Encrypt)
    }

    /// Decrypts `text` in place; none if `iv` is not one of the cipher.
    pub(super) fn decrypt(&self, iv: &[u8], text: &mut [u8]) -> Option<()> {
        self.apply(iv, text, Direction::Decrypt)
    }

    fn apply(&self, iv: &[u8], text: &mut [u8], direction: Direction) -> Option<()> {
        let key = self.key.expose_bytes();
        match (self.cipher, key.len()) {
            (PasswordCipher::Aes, 16) => feedback::<aes::Aes128>(key, iv, text, direction),
            (PasswordCipher::Aes, 24) => feedback::<aes::Aes192>(key, iv, text, direction),
            (PasswordCipher::Aes, _) => feedback::<aes::Aes256>(key, iv, text, direction),
            (PasswordCipher::TripleDes, _) => feedback::<des::TdesEde3>(key, iv, text, direction),
            (PasswordCipher::Blowfish, _) => {
                feedback::<blowfish::Blowfish>(key, iv, text, direction)
            }
            (PasswordCipher::Rc4, _) => {
                let mut stream = <rc4::Rc4 as rc4::KeyInit>::new_from_slice(key).ok()?;
                stream.apply_keystream(text);
                Some(())
            }
        }
    }
}

/// CFB over whole blocks.
fn feedback<C: BlockCipherEncrypt + KeyInit>(
    key: &[u8],
    iv: &[u8],
    text: &mut [u8],
    direction: Direction,
) -> Option<()> {
    let cipher = C::new_from_slice(key).ok()?;
    let iv = iv.try_into().ok()?;
    match direction {
        Direction::Encrypt => Encryptor::inner_iv_init(cipher, iv).encrypt(text),
        Direction::Decrypt => Decryptor::inner_iv_init(cipher, iv).decrypt(text),
    }
    Some(())
}

impl PartialEq for CipherKey {
    fn eq(&self, other: &Self) -> bool {
        self.cipher == other.cipher && self.key.is_same_as(&other.key)
    }
}

impl Eq for CipherKey {}

impl fmt::Debug for CipherKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CipherKey({})", self.cipher.transformation())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                formatter.write_char('-')?;
            }
            write!(formatter, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidKeyId> {
        let groups: Vec<usize> = text.split('-').map(str::len).collect();
        if groups != [8, 4, 4, 4, 12] {
            return Err(InvalidKeyId);
        }
        let bytes = of_hexadecimal(text.replace('-', "")).ok_or(InvalidKeyId)?;
        bytes.try_into().map(Self).map_err(|_| InvalidKeyId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What OpenJDK 17 makes of "password, and more than a block" under a key and a vector of bytes 1, 2, 3 and so on.
    #[test]
    fn ciphers_agree_with_java() {
        for (cipher, length, expected) in [
            (
                PasswordCipher::Aes,
                16,
                "44a2480c639221b8c605817466c10a48929474d073bb956f002968f990ecf4",
            ),
            (
                PasswordCipher::TripleDes,
                24,
                "e4ea46c6f68af334c379c2aba9a2809896397fad0e0486d40b710c5ecb484a",
            ),
            (
                PasswordCipher::Blowfish,
                16,
                "b9f142996116a096e3193f27794e69312434a0b21bfab792432dd9462b3146",
            ),
            (
                PasswordCipher::Rc4,
                16,
                "eaa6bfe917f26c939eb349f7a9c476f8202de4e1f8757c4a0faae69d7279f5",
            ),
        ] {
            let bytes: Vec<u8> = (1..=length).collect();
            let key = CipherKey::new(cipher, Secret::copied_from(&bytes)).unwrap();
            let iv: Vec<u8> = (1..).take(cipher.iv_length()).collect();
            let mut text = *b"password, and more than a block";
            key.encrypt(&iv, &mut text).unwrap();
            assert_eq!(of_hexadecimal(expected).unwrap(), text, "{key:?}");
            key.decrypt(&iv, &mut text).unwrap();
            assert_eq!(&text, b"password, and more than a block");
            assert_eq!(
                key.encrypt(&[0; 3], &mut text).is_none(),
                cipher != PasswordCipher::Rc4
            );
        }
    }

    #[test]
    fn a_key_of_another_length_is_none() {
        for (cipher, length) in [
            (PasswordCipher::Aes, 15),
            (PasswordCipher::TripleDes, 16),
            (PasswordCipher::Blowfish, 3),
            (PasswordCipher::Rc4, 0),
        ] {
            assert!(CipherKey::new(cipher, Secret::new(vec![7; length])).is_none());
        }
    }

    #[test]
    fn a_key_id_is_a_uuid() {
        let text = "8b546cc4-e33a-48c7-b689-e6d8e5a05e3a";
        assert_eq!(text.parse::<KeyId>().unwrap().to_string(), text);
        assert!("8b546cc4e33a48c7b689e6d8e5a05e3a".parse::<KeyId>().is_err());
        assert!(
            "8b546cc4-e33a-48c7-b689-e6d8e5a05e3ä"
                .parse::<KeyId>()
                .is_err()
        );
    }
}
