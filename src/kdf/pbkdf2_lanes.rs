//! PBKDF2 in lanes: each computes one block of a key, of a password and a salt of its own.
//!
//! ```text
//! U1 = HMAC( salt ‖ index u32 );  Un = HMAC( Un-1 );  block = U1 ⊕ U2 ⊕ … ⊕ Un
//! HMAC( x ) = H( password ⊕ opad ‖ H( password ⊕ ipad ‖ x ) )
//! ```
//! The blocks of the two pads are compressed once; each round then costs two compressions, with a
//! block that is the last digest and its padding.
//!
//! Source: RFC 8018 section 5.2, RFC 2104, FIPS 180-4.

#![expect(clippy::inline_always, reason = "as in `registers`")]

mod sha1;
mod sha2;
mod sha256;
mod sha512;

use std::marker::PhantomData;

use zeroize::{Zeroize, Zeroizing};

use self::sha1::Sha1;
use self::sha2::Sha2;
use super::processor::{Vectors, has_sha_instructions};
use super::registers::{OneLane, Registers, Word};
use super::{DigestAlgorithm, Iterations};

/// What a lane computes.
pub(super) struct Block<'a> {
    pub(super) password: &'a [u8],
    pub(super) salt: &'a [u8],
    /// Its place in the key, from 1.
    pub(super) index: u32,
    /// Where it goes: as many bytes as a digest, or fewer in the last block of a key.
    pub(super) output: &'a mut [u8],
}

/// The lanes of a digest.
#[derive(Clone, Copy)]
pub(super) struct BlockLanes {
    /// The digest.
    pub(super) prf: DigestAlgorithm,
    hash: Hash,
    vectors: Vectors,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

impl BlockLanes {
    /// Those of `prf`, if it has any.
    pub(super) fn of(prf: DigestAlgorithm, vectors: Vectors) -> Option<Self> {
        let hash = match prf {
            DigestAlgorithm::Sha1 => Hash::Sha1,
            DigestAlgorithm::Sha256 => Hash::Sha256,
            DigestAlgorithm::Sha512 => Hash::Sha512,
            _ => return None,
        };
        Some(Self { prf, hash, vectors })
    }

    /// Whether they are quicker than one by one.
    pub(super) fn pay(self) -> bool {
        let beside_instructions = match self.hash {
            Hash::Sha1 | Hash::Sha256 => self.vectors.are_wide(),
            Hash::Sha512 => true,
        };
        self.vectors.pay() && (beside_instructions || !has_sha_instructions())
    }

    /// How many blocks are computed side by side.
    pub(super) fn count(self) -> usize {
        match self.vectors {
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512(registers) => self.count_in(registers),
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2(registers) => self.count_in(registers),
            Vectors::None => self.count_in(OneLane),
        }
    }

    /// Fewer blocks are quicker one by one: empty lanes cost as much as others.
    pub(super) fn worthwhile(self) -> usize {
        match self.hash {
            Hash::Sha1 | Hash::Sha256 if has_sha_instructions() => self.count() / 2,
            _ => 2,
        }
    }

