//! The key protector of JKS: a key stream of chained SHA-1, with a digest behind the key.
//!
//! ```text
//! d0 = salt;  d(i+1) = SHA-1( password ‖ d(i) );   ciphertext = key xor d1 ‖ d2 ‖ …
//! protected = salt (20) ‖ ciphertext ‖ SHA-1( password ‖ key )
//! ```
//! The password is UTF-16BE. There is no iteration count: it protects as little as it looks.
//!
//! Source: `sun.security.provider.KeyProtector` (JDK 17).

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::{EncryptionError, random};
use crate::Secret;
use crate::keystore::{der, oid, password_encoding};

const DIGEST_LENGTH: usize = 20;

pub(super) fn to_der() -> Vec<u8> {
    der::algorithm(oid::JKS_PROTECTOR, &der::null())
}

/// The key, or `None` when the password is wrong or the bytes are damaged.
pub(super) fn decrypt(password: &Secret, protected: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (salt, rest) = protected.split_first_chunk::<DIGEST_LENGTH>()?;
    let (ciphertext, digest) = rest.split_last_chunk::<DIGEST_LENGTH>()?;
    let password = password_encoding::utf16(password);
    let key = with_key_stream(&password, *salt, ciphertext);
    let matches: bool = digest_of(&password, &key).ct_eq(digest).into();
    matches.then_some(key)
}

pub(super) fn encrypt(password: &Secret, key: &[u8]) -> Result<Vec<u8>, EncryptionError> {
    let salt = random::<DIGEST_LENGTH>()?;
    let password = password_encoding::utf16(password);
    let ciphertext = with_key_stream(&password, salt, key);
    let digest = digest_of(&password, key);
    Ok([&salt[..], &ciphertext, &digest].concat())
}

fn with_key_stream(password: &[u8], salt: [u8; DIGEST_LENGTH], bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut output = Zeroizing::new(bytes.to_vec());
    let mut digest = Zeroizing::new(salt);
    for block in output.chunks_mut(DIGEST_LENGTH) {
        *digest = digest_of(password, digest.as_slice());
        for (byte, key) in block.iter_mut().zip(digest.iter()) {
            *byte ^= key;
        }
    }
    output
}

fn digest_of(password: &[u8], bytes: &[u8]) -> [u8; DIGEST_LENGTH] {
    Sha1::new()
        .chain_update(password)
        .chain_update(bytes)
        .finalize()
        .into()
}
