//! [`ChangeLog`]: which aliases changed in the last generations.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::service::{Change, Listener, SecretService};

/// How many changes are remembered; who asks for older ones is told to read everything again.
const MOST_CHANGES: usize = 256;

/// Remembers changes, and wakes who waits for the next.
pub(super) struct ChangeLog {
    remembered: Arc<Remembered>,
    /// Hears of changes as long as this lives.
    _listener: Arc<Listener>,
}

struct Remembered {
    changes: Mutex<Changes>,
    latest: watch::Sender<u64>,
}

struct Changes {
    list: VecDeque<Change>,
    /// What happened up to this generation is not known.
    forgotten: u64,
}

/// What happened after a generation.
pub(super) enum Since {
    /// This, which may be nothing.
    Known(Change),
    /// Nobody knows: the generation is too old, or not of this run of the service.
    Forgotten(u64),
}

impl ChangeLog {
    pub(super) fn of(service: &SecretService) -> Self {
        let remembered = Arc::new(Remembered {
            changes: Mutex::new(Changes {
                list: VecDeque::new(),
                forgotten: 0,
            }),
            latest: watch::Sender::new(0),
        });
        let listening = Arc::clone(&remembered);
        let listener: Arc<Listener> = Arc::new(move |change: &Change| listening.add(change));
        service.listen(&listener);
        remembered.begin(service.view().generation());
        Self {
            remembered,
            _listener: listener,
        }
    }

    /// Completes with each generation.
    pub(super) fn follow(&self) -> watch::Receiver<u64> {
        self.remembered.latest.subscribe()
    }

    pub(super) fn latest(&self) -> u64 {
        *self.remembered.latest.borrow()
    }

    pub(super) fn since(&self, generation: u64) -> Since {
        self.remembered.since(generation)
    }
}

impl Remembered {
    fn lock(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes may have come in before this.
    fn begin(&self, generation: u64) {
        let mut changes = self.lock();
        changes.forgotten = match changes.list.front() {
            Some(first) => first.generation - 1,
            None => generation,
        };
        drop(changes);
        self.announce(generation);
    }

    fn add(&self, change: &Change) {
        let mut changes = self.lock();
        if changes.list.len() == MOST_CHANGES
            && let Some(oldest) = changes.list.pop_front()
        {
            changes.forgotten = oldest.generation;
        }
        changes.list.push_back(change.clone());
        drop(changes);
        self.announce(change.generation);
    }

    fn announce(&self, generation: u64) {
        self.latest.send_if_modified(|latest| {
            let is_newer = generation > *latest;
            *latest = generation.max(*latest);
            is_newer
        });
    }

    fn since(&self, generation: u64) -> Since {
        let changes = self.lock();
        let latest = *self.latest.borrow();
        if generation < changes.forgotten || generation > latest {
            return Since::Forgotten(latest);
        }
        let mut sum = Change::at(generation);
        for change in &changes.list {
            if change.generation > generation {
                sum.add(change);
            }
        }
        Since::Known(sum)
    }
}
