//! [`Task`]: what is to be done with the values of a store, and [`Bounds`]: how far a run may go.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::Standing;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Old values are wrapped.
    Wrap,
    /// Passwords that can be read are hashed.
    Convert,
}

/// How far a run may go.
#[derive(Clone, Copy)]
pub struct Bounds<'a> {
    /// The most values that are moved.
    pub limit: Option<u64>,
    /// The most values that are moved in a second.
    pub rate: Option<NonZero<u32>>,
    /// Once this is set, what is begun is stored, and nothing more is begun.
    pub stop: &'a AtomicBool,
}

/// How many values may still be moved.
pub(super) struct Permits(AtomicU64);

impl Task {
    /// How a value stands that it moves.
    #[must_use]
    pub fn moves(self) -> Standing {
        match self {
            Self::Wrap => Standing::Old,
            Self::Convert => Standing::Readable,
        }
    }

    /// How a value stands that it has moved.
    #[must_use]
    pub fn leads_to(self) -> Standing {
        match self {
            Self::Wrap => Standing::Wrapped,
            Self::Convert => Standing::Current,
        }
    }
}

impl Permits {
    pub(super) fn new(limit: Option<u64>) -> Self {
        Self(AtomicU64::new(limit.unwrap_or(u64::MAX)))
    }

    pub(super) fn are_used_up(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// Takes one, if there is one.
    pub(super) fn take(&self) -> bool {
        let less = |left: u64| left.checked_sub(1);
        let order = Ordering::Relaxed;
        self.0.fetch_update(order, order, less).is_ok()
    }

    /// One that was taken was not used.
    pub(super) fn give_back(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
