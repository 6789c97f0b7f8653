//! [`LdapStore`]: the entries of a directory that is running, as a credential store.
//!
//! ```text
//! page:    search with the paged results control (RFC 2696), its cookie kept between pages
//! replace: one modify a value: delete the exact old one, add the new one
//! ```
//! The modify is done as a whole or not at all (RFC 4511, section 4.6), and fails with `noSuchAttribute` where another
//! value stands by now. Each value of an entry is a credential of its own; its place is the entry's DN.

mod address;
mod connections;
mod cookie;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ldap3::controls::PagedResults;
use ldap3::{Ldap, LdapError, LdapResult, Mod, SearchEntry, SearchResult, ldap_escape};

pub use address::{InvalidLdapUrl, LdapAddress};
use connections::Connections;
use cookie::cookie_of;

use super::login_name::login_name;
use super::{Change, Credential, CredentialStore, MigrateError, Page, Place, Replaced};
use crate::Secret;

/// How many entries are asked for at a time.
const PAGE: i32 = 500;
/// How long an answer is waited for, unless it is said otherwise.
const PATIENCE: Duration = Duration::from_mins(1);

/// Result codes of RFC 4511, appendix A.
mod code {
    pub(super) const SUCCESS: u32 = 0;
    pub(super) const SIZE_LIMIT_EXCEEDED: u32 = 4;
    pub(super) const NO_SUCH_ATTRIBUTE: u32 = 16;
    pub(super) const CONSTRAINT_VIOLATION: u32 = 19;
    pub(super) const NO_SUCH_OBJECT: u32 = 32;
    pub(super) const INVALID_CREDENTIALS: u32 = 49;
    pub(super) const INSUFFICIENT_ACCESS_RIGHTS: u32 = 50;
    pub(super) const BUSY: u32 = 51;
    pub(super) const UNAVAILABLE: u32 = 52;
    pub(super) const UNWILLING_TO_PERFORM: u32 = 53;
}

/// Who reads and changes the entries.
pub struct LdapBind {
    /// The DN of its entry.
    pub dn: String,
    /// Its password.
    pub password: Secret,
}

/// The entries of a directory.
pub struct LdapStore {
    connections: Connections,
    /// The attribute by which a user is found, and called.
    user_attribute: String,
    reading: Mutex<Reading>,
}

#[derive(Default)]
struct Reading {
    /// A connection of its own keeps the pages apart from what is changed between them.
    connection: Option<Ldap>,
    cookie: Vec<u8>,
    /// The end of the last page.
    at: Option<Place>,
    seen: u64,
}

/// What a search has found.
struct Searched {
    entries: Vec<SearchEntry>,
    result: LdapResult,
}

impl LdapStore {
    /// Connects and binds; without a `bind` as whoever the Unix socket's peer is (SASL EXTERNAL), or as nobody.
    ///
    /// # Errors
    /// When the server cannot be reached, or refuses the bind.
    pub fn open(
        address: LdapAddress,
        bind: Option<LdapBind>,
        user_attribute: &str,
    ) -> Result<Self, MigrateError> {
        let store = Self {
            connections: Connections::new(address, bind, PATIENCE)?,
            user_attribute: user_attribute.to_owned(),
            reading: Mutex::default(),
        };
        store.reading().connection = Some(store.connections.connect()?);
        Ok(store)
    }

