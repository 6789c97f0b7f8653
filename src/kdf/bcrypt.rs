//! bcrypt's hash of several keys at once.
//!
//! ```text
//! state  = Blowfish, expanded with salt and key, then 2^cost times with the key and with the salt
//! digest = "OrpheanBeholderScryDoubt", each of its three blocks encrypted 64 times, without the last byte
//! ```
//! Blowfish waits for its tables most of the time: where a load goes depends on the one before.
//! With four states in turn the processor waits for four loads at once, and all four (4 KiB each)
//! fit its first cache.
//!
//! Source: Provos and Mazières, "A Future-Adaptable Password Scheme" (1999); Schneier, "Description
//! of a New Variable-Length Key, 64-Bit Block Cipher (Blowfish)" (1994).

#![expect(
    clippy::inline_always,
    reason = "halves of blocks stay in registers only in what is inlined"
)]

use std::array;

use zeroize::{Zeroize, Zeroizing};

/// How many bytes of a key bcrypt takes.
pub(crate) const BCRYPT_KEY_LENGTH: usize = 72;

const DIGEST_LENGTH: usize = 23;

/// How many states go in turn; with eight each is slower again.
const SIDE_BY_SIDE: usize = 4;

/// The fractional part of pi, with which Blowfish's tables begin.
const PI: [u32; 18 + 4 * 256] = words_of_digits(include_bytes!("bcrypt/pi.txt"));

const CLEARTEXT: [[u32; 2]; 3] = [
    [u32::from_be_bytes(*b"Orph"), u32::from_be_bytes(*b"eanB")],
    [u32::from_be_bytes(*b"ehol"), u32::from_be_bytes(*b"derS")],
    [u32::from_be_bytes(*b"cryD"), u32::from_be_bytes(*b"oubt")],
];

/// A key and a salt.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct BcryptInput {
    /// The password and its zero byte, repeated.
    pub(crate) key: Zeroizing<[u8; BCRYPT_KEY_LENGTH]>,
    /// The salt.
    pub(crate) salt: [u8; 16],
}

/// The digests of `inputs`, in their order, of 23 bytes each. `cost` is at most 31.
pub(crate) fn bcrypt_many(cost: u32, inputs: &[BcryptInput]) -> Vec<Zeroizing<Vec<u8>>> {
    let digests_of = |inputs: &[BcryptInput]| match inputs.len() {
        SIDE_BY_SIDE => digests::<SIDE_BY_SIDE>(cost, inputs),
        3 => digests::<3>(cost, inputs),
        2 => digests::<2>(cost, inputs),
        _ => digests::<1>(cost, inputs),
    };
    inputs.chunks(SIDE_BY_SIDE).flat_map(digests_of).collect()
}

/// Those of `COUNT` inputs.
fn digests<const COUNT: usize>(cost: u32, inputs: &[BcryptInput]) -> Vec<Zeroizing<Vec<u8>>> {
    let key_of = |lane: usize| words_of(inputs[lane].key.as_slice());
    let keys: Zeroizing<[[u32; 18]; COUNT]> = Zeroizing::new(array::from_fn(key_of));
    let salts: [[u32; 4]; COUNT] = array::from_fn(|lane| words_of(&inputs[lane].salt));
    let salt_keys = salts.map(|salt| array::from_fn(|word| salt[word % 4]));
    let mut states = Box::new(Zeroizing::new(States::<COUNT>::initial()));
    states.expand(&keys, &salts);
    for _ in 0..1_u64 << cost {
        for keys in [&*keys, &salt_keys] {
            states.expand(keys, &[[0; 4]; COUNT]);
        }
    }
    let mut digests = vec![Zeroizing::new(Vec::with_capacity(24)); COUNT];
    for block in CLEARTEXT {
        let mut blocks = Blocks::of(block);
        for _ in 0..64 {
            states.encrypt(&mut blocks);
        }
        for (lane, digest) in digests.iter_mut().enumerate() {
            digest.extend_from_slice(&blocks.left[lane].to_be_bytes());
            digest.extend_from_slice(&blocks.right[lane].to_be_bytes());
        }
    }
    for digest in &mut digests {
        digest.truncate(DIGEST_LENGTH);
    }
    digests
}

/// Blowfish with its tables.
#[derive(Clone, Copy, Zeroize)]
struct Blowfish {
    /// The keys of the rounds.
    p: [u32; 18],
    /// The tables.
    s: [[u32; 256]; 4],
}

impl Blowfish {
    fn initial() -> Self {
        Self {
            p: array::from_fn(|word| PI[word]),
            s: array::from_fn(|table| array::from_fn(|word| PI[18 + 256 * table + word])),
        }
    }

    #[inline(always)]
    fn f(&self, half: u32) -> u32 {
        let byte = |shift: u32| (half >> shift & 0xff) as usize;
        let sum = self.s[0][byte(24)].wrapping_add(self.s[1][byte(16)]);
        (sum ^ self.s[2][byte(8)]).wrapping_add(self.s[3][byte(0)])
    }
}

/// The states that go in turn.
#[derive(Zeroize)]
struct States<const COUNT: usize>([Blowfish; COUNT]);

