//! SHA-1 in lanes.
//!
//! Source: FIPS 180-4 section 6.1.

#![expect(clippy::inline_always, reason = "as in `registers`")]

use super::LaneHash;
use crate::kdf::registers::Registers;

/// SHA-1.
pub(super) struct Sha1;

const INITIAL_STATE: [u32; 5] = [
    0x6745_2301,
    0xefcd_ab89,
    0x98ba_dcfe,
    0x1032_5476,
    0xc3d2_e1f0,
];

impl LaneHash<u32, 5> for Sha1 {
    const INITIAL_STATE: [u32; 5] = INITIAL_STATE;

    #[inline(always)]
    fn compress<R: Registers<u32>>(
        registers: R,
        start: [R::Lanes; 5],
        block: &[R::Lanes; 16],
    ) -> [R::Lanes; 5] {
        let mut schedule = *block;
        let mut state = start;
        twenty::<0, R>(
            registers,
            &mut state,
            &mut schedule,
            0x5a82_7999,
            choice::<R>,
        );
        twenty::<20, R>(
            registers,
            &mut state,
            &mut schedule,
            0x6ed9_eba1,
            parity::<R>,
        );
        twenty::<40, R>(
            registers,
            &mut state,
            &mut schedule,
            0x8f1b_bcdc,
            majority::<R>,
        );
        twenty::<60, R>(
            registers,
            &mut state,
            &mut schedule,
            0xca62_c1d6,
            parity::<R>,
        );
        for (word, start) in state.iter_mut().zip(start) {
            *word = registers.add(*word, start);
        }
        state
    }
}

#[inline(always)]
fn choice<R: Registers<u32>>(registers: R, [b, c, d]: [R::Lanes; 3]) -> R::Lanes {
    registers.xor(d, registers.and(b, registers.xor(c, d)))
}

#[inline(always)]
fn parity<R: Registers<u32>>(registers: R, [b, c, d]: [R::Lanes; 3]) -> R::Lanes {
    registers.xor(registers.xor(b, c), d)
}

#[inline(always)]
fn majority<R: Registers<u32>>(registers: R, [b, c, d]: [R::Lanes; 3]) -> R::Lanes {
    let two = registers.and(b, c);
    registers.xor(two, registers.and(d, registers.xor(b, c)))
}

/// Twenty steps that have their function and their constant in common.
#[inline(always)]
fn twenty<const FIRST: usize, R: Registers<u32>>(
    registers: R,
    state: &mut [R::Lanes; 5],
    schedule: &mut [R::Lanes; 16],
    constant: u32,
    function: impl Fn(R, [R::Lanes; 3]) -> R::Lanes + Copy,
) {
    let constant = registers.splat(constant);
    five(registers, state, schedule, FIRST, constant, function);
    five(registers, state, schedule, FIRST + 5, constant, function);
    five(registers, state, schedule, FIRST + 10, constant, function);
    five(registers, state, schedule, FIRST + 15, constant, function);
}

/// Five steps, after which each working variable is in its first place again. Written out, since
/// the compiler does not unroll a loop of so many instructions.
#[inline(always)]
fn five<R: Registers<u32>>(
    registers: R,
    state: &mut [R::Lanes; 5],
    schedule: &mut [R::Lanes; 16],
    first: usize,
    constant: R::Lanes,
    function: impl Fn(R, [R::Lanes; 3]) -> R::Lanes + Copy,
) {
    let word = input(registers, schedule, first, constant);
    step(registers, state, 0, word, function);
    let word = input(registers, schedule, first + 1, constant);
    step(registers, state, 1, word, function);
    let word = input(registers, schedule, first + 2, constant);
    step(registers, state, 2, word, function);
    let word = input(registers, schedule, first + 3, constant);
    step(registers, state, 3, word, function);
    let word = input(registers, schedule, first + 4, constant);
    step(registers, state, 4, word, function);
}

/// The word of the message schedule and the constant of a step.
#[inline(always)]
fn input<R: Registers<u32>>(
    registers: R,
    schedule: &mut [R::Lanes; 16],
    step: usize,
    constant: R::Lanes,
) -> R::Lanes {
    if step >= 16 {
        schedule[step % 16] = next_word(registers, schedule, step);
    }
    registers.add(schedule[step % 16], constant)
}

/// One step, at whose beginning the variables are `turn` places further to the left.
#[inline(always)]
fn step<R: Registers<u32>>(
    registers: R,
    state: &mut [R::Lanes; 5],
    turn: usize,
    input: R::Lanes,
    function: impl Fn(R, [R::Lanes; 3]) -> R::Lanes,
) {
    let add = |one, other| registers.add(one, other);
    let place = |variable: usize| (variable + 5 - turn) % 5;
    let mixed = [state[place(1)], state[place(2)], state[place(3)]];
    let turned = registers.rotate_right(state[place(0)], 32 - 5);
    let summand = add(add(state[place(4)], input), function(registers, mixed));
    state[place(4)] = add(summand, turned);
    state[place(1)] = registers.rotate_right(state[place(1)], 2);
}

/// The word of the message schedule that takes the place of the one 16 steps before.
#[inline(always)]
fn next_word<R: Registers<u32>>(registers: R, schedule: &[R::Lanes; 16], step: usize) -> R::Lanes {
    let before = |back: usize| schedule[(step - back) % 16];
    let older = registers.xor(schedule[step % 16], before(14));
    let recent = registers.xor(before(8), before(3));
    registers.rotate_right(registers.xor(older, recent), 31)
}
