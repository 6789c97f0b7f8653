//! [`DesCrypt`]: crypt(3) with DES, traditional and BSDi's extended one.
//!
//! ```text
//! key    = the low seven bits of each of the first 8 bytes of the password; extended: every further 8 bytes are folded
//!          in, key = DES( key, key ) ^ next 8 bytes
//! digest = a block of zeros, encrypted 25 times, or as often as the text says, with DES whose expansion E swaps the bits
//!          of its halves where the salt has a bit: 12 bits of salt, extended 24
//! ```
//! Traditional DES looks at 8 bytes: the rest of a password has never counted, for any product. Source: FIPS 46-3, and
//! crypt(5) of libxcrypt.

use std::fmt;

use zeroize::Zeroizing;

use super::without_zero_byte;
use crate::password::Refusal;

/// crypt(3) with DES.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesCrypt {
    pub(in crate::password) form: DesForm,
    /// 12 bits, or 24 of the extended form.
    pub(in crate::password) salt: u32,
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesForm {
    /// 25 times over the first 8 bytes of the password.
    Traditional,
    /// As often as the text says, over the whole password.
    Extended {
        /// 1 to 2^24 - 1.
        rounds: u32,
    },
}

impl DesForm {
    /// How often DES is computed.
    pub(in crate::password) fn iterations(self) -> u32 {
        match self {
            Self::Traditional => 25,
            Self::Extended { rounds } => rounds,
        }
    }
}

impl DesCrypt {
    pub(super) fn apply(&self, password: &[u8]) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        without_zero_byte(password)?;
        let key = match self.form {
            DesForm::Traditional => block_of(password),
            DesForm::Extended { .. } => folded(password),
        };
        let times = self.form.iterations();
        let block = encrypt(&schedule(key), salt_groups(self.salt), 0, times);
        Ok(Zeroizing::new(block.to_be_bytes().to_vec()))
    }
}

impl fmt::Display for DesCrypt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            DesForm::Traditional => formatter.write_str(
                "DES-crypt, 25 rounds, salt of 12 bits, over the first 8 bytes of the password",
            ),
            DesForm::Extended { rounds } => {
                write!(
                    formatter,
                    "extended DES-crypt, {rounds} rounds, salt of 24 bits"
                )
            }
        }
    }
}

/// Six bits for each of the eight S-boxes, sixteen times.
type Schedule = Zeroizing<[[u8; 8]; 16]>;

/// The first 8 bytes of `password`, each shifted past the bit that DES takes for parity.
fn block_of(password: &[u8]) -> u64 {
    let mut block = [0; 8];
    for (slot, byte) in block.iter_mut().zip(password) {
        *slot = byte << 1;
    }
    u64::from_be_bytes(block)
}

fn folded(password: &[u8]) -> u64 {
    let mut blocks = password.chunks(8);
    let mut key = block_of(blocks.next().unwrap_or_default());
    for next in blocks {
        key = encrypt(&schedule(key), [0; 4], key, 1) ^ block_of(next);
    }
    key
}

/// The salt's bits, lowest first, in the order of the expansion's first 24 bits.
fn salt_groups(salt: u32) -> [u8; 4] {
    let bits = salt.reverse_bits() >> 8;
    [18, 12, 6, 0].map(|shift| six_bits(u64::from(bits >> shift)))
}

fn six_bits(bits: u64) -> u8 {
    (bits & 63).to_le_bytes()[0]
}

/// The bits of `block` that `places` name, the first being the highest of `width`.
fn permuted(block: u64, width: u32, places: &[u8]) -> u64 {
    places.iter().fold(0, |bits, &place| {
        bits << 1 | block >> (width - u32::from(place)) & 1
    })
}

fn schedule(key: u64) -> Schedule {
    const HALF: u64 = (1 << 28) - 1;
    let chosen = permuted(key, 64, &PERMUTED_CHOICE_1);
    let (mut left, mut right) = (chosen >> 28, chosen & HALF);
    let mut keys = Zeroizing::new([[0; 8]; 16]);
    for (round, groups) in keys.iter_mut().enumerate() {
        let shift = if matches!(round, 0 | 1 | 8 | 15) {
            1
        } else {
            2
        };
        left = (left << shift | left >> (28 - shift)) & HALF;
        right = (right << shift | right >> (28 - shift)) & HALF;
        let bits = permuted(left << 28 | right, 56, &PERMUTED_CHOICE_2);
        for (index, group) in groups.iter_mut().enumerate() {
            *group = six_bits(bits >> (42 - 6 * index));
        }
    }
    keys
}

/// DES `times` times; the initial and the final permutation cancel out in between.
fn encrypt(keys: &Schedule, salt: [u8; 4], block: u64, times: u32) -> u64 {
    let block = permuted(block, 64, &INITIAL_PERMUTATION).to_be_bytes();
    let ([high, low], _) = block.as_chunks::<4>() else {
        return 0;
    };
    let (mut left, mut right) = (u32::from_be_bytes(*high), u32::from_be_bytes(*low));
    for _ in 0..times {
        for key in keys.iter() {
            (left, right) = (right, left ^ cipher_function(right, *key, salt));
        }
        (left, right) = (right, left);
    }
    let block = u64::from(left) << 32 | u64::from(right);
    permuted(block, 64, &FINAL_PERMUTATION)
}

