//! The derivation of `PBEWithMD5AndTripleDES`, the cipher of JCEKS entries.
//!
//! ```text
//! salt (8 bytes) = a (4) ‖ b (4);   if a = b, a is reversed first
//! x := a; iterations times: x := MD5( x ‖ password )      y the same from b
//! x ‖ y (32 bytes) = 3DES key (24) ‖ initialization vector (8)
//! ```
//! The two chains do not depend on each other; computing them side by side lets the processor
//! overlap them.
//!
//! Source: `com.sun.crypto.provider.PBES1Core.deriveCipherKey` (JDK 17).

mod md5_chain;

use zeroize::Zeroizing;

use super::Iterations;

/// A 3DES key and initialization vector. Both are wiped when dropped.
pub struct JceksKey {
    /// The 24 bytes of the 3DES key.
    pub key: Zeroizing<[u8; 24]>,
    /// The 8 bytes of the initialization vector.
    pub initialization_vector: Zeroizing<[u8; 8]>,
}

/// Which first half is used when both halves of the salt are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EqualHalves {
    /// `[a, b, c, d]` becomes `[d, c, b, a]`: the JDK from 11 on.
    Reversed,
    /// `[a, b, c, d]` becomes `[d, a, b, d]`: older JDKs, by a slip that is now part of old files.
    Misreversed,
}

/// Derives the key for `password` (one byte a character) and an 8 byte `salt`.
#[must_use]
pub fn jceks_pbe(
    password: &[u8],
    salt: [u8; 8],
    iterations: Iterations,
    equal_halves: EqualHalves,
) -> JceksKey {
    let [a, b, c, d, tail @ ..] = salt;
    let head = match equal_halves {
        _ if [a, b, c, d] != tail => [a, b, c, d],
        EqualHalves::Reversed => [d, c, b, a],
        EqualHalves::Misreversed => [d, a, b, d],
    };
    let chains = md5_chain::two_chains(password, [head, tail], iterations);
    let mut derived = Zeroizing::new([0_u8; 32]);
    derived[..16].copy_from_slice(&chains[0]);
    derived[16..].copy_from_slice(&chains[1]);
    let mut key = JceksKey {
        key: Zeroizing::new([0; 24]),
        initialization_vector: Zeroizing::new([0; 8]),
    };
    key.key.copy_from_slice(&derived[..24]);
    key.initialization_vector.copy_from_slice(&derived[24..]);
    key
}
