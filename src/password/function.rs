//! [`HashFunction`]: what is done with a password, with salt and cost, whatever the notation.

mod argon2;
mod bcrypt;
mod des_crypt;
mod encoded_digest;
mod encrypted;
mod firebase_scrypt;
mod hmac_digest;
mod keyed_layer;
mod md5_crypt;
mod pbkdf2;
mod pbkdf2_sha3;
mod phpass;
mod reverse_salted;
mod salted_digest;
mod scrypt;
mod sha1_crypt;
mod sha_crypt;
mod side_by_side;
mod wrapped;
mod yescrypt;

use std::fmt;

use zeroize::Zeroizing;

use super::Refusal;
use crate::Secret;

pub use argon2::{Argon2, Argon2Type};
pub use bcrypt::{Bcrypt, BcryptVariant, PreHash};
pub use des_crypt::{DesCrypt, DesForm};
pub use encoded_digest::{EncodedDigest, PasswordEncoding};
pub use encrypted::Encrypted;
pub(super) use firebase_scrypt::FIREBASE_KEY_LENGTH;
pub use firebase_scrypt::FirebaseScrypt;
pub use hmac_digest::HmacDigest;
pub use keyed_layer::{KeyedLayer, LayerKey};
pub(super) use md5_crypt::LONGEST_MD5_SALT;
pub use md5_crypt::Md5Crypt;
pub use pbkdf2::Pbkdf2;
pub use pbkdf2_sha3::{Pbkdf2Sha3, Sha3};
pub use phpass::{Phpass, PhpassInner};
pub use reverse_salted::{
    HashedOrder, ReverseSaltLayout, ReverseSalted, SaltEncoding, StoredOrder,
};
pub use salted_digest::SaltedDigest;
pub use scrypt::Scrypt;
pub(super) use sha_crypt::LONGEST_SHA_SALT;
pub use sha_crypt::ShaCrypt;
pub use sha1_crypt::Sha1Crypt;
pub use wrapped::Wrapped;
pub(super) use wrapped::keyed_text;
pub use yescrypt::Yescrypt;

/// The longest password that is hashed, in bytes, passlib's limit: crypt(3)'s work grows with its square.
pub(super) const LONGEST_PASSWORD: usize = 4096;

/// A function with its salt and cost, all within their bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashFunction {
    /// The password itself.
    Clear,
    /// The password under a key.
    Encrypted(Encrypted),
    /// A message digest.
    Digest(SaltedDigest),
    /// A message digest over a salt and the password, stored in either order.
    ReverseSalted(ReverseSalted),
    /// PBKDF2.
    Pbkdf2(Pbkdf2),
    /// bcrypt.
    Bcrypt(Bcrypt),
    /// crypt(3) with MD5.
    Md5Crypt(Md5Crypt),
    /// crypt(3) with SHA-256 or SHA-512.
    ShaCrypt(ShaCrypt),
    /// A message digest over the password in another encoding.
    EncodedDigest(EncodedDigest),
    /// HMAC under a stored key.
    Hmac(HmacDigest),
    /// phpass.
    Phpass(Phpass),
    /// PBKDF2 with SHA-3.
    Pbkdf2Sha3(Pbkdf2Sha3),
    /// Firebase's form of scrypt.
    FirebaseScrypt(FirebaseScrypt),
    /// crypt(3) with DES.
    DesCrypt(DesCrypt),
    /// crypt(3) with SHA-1.
    Sha1Crypt(Sha1Crypt),
    /// yescrypt.
    Yescrypt(Yescrypt),
    /// Argon2.
    Argon2(Argon2),
    /// scrypt.
    Scrypt(Scrypt),
    /// A function over the digest of another one.
    Wrapped(Wrapped),
}

impl HashFunction {
    /// The digest of `password`.
    ///
    /// # Errors
    /// When the function cannot take the password.
    pub fn apply(&self, password: &Secret) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        let bytes = taken(password)?;
        match self {
            Self::Clear => Ok(Zeroizing::new(bytes.to_vec())),
            Self::Encrypted(function) => function.apply(bytes),
            Self::Digest(function) => Ok(function.apply(bytes)),
            Self::ReverseSalted(function) => Ok(function.apply(bytes)),
            Self::Pbkdf2(function) => Ok(function.apply(bytes)),
            Self::Bcrypt(function) => function.apply(bytes),
            Self::Md5Crypt(function) => function.apply(bytes),
            Self::ShaCrypt(function) => function.apply(bytes),
            Self::EncodedDigest(function) => function.apply(bytes),
            Self::DesCrypt(function) => function.apply(bytes),
            Self::Sha1Crypt(function) => function.apply(bytes),
            Self::Yescrypt(function) => function.apply(bytes),
            Self::Argon2(function) => function.apply(bytes),
            Self::Scrypt(function) => function.apply(bytes),
            Self::Wrapped(function) => function.apply(password),
            Self::Hmac(function) => Ok(function.apply(bytes)),
            Self::Phpass(function) => function.apply(bytes),
            Self::Pbkdf2Sha3(function) => function.apply(bytes),
            Self::FirebaseScrypt(function) => function.apply(bytes),
        }
    }

    /// The digests of many passwords, each as [`Self::apply`] gives it, in their order, on the thread
    /// that calls it. PBKDF2 of the same digest and iterations, and bcrypt of the same cost, are
    /// computed several at a time; a few hundred of a kind use that to the full.
    #[must_use]
    pub fn apply_side_by_side(
        work: &[(&Self, &Secret)],
    ) -> Vec<Result<Zeroizing<Vec<u8>>, Refusal>> {
        side_by_side::apply(work)
    }
}

impl fmt::Display for HashFunction {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clear => formatter.write_str("the password itself"),
            Self::Encrypted(function) => function.fmt(formatter),
            Self::Digest(function) => function.fmt(formatter),
            Self::ReverseSalted(function) => function.fmt(formatter),
            Self::Pbkdf2(function) => function.fmt(formatter),
            Self::Bcrypt(function) => function.fmt(formatter),
            Self::Md5Crypt(function) => function.fmt(formatter),
            Self::ShaCrypt(function) => function.fmt(formatter),
            Self::EncodedDigest(function) => function.fmt(formatter),
            Self::Hmac(function) => function.fmt(formatter),
            Self::Phpass(function) => function.fmt(formatter),
            Self::Pbkdf2Sha3(function) => function.fmt(formatter),
            Self::FirebaseScrypt(function) => function.fmt(formatter),
            Self::DesCrypt(function) => function.fmt(formatter),
            Self::Sha1Crypt(function) => function.fmt(formatter),
            Self::Yescrypt(function) => function.fmt(formatter),
            Self::Argon2(function) => function.fmt(formatter),
            Self::Scrypt(function) => function.fmt(formatter),
            Self::Wrapped(function) => function.fmt(formatter),
        }
    }
}

/// The bytes of a password that is not too long.
fn taken(password: &Secret) -> Result<&[u8], Refusal> {
    let length = password.len();
    if length > LONGEST_PASSWORD {
        return Err(Refusal::PasswordTooLong {
            length,
            limit: LONGEST_PASSWORD,
        });
    }
    Ok(password.expose_bytes())
}

/// crypt(3) and bcrypt take C strings.
fn without_zero_byte(password: &[u8]) -> Result<(), Refusal> {
    if password.contains(&0) {
        return Err(Refusal::ZeroByte);
    }
    Ok(())
}
