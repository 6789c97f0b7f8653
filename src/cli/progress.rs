//! [`Progress`]: a line on the terminal that says how far a long command is.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// A command that is done before this needs no progress.
const PATIENCE: Duration = Duration::from_secs(2);
const BETWEEN_UPDATES: Duration = Duration::from_millis(200);

/// Counts steps; on a terminal it shows them once the user has waited for two seconds, and is gone
/// when dropped.
pub(super) struct Progress {
    what: &'static str,
    /// If it is known.
    total: Option<usize>,
    done: usize,
    next_update: Instant,
    is_terminal: bool,
    shown: bool,
}

impl Progress {
    /// `what` is said before the count: `checked`.
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        Self::of(what, Some(total))
    }

    /// The same where nobody knows how many there are.
    pub(super) fn counting(what: &'static str) -> Self {
        Self::of(what, None)
    }

    fn of(what: &'static str, total: Option<usize>) -> Self {
        Self {
            what,
            total,
            done: 0,
            next_update: Instant::now() + PATIENCE,
            is_terminal: io::stderr().is_terminal(),
            shown: false,
        }
    }

    /// One more step is done.
    pub(super) fn step(&mut self) {
        self.done += 1;
        if !self.is_terminal || Instant::now() < self.next_update {
            return;
        }
        let (what, done) = (self.what, self.done);
        match self.total {
            Some(total) => eprint!("\rkeyward: {what} {done} of {total} entries "),
            None => eprint!("\rkeyward: {what} {done} entries "),
        }
        let _ = io::stderr().flush();
        self.shown = true;
        self.next_update = Instant::now() + BETWEEN_UPDATES;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            // Back to the first column, and erase to the end of the line.
            eprint!("\r\x1b[K");
        }
    }
}
