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
    total: Option<u64>,
    done: u64,
    started: Instant,
    next_update: Instant,
    is_terminal: bool,
    shown: bool,
}

impl Progress {
    /// `what` is said before the count: `checked`.
    pub(super) fn new(what: &'static str, total: usize) -> Self {
        Self::of_total(what, Some(total as u64))
    }

    /// The same where nobody knows how many there are.
    pub(super) fn counting(what: &'static str) -> Self {
        Self::of_total(what, None)
    }

    /// The same where it may be known how many there are.
    pub(super) fn of_total(what: &'static str, total: Option<u64>) -> Self {
        Self {
            what,
            total,
            done: 0,
            started: Instant::now(),
            next_update: Instant::now() + PATIENCE,
            is_terminal: io::stderr().is_terminal(),
            shown: false,
        }
    }

    /// One more step is done.
    pub(super) fn step(&mut self) {
        self.at(self.done + 1);
    }

    /// So many are done.
    pub(super) fn at(&mut self, done: u64) {
        self.done = done;
        if !self.is_terminal || Instant::now() < self.next_update {
            return;
        }
        eprint!("\r\x1b[Kkeyward: {}", self.line());
        let _ = io::stderr().flush();
        self.shown = true;
        self.next_update = Instant::now() + BETWEEN_UPDATES;
    }

    fn line(&self) -> String {
        let (what, done) = (self.what, self.done);
        let seconds = self.started.elapsed().as_secs().max(1);
        let rate = (done / seconds).max(1);
        let Some(total) = self.total else {
            return format!("{what} {done} entries, {rate} a second");
        };
        let left = total.saturating_sub(done).saturating_mul(seconds) / done.max(1);
        let (hours, minutes, seconds) = (left / 3600, left / 60 % 60, left % 60);
        format!(
            "{what} {done} of {total} entries, {rate} a second, {hours}:{minutes:02}:{seconds:02} left"
        )
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
