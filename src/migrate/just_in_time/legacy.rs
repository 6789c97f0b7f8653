//! [`LegacySource`]: who knows an old password, and [`LegacyStore`], a credential store that does.

use super::Work;
use crate::Secret;
use crate::migrate::{CredentialStore, MigrateError};
use crate::password::Conventions;

/// What a source says of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It is right.
    Right,
    /// The user is known, and it is wrong.
    Wrong,
    /// The user is known, and what is stored cannot be judged, for this reason.
    Unreadable(String),
    /// There is no such user.
    Unknown,
}

/// Who knows old passwords.
pub trait LegacySource: Send + Sync {
    /// What messages call it: a path, or a URL without a password.
    fn name(&self) -> String;

    /// Whether `password` is that of `user`. What it computes, it computes through `work`.
    ///
    /// # Errors
    /// When nobody can say at present.
    fn judge(
        &self,
        user: &str,
        password: &Secret,
        work: &mut Work<'_>,
    ) -> Result<Judgement, MigrateError>;

    /// Whether there is such a user; none if it cannot tell without a password.
    ///
    /// # Errors
    /// When nobody can say at present.
    fn knows(&self, user: &str) -> Result<Option<bool>, MigrateError>;

    /// The store whose users can be listed; none for an API.
    fn store(&self) -> Option<&dyn CredentialStore> {
        None
    }
}

/// A credential store with old values.
pub struct LegacyStore {
    /// The store.
    pub store: Box<dyn CredentialStore>,
    /// How its values are to be read.
    pub conventions: Conventions,
}

impl LegacySource for LegacyStore {
    fn name(&self) -> String {
        self.store.name()
    }

    fn judge(
        &self,
        user: &str,
        password: &Secret,
        work: &mut Work<'_>,
    ) -> Result<Judgement, MigrateError> {
        let mut judgement = Judgement::Unknown;
        for credential in self.store.of_user(user)? {
            let Ok(text) = credential.stored.expose_text() else {
                judgement = Judgement::Unreadable("the stored value is no text".to_owned());
                continue;
            };
            let verified = self
                .conventions
                .recognise(text)
                .and_then(|stored| work.verify(&stored, password));
            judgement = match verified {
                Ok(true) => return Ok(Judgement::Right),
                Ok(false) => Judgement::Wrong,
                Err(reason) => Judgement::Unreadable(format!("{}: {reason}", credential.place.0)),
            };
        }
        Ok(judgement)
    }

    fn knows(&self, user: &str) -> Result<Option<bool>, MigrateError> {
        Ok(Some(!self.store.of_user(user)?.is_empty()))
    }

    fn store(&self) -> Option<&dyn CredentialStore> {
        Some(&*self.store)
    }
}
