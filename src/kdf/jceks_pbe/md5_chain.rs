//! `x := MD5( x ‖ password )` over and over, several chains at a time.
//!
//! One MD5 is one long chain of dependent additions, so a processor computes two in little more
//! time than one, and in vector registers one in each lane. Where `x ‖ password` fits one block (a
//! password of up to 39 bytes), padding and password are laid out once and only `x` changes.
//!
//! Source: RFC 1321.

#![expect(clippy::inline_always, reason = "as in `lanes`")]

use md5::{Digest, Md5};
use zeroize::{Zeroize, Zeroizing};

use crate::kdf::Iterations;
use crate::kdf::lanes::{self, Lanes};
use crate::kdf::processor::Vectors;

/// What is left of a 64 byte block for the password: 16 bytes are `x`, 1 and 8 are padding.
const LONGEST_ONE_BLOCK_PASSWORD: usize = 64 - 16 - 1 - 8;

/// Runs each chain from its 4 byte start; gives the last digests.
pub(super) fn chains<const COUNT: usize>(
    vectors: Vectors,
    password: &[u8],
    starts: [[u8; 4]; COUNT],
    iterations: Iterations,
) -> Zeroizing<[[u8; 16]; COUNT]> {
    let mut chains = Zeroizing::new(starts.map(|start| digest_of(&start, password)));
    let further = iterations.get() - 1;
    if password.len() > LONGEST_ONE_BLOCK_PASSWORD {
        for chain in chains.iter_mut() {
            for _ in 0..further {
                *chain = digest_of(chain, password);
            }
        }
        return chains;
    }
    let rounds = Rounds {
        block: one_block(password).map(|word| [word; COUNT]),
        state: lanes::interleave(&Zeroizing::new(chains.map(|chain| words_of(&chain)))),
        further,
    };
    let state = Zeroizing::new(vectors.run(rounds));
    for (chain, words) in chains.iter_mut().zip(lanes::separate(&state)) {
        for (four, word) in chain.as_chunks_mut::<4>().0.iter_mut().zip(words) {
            *four = word.to_le_bytes();
        }
    }
    chains
}

fn digest_of(start: &[u8], password: &[u8]) -> [u8; 16] {
    Md5::new()
        .chain_update(start)
        .chain_update(password)
        .finalize()
        .into()
}

/// The padded block of `x ‖ password`, with `x` still empty.
fn one_block(password: &[u8]) -> [u32; 16] {
    let mut bytes = Zeroizing::new([0_u8; 64]);
    let length = 16 + password.len();
    bytes[16..length].copy_from_slice(password);
    bytes[length] = 0x80;
    let bits = u64::try_from(length * 8).unwrap_or(0);
    bytes[56..].copy_from_slice(&bits.to_le_bytes());
    words_of(&bytes)
}

fn words_of<const BYTES: usize, const WORDS: usize>(bytes: &[u8; BYTES]) -> [u32; WORDS] {
    let fours = bytes.as_chunks::<4>().0;
    std::array::from_fn(|index| u32::from_le_bytes(fours[index]))
}

/// All rounds after the first.
struct Rounds<const COUNT: usize> {
    block: [Lanes<COUNT>; 16],
    state: [Lanes<COUNT>; 4],
    further: u32,
}

impl<const COUNT: usize> pulp::NullaryFnOnce for Rounds<COUNT> {
    type Output = [Lanes<COUNT>; 4];

    #[inline(always)]
    fn call(mut self) -> Self::Output {
        for _ in 0..self.further {
            self.block[..4].copy_from_slice(&self.state);
            self.state = compress(&self.block);
        }
        self.block.zeroize();
        self.state
    }
}

const INITIAL_STATE: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];

/// `floor(2^32 · |sin(i + 1)|)`, RFC 1321 section 3.4.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];

/// MD5 of one block, in all lanes.
#[inline(always)]
fn compress<const COUNT: usize>(block: &[Lanes<COUNT>; 16]) -> [Lanes<COUNT>; 4] {
    let start = INITIAL_STATE.map(|word| [word; COUNT]);
    let state = round(
        start,
        block,
        0,
        [7, 12, 17, 22],
        |i| i,
        |b, c, d| (b & c) | (!b & d),
    );
    let state = round(
        state,
        block,
        1,
        [5, 9, 14, 20],
        |i| 5 * i + 1,
        |b, c, d| (b & d) | (c & !d),
    );
    let state = round(
        state,
        block,
        2,
        [4, 11, 16, 23],
        |i| 3 * i + 5,
        |b, c, d| b ^ c ^ d,
    );
    let state = round(
        state,
        block,
        3,
        [6, 10, 15, 21],
        |i| 7 * i,
        |b, c, d| c ^ (b | !d),
    );
    std::array::from_fn(|word| lanes::add(state[word], start[word]))
}

/// Sixteen steps, four at a time.
#[inline(always)]
fn round<const COUNT: usize>(
    [mut a, mut b, mut c, mut d]: [Lanes<COUNT>; 4],
    block: &[Lanes<COUNT>; 16],
    number: usize,
    shifts: [u32; 4],
    word: impl Fn(usize) -> usize,
    mix: impl Fn(u32, u32, u32) -> u32 + Copy,
) -> [Lanes<COUNT>; 4] {
    for group in 0..4 {
        let first = 4 * group;
        let input = |step: usize| {
            let sine = SINES[16 * number + first + step];
            lanes::add(block[word(first + step) % 16], [sine; COUNT])
        };
        a = step(a, b, c, d, input(0), shifts[0], mix);
        d = step(d, a, b, c, input(1), shifts[1], mix);
        c = step(c, d, a, b, input(2), shifts[2], mix);
        b = step(b, c, d, a, input(3), shifts[3], mix);
    }
    [a, b, c, d]
}

#[inline(always)]
fn step<const COUNT: usize>(
    a: Lanes<COUNT>,
    b: Lanes<COUNT>,
    c: Lanes<COUNT>,
    d: Lanes<COUNT>,
    input: Lanes<COUNT>,
    shift: u32,
    mix: impl Fn(u32, u32, u32) -> u32,
) -> Lanes<COUNT> {
    let mixed = lanes::add(lanes::add(a, lanes::mix(b, c, d, mix)), input);
    lanes::add(lanes::map(mixed, |word| word.rotate_left(shift)), b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(password: &[u8], start: [u8; 4], iterations: u32) -> [u8; 16] {
        let mut digest = digest_of(&start, password);
        for _ in 1..iterations {
            digest = digest_of(&digest, password);
        }
        digest
    }

    #[test]
    fn every_chain_is_that_of_plain_md5_at_every_password_length() {
        let starts = [[1, 2, 3, 4], [0xff, 0, 0x80, 0x7f], [0; 4], [9; 4]];
        for length in 0..70_u8 {
            let password: Vec<u8> = (0..length).map(|index| index.wrapping_mul(37)).collect();
            for count in [1, 2, 3, 20] {
                let iterations = Iterations::new(u64::from(count)).unwrap();
                let expected = starts.map(|start| plainly(&password, start, count));
                for vectors in [Vectors::None, Vectors::of_processor()] {
                    assert_eq!(*chains(vectors, &password, starts, iterations), expected);
                }
            }
        }
    }
}