    /// Computes up to [`Self::count`] blocks.
    pub(super) fn derive(self, iterations: Iterations, blocks: &mut [Block<'_>]) {
        match self.vectors {
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx512(registers) => self.derive_in(registers, iterations, blocks),
            #[cfg(target_arch = "x86_64")]
            Vectors::Avx2(registers) => self.derive_in(registers, iterations, blocks),
            Vectors::None => self.derive_in(OneLane, iterations, blocks),
        }
    }

    fn count_in<R: Registers<u32> + Registers<u64>>(self, _: R) -> usize {
        match self.hash {
            Hash::Sha1 | Hash::Sha256 => <R as Registers<u32>>::COUNT,
            Hash::Sha512 => <R as Registers<u64>>::COUNT,
        }
    }

    fn derive_in<R: Registers<u32> + Registers<u64>>(
        self,
        registers: R,
        iterations: Iterations,
        blocks: &mut [Block<'_>],
    ) {
        let derive = match self.hash {
            Hash::Sha1 => derive::<Sha1, u32, R, 5>,
            Hash::Sha256 => derive::<Sha2, u32, R, 8>,
            Hash::Sha512 => derive::<Sha2, u64, R, 8>,
        };
        derive(registers, self.prf, iterations, blocks);
    }
}

/// A hash function whose state is `STATE` words, and whose digest is all of its last state.
trait LaneHash<W: Word, const STATE: usize> {
    const INITIAL_STATE: [W; STATE];

    /// The state after a block, in all lanes.
    fn compress<R: Registers<W>>(
        registers: R,
        start: [R::Lanes; STATE],
        block: &[R::Lanes; 16],
    ) -> [R::Lanes; STATE];
}

/// Computes up to as many blocks as there are lanes.
fn derive<H: LaneHash<W, STATE>, W: Word, R: Registers<W>, const STATE: usize>(
    registers: R,
    prf: DigestAlgorithm,
    iterations: Iterations,
    blocks: &mut [Block<'_>],
) {
    let mut keys = Zeroizing::new(vec![W::ZERO; 16 * R::COUNT]);
    let mut first = Zeroizing::new(vec![W::ZERO; STATE * R::COUNT]);
    for (lane, block) in blocks.iter().enumerate() {
        let key = hmac_key(prf, block.password);
        write_lane(&mut keys, lane, R::COUNT, &key);
        let message = [block.salt, &block.index.to_be_bytes()].concat();
        let digest = Zeroizing::new(prf.hmac(&key, &message));
        write_lane(&mut first, lane, R::COUNT, &digest);
    }
    let rounds = Rounds::<H, W, R, STATE> {
        registers,
        keys: &keys,
        first: &first,
        further: iterations.get() - 1,
        hash: PhantomData,
    };
    let mut sum = registers.vectorize(rounds);
    let words = R::words(&mut sum);
    for (lane, block) in blocks.iter_mut().enumerate() {
        let words_of_lane = words.iter().skip(lane).step_by(R::COUNT);
        for (bytes, word) in block.output.chunks_mut(size_of::<W>()).zip(words_of_lane) {
            word.write_first_bytes(bytes);
        }
    }
    words.zeroize();
}

/// What HMAC XORs its pads with, without the zeros at its end.
fn hmac_key(prf: DigestAlgorithm, password: &[u8]) -> Zeroizing<Vec<u8>> {
    if password.len() <= prf.block_length() {
        return Zeroizing::new(password.to_vec());
    }
    let mut digest = Zeroizing::new(vec![0; prf.output_length()]);
    prf.hash_repeatedly(password, 1, &mut digest);
    digest
}

/// Writes the big-endian words of `bytes` to one of `count` lanes.
fn write_lane<W: Word>(words: &mut [W], lane: usize, count: usize, bytes: &[u8]) {
    let words_of_lane = words.iter_mut().skip(lane).step_by(count);
    for (word, chunk) in words_of_lane.zip(bytes.chunks(size_of::<W>())) {
        *word = W::from_first_bytes(chunk);
    }
}

/// All rounds of PBKDF2 after the first.
struct Rounds<'a, H, W, R, const STATE: usize> {
    registers: R,
    keys: &'a [W],
    first: &'a [W],
    further: u32,
    hash: PhantomData<H>,
}

impl<H: LaneHash<W, STATE>, W: Word, R: Registers<W>, const STATE: usize> pulp::NullaryFnOnce
    for Rounds<'_, H, W, R, STATE>
{
    type Output = [R::Lanes; STATE];

    #[inline(always)]
    fn call(self) -> Self::Output {
        let registers = self.registers;
        let mut pads = [[registers.splat(W::ZERO); STATE]; 2];
        let mut block: [R::Lanes; 16] = registers.load(self.keys);
        for (state, byte) in pads.iter_mut().zip([0x36, 0x36 ^ 0x5c]) {
            for (word, initial) in state.iter_mut().zip(H::INITIAL_STATE) {
                *word = registers.splat(initial);
            }
            for word in &mut block {
                *word = registers.xor(*word, registers.splat(W::repeated(byte)));
            }
            *state = H::compress(registers, *state, &block);
        }
        let [inner, outer] = pads;
        let mut last = registers.load(self.first);
        let mut sum = last;
        block = [registers.splat(W::ZERO); 16];
        block[STATE] = registers.splat(W::END_MARK);
        // A block of padded password and a digest.
        block[15] = registers.splat(W::bit_length(16 + STATE));
        for _ in 0..self.further {
            block[..STATE].copy_from_slice(&last);
            let digest = H::compress(registers, inner, &block);
            block[..STATE].copy_from_slice(&digest);
            last = H::compress(registers, outer, &block);
            for (word, new) in sum.iter_mut().zip(&last) {
                *word = registers.xor(*word, *new);
            }
        }
        R::words(&mut block).zeroize();
        R::words(&mut last).zeroize();
        sum
    }
}
