//! [`Lanes`]: the same word of several hash computations, side by side.
//!
//! Plain arrays and loops without branches, which the compiler turns into vector instructions
//! where [`super::processor::Vectors`] lets it use them. Everything is inlined into the caller,
//! since only there the compiler knows of them.

#![expect(
    clippy::inline_always,
    reason = "vector instructions are used only in what is inlined"
)]

use std::array;

/// One word of each computation.
pub(super) type Lanes<const COUNT: usize> = [u32; COUNT];

/// Addition modulo 2^32.
#[inline(always)]
pub(super) fn add<const COUNT: usize>(one: Lanes<COUNT>, other: Lanes<COUNT>) -> Lanes<COUNT> {
    array::from_fn(|lane| one[lane].wrapping_add(other[lane]))
}

/// `f` of each word.
#[inline(always)]
pub(super) fn map<const COUNT: usize>(one: Lanes<COUNT>, f: impl Fn(u32) -> u32) -> Lanes<COUNT> {
    array::from_fn(|lane| f(one[lane]))
}

/// `f` of the words of three.
#[inline(always)]
pub(super) fn mix<const COUNT: usize>(
    one: Lanes<COUNT>,
    second: Lanes<COUNT>,
    third: Lanes<COUNT>,
    f: impl Fn(u32, u32, u32) -> u32,
) -> Lanes<COUNT> {
    array::from_fn(|lane| f(one[lane], second[lane], third[lane]))
}

/// The words of one computation after the other, side by side.
pub(super) fn interleave<const COUNT: usize, const WORDS: usize>(
    each: &[[u32; WORDS]; COUNT],
) -> [Lanes<COUNT>; WORDS] {
    array::from_fn(|word| array::from_fn(|lane| each[lane][word]))
}

/// The words of each computation again.
pub(super) fn separate<const COUNT: usize, const WORDS: usize>(
    lanes: &[Lanes<COUNT>; WORDS],
) -> [[u32; WORDS]; COUNT] {
    array::from_fn(|lane| array::from_fn(|word| lanes[word][lane]))
}
