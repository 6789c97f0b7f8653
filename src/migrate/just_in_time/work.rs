//! [`Work`]: computes the functions of one login, and counts what they cost.

use std::time::Instant;

use zeroize::Zeroizing;

use super::HashSlots;
use super::hash_slots::HashSlot;
use crate::Secret;
use crate::password::{Digest, EqualCost, HashFunction, PasswordError, StoredHash, Wrapping};

/// Computes the functions of one login, and counts what they cost. All of them have one slot: who has none until its turn
/// comes would show, between two functions, how many there are.
pub struct Work<'j> {
    cost: &'j EqualCost,
    slots: &'j HashSlots,
    slot: Option<HashSlot<'j>>,
    done: u64,
}

impl<'j> Work<'j> {
    pub(super) fn new(cost: &'j EqualCost, slots: &'j HashSlots) -> Self {
        Self {
            cost,
            slots,
            slot: None,
            done: 0,
        }
    }

    /// Waits for a slot, unless there is one already. Whether there is one now, and not only after `deadline`.
    pub(super) fn begin(&mut self, deadline: Option<Instant>) -> bool {
        if self.slot.is_none() {
            self.slot = self.slots.take(deadline);
        }
        self.slot.is_some()
    }

    /// Gives the slot back: what comes now waits for a store.
    pub(super) fn pause(&mut self) {
        self.slot = None;
    }

    /// Whether `password` is the one that was stored.
    ///
    /// # Errors
    /// As [`StoredHash::verify`].
    pub fn verify(
        &mut self,
        stored: &StoredHash,
        password: &Secret,
    ) -> Result<bool, PasswordError> {
        let digest = self.compute(stored.function(), password);
        stored.is_of(digest)
    }

    /// What is missing to the work of a current value: a "no" does not tell whom it is about.
    pub(super) fn fill(&mut self, password: &Secret) {
        let cost = self.cost;
        cost.fill(self.done, password, &mut |function, password| {
            self.compute(function, password)
        });
    }

    /// A new value.
    pub(super) fn hash(
        &mut self,
        wrapping: &Wrapping,
        password: &Secret,
    ) -> Result<Secret, PasswordError> {
        let value = Zeroizing::new(wrapping.hash(password)?);
        self.done = self.done.saturating_add(self.cost.current().work());
        Ok(Secret::copied_from(value.as_bytes()))
    }

    /// What was done so far.
    pub(super) fn done(&self) -> u64 {
        self.done
    }

    fn compute(&mut self, function: &HashFunction, password: &Secret) -> Digest {
        let digest = function.apply(password);
        if digest.is_ok() {
            self.done = self.done.saturating_add(function.work());
        }
        digest
    }
}