impl<const COUNT: usize> States<COUNT> {
    fn initial() -> Self {
        Self([Blowfish::initial(); COUNT])
    }

    /// Encrypts a block with each state.
    #[inline(always)]
    fn encrypt(&self, blocks: &mut Blocks<COUNT>) {
        let Blocks { left, right } = blocks;
        for pair in 0..8 {
            for (lane, state) in self.0.iter().enumerate() {
                left[lane] ^= state.p[2 * pair];
                right[lane] ^= state.p[2 * pair + 1] ^ state.f(left[lane]);
                left[lane] ^= state.f(right[lane]);
            }
        }
        for (lane, state) in self.0.iter().enumerate() {
            left[lane] ^= state.p[16];
            right[lane] ^= state.p[17];
        }
        std::mem::swap(left, right);
    }

    /// Mixes in keys and salts (`ExpandKey`); salts of zero are those of Blowfish's own key
    /// schedule.
    #[inline(always)]
    fn expand(&mut self, keys: &[[u32; 18]; COUNT], salts: &[[u32; 4]; COUNT]) {
        for (state, key) in self.0.iter_mut().zip(keys) {
            for (word, key) in state.p.iter_mut().zip(key) {
                *word ^= key;
            }
        }
        let mut blocks = Blocks::of([0; 2]);
        for pair in 0..9 {
            blocks.salt(salts, pair);
            self.encrypt(&mut blocks);
            for (lane, state) in self.0.iter_mut().enumerate() {
                state.p[2 * pair] = blocks.left[lane];
                state.p[2 * pair + 1] = blocks.right[lane];
            }
        }
        for table in 0..4 {
            for pair in 0..128 {
                blocks.salt(salts, 9 + pair);
                self.encrypt(&mut blocks);
                for (lane, state) in self.0.iter_mut().enumerate() {
                    state.s[table][2 * pair] = blocks.left[lane];
                    state.s[table][2 * pair + 1] = blocks.right[lane];
                }
            }
        }
    }
}

/// A block for each state, in halves.
#[derive(Clone, Copy)]
struct Blocks<const COUNT: usize> {
    left: [u32; COUNT],
    right: [u32; COUNT],
}

impl<const COUNT: usize> Blocks<COUNT> {
    /// The same for all states.
    fn of([left, right]: [u32; 2]) -> Self {
        Self {
            left: [left; COUNT],
            right: [right; COUNT],
        }
    }

    /// Mixes in the half of each salt whose turn it is.
    #[inline(always)]
    fn salt(&mut self, salts: &[[u32; 4]; COUNT], turn: usize) {
        let first = turn % 2 * 2;
        for (lane, salt) in salts.iter().enumerate() {
            self.left[lane] ^= salt[first];
            self.right[lane] ^= salt[first + 1];
        }
    }
}

fn words_of<const WORDS: usize>(bytes: &[u8]) -> [u32; WORDS] {
    let (fours, _) = bytes.as_chunks::<4>();
    array::from_fn(|word| u32::from_be_bytes(fours[word]))
}

/// The words that hexadecimal digits make, whatever stands between them.
const fn words_of_digits<const WORDS: usize>(text: &[u8]) -> [u32; WORDS] {
    let mut words = [0; WORDS];
    let mut digits = 0;
    let mut index = 0;
    while index < text.len() {
        if let Some(digit) = (text[index] as char).to_digit(16) {
            words[digits / 8] = words[digits / 8] << 4 | digit;
            digits += 1;
        }
        index += 1;
    }
    assert!(digits == 8 * WORDS);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The same with the Blowfish of a crate.
    fn of_crate(cost: u32, input: &BcryptInput) -> Vec<u8> {
        let key = input.key.as_slice();
        let mut state = blowfish::Blowfish::bc_init_state();
        state.salted_expand_key(&input.salt, key);
        for _ in 0..1_u32 << cost {
            state.bc_expand_key(key);
            state.bc_expand_key(&input.salt);
        }
        let mut digest = Vec::new();
        for mut block in CLEARTEXT {
            for _ in 0..64 {
                block = state.bc_encrypt(block);
            }
            digest.extend(block.iter().flat_map(|half| half.to_be_bytes()));
        }
        digest.truncate(DIGEST_LENGTH);
        digest
    }

    fn input() -> impl Strategy<Value = BcryptInput> {
        let key = prop::collection::vec(any::<u8>(), BCRYPT_KEY_LENGTH);
        (key, any::<[u8; 16]>()).prop_map(|(key, salt)| BcryptInput {
            key: Zeroizing::new(key.try_into().unwrap()),
            salt,
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn digests_are_those_of_the_blowfish_of_a_crate(
            inputs in prop::collection::vec(input(), 0..10),
            cost in 0..4_u32,
        ) {
            let digests = bcrypt_many(cost, &inputs);
            prop_assert_eq!(digests.len(), inputs.len());
            for (input, digest) in inputs.iter().zip(digests) {
                prop_assert_eq!(&of_crate(cost, input), &*digest);
            }
        }
    }
}
