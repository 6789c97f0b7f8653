//! [`Login`]: one user with one password, on the way to an answer.

use std::sync::PoisonError;
use std::time::{Duration, Instant};

use super::legacy::missing_key;
use super::{
    Account, Answer, Decision, Found, Judgement, JustInTime, LegacySource, RETRY_AFTER, Work,
    folded,
};
use crate::Secret;
use crate::migrate::{Change, Credential, CredentialStore, Inserted, MigrateError, Replaced};
use crate::password::StoredHash;

/// One user with one password.
pub(super) struct Login<'j> {
    service: &'j JustInTime,
    /// What was typed; or what a source calls the user, once one was found by another name.
    user: String,
    is_renamed: bool,
    password: &'j Secret,
    deadline: Option<Instant>,
    work: Work<'j>,
    /// What this attempt was counted by.
    counted: Vec<String>,
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

/// Why there is no decision.
enum Halt {
    Limited(Duration),
    Failed(MigrateError),
}

impl From<MigrateError> for Halt {
    fn from(error: MigrateError) -> Self {
        Self::Failed(error)
    }
}

impl<'j> Login<'j> {
    pub(super) fn new(
        service: &'j JustInTime,
        user: &str,
        password: &'j Secret,
        deadline: Option<Instant>,
    ) -> Self {
        Self {
            service,
            user: user.to_owned(),
            is_renamed: false,
            password,
            deadline,
            work: Work::new(&service.cost, &service.slots),
            counted: Vec::new(),
            source: None,
            note: None,
        }
    }

    pub(super) fn answer(mut self) -> Answer {
        let decision = self.decide_and_fill().unwrap_or_else(|halt| match halt {
            Halt::Limited(retry_after) => Decision::Limited { retry_after },
            Halt::Failed(error) => {
                self.note = Some(error.to_string());
                let retry_after = RETRY_AFTER;
                Decision::Unavailable { retry_after }
            }
        });
        let attempts = &self.service.attempts;
        for name in &self.counted {
            match decision {
                Decision::Accepted { .. } => attempts.forget(name),
                Decision::Unavailable { .. } => attempts.give_back(name),
                Decision::Rejected | Decision::Limited { .. } => {}
            }
        }
        Answer {
            user: self.user,
            decision,
            source: self.source,
            note: self.note,
            work: self.work.done(),
        }
    }

    fn decide_and_fill(&mut self) -> Result<Decision, Halt> {
        self.count(folded(&self.user))?;
        let decision = self.decide()?;
        // What was judged is a decision, and counts, however late it is: slow answers are no way to more attempts.
        if decision == Decision::Rejected && self.work.begin(self.deadline) {
            self.work.fill(self.password);
        }
        self.work.pause();
        Ok(decision)
    }

    fn decide(&mut self) -> Result<Decision, Halt> {
        match self.at_target()? {
            AtTarget::Decided(decision) => Ok(decision),
            AtTarget::Pending(credential) => self.at_legacy(Some(&credential)),
            AtTarget::Absent => self.at_legacy(None),
        }
    }

    fn at_target(&mut self) -> Result<AtTarget, Halt> {
        let target = &self.service.target;
        let Some(store) = &target.store else {
            return Ok(AtTarget::Absent);
        };
        let Some(account) = Account::find(&**store, &self.user)? else {
            return Ok(AtTarget::Absent);
        };
        self.count(account.key)?;
        let mut credentials = account.credentials;
        let is_pending = |credential: &Credential| target.is_pending(&credential.stored);
        if credentials.iter().all(is_pending) {
            // The password is stored for the user whom the target means, so that theirs is asked for. Who differs by capitals
            // alone may be spelt otherwise in the legacy store.
            if folded(&account.name) != folded(&self.user) {
                self.user = account.name;
            }
            return Ok(AtTarget::Pending(credentials.swap_remove(0)));
        }
        self.source = Some(store.name());
        self.begin()?;
        for credential in credentials.iter().filter(|one| !is_pending(one)) {
            let Some(stored) = self.readable(credential) else {
                continue;
            };
            match self.work.verify(&stored, self.password) {
                Ok(true) => {}
                Ok(false) => continue,
                Err(reason) if reason.is_missing_key() => {
                    return Err(missing_key(&**store, credential, &reason).into());
                }
                Err(reason) => {
                    self.note = Some(format!("{}: {reason}", credential.place.0));
                    continue;
                }
            }
            let is_current = target.wrapping.is_current(&stored);
            // Wrapped, or in an old function: it is replaced now that the password is known.
            let migrated = !is_current && self.store_new(&**store, Some(credential));
            return Ok(AtTarget::Decided(Decision::Accepted { migrated }));
        }
        Ok(AtTarget::Decided(Decision::Rejected))
    }

