//! [`Subscription`]: hears that aliases have changed; never what they have become.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::Duration;

/// What has changed since a subscriber last looked.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Change {
    /// The newest generation.
    pub generation: u64,
    /// Aliases that are new or have another value, without their keystore's prefix.
    pub changed: BTreeSet<String>,
    /// Aliases that are gone.
    pub removed: BTreeSet<String>,
}

/// Hears of changes. Those that happen while nobody looks are added up to one, never queued.
pub struct Subscription {
    mailbox: Arc<Mailbox>,
}

#[derive(Default)]
struct Mailbox {
    state: Mutex<MailboxState>,
    delivered: Condvar,
}

#[derive(Default)]
struct MailboxState {
    change: Option<Change>,
    closed: bool,
}

/// Is told of each change, on the thread that noticed it; must not wait for anything.
pub(crate) type Listener = dyn Fn(&Change) + Send + Sync;

/// All who want to hear of changes.
#[derive(Default)]
pub(super) struct Subscribers {
    mailboxes: Mutex<Vec<Weak<Mailbox>>>,
    listeners: Mutex<Vec<Weak<Listener>>>,
}

impl Subscription {
    /// Waits for a change, at most `longest`. `None` when the time is up or the service has ended.
    #[must_use]
    pub fn next(&self, longest: Duration) -> Option<Change> {
        let state = self
            .mailbox
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let empty = |state: &mut MailboxState| state.change.is_none() && !state.closed;
        let (mut state, _) = self
            .mailbox
            .delivered
            .wait_timeout_while(state, longest, empty)
            .unwrap_or_else(PoisonError::into_inner);
        state.change.take()
    }
}

impl Subscribers {
    pub(super) fn subscribe(&self) -> Subscription {
        let mailbox = Arc::new(Mailbox::default());
        let mut mailboxes = self
            .mailboxes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        mailboxes.retain(|other| other.strong_count() > 0);
        mailboxes.push(Arc::downgrade(&mailbox));
        Subscription { mailbox }
    }

    /// `listener` hears of changes until it is dropped.
    pub(super) fn listen(&self, listener: &Arc<Listener>) {
        let mut listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|other| other.strong_count() > 0);
        listeners.push(Arc::downgrade(listener));
    }

    pub(super) fn deliver(&self, change: &Change) {
        let listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for listener in listeners.iter().filter_map(Weak::upgrade) {
            listener(change);
        }
        drop(listeners);
        self.for_each(|state| state.change.get_or_insert_default().add(change));
    }

    /// Nothing more will come.
    pub(super) fn close(&self) {
        self.for_each(|state| state.closed = true);
    }

    fn for_each(&self, mut act: impl FnMut(&mut MailboxState)) {
        let mailboxes = self
            .mailboxes
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for mailbox in mailboxes.iter().filter_map(Weak::upgrade) {
            act(&mut mailbox.state.lock().unwrap_or_else(PoisonError::into_inner));
            mailbox.delivered.notify_all();
        }
    }
}

impl Change {
    /// Nothing has changed since this generation.
    #[cfg(unix)]
    pub(crate) fn at(generation: u64) -> Self {
        Self {
            generation,
            ..Self::default()
        }
    }

    /// Adds what changed later.
    pub(crate) fn add(&mut self, later: &Self) {
        self.generation = self.generation.max(later.generation);
        for alias in &later.changed {
            self.removed.remove(alias);
            self.changed.insert(alias.clone());
        }
        for alias in &later.removed {
            self.changed.remove(alias);
            self.removed.insert(alias.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(generation: u64, changed: &[&str], removed: &[&str]) -> Change {
        let owned = |aliases: &[&str]| aliases.iter().map(|&alias| alias.to_owned()).collect();
        Change {
            generation,
            changed: owned(changed),
            removed: owned(removed),
        }
    }

    #[test]
    fn changes_that_nobody_looked_at_add_up() {
        let subscribers = Subscribers::default();
        let subscription = subscribers.subscribe();
        subscribers.deliver(&change(2, &["db1", "new"], &["old"]));
        subscribers.deliver(&change(3, &["old"], &["new"]));
        let heard = subscription.next(Duration::ZERO);
        assert_eq!(heard, Some(change(3, &["db1", "old"], &["new"])));
        assert_eq!(subscription.next(Duration::ZERO), None);
    }

    #[test]
    fn the_end_of_the_service_frees_who_waits() {
        let subscribers = Subscribers::default();
        let subscription = subscribers.subscribe();
        subscribers.close();
        assert_eq!(subscription.next(Duration::from_mins(1)), None);
    }
}
