//! [`Attempts`]: how often somebody may try within a minute.
//!
//! A table of one size, in which a name has its place by a keyed hash (`SipHash` with a random key): no flood of names makes
//! it grow, and nobody can choose whose place is taken. Where a set of places is full, whoever has tried least gives way.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Attempts are counted within this.
const WINDOW: Duration = Duration::from_mins(1);
/// 65,536 places, of which a name has 8 to be in.
const SETS: usize = 8192;
const PLACES: usize = 8;

/// How often somebody may try within a minute; who tries more often is refused for a time.
pub struct Attempts {
    most: u32,
    /// None: until the minute is over.
    ban: Option<Duration>,
    keys: RandomState,
    sets: Mutex<Vec<[Option<Record>; PLACES]>>,
}

#[derive(Clone, Copy)]
struct Record {
    name: u64,
    began: Instant,
    count: u32,
    banned_until: Option<Instant>,
}

impl Attempts {
    /// At most `most` attempts of one name in a minute; who goes beyond that is refused for `ban`.
    #[must_use]
    pub fn new(most: u32, ban: Duration) -> Self {
        Self::with(most, Some(ban))
    }

    /// At most `most` attempts of one name in a minute; who goes beyond that is refused until the minute is over.
    #[must_use]
    pub fn in_a_minute(most: u32) -> Self {
        Self::with(most, None)
    }

    fn with(most: u32, ban: Option<Duration>) -> Self {
        Self {
            most,
            ban,
            keys: RandomState::new(),
            sets: Mutex::new(vec![[None; PLACES]; SETS]),
        }
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// How long to wait, where there were too many.
    pub fn take(&self, name: &str) -> Result<(), Duration> {
        self.take_at(name, Instant::now())
    }

    /// The attempts of this name are forgotten: it has proved who it is.
    pub fn forget(&self, name: &str) {
        self.change(name, |place| *place = None);
    }

    /// The last attempt of this name does not count: nobody could judge it.
    pub fn give_back(&self, name: &str) {
        self.change(name, |place| {
            if let Some(record) = place {
                record.count = record.count.saturating_sub(1);
            }
        });
    }

    fn take_at(&self, name: &str, now: Instant) -> Result<(), Duration> {
        let name = self.keys.hash_one(name);
        let mut sets = self.lock();
        let set = &mut sets[set_of(name)];
        let own = |place: &Option<Record>| place.is_some_and(|record| record.name == name);
        let index = set.iter().position(own).unwrap_or_else(|| {
            let index = least(set, now);
            set[index] = None;
            index
        });
        let kept = set[index].filter(|record| !record.is_over(now));
        let mut record = kept.unwrap_or(Record {
            name,
            began: now,
            count: 0,
            banned_until: None,
        });
        let wait = record.count_one(now, self.most, self.ban);
        set[index] = Some(record);
        wait.map_or(Ok(()), Err)
    }

    fn change(&self, name: &str, change: impl FnOnce(&mut Option<Record>)) {
        let name = self.keys.hash_one(name);
        let mut sets = self.lock();
        let mut places = sets[set_of(name)].iter_mut();
        let own = places.find(|place| place.is_some_and(|record| record.name == name));
        if let Some(place) = own {
            change(place);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<[Option<Record>; PLACES]>> {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn is_over(&self, now: Instant) -> bool {
        match self.banned_until {
            Some(end) => end <= now,
            None => now.duration_since(self.began) >= WINDOW,
        }
    }

    /// How long to wait, if there were too many.
    fn count_one(&mut self, now: Instant, most: u32, ban: Option<Duration>) -> Option<Duration> {
        if let Some(end) = self.banned_until {
            return Some(end.duration_since(now));
        }
        self.count = self.count.saturating_add(1);
        if self.count <= most {
            return None;
        }
        let Some(ban) = ban else {
            return Some(WINDOW.saturating_sub(now.duration_since(self.began)));
        };
        self.banned_until = Some(now + ban);
        Some(ban)
    }
}

fn set_of(name: u64) -> usize {
    // A remainder of 8192 fits.
    usize::try_from(name % SETS as u64).unwrap_or_default()
}

/// The place that can best be spared: a free one, one that is over, one with few attempts.
fn least(set: &[Option<Record>; PLACES], now: Instant) -> usize {
    let worth = |place: &Option<Record>| match place {
        None => (0, false, 0),
        Some(record) if record.is_over(now) => (1, false, 0),
        Some(record) => (2, record.banned_until.is_some(), record.count),
    };
    let places = set.iter().enumerate();
    let least = places.min_by_key(|(_, place)| worth(place));
    least.map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAN: Duration = Duration::from_mins(5);

    #[test]
    fn too_many_attempts_within_a_minute_end_in_a_ban_that_ends() {
        let attempts = Attempts::new(2, BAN);
        let start = Instant::now();
        let take = |name, after| attempts.take_at(name, start + Duration::from_secs(after));
        assert_eq!(take("jane", 0), Ok(()));
        assert_eq!(take("jane", 1), Ok(()));
        assert_eq!(take("jane", 2), Err(BAN));
        assert_eq!(take("jane", 62), Err(Duration::from_mins(4)));
        assert_eq!(take("max", 62), Ok(()));
        assert_eq!(take("jane", 302), Ok(()));
        assert_eq!(take("jane", 303), Ok(()));
        assert!(take("jane", 304).is_err());
    }

    #[test]
    fn without_a_ban_the_next_minute_begins_anew() {
        let attempts = Attempts::in_a_minute(1);
        let start = Instant::now();
        let take = |after| attempts.take_at("kratos", start + Duration::from_secs(after));
        assert_eq!(take(0), Ok(()));
        assert_eq!(take(10), Err(Duration::from_secs(50)));
        assert_eq!(take(59), Err(Duration::from_secs(1)));
        assert_eq!(take(60), Ok(()));
    }

    #[test]
    fn attempts_of_another_minute_do_not_count() {
        let attempts = Attempts::new(2, BAN);
        let start = Instant::now();
        for after in [0, 1, 60, 61, 120, 180] {
            let at = start + Duration::from_secs(after);
            assert_eq!(attempts.take_at("jane", at), Ok(()), "{after}");
        }
    }

    #[test]
    fn who_proved_it_begins_anew_and_what_nobody_judged_does_not_count() {
        let attempts = Attempts::new(1, BAN);
        assert_eq!(attempts.take("jane"), Ok(()));
        attempts.forget("jane");
        assert_eq!(attempts.take("jane"), Ok(()));
        attempts.give_back("jane");
        assert_eq!(attempts.take("jane"), Ok(()));
        assert!(attempts.take("jane").is_err());
    }

    #[test]
    fn a_flood_of_names_neither_grows_the_table_nor_frees_who_is_banned() {
        let attempts = Attempts::new(2, BAN);
        let now = Instant::now();
        for _ in 0..3 {
            let _ = attempts.take_at("jane", now);
        }
        for number in 0..200_000 {
            let _ = attempts.take_at(&number.to_string(), now);
        }
        assert_eq!(attempts.lock().len(), SETS);
        assert!(attempts.take_at("jane", now).is_err());
    }
}
