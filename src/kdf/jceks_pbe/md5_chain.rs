//! `x := MD5( x ‖ password )` over and over, two chains at a time.
//!
//! One MD5 is one long chain of dependent additions, so a processor computes two in little more
//! time than one. Where `x ‖ password` fits one block (a password of up to 39 bytes), padding and
//! password are laid out once and only `x` changes.
//!
//! Source: RFC 1321.

use md5::{Digest, Md5};
use zeroize::{Zeroize, Zeroizing};

use crate::kdf::Iterations;

/// What is left of a 64 byte block for the password: 16 bytes are `x`, 1 and 8 are padding.
const LONGEST_ONE_BLOCK_PASSWORD: usize = 64 - 16 - 1 - 8;

/// The two values of one word, one per chain.
type Lanes = [u32; 2];

/// Runs both chains from their 4 byte starts; gives both last digests.
pub(super) fn two_chains(
    password: &[u8],
    starts: [[u8; 4]; 2],
    iterations: Iterations,
) -> Zeroizing<[[u8; 16]; 2]> {
    let mut chains = Zeroizing::new(starts.map(|start| digest_of(&start, password)));
    let remaining = iterations.get() - 1;
    if password.len() > LONGEST_ONE_BLOCK_PASSWORD {
        for chain in chains.iter_mut() {
            for _ in 0..remaining {
                *chain = digest_of(chain, password);
            }
        }
        return chains;
    }
    let mut block = one_block(password);
    let mut state = lanes_of(&chains);
    for _ in 0..remaining {
        block[..4].copy_from_slice(&state);
        state = compress(&block);
    }
    *chains = bytes_of(&state);
    block.zeroize();
    state.zeroize();
    chains
}

fn digest_of(start: &[u8], password: &[u8]) -> [u8; 16] {
    Md5::new()
        .chain_update(start)
        .chain_update(password)
        .finalize()
        .into()
}

/// The padded block of `x ‖ password`, with `x` still empty, the same in both lanes.
fn one_block(password: &[u8]) -> [Lanes; 16] {
    let mut bytes = Zeroizing::new([0_u8; 64]);
    let length = 16 + password.len();
    bytes[16..length].copy_from_slice(password);
    bytes[length] = 0x80;
    let bits = u64::try_from(length * 8).unwrap_or(0);
    bytes[56..].copy_from_slice(&bits.to_le_bytes());
    let mut words = [[0; 2]; 16];
    for (word, four) in words.iter_mut().zip(bytes.as_chunks::<4>().0) {
        *word = [u32::from_le_bytes(*four); 2];
    }
    words
}

fn lanes_of(chains: &[[u8; 16]; 2]) -> [Lanes; 4] {
    let word =
        |lane: usize, index: usize| u32::from_le_bytes(chains[lane].as_chunks::<4>().0[index]);
    std::array::from_fn(|index| [word(0, index), word(1, index)])
}

fn bytes_of(state: &[Lanes; 4]) -> [[u8; 16]; 2] {
    let mut chains = [[0; 16]; 2];
    for (lane, chain) in chains.iter_mut().enumerate() {
        for (four, word) in chain.as_chunks_mut::<4>().0.iter_mut().zip(state) {
            *four = word[lane].to_le_bytes();
        }
    }
    chains
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

/// MD5 of one block, in both lanes.
fn compress(block: &[Lanes; 16]) -> [Lanes; 4] {
    let start = INITIAL_STATE.map(|word| [word; 2]);
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
    std::array::from_fn(|word| add(state[word], start[word]))
}

/// Sixteen steps, four at a time.
#[expect(
    clippy::inline_always,
    reason = "sixteen steps in registers: half the time of a call"
)]
#[inline(always)]
fn round(
    [mut a, mut b, mut c, mut d]: [Lanes; 4],
    block: &[Lanes; 16],
    number: usize,
    shifts: [u32; 4],
    word: impl Fn(usize) -> usize,
    mix: impl Fn(u32, u32, u32) -> u32 + Copy,
) -> [Lanes; 4] {
    for group in 0..4 {
        let first = 4 * group;
        let input = |step: usize| {
            let sine = SINES[16 * number + first + step];
            add(block[word(first + step) % 16], [sine; 2])
        };
        a = step(a, b, c, d, input(0), shifts[0], mix);
        d = step(d, a, b, c, input(1), shifts[1], mix);
        c = step(c, d, a, b, input(2), shifts[2], mix);
        b = step(b, c, d, a, input(3), shifts[3], mix);
    }
    [a, b, c, d]
}

#[expect(clippy::inline_always, reason = "as `round`")]
#[inline(always)]
fn step(
    a: Lanes,
    b: Lanes,
    c: Lanes,
    d: Lanes,
    input: Lanes,
    shift: u32,
    mix: impl Fn(u32, u32, u32) -> u32,
) -> Lanes {
    std::array::from_fn(|lane| {
        a[lane]
            .wrapping_add(mix(b[lane], c[lane], d[lane]))
            .wrapping_add(input[lane])
            .rotate_left(shift)
            .wrapping_add(b[lane])
    })
}

#[inline]
fn add(one: Lanes, other: Lanes) -> Lanes {
    [one[0].wrapping_add(other[0]), one[1].wrapping_add(other[1])]
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
    fn both_chains_are_those_of_plain_md5_at_every_password_length() {
        let starts = [[1, 2, 3, 4], [0xff, 0, 0x80, 0x7f]];
        for length in 0..70_u8 {
            let password: Vec<u8> = (0..length).map(|index| index.wrapping_mul(37)).collect();
            for count in [1, 2, 3, 20] {
                let iterations = Iterations::new(u64::from(count)).unwrap();
                let chains = two_chains(&password, starts, iterations);
                assert_eq!(chains[0], plainly(&password, starts[0], count));
                assert_eq!(chains[1], plainly(&password, starts[1], count));
            }
        }
    }
}
