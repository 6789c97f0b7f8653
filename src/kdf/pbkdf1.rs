//! PBKDF1 with MD5, which `PBEWithMD5AndDES` uses.
//!
//! Source: RFC 8018 section 5.1.

use md5::{Digest, Md5};
use zeroize::Zeroizing;

use super::Iterations;

/// The 16 bytes of PBKDF1-MD5: an 8 byte DES key, then an 8 byte initialization vector.
#[must_use]
pub fn pbkdf1_md5(password: &[u8], salt: &[u8], iterations: Iterations) -> Zeroizing<[u8; 16]> {
    let mut digest = Md5::new()
        .chain_update(password)
        .chain_update(salt)
        .finalize();
    for _ in 1..iterations.get() {
        digest = Md5::digest(digest);
    }
    Zeroizing::new(digest.into())
}
