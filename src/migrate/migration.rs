//! [`Migration`]: the values of a store are counted, or moved to a new function.
//!
//! ```text
//! page ──pieces, on all processors──> judge, hash ──> batches ──this thread──> replace
//! ```
//! Values are stored while others are hashed, as soon as there is a thousand of them or the first one is a second old and
//! another piece is done. A run that is killed loses the hashing of what was not stored yet, and nothing else. A value that
//! a user has changed meanwhile stays.

mod storing;

use std::sync::atomic::{AtomicBool, Ordering};

use storing::{Batch, Storing};

use super::standing::Judged;
use super::task::Permits;
use super::{
    Bounds, Census, Credential, CredentialStore, LeftAlone, MigrateError, Page, Place, Standing,
    Task,
};
use crate::Secret;
use crate::password::{Conventions, PasswordError, Refusal, StoredHash, Wrapping};
use crate::side_by_side::{Threads, processors, side_by_side};

/// How many values one thread hashes side by side: as many as fill the lanes of its registers, or a few times as many.
const LANES: usize = 8;
const MOST_LANES: usize = 4;
/// So many pieces of a page each processor gets if they can be that small: the last one is waited for by all.
const PIECES: usize = 8;

/// The values of a store, and what they are moved to.
#[derive(Clone, Copy)]
pub struct Migration<'a> {
    /// Where the values are.
    pub store: &'a dyn CredentialStore,
    /// How they are to be read.
    pub conventions: &'a Conventions,
    /// What they are moved to.
    pub wrapping: &'a Wrapping,
}

/// What was done, or found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many values were moved.
    pub moved: u64,
    /// How many were not, because another program changed them meanwhile.
    pub changed_meanwhile: u64,
    /// How those that were seen stand now.
    pub census: Census,
    /// What is left as it is, and why: the first thousand.
    pub left_alone: Vec<LeftAlone>,
    /// Whether the run ended before it had seen all values.
    pub is_cut_short: bool,
}

/// A value that was looked at.
struct Seen {
    scheme: &'static str,
    standing: Standing,
    /// Its new text, or why it has none; nothing where none is due.
    new: Option<Result<Secret, PasswordError>>,
}

/// Whether a page was worked off.
#[derive(PartialEq, Eq)]
enum PageEnd {
    Whole,
    Early,
}

/// What the threads of a run share.
struct Hashing<'a> {
    migration: &'a Migration<'a>,
    task: Option<Task>,
    permits: Permits,
    stop: &'a AtomicBool,
    /// Set when nothing can be stored any more.
    has_failed: AtomicBool,
}

impl Migration<'_> {
    /// How the values stand, and which of them no scheme fits. `report` is called with what was found so far.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn census(
        &self,
        stop: &AtomicBool,
        report: impl FnMut(&Moved),
    ) -> Result<Moved, MigrateError> {
        let bounds = Bounds {
            limit: None,
            rate: None,
            stop,
        };
        self.start(None, bounds, report)
    }

    /// Does `task` within `bounds`. `report` is called with what was done so far.
    ///
    /// # Errors
    /// When the store cannot be read or changed. What was done till then is done, and a second run goes on.
    pub fn run(
        &self,
        task: Task,
        bounds: Bounds<'_>,
        report: impl FnMut(&Moved),
    ) -> Result<Moved, MigrateError> {
        self.start(Some(task), bounds, report)
    }

    fn start(
        &self,
        task: Option<Task>,
        bounds: Bounds<'_>,
        report: impl FnMut(&Moved),
    ) -> Result<Moved, MigrateError> {
        let hashing = Hashing {
            migration: self,
            task,
            permits: Permits::new(bounds.limit),
            stop: bounds.stop,
            has_failed: AtomicBool::new(false),
        };
        let mut storing = Storing::new(self, task, bounds, report);
        let mut after: Option<Place> = None;
        while let Some(page) = self.store.page(after.as_ref())? {
            // A page of a store that waits for others has nothing to hash.
            if page.credentials.is_empty() && hashing.is_to_end() {
                storing.is_cut_short();
                break;
            }
            if hashing.page(&page, &mut storing)? == PageEnd::Early {
                storing.is_cut_short();
                break;
            }
            self.store.finish(&page)?;
            after = Some(page.end);
        }
        storing.complete()
    }

    /// The name of the scheme that a value is in once it was moved.
    fn scheme_of(&self, task: Task) -> &'static str {
        match task {
            Task::Wrap => "wrapped",
            Task::Convert => self.wrapping.name(),
        }
    }

    fn hash_decrypted(&self, stored: &StoredHash) -> Result<String, PasswordError> {
        match stored.decrypt()? {
            Some(password) => self.wrapping.hash(&password),
            None => Err(stored.refused(Refusal::NotWrapped)),
        }
    }
}

