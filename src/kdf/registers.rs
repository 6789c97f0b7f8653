//! [`Registers`]: vector registers that hold the same word of several hash computations.
//!
//! | | `u32` | `u64` |
//! |---|---|---|
//! | AVX-512 | 16 lanes | 8 |
//! | AVX2 | 8 | 4 |
//! | [`OneLane`] | 1 | 1 |
//!
//! Every operation names its instruction: left to itself, the compiler finds some of them in loops
//! over arrays and misses others. Everything is inlined into the caller, since only there the
//! instructions may be used.

#![expect(
    clippy::inline_always,
    reason = "vector instructions are used only in what is inlined"
)]

use pulp::NullaryFnOnce;
use pulp::bytemuck::{self, Pod};
use zeroize::DefaultIsZeroes;

/// An unsigned integer that hash functions compute with.
pub(super) trait Word: Pod + DefaultIsZeroes {
    const ZERO: Self;
    /// The bit 1 that follows a message, and zeros.
    const END_MARK: Self;
    /// The length in bits of as many words.
    fn bit_length(words: usize) -> Self;
    /// A word of which each byte is this one.
    fn repeated(byte: u8) -> Self;
    /// The word that begins with these bytes, big-endian, and ends with zeros.
    fn from_first_bytes(bytes: &[u8]) -> Self;
    /// Writes as many of its first bytes, big-endian, as there is room for.
    fn write_first_bytes(self, room: &mut [u8]);
}

/// Operations on registers of words `W`.
pub(super) trait Registers<W: Word>: Copy {
    /// A register.
    type Lanes: Pod;

    /// How many words a register holds.
    const COUNT: usize = size_of::<Self::Lanes>() / size_of::<W>();

    fn splat(self, word: W) -> Self::Lanes;
    /// Addition modulo 2^32 or 2^64.
    fn add(self, one: Self::Lanes, other: Self::Lanes) -> Self::Lanes;
    fn xor(self, one: Self::Lanes, other: Self::Lanes) -> Self::Lanes;
    fn and(self, one: Self::Lanes, other: Self::Lanes) -> Self::Lanes;
    fn shift_right(self, lanes: Self::Lanes, bits: u32) -> Self::Lanes;
    fn rotate_right(self, lanes: Self::Lanes, bits: u32) -> Self::Lanes;
    /// Runs `work`, compiled for these registers.
    fn vectorize<F: NullaryFnOnce>(self, work: F) -> F::Output;

    /// Registers with these words: all lanes of the first, then of the second…
    #[inline(always)]
    fn load<const LENGTH: usize>(self, words: &[W]) -> [Self::Lanes; LENGTH] {
        let mut lanes = [self.splat(W::ZERO); LENGTH];
        bytemuck::cast_slice_mut(&mut lanes).copy_from_slice(words);
        lanes
    }

    /// The words of registers again.
    #[inline(always)]
    fn words(lanes: &mut [Self::Lanes]) -> &mut [W] {
        bytemuck::cast_slice_mut(lanes)
    }
}

/// No vector register: the processor has none, or none that are known here.
#[derive(Clone, Copy)]
pub(super) struct OneLane;

/// `Word` and `OneLane` for an integer.
macro_rules! word {
    ($word:ty) => {
        impl Word for $word {
            const ZERO: Self = 0;
            const END_MARK: Self = 1 << (Self::BITS - 1);

            fn bit_length(words: usize) -> Self {
                Self::try_from(words * size_of::<Self>() * 8).unwrap_or(Self::MAX)
            }

            fn repeated(byte: u8) -> Self {
                Self::from_ne_bytes([byte; size_of::<Self>()])
            }

            fn from_first_bytes(bytes: &[u8]) -> Self {
                let mut all = [0; size_of::<Self>()];
                all[..bytes.len()].copy_from_slice(bytes);
                Self::from_be_bytes(all)
            }

            fn write_first_bytes(self, room: &mut [u8]) {
                room.copy_from_slice(&self.to_be_bytes()[..room.len()]);
            }
        }

        impl Registers<$word> for OneLane {
            type Lanes = $word;

            fn splat(self, word: $word) -> $word {
                word
            }

            fn add(self, one: $word, other: $word) -> $word {
                one.wrapping_add(other)
            }

            fn xor(self, one: $word, other: $word) -> $word {
                one ^ other
            }

            fn and(self, one: $word, other: $word) -> $word {
                one & other
            }

            fn shift_right(self, word: $word, bits: u32) -> $word {
                word >> bits
            }

            fn rotate_right(self, word: $word, bits: u32) -> $word {
                word.rotate_right(bits)
            }

            fn vectorize<F: NullaryFnOnce>(self, work: F) -> F::Output {
                work.call()
            }
        }
    };
}

word!(u32);
word!(u64);

/// [`Registers`] for an instruction set, of which only the names of the operations differ.
#[cfg(target_arch = "x86_64")]
macro_rules! registers {
    ($set:ty, $word:ty, $lanes:ty: $splat:ident $add:ident $xor:ident $and:ident $or:ident $left:ident $right:ident) => {
        impl Registers<$word> for $set {
            type Lanes = $lanes;

            #[inline(always)]
            fn splat(self, word: $word) -> Self::Lanes {
                pulp::Simd::$splat(self, word)
            }

            #[inline(always)]
            fn add(self, one: Self::Lanes, other: Self::Lanes) -> Self::Lanes {
                pulp::Simd::$add(self, one, other)
            }

            #[inline(always)]
            fn xor(self, one: Self::Lanes, other: Self::Lanes) -> Self::Lanes {
                pulp::Simd::$xor(self, one, other)
            }

            #[inline(always)]
            fn and(self, one: Self::Lanes, other: Self::Lanes) -> Self::Lanes {
                pulp::Simd::$and(self, one, other)
            }

            #[inline(always)]
            fn shift_right(self, lanes: Self::Lanes, bits: u32) -> Self::Lanes {
                self.$right(lanes, pulp::Simd::$splat(self, bits.into()))
            }

            #[inline(always)]
            fn rotate_right(self, lanes: Self::Lanes, bits: u32) -> Self::Lanes {
                let back = <$word>::BITS - bits;
                let wrapped = self.$left(lanes, pulp::Simd::$splat(self, back.into()));
                pulp::Simd::$or(
                    self,
                    Registers::<$word>::shift_right(self, lanes, bits),
                    wrapped,
                )
            }

            #[inline(always)]
            fn vectorize<F: NullaryFnOnce>(self, work: F) -> F::Output {
                <$set>::vectorize(self, work)
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
registers!(pulp::x86::V3, u32, pulp::u32x8: splat_u32s add_u32s xor_u32s and_u32s or_u32s shl_dyn_u32x8 shr_dyn_u32x8);
#[cfg(target_arch = "x86_64")]
registers!(pulp::x86::V3, u64, pulp::u64x4: splat_u64s add_u64s xor_u64s and_u64s or_u64s shl_dyn_u64x4 shr_dyn_u64x4);
#[cfg(target_arch = "x86_64")]
registers!(pulp::x86::V4, u32, pulp::u32x16: splat_u32s add_u32s xor_u32s and_u32s or_u32s shl_dyn_u32x16 shr_dyn_u32x16);
#[cfg(target_arch = "x86_64")]
registers!(pulp::x86::V4, u64, pulp::u64x8: splat_u64s add_u64s xor_u64s and_u64s or_u64s shl_dyn_u64x8 shr_dyn_u64x8);