/// DES's f, with the salt between the expansion and the key.
fn cipher_function(half: u32, key: [u8; 8], salt: [u8; 4]) -> u32 {
    let expanded = |index: u32| half.rotate_left((4 * index + 31) % 32) >> 26;
    let mut output = 0;
    for (index, salt) in (0_u8..).zip(salt) {
        let (first, second) = (usize::from(index), usize::from(index) + 4);
        let one = expanded(u32::from(index));
        let other = expanded(u32::from(index) + 4);
        let swapped = (one ^ other) & u32::from(salt);
        let one = one ^ swapped ^ u32::from(key[first]);
        let other = other ^ swapped ^ u32::from(key[second]);
        output |= BOXES[first][one as usize] | BOXES[second][other as usize];
    }
    output
}

const INITIAL_PERMUTATION: [u8; 64] = [
    58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4, 62, 54, 46, 38, 30, 22, 14, 6,
    64, 56, 48, 40, 32, 24, 16, 8, 57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3, 61,
    53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];
const FINAL_PERMUTATION: [u8; 64] = [
    40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31, 38, 6, 46, 14, 54, 22, 62, 30,
    37, 5, 45, 13, 53, 21, 61, 29, 36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
    34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
];
const PERMUTED_CHOICE_1: [u8; 56] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60,
    52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29,
    21, 13, 5, 28, 20, 12, 4,
];
const PERMUTED_CHOICE_2: [u8; 48] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52,
    31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const PERMUTATION: [u8; 32] = [
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19,
    13, 30, 6, 22, 11, 4, 25,
];
/// Each row has the digits of one of the four rows of an S-box, one after the other.
const SUBSTITUTIONS: [[&[u8; 16]; 4]; 8] = [
    [
        b"e4d12fb83a6c5907",
        b"0f74e2d1a6cb9538",
        b"41e8d62bfc973a50",
        b"fc8249175b3ea06d",
    ],
    [
        b"f18e6b34972dc05a",
        b"3d47f28ec01a69b5",
        b"0e7ba4d158c6932f",
        b"d8a13f42b67c05e9",
    ],
    [
        b"a09e63f51dc7b428",
        b"d709346a285ecbf1",
        b"d6498f30b12c5ae7",
        b"1ad069874fe3b52c",
    ],
    [
        b"7de3069a1285bc4f",
        b"d8b56f03472c1ae9",
        b"a690cb7df13e5284",
        b"3f06a1d8945bc72e",
    ],
    [
        b"2c417ab6853fd0e9",
        b"eb2c47d150fa3986",
        b"421bad78f9c5630e",
        b"b8c71e2d6f09a453",
    ],
    [
        b"c1af92680d34e75b",
        b"af427c9561de0b38",
        b"9ef528c3704a1db6",
        b"432c95fabe17608d",
    ],
    [
        b"4b2ef08d3c975a61",
        b"d0b7491ae35c2f86",
        b"14bdc37eaf680592",
        b"6bd814a7950fe23c",
    ],
    [
        b"d2846fb1a93e50c7",
        b"1fd8a374c56b0e92",
        b"7b419ce206adf358",
        b"21e74a8dfc90356b",
    ],
];

/// The S-boxes, with the permutation P behind them.
static BOXES: [[u32; 64]; 8] = boxes();

const fn boxes() -> [[u32; 64]; 8] {
    let mut boxes = [[0; 64]; 8];
    let mut index = 0;
    while index < 8 {
        let mut input = 0;
        while input < 64 {
            let row = input >> 4 & 2 | input & 1;
            let digit = SUBSTITUTIONS[index][row][input >> 1 & 15];
            let digit = if digit > b'9' {
                digit - b'a' + 10
            } else {
                digit - b'0'
            };
            boxes[index][input] = placed(digit, index);
            input += 1;
        }
        index += 1;
    }
    boxes
}

/// What P makes of the four bits that leave the S-box `index`.
const fn placed(digit: u8, index: usize) -> u32 {
    let mut output = 0;
    let mut to = 0;
    while to < 32 {
        let from = PERMUTATION[to] as usize - 1;
        if from / 4 == index && digit >> (3 - from % 4) & 1 == 1 {
            output |= 1 << (31 - to);
        }
        to += 1;
    }
    output
}

#[cfg(test)]
mod tests {
    use super::*;

    /// FIPS 81's example of DES, and one whose key and block have every second bit.
    #[test]
    fn without_salt_it_is_des() {
        for (key, plain, cipher) in [
            (
                0x0123_4567_89ab_cdef,
                0x4e6f_7720_6973_2074,
                0x3fa4_0e8a_984d_4815,
            ),
            (
                0x1334_5779_9bbc_dff1,
                0x0123_4567_89ab_cdef,
                0x85e8_1354_0f0a_b405,
            ),
        ] {
            assert_eq!(encrypt(&schedule(key), [0; 4], plain, 1), cipher);
        }
    }
}
