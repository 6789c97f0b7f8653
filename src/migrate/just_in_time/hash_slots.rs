//! [`HashSlots`]: how many functions are computed at once.

use std::num::NonZero;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// How many logins compute functions at once; who finds none free waits. What waits for a store or an API takes none.
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

    /// A slot; none where none is free until `deadline`.
    pub(super) fn take(&self, deadline: Option<Instant>) -> Option<HashSlot<'_>> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = match deadline {
                None => self
                    .freed
                    .wait(free)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.checked_duration_since(Instant::now())?;
                    let waited = self.freed.wait_timeout(free, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        *free -= 1;
        Some(HashSlot(self))
    }
}

impl Drop for HashSlot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}