    /// Waits no longer than this for an answer: a login does not wait as long as a run over all users.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.connections.set_patience(patience);
        self
    }

    fn address(&self) -> &LdapAddress {
        &self.connections.address
    }

    /// What a search with this filter asks; one page of it, where there is a cookie.
    fn search(
        &self,
        mut connection: Ldap,
        filter: String,
        cookie: Option<Vec<u8>>,
    ) -> impl Future<Output = Result<Searched, LdapError>> + Send + 'static {
        let (base, scope) = (self.address().base.clone(), self.address().scope);
        let attributes = [
            self.address().attribute.clone(),
            self.user_attribute.clone(),
        ];
        async move {
            if let Some(cookie) = cookie {
                connection.with_controls(PagedResults { size: PAGE, cookie });
            }
            let found = connection.search(&base, scope, &filter, attributes).await?;
            let SearchResult(entries, result) = found;
            let entries = entries.into_iter();
            let entries = entries.filter(|entry| !entry.is_ref() && !entry.is_intermediate());
            Ok(Searched {
                entries: entries.map(SearchEntry::construct).collect(),
                result,
            })
        }
    }

    /// The credentials of the entries.
    fn found(&self, searched: Searched) -> Result<Vec<Credential>, MigrateError> {
        let Searched { entries, result } = searched;
        match result.rc {
            code::SUCCESS => {}
            code::NO_SUCH_OBJECT => {
                return Err(self.failure("there is no such entry. Check the base DN in the URL"));
            }
            code::SIZE_LIMIT_EXCEEDED => {
                return Err(self.failure(
                    "the server lists no more entries for this bind DN. Raise its size limit (OpenLDAP: limits, OpenDJ: ds-rlim-size-limit)",
                ));
            }
            _ => return Err(self.connections.refusal("the search", &result)),
        }
        let entries = entries.into_iter();
        Ok(entries
            .flat_map(|entry| self.credentials_of(entry))
            .collect())
    }

    /// A credential for each value of the attribute.
    fn credentials_of(&self, entry: SearchEntry) -> Vec<Credential> {
        let is_asked_for = |name: &str, asked: &str| name.eq_ignore_ascii_case(asked);
        let mut user = entry.dn.clone();
        let mut stored: Vec<Secret> = Vec::new();
        for (name, values) in entry.attrs {
            if is_asked_for(&name, &self.address().attribute) {
                stored.extend(
                    values
                        .into_iter()
                        .map(|value| Secret::new(value.into_bytes())),
                );
            } else if is_asked_for(&name, &self.user_attribute) {
                user = values.into_iter().next().unwrap_or(user);
            }
        }
        for (name, values) in entry.bin_attrs {
            if is_asked_for(&name, &self.address().attribute) {
                stored.extend(values.into_iter().map(Secret::new));
            }
        }
        let credential = |stored| Credential {
            place: Place(entry.dn.clone()),
            user: user.clone(),
            stored,
        };
        stored.into_iter().map(credential).collect()
    }

    fn modify(&self, change: &Change<'_>) -> Result<Replaced, MigrateError> {
        let attribute = self.address().attribute.as_bytes();
        let dn = &change.credential.place.0;
        let modified = self.connections.ask_shared(|mut connection| {
            let dn = dn.clone();
            let values = |value: &Secret| HashSet::from([value.expose_bytes().to_vec()]);
            let modifications = vec![
                Mod::Delete(attribute.to_vec(), values(&change.credential.stored)),
                Mod::Add(attribute.to_vec(), values(&change.new)),
            ];
            async move { connection.modify(&dn, modifications).await }
        })?;
        match modified.rc {
            code::SUCCESS => Ok(Replaced::Done),
            code::NO_SUCH_ATTRIBUTE | code::NO_SUCH_OBJECT => Ok(Replaced::ChangedMeanwhile),
            code::CONSTRAINT_VIOLATION | code::UNWILLING_TO_PERFORM => Err(self.failure(&format!(
                "{dn}: the server does not take a value that is hashed already ({}). OpenDJ: set \
                 allow-pre-encoded-passwords:true in the password policy; OpenLDAP: bind as a DN that ppolicy lets manage",
                modified.text
            ))),
            code::INSUFFICIENT_ACCESS_RIGHTS => Err(self.failure(&format!(
                "{dn}: the bind DN may not change {}. Give it the right to write it",
                self.address().attribute
            ))),
            _ => Err(self
                .connections
                .refusal(&format!("the change of {dn}"), &modified)),
        }
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failure(&self, reason: &str) -> MigrateError {
        self.connections.failure(reason)
    }
}

impl CredentialStore for LdapStore {
    fn name(&self) -> String {
        self.address().to_string()
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        let mut reading = self.reading();
        // What fails is not gone on with: the cookie was the connection's.
        let before = std::mem::take(&mut *reading);
        let (cookie, seen) = match after {
            None => (Vec::new(), 0),
            Some(_) if before.at.as_ref() != after => {
                return Err(self.failure("a page of another search was asked for"));
            }
            Some(_) if before.cookie.is_empty() => {
                *reading = before;
                return Ok(None);
            }
            Some(_) => (before.cookie, before.seen),
        };
        let open = |mut connection: Ldap| (!connection.is_closed()).then_some(connection);
        let connection = match before.connection.and_then(open) {
            Some(connection) => connection,
            None => self.connections.connect()?,
        };
        let filter = self.address().filter.clone();
        let question = self.search(connection.clone(), filter, Some(cookie));
        let searched = self.connections.ask(question)?;
        let cookie = cookie_of(&searched.result).ok_or_else(|| self.connections.not_ldap())?;
        let credentials = self.found(searched)?;
        let seen = seen + credentials.len() as u64;
        if seen == 0 && cookie.is_empty() {
            return Err(self.failure(&format!(
                "no entry has a {} that the bind DN may read. Check the base and the filter, and its right to read it",
                self.address().attribute
            )));
        }
        let end = Place(format!("{seen} values"));
        *reading = Reading {
            connection: Some(connection),
            cookie,
            at: Some(end.clone()),
            seen,
        };
        Ok(Some(Page { credentials, end }))
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        let escaped: Cow<'_, str> = ldap_escape(user);
        let filter = format!(
            "(&{}({}={escaped}))",
            self.address().filter,
            self.user_attribute
        );
        let searched = self
            .connections
            .ask_shared(|connection| self.search(connection, filter.clone(), None))?;
        let found = self.found(searched)?;
        let several = |first: &Credential| found.iter().any(|other| other.place != first.place);
        if found.first().is_some_and(several) {
            return Err(self.failure(&format!(
                "several entries have the {} {user:?}. Choose a smaller base",
                self.user_attribute
            )));
        }
        Ok(found)
    }

    /// The DN stands for the user's name where the bind DN may not read that.
    fn login_name<'c>(&self, credential: &'c Credential) -> Cow<'c, str> {
        if credential.user == credential.place.0 {
            return login_name(&credential.user);
        }
        Cow::Borrowed(&credential.user)
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        changes.iter().map(|change| self.modify(change)).collect()
    }
}
