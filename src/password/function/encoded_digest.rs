//! [`EncodedDigest`]: a message digest over the password in another encoding than UTF-8.

use std::fmt;

use zeroize::Zeroizing;

use super::SaltedDigest;
use crate::password::Refusal;

/// A [`SaltedDigest`] over the password in another encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedDigest {
    pub(in crate::password) encoding: PasswordEncoding,
    pub(in crate::password) digest: SaltedDigest,
}

/// How the characters of a password become bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordEncoding {
    /// Two bytes a character, four beyond the first 65,536.
    Utf16LittleEndian,
    /// Each byte of the UTF-8 followed by a zero byte, which crypt(3) takes for UTF-16.
    ZeroExtended,
    /// ISO 8859-1: a byte a character, the first 256 alone.
    Latin1,
}

impl EncodedDigest {
    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        Ok(self.digest.apply(&self.encoding.encode(password)?))
    }
}

impl PasswordEncoding {
    fn encode(self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let not_encoded = || Refusal::NotEncoded {
            encoding: self.name(),
        };
        let text = || std::str::from_utf8(password).map_err(|_| not_encoded());
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * password.len()));
        match self {
            Self::Utf16LittleEndian => {
                bytes.extend(text()?.encode_utf16().flat_map(u16::to_le_bytes));
            }
            Self::ZeroExtended => bytes.extend(password.iter().flat_map(|&byte| [byte, 0])),
            Self::Latin1 => {
                for character in text()?.chars() {
                    bytes.push(u8::try_from(character).map_err(|_| not_encoded())?);
                }
            }
        }
        Ok(bytes)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Utf16LittleEndian => "UTF-16",
            Self::ZeroExtended => "two bytes a byte",
            Self::Latin1 => "ISO 8859-1",
        }
    }
}

impl fmt::Display for EncodedDigest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encoding, digest } = self;
        write!(formatter, "{digest}, over {}", encoding.name())
    }
}
