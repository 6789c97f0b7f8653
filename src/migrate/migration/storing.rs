//! [`Storing`]: the side of a run that stores what was hashed, and counts.

use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use super::{Migration, Moved, Seen};
use crate::Secret;
use crate::migrate::{
    Bounds, Change, Credential, LeftAlone, MigrateError, Replaced, Standing, Task,
};
use crate::password::PasswordError;

/// So many new values are stored at once, or those that were hashed in a second.
const BATCH: usize = 1000;
const LONGEST_WAIT: Duration = Duration::from_secs(1);
/// The most values that are left alone whose reasons are told.
const MOST_TOLD: usize = 1000;
/// So soon a pause is ended when the run is to stop.
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// What is done with hashed values, on one thread.
pub(super) struct Storing<'a, F> {
    migration: &'a Migration<'a>,
    task: Option<Task>,
    bounds: Bounds<'a>,
    /// When the rate allows the next values to be stored.
    next: Instant,
    report: F,
    done: Moved,
}

/// New values that are not stored yet.
#[derive(Default)]
pub(super) struct Batch<'p> {
    since: Option<Instant>,
    changes: Vec<Change<'p>>,
    /// What each change takes the place of.
    schemes: Vec<&'static str>,
}

impl<'a, F: FnMut(&Moved)> Storing<'a, F> {
    pub(super) fn new(
        migration: &'a Migration<'a>,
        task: Option<Task>,
        bounds: Bounds<'a>,
        report: F,
    ) -> Self {
        Self {
            migration,
            task,
            bounds,
            next: Instant::now(),
            report,
            done: Moved::default(),
        }
    }

    pub(super) fn is_cut_short(&mut self) {
        self.done.is_cut_short = true;
    }

    /// Counts a piece, and stores its new values with those before it when it is time.
    pub(super) fn take<'p>(
        &mut self,
        batch: &mut Batch<'p>,
        piece: &'p [Credential],
        seen: Vec<Seen>,
    ) -> Result<(), MigrateError> {
        for (credential, seen) in piece.iter().zip(seen) {
            match seen.new {
                Some(Ok(new)) => batch.add(credential, new, seen.scheme),
                Some(Err(reason)) => self.leave(credential, &reason, seen.scheme, seen.standing),
                None => self.done.census.count(seen.scheme, seen.standing),
            }
        }
        if batch.is_due() {
            self.store(batch)?;
        }
        (self.report)(&self.done);
        Ok(())
    }

    fn leave(
        &mut self,
        credential: &Credential,
        reason: &PasswordError,
        scheme: &str,
        standing: Standing,
    ) {
        self.done.census.count(scheme, standing);
        if self.done.left_alone.len() < MOST_TOLD {
            self.done.left_alone.push(LeftAlone {
                place: credential.place.clone(),
                user: credential.user.clone(),
                reason: reason.to_string(),
            });
        }
    }

    /// Stores what is in a batch, no more at once than the rate allows in a second.
    pub(super) fn store(&mut self, batch: &mut Batch<'_>) -> Result<(), MigrateError> {
        let Batch {
            changes, schemes, ..
        } = std::mem::take(batch);
        let Some(task) = self.task else {
            return Ok(());
        };
        let rate = self.bounds.rate.map_or(BATCH, |rate| {
            usize::try_from(rate.get()).map_or(BATCH, |rate| rate.min(BATCH))
        });
        for (changes, schemes) in changes.chunks(rate).zip(schemes.chunks(rate)) {
            self.pause(changes.len());
            let results = self.migration.store.replace(changes)?;
            for (replaced, scheme) in results.into_iter().zip(schemes) {
                match replaced {
                    Replaced::Done => {
                        self.done.moved += 1;
                        let scheme = self.migration.scheme_of(task);
                        self.done.census.count(scheme, task.leads_to());
                    }
                    Replaced::ChangedMeanwhile => {
                        self.done.changed_meanwhile += 1;
                        self.done.census.count(scheme, task.moves());
                    }
                }
            }
            (self.report)(&self.done);
        }
        Ok(())
    }

    /// Waits until the rate allows so many values. Time in which nothing was stored is not saved up.
    fn pause(&mut self, values: usize) {
        let Some(rate) = self.bounds.rate else { return };
        while !self.bounds.stop.load(Ordering::Relaxed) {
            let left = self.next.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            thread::sleep(left.min(LONGEST_PAUSE));
        }
        let values = u32::try_from(values).unwrap_or(u32::MAX);
        let taken = Duration::from_secs(1) * values / rate.get();
        self.next = self.next.max(Instant::now()) + taken;
    }

    /// What was done, once nothing is held back any more.
    pub(super) fn complete(mut self) -> Result<Moved, MigrateError> {
        let lost = self.migration.store.complete()?;
        self.done.moved = self.done.moved.saturating_sub(lost);
        self.done.changed_meanwhile += lost;
        Ok(self.done)
    }
}

impl<'p> Batch<'p> {
    fn add(&mut self, credential: &'p Credential, new: Secret, scheme: &'static str) {
        self.since.get_or_insert_with(Instant::now);
        self.changes.push(Change { credential, new });
        self.schemes.push(scheme);
    }

    fn is_due(&self) -> bool {
        self.changes.len() >= BATCH
            || self
                .since
                .is_some_and(|since| since.elapsed() >= LONGEST_WAIT)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;
    use std::sync::Mutex;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::migrate::{CredentialStore, Page, Place};
    use crate::password::{Conventions, Wrapping};

    /// Keeps how many values were replaced at once.
    #[derive(Default)]
    struct Sizes(Mutex<Vec<usize>>);

    impl CredentialStore for Sizes {
        fn name(&self) -> String {
            "sizes".to_owned()
        }

        fn page(&self, _after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
            Ok(None)
        }

        fn of_user(&self, _user: &str) -> Result<Vec<Credential>, MigrateError> {
            Ok(Vec::new())
        }

        fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
            self.0.lock().unwrap().push(changes.len());
            Ok(vec![Replaced::Done; changes.len()])
        }
    }

    #[test]
    fn no_more_than_the_rate_is_stored_at_once_and_nothing_is_saved_up() {
        let store = Sizes::default();
        let migration = Migration {
            store: &store,
            conventions: &Conventions::default(),
            wrapping: &Wrapping::new("pbkdf2-sha256", Some(1)).unwrap(),
        };
        let bounds = Bounds {
            limit: None,
            rate: NonZero::new(3),
            // Nothing is waited for.
            stop: &AtomicBool::new(true),
        };
        let credentials: Vec<Credential> = (0..8)
            .map(|number| Credential {
                place: Place(number.to_string()),
                user: String::new(),
                stored: Secret::copied_from(b"old"),
            })
            .collect();
        let mut batch = Batch::default();
        for credential in &credentials {
            batch.add(credential, Secret::copied_from(b"new"), "clear");
        }
        let mut storing = Storing::new(&migration, Some(Task::Wrap), bounds, |_| {});
        let begun = storing.next;
        storing.store(&mut batch).unwrap();
        assert_eq!(*store.0.lock().unwrap(), [3, 3, 2]);
        assert!(storing.next >= begun + Duration::from_secs(8) / 3);
        // Time without a value is no allowance.
        storing.next = begun;
        thread::sleep(Duration::from_millis(1));
        let later = Instant::now();
        storing.pause(3);
        assert!(storing.next >= later + Duration::from_secs(1));
    }
}
