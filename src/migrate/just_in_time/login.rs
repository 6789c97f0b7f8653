//! [`Login`]: one user with one password, on the way to an answer.

use std::sync::PoisonError;

use super::{Answer, Decision, Judgement, JustInTime, RETRY_AFTER, Work};
use crate::Secret;
use crate::migrate::{Change, Credential, CredentialStore, Inserted, MigrateError, Replaced};
use crate::password::StoredHash;

/// One user with one password.
pub(super) struct Login<'j> {
    service: &'j JustInTime,
    user: &'j str,
    password: &'j Secret,
    work: Work<'j>,
    source: Option<String>,
    note: Option<String>,
}

/// What the target says of a user.
enum AtTarget {
    Decided(Decision),
    /// Has not moved yet.
    Pending(Credential),
    Absent,
}

/// How a value of the target is to be treated.
enum Standing {
    Current,
    /// Wrapped, or in an old function: it is replaced when the password is known.
    Replaceable,
}

impl<'j> Login<'j> {
    pub(super) fn new(service: &'j JustInTime, user: &'j str, password: &'j Secret) -> Self {
        Self {
            service,
            user,
            password,
            work: Work::new(&service.cost, &service.slots),
            source: None,
            note: None,
        }
    }

    pub(super) fn answer(mut self) -> Answer {
        let decision = self.decide().unwrap_or_else(|error| {
            self.note = Some(error.to_string());
            let retry_after = RETRY_AFTER;
            Decision::Unavailable { retry_after }
        });
        if decision == Decision::Rejected {
            self.work.spend(self.password);
        }
        Answer {
            decision,
            source: self.source,
            note: self.note,
            work: self.work.done(),
        }
    }

    fn decide(&mut self) -> Result<Decision, MigrateError> {
        match self.at_target()? {
            AtTarget::Decided(decision) => Ok(decision),
            AtTarget::Pending(credential) => self.at_legacy(Some(&credential)),
            AtTarget::Absent => self.at_legacy(None),
        }
    }

    fn at_target(&mut self) -> Result<AtTarget, MigrateError> {
        let target = &self.service.target;
        let Some(store) = &target.store else {
            return Ok(AtTarget::Absent);
        };
        let mut credentials = store.of_user(self.user)?;
        let is_pending = |credential: &Credential| target.is_pending(&credential.stored);
        if credentials.iter().all(is_pending) {
            let first = (!credentials.is_empty()).then(|| credentials.swap_remove(0));
            return Ok(first.map_or(AtTarget::Absent, AtTarget::Pending));
        }
        self.source = Some(store.name());
        for credential in credentials.iter().filter(|one| !is_pending(one)) {
            let Some(stored) = self.readable(credential) else {
                continue;
            };
            match self.work.verify(&stored, self.password) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(reason) => {
                    self.note = Some(format!("{}: {reason}", credential.place.0));
                    continue;
                }
            }
            let migrated = match self.standing(&stored) {
                Standing::Current => false,
                Standing::Replaceable => self.store_new(&**store, Some(credential)),
            };
            return Ok(AtTarget::Decided(Decision::Accepted { migrated }));
        }
        Ok(AtTarget::Decided(Decision::Rejected))
    }

    fn at_legacy(&mut self, pending: Option<&Credential>) -> Result<Decision, MigrateError> {
        for source in self.service.legacy() {
            let judged = source.judge(self.user, self.password, &mut self.work);
            let judged = judged.inspect_err(|_| self.source = Some(source.name()))?;
            if judged == Judgement::Unknown {
                continue;
            }
            self.source = Some(source.name());
            return Ok(match judged {
                Judgement::Right => {
                    let store = self.service.target.store.as_deref();
                    let migrated = store.is_some_and(|store| self.store_new(store, pending));
                    Decision::Accepted { migrated }
                }
                Judgement::Unreadable(reason) => {
                    self.note = Some(reason);
                    Decision::Rejected
                }
                Judgement::Wrong | Judgement::Unknown => Decision::Rejected,
            });
        }
        Ok(Decision::Rejected)
    }

    /// Whether the new value is stored. Who has the right password gets in, whatever becomes of it: the next login tries again.
    fn store_new(&mut self, store: &dyn CredentialStore, old: Option<&Credential>) -> bool {
        let wrapping = &self.service.target.wrapping;
        let new = match self.work.hash(wrapping, self.password) {
            Ok(new) => new,
            Err(reason) => {
                self.note = Some(format!("not stored: {reason}"));
                return false;
            }
        };
        let stored = self.service.storing.lock();
        // One at a time: what a store holds back is stored, and is of this login alone.
        let _storing = stored.unwrap_or_else(PoisonError::into_inner);
        let stored = match old {
            Some(credential) => replace(store, Change { credential, new }),
            None => store
                .insert(self.user, &new)
                .map(|inserted| inserted == Inserted::Done),
        };
        stored.unwrap_or_else(|error| {
            self.note = Some(format!("not stored: {error}"));
            false
        })
    }

    fn readable(&mut self, credential: &Credential) -> Option<StoredHash> {
        let conventions = &self.service.target.conventions;
        let text = credential.stored.expose_text().ok();
        let read = text.map(|text| conventions.recognise(text));
        match read {
            Some(Ok(stored)) => Some(stored),
            Some(Err(reason)) => {
                self.note = Some(format!("{}: {reason}", credential.place.0));
                None
            }
            None => {
                self.note = Some(format!("{}: the value is no text", credential.place.0));
                None
            }
        }
    }

    fn standing(&self, stored: &StoredHash) -> Standing {
        if self.service.target.wrapping.is_current(stored) {
            return Standing::Current;
        }
        Standing::Replaceable
    }
}

/// Whether the value still stood, and is stored now.
fn replace(store: &dyn CredentialStore, change: Change<'_>) -> Result<bool, MigrateError> {
    let replaced = store.replace(&[change])?;
    let lost = store.complete()?;
    Ok(replaced.first() == Some(&Replaced::Done) && lost == 0)
}
