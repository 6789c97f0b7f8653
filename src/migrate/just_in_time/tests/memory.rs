//! [`Memory`]: users in memory.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::Secret;
use crate::migrate::{Change, Credential, CredentialStore, Inserted};
use crate::migrate::{MigrateError, Page, Place, Replaced};

/// Users in memory.
#[derive(Clone, Default)]
pub(super) struct Memory(pub(super) Arc<State>);

#[derive(Default)]
pub(super) struct State {
    pub(super) users: Mutex<BTreeMap<String, String>>,
    pub(super) replaced: AtomicUsize,
    has_failed: AtomicBool,
    /// What somebody else stores between reading and writing.
    pub(super) meanwhile: Mutex<Option<String>>,
}

impl Memory {
    pub(super) fn of(users: &[(&str, &str)]) -> Self {
        let memory = Self::default();
        for (user, stored) in users {
            memory.set(user, stored);
        }
        memory
    }

    pub(super) fn set(&self, user: &str, stored: &str) {
        let mut users = self.0.users.lock().unwrap();
        users.insert(user.to_owned(), stored.to_owned());
    }

    pub(super) fn get(&self, user: &str) -> Option<String> {
        self.0.users.lock().unwrap().get(user).cloned()
    }

    pub(super) fn fail(&self, has_failed: bool) {
        self.0.has_failed.store(has_failed, Ordering::Relaxed);
    }

    fn check(&self) -> Result<(), MigrateError> {
        if !self.0.has_failed.load(Ordering::Relaxed) {
            return Ok(());
        }
        Err(MigrateError::Unavailable {
            store: self.name(),
            reason: "the connection broke off".to_owned(),
        })
    }

    fn credential(user: &str, stored: &str) -> Credential {
        Credential {
            place: Place(user.to_owned()),
            user: user.to_owned(),
            stored: Secret::copied_from(stored.as_bytes()),
        }
    }
}

impl CredentialStore for Memory {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        let users = self.0.users.lock().unwrap();
        let next = match after {
            Some(after) => users.iter().find(|(user, _)| **user > after.0),
            None => users.iter().next(),
        };
        Ok(next.map(|(user, stored)| Page {
            credentials: vec![Self::credential(user, stored)],
            end: Place(user.clone()),
        }))
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        self.check()?;
        let stored = self.get(user);
        Ok(stored
            .map(|stored| Self::credential(user, &stored))
            .into_iter()
            .collect())
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        self.check()?;
        let mut users = self.0.users.lock().unwrap();
        let mut replace = |change: &Change<'_>| {
            let user = &change.credential.user;
            if let Some(meanwhile) = self.0.meanwhile.lock().unwrap().take() {
                users.insert(user.clone(), meanwhile);
            }
            let stands = users
                .get(user)
                .is_some_and(|stored| stored.as_bytes() == change.credential.stored.expose_bytes());
            if !stands {
                return Replaced::ChangedMeanwhile;
            }
            self.0.replaced.fetch_add(1, Ordering::Relaxed);
            users.insert(user.clone(), change.new.expose_text().unwrap().to_owned());
            Replaced::Done
        };
        Ok(changes.iter().map(&mut replace).collect())
    }

    fn insert(&self, user: &str, stored: &Secret) -> Result<Inserted, MigrateError> {
        self.check()?;
        let mut users = self.0.users.lock().unwrap();
        if users.contains_key(user) {
            return Ok(Inserted::AlreadyThere);
        }
        self.0.replaced.fetch_add(1, Ordering::Relaxed);
        users.insert(user.to_owned(), stored.expose_text().unwrap().to_owned());
        Ok(Inserted::Done)
    }
}
