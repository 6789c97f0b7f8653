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

use std::array;

use super::Iterations;
use super::processor::Vectors;

/// A 3DES key and an initialization vector, in bytes.
pub(super) const JCEKS_KEY_LENGTH: usize = 32;

/// How many keys are derived side by side: two chains each, in lanes.
pub(super) const SIDE_BY_SIDE: usize = 8;

/// Which first half is used when both halves of the salt are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EqualHalves {
    /// `[a, b, c, d]` becomes `[d, c, b, a]`: the JDK from 11 on.
    Reversed,
    /// `[a, b, c, d]` becomes `[d, a, b, d]`: older JDKs, by a slip that is now part of old files.
    Misreversed,
}

/// What the two chains begin with, by the 8 byte salt.
#[must_use]
pub fn jceks_halves(salt: [u8; 8], equal_halves: EqualHalves) -> [[u8; 4]; 2] {
    let [a, b, c, d, tail @ ..] = salt;
    let head = match equal_halves {
        _ if [a, b, c, d] != tail => [a, b, c, d],
        EqualHalves::Reversed => [d, c, b, a],
        EqualHalves::Misreversed => [d, a, b, d],
    };
    [head, tail]
}

/// Fills the 32 bytes of `key`. `password` has one byte a character.
pub(super) fn derive(
    password: &[u8],
    halves: [[u8; 4]; 2],
    iterations: Iterations,
    key: &mut [u8],
) {
    let chains = md5_chain::chains(Vectors::None, password, halves, iterations);
    key.copy_from_slice(chains.as_flattened());
}

/// Fills up to [`SIDE_BY_SIDE`] keys of 32 bytes.
pub(super) fn derive_side_by_side(
    vectors: Vectors,
    password: &[u8],
    halves: &[[[u8; 4]; 2]],
    iterations: Iterations,
    keys: &mut [&mut [u8]],
) {
    let starts: [[u8; 4]; 2 * SIDE_BY_SIDE] =
        array::from_fn(|lane| halves.get(lane / 2).map_or([0; 4], |key| key[lane % 2]));
    let chains = md5_chain::chains(vectors, password, starts, iterations);
    for (key, pair) in keys.iter_mut().zip(chains.as_chunks::<2>().0) {
        key.copy_from_slice(pair.as_flattened());
    }
}
