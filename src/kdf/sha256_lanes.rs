//! PBKDF2-HMAC-SHA256 of eight salts under one password, side by side.
//!
//! ```text
//! U1 = HMAC( salt ‖ 00000001 );  Un = HMAC( Un-1 );  key = U1 ⊕ U2 ⊕ … ⊕ Un
//! HMAC( x ) = SHA-256( password ⊕ opad ‖ SHA-256( password ⊕ ipad ‖ x ) )
//! ```
//! The blocks of the two pads are compressed once; each round then costs two compressions, with a
//! block that is the 32 bytes of the last digest and its padding.
//!
//! Source: RFC 8018 section 5.2, RFC 2104, FIPS 180-4.

#![expect(clippy::inline_always, reason = "as in `lanes`")]
#![expect(
    clippy::many_single_char_names,
    reason = "the names of FIPS 180-4 for the working variables"
)]

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use super::Iterations;
use super::lanes::{self, Lanes};
use super::processor::Vectors;

/// Length of a derived key in bytes: one block of PBKDF2.
pub(super) const KEY_LENGTH: usize = 32;

/// How many keys are derived side by side.
pub(super) const COUNT: usize = 8;

type State = [Lanes<COUNT>; 8];

const INITIAL_STATE: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
const ROUND_CONSTANTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

/// Fills each key from its salt. There are at most eight salts, and as many keys of up to 32
/// bytes.
pub(super) fn pbkdf2(
    vectors: Vectors,
    password: &[u8],
    salts: &[&[u8]],
    iterations: Iterations,
    keys: &mut [&mut [u8]],
) {
    let mut first = Zeroizing::new([[0; 8]; COUNT]);
    for (words, salt) in first.iter_mut().zip(salts) {
        *words = first_round(password, salt);
    }
    let rounds = Rounds {
        inner: padded_password(password, 0x36),
        outer: padded_password(password, 0x5c),
        first: lanes::interleave(&first),
        further: iterations.get() - 1,
    };
    let mut derived = Zeroizing::new(lanes::separate(&Zeroizing::new(vectors.run(rounds))));
    for (key, words) in keys.iter_mut().zip(derived.iter_mut()) {
        for (four, word) in key.chunks_mut(4).zip(words.iter()) {
            four.copy_from_slice(&word.to_be_bytes()[..four.len()]);
        }
    }
}

/// `HMAC( salt ‖ 00000001 )`.
fn first_round(password: &[u8], salt: &[u8]) -> [u32; 8] {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mac = Hmac::<Sha256>::new_from_slice(password).expect("HMAC takes keys of every length");
    let digest = Zeroizing::new(<[u8; 32]>::from(
        mac.chain_update(salt)
            .chain_update([0, 0, 0, 1])
            .finalize()
            .into_bytes(),
    ));
    words_of(&digest)
}

/// The state after the block of the password and `pad`.
fn padded_password(password: &[u8], pad: u8) -> State {
    use sha2::Digest;
    let mut block = Zeroizing::new([pad; 64]);
    let hashed: Zeroizing<[u8; 32]>;
    let key = if password.len() > block.len() {
        hashed = Zeroizing::new(Sha256::digest(password).into());
        hashed.as_slice()
    } else {
        password
    };
    for (padded, byte) in block.iter_mut().zip(key) {
        *padded ^= byte;
    }
    let words: [u32; 16] = words_of(&block);
    compress(INITIAL_STATE.map(splat), &words.map(splat))
}

fn words_of<const BYTES: usize, const WORDS: usize>(bytes: &[u8; BYTES]) -> [u32; WORDS] {
    let fours = bytes.as_chunks::<4>().0;
    std::array::from_fn(|index| u32::from_be_bytes(fours[index]))
}

/// All rounds of PBKDF2 after the first.
struct Rounds {
    inner: State,
    outer: State,
    first: State,
    further: u32,
}

impl pulp::NullaryFnOnce for Rounds {
    type Output = State;

