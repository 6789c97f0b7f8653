//! [`Work`]: computes the functions of one login, and counts what they cost.

use zeroize::Zeroizing;

use super::HashSlots;
use crate::Secret;
use crate::password::{Digest, EqualCost, HashFunction, PasswordError, StoredHash, Wrapping};

/// Computes the functions of one login, a slot for each, and counts what they cost.
pub struct Work<'j> {
    cost: &'j EqualCost,
    slots: &'j HashSlots,
    done: u64,
}

impl<'j> Work<'j> {
    pub(super) fn new(cost: &'j EqualCost, slots: &'j HashSlots) -> Self {
        Self {
            cost,
            slots,
            done: 0,
        }
    }

    /// Whether `password` is the one that was stored, with at least the work of a current value.
    ///
    /// # Errors
    /// As [`StoredHash::verify`], after the same work.
    pub fn verify(
        &mut self,
        stored: &StoredHash,
        password: &Secret,
    ) -> Result<bool, PasswordError> {
        let cost = self.cost;
        cost.verify(stored, password, &mut |function, password| {
            self.compute(function, password)
        })
    }

    /// The work of a current value, if none was done: for a user who does not exist.
    pub(super) fn spend(&mut self, password: &Secret) {
        if self.done > 0 {
            return;
        }
        let cost = self.cost;
        cost.fill(None, password, &mut |function, password| {
            self.compute(function, password)
        });
    }

    /// A new value.
    pub(super) fn hash(
        &mut self,
        wrapping: &Wrapping,
        password: &Secret,
    ) -> Result<Secret, PasswordError> {
        let _slot = self.slots.take();
        let value = Zeroizing::new(wrapping.hash(password)?);
        self.done = self.done.saturating_add(self.cost.current().work());
        Ok(Secret::copied_from(value.as_bytes()))
    }

    /// What was done so far.
    pub(super) fn done(&self) -> u64 {
        self.done
    }

    fn compute(&mut self, function: &HashFunction, password: &Secret) -> Digest {
        let _slot = self.slots.take();
        let digest = function.apply(password);
        if digest.is_ok() {
            self.done = self.done.saturating_add(function.work());
        }
        digest
    }
}
