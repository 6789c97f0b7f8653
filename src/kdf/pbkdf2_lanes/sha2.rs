//! SHA-256 and SHA-512 in lanes: one function over words of 32 or of 64 bits.
//!
//! Source: FIPS 180-4 section 6.

#![expect(clippy::inline_always, reason = "as in `registers`")]
#![expect(
    clippy::many_single_char_names,
    reason = "the names of FIPS 180-4 for the working variables"
)]

use super::LaneHash;
use crate::kdf::registers::{Registers, Word};

/// SHA-256 over `u32`, SHA-512 over `u64`.
pub(super) struct Sha2;

/// What differs between the two.
pub(super) trait Sha2Word: Word {
    const INITIAL_STATE: [Self; 8];
    const ROUND_CONSTANTS: &[Self];
    /// Rotations of `Σ0` and `Σ1`.
    const LARGE_SIGMAS: [[u32; 3]; 2];
    /// Rotations of `σ0` and `σ1`, and a shift.
    const SMALL_SIGMAS: [([u32; 2], u32); 2];
}

impl<W: Sha2Word> LaneHash<W, 8> for Sha2 {
    const INITIAL_STATE: [W; 8] = W::INITIAL_STATE;

    #[inline(always)]
    fn compress<R: Registers<W>>(
        registers: R,
        start: [R::Lanes; 8],
        block: &[R::Lanes; 16],
    ) -> [R::Lanes; 8] {
        let mut schedule = *block;
        let mut state = start;
        let sixteens = W::ROUND_CONSTANTS.as_chunks::<16>().0;
        for (sixteen, constants) in sixteens.iter().enumerate() {
            if sixteen > 0 {
                extend(registers, &mut schedule);
            }
            eight(registers, &mut state, &schedule[..8], &constants[..8]);
            eight(registers, &mut state, &schedule[8..], &constants[8..]);
        }
        for (word, start) in state.iter_mut().zip(start) {
            *word = registers.add(*word, start);
        }
        state
    }
}

/// Eight steps, after which each working variable is in its first place again. Written out, since
/// the compiler does not unroll a loop of so many instructions.
#[inline(always)]
fn eight<W: Sha2Word, R: Registers<W>>(
    registers: R,
    state: &mut [R::Lanes; 8],
    schedule: &[R::Lanes],
    constants: &[W],
) {
    step(
        registers,
        state,
        0,
        input(registers, schedule[0], constants[0]),
    );
    step(
        registers,
        state,
        1,
        input(registers, schedule[1], constants[1]),
    );
    step(
        registers,
        state,
        2,
        input(registers, schedule[2], constants[2]),
    );
    step(
        registers,
        state,
        3,
        input(registers, schedule[3], constants[3]),
    );
    step(
        registers,
        state,
        4,
        input(registers, schedule[4], constants[4]),
    );
    step(
        registers,
        state,
        5,
        input(registers, schedule[5], constants[5]),
    );
    step(
        registers,
        state,
        6,
        input(registers, schedule[6], constants[6]),
    );
    step(
        registers,
        state,
        7,
        input(registers, schedule[7], constants[7]),
    );
}

#[inline(always)]
fn input<W: Word, R: Registers<W>>(registers: R, word: R::Lanes, constant: W) -> R::Lanes {
    registers.add(word, registers.splat(constant))
}

/// One step, at whose beginning the variables are `turn` places further to the left.
#[inline(always)]
fn step<W: Sha2Word, R: Registers<W>>(
    registers: R,
    state: &mut [R::Lanes; 8],
    turn: usize,
    input: R::Lanes,
) {
    let add = |one, other| registers.add(one, other);
    let xor = |one, other| registers.xor(one, other);
    let and = |one, other| registers.and(one, other);
    let place = |variable: usize| (variable + 8 - turn) % 8;
    let [a, b, c] = [state[place(0)], state[place(1)], state[place(2)]];
    let [e, f, g] = [state[place(4)], state[place(5)], state[place(6)]];
    let choice = xor(g, and(e, xor(f, g)));
    let sigma = large_sigma(registers, e, W::LARGE_SIGMAS[1]);
    let first = add(add(add(state[place(7)], input), choice), sigma);
    let majority = xor(and(a, b), and(c, xor(a, b)));
    let second = add(large_sigma(registers, a, W::LARGE_SIGMAS[0]), majority);
    state[place(3)] = add(state[place(3)], first);
    state[place(7)] = add(first, second);
}

/// Each word of the message schedule makes room for the one 16 steps later.
#[inline(always)]
fn extend<W: Sha2Word, R: Registers<W>>(registers: R, schedule: &mut [R::Lanes; 16]) {
    for step in 0..16 {
        schedule[step] = next_word(registers, schedule, step);
    }
}

/// The word of the message schedule that follows 16 steps later.
#[inline(always)]
fn next_word<W: Sha2Word, R: Registers<W>>(
    registers: R,
    schedule: &[R::Lanes; 16],
    step: usize,
) -> R::Lanes {
    let before = |back: usize| schedule[(step + 16 - back) % 16];
    let [older, recent] = W::SMALL_SIGMAS;
    let older = registers.add(schedule[step], small_sigma(registers, before(15), older));
    let recent = registers.add(before(7), small_sigma(registers, before(2), recent));
    registers.add(older, recent)
}

#[inline(always)]
fn large_sigma<W: Word, R: Registers<W>>(
    registers: R,
    lanes: R::Lanes,
    [first, second, third]: [u32; 3],
) -> R::Lanes {
    let turned = registers.xor(
        registers.rotate_right(lanes, first),
        registers.rotate_right(lanes, second),
    );
    registers.xor(turned, registers.rotate_right(lanes, third))
}

#[inline(always)]
fn small_sigma<W: Word, R: Registers<W>>(
    registers: R,
    lanes: R::Lanes,
    ([first, second], shift): ([u32; 2], u32),
) -> R::Lanes {
    let turned = registers.xor(
        registers.rotate_right(lanes, first),
        registers.rotate_right(lanes, second),
    );
    registers.xor(turned, registers.shift_right(lanes, shift))
}