    #[inline(always)]
    fn call(self) -> State {
        let mut last = self.first;
        let mut sum = self.first;
        let mut block = [[0; COUNT]; 16];
        block[8] = [0x8000_0000; COUNT];
        // The length in bits of a block of padded password and a digest.
        block[15] = [(64 + 32) * 8; COUNT];
        for _ in 0..self.further {
            block[..8].copy_from_slice(&last);
            let inner = compress(self.inner, &block);
            block[..8].copy_from_slice(&inner);
            last = compress(self.outer, &block);
            for (word, new) in sum.iter_mut().zip(&last) {
                *word = std::array::from_fn(|lane| word[lane] ^ new[lane]);
            }
        }
        block.zeroize();
        last.zeroize();
        sum
    }
}

/// SHA-256 of one block, in all lanes.
#[inline(always)]
fn compress(start: State, block: &[Lanes<COUNT>; 16]) -> State {
    let mut schedule = *block;
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = start;
    for sixteen in 0..4 {
        for step in 0..16 {
            if sixteen > 0 {
                schedule[step] = next_word(&schedule, step);
            }
            let constant = splat(ROUND_CONSTANTS[16 * sixteen + step]);
            let choice = lanes::mix(e, f, g, |e, f, g| (e & f) ^ (!e & g));
            let first = lanes::add(
                lanes::add(lanes::add(h, lanes::map(e, large_sigma_1)), choice),
                lanes::add(schedule[step], constant),
            );
            let majority = lanes::mix(a, b, c, |a, b, c| (a & b) ^ (a & c) ^ (b & c));
            let second = lanes::add(lanes::map(a, large_sigma_0), majority);
            (h, g, f, e) = (g, f, e, lanes::add(d, first));
            (d, c, b, a) = (c, b, a, lanes::add(first, second));
        }
    }
    let end = [a, b, c, d, e, f, g, h];
    std::array::from_fn(|word| lanes::add(start[word], end[word]))
}

#[inline(always)]
fn splat(word: u32) -> Lanes<COUNT> {
    [word; COUNT]
}

/// The word of the message schedule that takes the place of the one 16 steps before.
#[inline(always)]
fn next_word(schedule: &[Lanes<COUNT>; 16], step: usize) -> Lanes<COUNT> {
    let before = |back: usize| schedule[(step + 16 - back) % 16];
    let recent = lanes::add(lanes::map(before(2), small_sigma_1), before(7));
    let older = lanes::add(lanes::map(before(15), small_sigma_0), schedule[step]);
    lanes::add(recent, older)
}

#[inline(always)]
fn large_sigma_0(word: u32) -> u32 {
    word.rotate_right(2) ^ word.rotate_right(13) ^ word.rotate_right(22)
}

#[inline(always)]
fn large_sigma_1(word: u32) -> u32 {
    word.rotate_right(6) ^ word.rotate_right(11) ^ word.rotate_right(25)
}

#[inline(always)]
fn small_sigma_0(word: u32) -> u32 {
    word.rotate_right(7) ^ word.rotate_right(18) ^ (word >> 3)
}

#[inline(always)]
fn small_sigma_1(word: u32) -> u32 {
    word.rotate_right(17) ^ word.rotate_right(19) ^ (word >> 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kdf::{self, DigestAlgorithm};

    #[test]
    fn eight_keys_are_those_of_one_by_one() {
        let salts: Vec<Vec<u8>> = (0..8_u8)
            .map(|lane| vec![lane; 3 * usize::from(lane)])
            .collect();
        let salts: Vec<&[u8]> = salts.iter().map(Vec::as_slice).collect();
        for vectors in [Vectors::None, Vectors::of_processor()] {
            for (password, length) in [
                (&b"changeit"[..], 32),
                (b"", 16),
                (&[0xe4; 64], 24),
                (&[7; 65], 5),
            ] {
                for count in [1, 2, 37] {
                    let iterations = Iterations::new(count).unwrap();
                    let mut keys = vec![vec![0; length]; 8];
                    let mut slots: Vec<&mut [u8]> =
                        keys.iter_mut().map(Vec::as_mut_slice).collect();
                    pbkdf2(vectors, password, &salts, iterations, &mut slots);
                    for (key, salt) in keys.iter().zip(&salts) {
                        let mut expected = vec![0; length];
                        kdf::pbkdf2(
                            DigestAlgorithm::Sha256,
                            password,
                            salt,
                            iterations,
                            &mut expected,
                        );
                        assert_eq!(*key, expected);
                    }
                }
            }
        }
    }
}
