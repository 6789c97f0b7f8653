//! [`Settling`]: whether what was found at a path counts yet.
//!
//! keytool truncates a keystore and writes it anew: in between, the file is empty or half. So new content
//! counts only once it was seen twice, a settle time apart. The same holds for a missing file, which may be
//! between a removal and a creation.

use std::time::{Duration, Instant};

use super::error::LoadError;
use super::file_content::{Digest, FileContent};

/// A file that is rewritten faster than it settles counts after so many settle times as it is read then; its MAC tells
/// whether it was whole.
const MOST_RESTLESS: u32 = 10;

/// What one look at a path found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Observation {
    Content(Digest),
    Missing,
    /// The problem's text.
    Problem(String),
}

impl Observation {
    pub(super) fn of(read: &Result<FileContent, LoadError>) -> Self {
        match read {
            Ok(content) => Self::Content(content.digest),
            Err(LoadError::Missing { .. }) => Self::Missing,
            Err(problem) => Self::Problem(problem.to_string()),
        }
    }
}

/// Remembers what counts, and what may come to count.
pub(super) struct Settling {
    settle: Duration,
    accepted: Option<Observation>,
    candidate: Option<(Observation, Instant)>,
    /// Since when nothing has stayed as it was.
    restless_since: Option<Instant>,
}

/// What an observation is worth.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Worth {
    /// It counts already.
    Known,
    /// It counts from now on.
    New,
    /// It must still be there after this time.
    NotYet(Duration),
}

impl Settling {
    pub(super) fn new(settle: Duration) -> Self {
        Self {
            settle,
            accepted: None,
            candidate: None,
            restless_since: None,
        }
    }

    /// Lets an observation count at once.
    pub(super) fn accept(&mut self, observation: Observation) {
        self.accepted = Some(observation);
        self.candidate = None;
        self.restless_since = None;
    }

    /// Weighs what was found at `now`.
    pub(super) fn weigh(&mut self, observation: Observation, now: Instant) -> Worth {
        if self.accepted.as_ref() == Some(&observation) {
            self.candidate = None;
            self.restless_since = None;
            return Worth::Known;
        }
        let restless_since = *self.restless_since.get_or_insert(now);
        let is_content = matches!(observation, Observation::Content(_));
        if is_content && now.duration_since(restless_since) >= self.settle * MOST_RESTLESS {
            self.accept(observation);
            return Worth::New;
        }
        let first_seen = match &self.candidate {
            Some((candidate, first_seen)) if *candidate == observation => *first_seen,
            _ => {
                self.candidate = Some((observation, now));
                return Worth::NotYet(self.settle);
            }
        };
        let remaining = self.settle.saturating_sub(now.duration_since(first_seen));
        if !remaining.is_zero() {
            return Worth::NotYet(remaining);
        }
        self.accept(observation);
        Worth::New
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTLE: Duration = Duration::from_millis(200);

    fn content(byte: u8) -> Observation {
        Observation::Content([byte; 32])
    }

    #[test]
    fn content_counts_when_seen_twice_a_settle_time_apart() {
        let (start, mut settling) = (Instant::now(), Settling::new(SETTLE));
        let mut weigh = |byte, milliseconds| {
            settling.weigh(content(byte), start + Duration::from_millis(milliseconds))
        };
        assert_eq!(weigh(1, 0), Worth::NotYet(SETTLE));
        assert_eq!(weigh(1, 150), Worth::NotYet(Duration::from_millis(50)));
        assert_eq!(weigh(1, 200), Worth::New);
        assert_eq!(weigh(1, 201), Worth::Known);
    }

    #[test]
    fn other_content_in_between_begins_anew() {
        let (start, mut settling) = (Instant::now(), Settling::new(SETTLE));
        let mut weigh = |byte, milliseconds| {
            settling.weigh(content(byte), start + Duration::from_millis(milliseconds))
        };
        assert_eq!(weigh(1, 0), Worth::NotYet(SETTLE));
        assert_eq!(weigh(2, 199), Worth::NotYet(SETTLE));
        assert_eq!(weigh(1, 250), Worth::NotYet(SETTLE));
        assert_eq!(weigh(1, 449), Worth::NotYet(Duration::from_millis(1)));
        assert_eq!(weigh(1, 450), Worth::New);
    }

    #[test]
    fn what_goes_back_to_what_counts_is_forgotten() {
        let (start, mut settling) = (Instant::now(), Settling::new(SETTLE));
        settling.accept(content(1));
        assert_eq!(
            settling.weigh(Observation::Missing, start),
            Worth::NotYet(SETTLE)
        );
        assert_eq!(settling.weigh(content(1), start), Worth::Known);
        let later = start + SETTLE;
        assert_eq!(
            settling.weigh(Observation::Missing, later),
            Worth::NotYet(SETTLE)
        );
    }

    #[test]
    fn content_that_never_rests_counts_after_a_while() {
        let (start, mut settling) = (Instant::now(), Settling::new(SETTLE));
        let counted = (0..100u8).find(|round| {
            let now = start + Duration::from_millis(100) * u32::from(*round);
            settling.weigh(content(*round), now) == Worth::New
        });
        assert_eq!(counted, Some(20));
        // The next one waits as long again.
        let later = start + Duration::from_millis(2100);
        assert_eq!(settling.weigh(content(200), later), Worth::NotYet(SETTLE));
    }
}