/// How many values of a page one thread takes at a time.
fn piece(values: usize, processors: usize) -> usize {
    let lanes = values / (processors * PIECES * LANES);
    LANES * lanes.clamp(1, MOST_LANES)
}

impl Hashing<'_> {
    /// Works a page off, piece by piece, until the run is to end.
    fn page(
        &self,
        page: &Page,
        storing: &mut Storing<'_, impl FnMut(&Moved)>,
    ) -> Result<PageEnd, MigrateError> {
        let size = piece(page.credentials.len(), processors());
        let pieces: Vec<&[Credential]> = page.credentials.chunks(size).collect();
        let mut batch = Batch::default();
        let mut failure = None;
        let mut end = PageEnd::Whole;
        side_by_side(
            &pieces,
            Threads::One,
            |piece| self.see(piece),
            |seen| {
                let Some((piece, seen)) = seen else {
                    end = PageEnd::Early;
                    return;
                };
                if let Err(error) = storing.take(&mut batch, piece, seen) {
                    self.has_failed.store(true, Ordering::Relaxed);
                    failure = failure.take().or(Some(error));
                }
            },
        );
        match failure {
            Some(failure) => Err(failure),
            None => storing.store(&mut batch).map(|()| end),
        }
    }

    fn is_to_end(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
            || self.has_failed.load(Ordering::Relaxed)
            || self.permits.are_used_up()
    }

    /// None once the run is to end.
    fn see<'p>(&self, piece: &&'p [Credential]) -> Option<(&'p [Credential], Vec<Seen>)> {
        if self.is_to_end() {
            return None;
        }
        let Migration {
            conventions,
            wrapping,
            ..
        } = self.migration;
        let judge = |credential: &Credential| Judged::of(&credential.stored, conventions, wrapping);
        let judged: Vec<Judged> = piece.iter().map(judge).collect();
        let due: Vec<bool> = judged
            .iter()
            .map(|one| self.takes(one.standing()))
            .collect();
        let mut new = self.new_values(&judged, &due).into_iter();
        let seen = judged.iter().zip(due).map(|(judged, is_due)| Seen {
            scheme: judged.scheme(),
            standing: judged.standing(),
            new: match judged {
                Judged::Unknown(reason) => Some(Err(reason.clone())),
                Judged::Stored(..) if is_due => new.next(),
                Judged::Stored(..) => None,
            },
        });
        Some((*piece, seen.collect()))
    }

    fn takes(&self, standing: Standing) -> bool {
        self.task.is_some_and(|task| task.moves() == standing) && self.permits.take()
    }

    /// One for each value that is due.
    fn new_values(&self, judged: &[Judged], due: &[bool]) -> Vec<Result<Secret, PasswordError>> {
        let stored = judged
            .iter()
            .zip(due)
            .filter_map(|(one, is_due)| match one {
                Judged::Stored(stored, _) if *is_due => Some(stored.as_ref()),
                _ => None,
            });
        let migration = self.migration;
        let new: Vec<Result<String, PasswordError>> = match self.task {
            Some(Task::Convert) => stored
                .map(|stored| migration.hash_decrypted(stored))
                .collect(),
            _ => migration.wrapping.wrap_all(&stored.collect::<Vec<_>>()),
        };
        let secret = |new: Result<String, PasswordError>| match new {
            Ok(new) => Ok(Secret::new(new.into_bytes())),
            Err(reason) => {
                self.permits.give_back();
                Err(reason)
            }
        };
        new.into_iter().map(secret).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_work_for_all_processors_and_pieces_fill_the_lanes() {
        for (values, processors, expected) in [
            (4000, 2, 32),
            (500, 2, 24),
            (128, 2, 8),
            (1, 2, 8),
            (4096, 64, 8),
            (0, 1, 8),
        ] {
            assert_eq!(piece(values, processors), expected);
        }
    }
}
