//! [`ReverseSalted`]: a message digest over salt and password, of which it is not known how it is stored.
//!
//! ```text
//! digest = D( salt | password )    stored: digest | salt, or salt | digest
//! ```
//! The one public implementation of `{RSMD5}` writes both: its README and its verifier disagree. A password is right
//! if either order says so; that a wrong one is taken for right is as likely as a collision with a given digest.

use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::password::MessageDigest;

/// How `{RSSHA1}` and `{RSMD5}` are laid out. The default is the one that is supported best: either stored order, the
/// salt hashed before the password, base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReverseSaltLayout {
    /// Which stands first in the stored value.
    pub stored: StoredOrder,
    /// Which is hashed first.
    pub hashed: HashedOrder,
    /// How the bytes are written.
    pub encoding: SaltEncoding,
}

/// The order of digest and salt in a stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StoredOrder {
    /// Both are tried.
    #[default]
    Auto,
    /// Digest, then salt.
    DigestSalt,
    /// Salt, then digest.
    SaltDigest,
}

/// The order of salt and password in what is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HashedOrder {
    /// Salt, then password.
    #[default]
    SaltPassword,
    /// Password, then salt.
    PasswordSalt,
}

/// How bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SaltEncoding {
    /// Base64.
    #[default]
    Base64,
    /// Hexadecimal digits.
    Hexadecimal,
}

/// A message digest whose stored value is read in both orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReverseSalted {
    pub(in crate::password) digest: MessageDigest,
    pub(in crate::password) hashed: HashedOrder,
    /// Digest and salt in either order, longer than the digest.
    pub(in crate::password) stored: Vec<u8>,
}

impl ReverseSalted {
    /// What would be stored for `password`, in the order in which that is the stored value, or else in the second.
    pub(super) fn apply(&self, password: &[u8]) -> Zeroizing<Vec<u8>> {
        let length = self.digest.output_length();
        let (_, salt) = self.stored.split_at(length);
        let digest_first = Zeroizing::new([self.of(salt, password).as_slice(), salt].concat());
        let (salt, _) = self.stored.split_at(self.stored.len() - length);
        let salt_first = Zeroizing::new([salt, self.of(salt, password).as_slice()].concat());
        if digest_first.ct_eq(&self.stored).into() {
            return digest_first;
        }
        salt_first
    }

    fn of(&self, salt: &[u8], password: &[u8]) -> Zeroizing<Vec<u8>> {
        match self.hashed {
            HashedOrder::SaltPassword => self.digest.of(&[salt, password]),
            HashedOrder::PasswordSalt => self.digest.of(&[password, salt]),
        }
    }
}

impl fmt::Display for ReverseSalted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.digest.name();
        let salt = self.stored.len() - self.digest.output_length();
        let place = match self.hashed {
            HashedOrder::SaltPassword => "before",
            HashedOrder::PasswordSalt => "after",
        };
        write!(
            formatter,
            "{name}, salt of {salt} bytes {place} the password, stored before or after the digest"
        )
    }
}