    fn at_legacy(&mut self, pending: Option<&Credential>) -> Result<Decision, Halt> {
        for source in self.service.legacy() {
            let found = source.find(&self.user);
            let account = match found.inspect_err(|_| self.source = Some(source.name()))? {
                Found::Nobody => continue,
                Found::Account(account) => Some(account),
                Found::Untold => None,
            };
            if let Some(account) = &account {
                self.is_found_again(&**source, account)?;
                if let Some(decision) = self.under_name(&**source, &account.name, pending)? {
                    return Ok(decision);
                }
                self.count(account.key.clone())?;
                self.begin()?;
            }
            self.in_time()?;
            let judged = source.judge(&self.user, account.as_ref(), self.password, &mut self.work);
            let judged = judged.inspect_err(|_| self.source = Some(source.name()))?;
            if judged == Judgement::Unknown {
                continue;
            }
            self.source = Some(source.name());
            return match judged {
                Judgement::Right(name) => {
                    if let Some(name) = name
                        && let Some(decision) = self.under_name(&**source, &name, pending)?
                    {
                        return Ok(decision);
                    }
                    let store = self.service.target.store.as_deref();
                    let migrated = store.is_some_and(|store| self.store_new(store, pending));
                    Ok(Decision::Accepted { migrated })
                }
                Judgement::Unreadable(reason) => {
                    self.note = Some(reason);
                    Ok(Decision::Rejected)
                }
                Judgement::Wrong | Judgement::Unknown => Ok(Decision::Rejected),
            };
        }
        Ok(Decision::Rejected)
    }

    /// That `source` finds the user by its own name too: else what was typed would stand for somebody else.
    fn is_found_again(&self, source: &dyn LegacySource, account: &Account) -> Result<(), Halt> {
        if account.name == self.user {
            return Ok(());
        }
        match source.find(&account.name)? {
            Found::Account(again) if again.key == account.key => Ok(()),
            _ => {
                let error = MigrateError::Store {
                    store: source.name(),
                    reason: format!(
                        "it finds a user by {:?} whom it calls {:?}, and another by that name. Let the user type the latter, or give each a name of their own",
                        self.user, account.name
                    ),
                };
                Err(error.into())
            }
        }
    }

    /// What is decided about the user whom `source` calls `name`, where the target knows somebody else by what was typed, or
    /// nobody. None where it makes no difference, so that the source decides.
    fn under_name(
        &mut self,
        source: &dyn LegacySource,
        name: &str,
        pending: Option<&Credential>,
    ) -> Result<Option<Decision>, Halt> {
        if name == self.user {
            return Ok(None);
        }
        let there = match &self.service.target.store {
            Some(store) => Account::find(&**store, name)?,
            None => None,
        };
        let same = |account: &Account| {
            pending.is_some_and(|pending| account.credentials[0].place == pending.place)
        };
        match there {
            Some(account) if !same(&account) => {}
            // Who is added is added by the source's name, or there would be two of them.
            Some(_) | None => {
                if pending.is_none() {
                    name.clone_into(&mut self.user);
                }
                return Ok(None);
            }
        }
        if self.is_renamed {
            let error = MigrateError::Store {
                store: source.name(),
                reason: format!(
                    "it calls the user {name:?} whom the target calls {:?}, and there is another {name:?}. Give both the same name",
                    self.user
                ),
            };
            return Err(error.into());
        }
        self.is_renamed = true;
        name.clone_into(&mut self.user);
        self.work.pause();
        self.decide().map(Some)
    }

    /// Whether the new value is stored. Who has the right password gets in, whatever becomes of it: the next login tries again.
    fn store_new(&mut self, store: &dyn CredentialStore, old: Option<&Credential>) -> bool {
        let wrapping = &self.service.target.wrapping;
        if !self.work.begin(self.deadline) {
            self.note = Some("not stored: no slot for hashing was free in time".to_owned());
            return false;
        }
        let new = match self.work.hash(wrapping, self.password) {
            Ok(new) => new,
            Err(reason) => {
                self.note = Some(format!("not stored: {reason}"));
                return false;
            }
        };
        self.work.pause();
        // One at a time where changes are held back: what is stored then is of this login alone.
        let _storing = store.holds_back().then(|| {
            let storing = self.service.storing.lock();
            storing.unwrap_or_else(PoisonError::into_inner)
        });
        let stored = match old {
            Some(credential) => replace(store, Change { credential, new }),
            None => store
                .insert(&self.user, &new)
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

    /// Counts this attempt, once, for somebody.
    fn count(&mut self, name: String) -> Result<(), Halt> {
        if self.counted.contains(&name) {
            return Ok(());
        }
        self.service.attempts.take(&name).map_err(Halt::Limited)?;
        self.counted.push(name);
        Ok(())
    }

    /// Waits for its turn to compute.
    fn begin(&mut self) -> Result<(), Halt> {
        self.work.begin(self.deadline);
        self.in_time()
    }

    /// What nobody waits for any more is not begun.
    fn in_time(&self) -> Result<(), Halt> {
        if self
            .deadline
            .is_none_or(|deadline| Instant::now() < deadline)
        {
            return Ok(());
        }
        let error = MigrateError::Unavailable {
            store: "login".to_owned(),
            reason: "it takes longer than allowed. See which store is slow or whether hashing=\"…\" is too small, or raise answer in <limits>"
                .to_owned(),
        };
        Err(error.into())
    }
}

/// Whether the value still stood, and is stored now.
fn replace(store: &dyn CredentialStore, change: Change<'_>) -> Result<bool, MigrateError> {
    let replaced = store.replace(&[change])?;
    let lost = store.complete()?;
    Ok(replaced.first() == Some(&Replaced::Done) && lost == 0)
}
