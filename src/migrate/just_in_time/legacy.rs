//! [`LegacySource`]: who knows an old password, and [`LegacyStore`], a credential store that does.

use super::{Account, Work};
use crate::Secret;
use crate::migrate::{Credential, CredentialStore, MigrateError};
use crate::password::{Conventions, PasswordError};

/// What a source has of a user.
pub enum Found {
    /// There is no such user.
    Nobody,
    /// There is, with these stored passwords.
    Account(Account),
    /// It cannot tell without a password.
    Untold,
}

/// What a source says of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// It is right. The name is that by which the source itself calls the user, if it tells.
    Right(Option<String>),
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

    /// Who is called so there.
    ///
    /// # Errors
    /// When nobody can say at present.
    fn find(&self, user: &str) -> Result<Found, MigrateError>;

    /// Whether `password` is that of `user`, who is `account` where [`Self::find`] gave one. What it computes, it computes
    /// through `work`.
    ///
    /// # Errors
    /// When nobody can say at present.
    fn judge(
        &self,
        user: &str,
        account: Option<&Account>,
        password: &Secret,
        work: &mut Work<'_>,
    ) -> Result<Judgement, MigrateError>;

    /// The name by which the source itself calls this user; none if there is none of this name, or it cannot tell.
    ///
    /// # Errors
    /// When nobody can say at present.
    fn knows(&self, user: &str) -> Result<Option<String>, MigrateError> {
        match self.find(user)? {
            Found::Account(account) => Ok(Some(account.name)),
            Found::Nobody | Found::Untold => Ok(None),
        }
    }

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

    fn find(&self, user: &str) -> Result<Found, MigrateError> {
        let account = Account::find(&*self.store, user)?;
        Ok(account.map_or(Found::Nobody, Found::Account))
    }

    fn judge(
        &self,
        _user: &str,
        account: Option<&Account>,
        password: &Secret,
        work: &mut Work<'_>,
    ) -> Result<Judgement, MigrateError> {
        let mut judgement = Judgement::Unknown;
        for credential in account.iter().flat_map(|account| &account.credentials) {
            let Ok(text) = credential.stored.expose_text() else {
                judgement = Judgement::Unreadable("the stored value is no text".to_owned());
                continue;
            };
            let verified = self
                .conventions
                .recognise(text)
                .and_then(|stored| work.verify(&stored, password));
            judgement = match verified {
                Ok(true) => return Ok(Judgement::Right(None)),
                Ok(false) => Judgement::Wrong,
                Err(reason) if reason.is_missing_key() => {
                    return Err(missing_key(&*self.store, credential, &reason));
                }
                Err(reason) => Judgement::Unreadable(format!("{}: {reason}", credential.place.0)),
            };
        }
        Ok(judgement)
    }

    fn store(&self) -> Option<&dyn CredentialStore> {
        Some(&*self.store)
    }
}

/// A value whose key or pepper is not here: nobody knows whether the password is right.
pub(super) fn missing_key(
    store: &dyn CredentialStore,
    credential: &Credential,
    reason: &PasswordError,
) -> MigrateError {
    MigrateError::Store {
        store: store.name(),
        reason: format!("{}: {reason}", credential.place.0),
    }
}
