//! [`HashSlots`]: how many functions are computed at once.

use std::num::NonZero;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How many functions are computed at once; who finds none free waits. What waits for a store or an API takes none.
pub struct HashSlots {
    free: Mutex<usize>,
    freed: Condvar,
}

/// A slot that is taken until this is dropped.
pub(super) struct HashSlot<'s>(&'s HashSlots);

impl HashSlots {
    /// So many; as many as there are processors, if none.
    #[must_use]
    pub fn new(count: Option<usize>) -> Self {
        let processors = || thread::available_parallelism().map_or(1, NonZero::get);
        let count = count.unwrap_or_else(processors);
        Self {
            free: Mutex::new(count.max(1)),
            freed: Condvar::new(),
        }
    }

    pub(super) fn take(&self) -> HashSlot<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let free = self.freed.wait_while(free, |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
        HashSlot(self)
    }
}

impl Drop for HashSlot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
