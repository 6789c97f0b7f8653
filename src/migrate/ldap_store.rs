//! [`LdapStore`]: the entries of a directory that is running, as a credential store.
//!
//! ```text
//! page:    search with the paged results control (RFC 2696), its cookie kept between pages
//! replace: one modify a value: delete the exact old one, add the new one
//! ```
//! The modify is done as a whole or not at all (RFC 4511, section 4.6), and fails with `noSuchAttribute` where another
//! value stands by now. Each value of an entry is a credential of its own; its place is the entry's DN.

mod address;

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ldap3::controls::{Control, ControlType, PagedResults};
use ldap3::{LdapConn, LdapConnSettings, LdapError, LdapResult, Mod, ResultEntry};
use ldap3::{SearchEntry, SearchResult, ldap_escape};

use address::Security;
pub use address::{InvalidLdapUrl, LdapAddress};

use super::{Change, Credential, CredentialStore, MigrateError, Page, Place, Replaced};
use crate::Secret;

/// How many entries are asked for at a time.
const PAGE: i32 = 500;
/// How long an answer is waited for.
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
    address: LdapAddress,
    bind: Option<LdapBind>,
    /// The attribute by which a user is found, and called.
    user_attribute: String,
    // A connection of its own keeps the pages apart from what is changed between them.
    reading: Mutex<Reading>,
    writing: Mutex<Option<LdapConn>>,
}

#[derive(Default)]
struct Reading {
    connection: Option<LdapConn>,
    cookie: Vec<u8>,
    /// The end of the last page.
    at: Option<Place>,
    seen: u64,
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
            address,
            bind,
            user_attribute: user_attribute.to_owned(),
            reading: Mutex::default(),
            writing: Mutex::default(),
        };
        store.reading().connection = Some(store.connect()?);
        Ok(store)
    }

    fn connect(&self) -> Result<LdapConn, MigrateError> {
        let settings = LdapConnSettings::new()
            .set_conn_timeout(PATIENCE)
            .set_starttls(self.address.security == Security::StartTls);
        let mut connection = LdapConn::with_settings(settings, &self.address.server)
            .map_err(|error| self.unavailable(&error))?;
        connection.with_timeout(PATIENCE);
        let bound = match &self.bind {
            Some(LdapBind { dn, password }) => {
                let not_text = |_| self.failure("the bind password is not UTF-8");
                connection.simple_bind(dn, password.expose_text().map_err(not_text)?)
            }
            None if self.address.server.starts_with("ldapi:") => connection.sasl_external_bind(),
            None => return Ok(connection),
        };
        let bound = bound.map_err(|error| self.unavailable(&error))?;
        match bound.rc {
            code::SUCCESS => Ok(connection),
            code::INVALID_CREDENTIALS => Err(self.failure(
                "the bind DN or its password is wrong. Check --bind-dn and --bind-password:file",
            )),
            _ => Err(self.refusal("the bind", &bound)),
        }
    }

    /// One page of a search, and its cookie.
    fn search(
        &self,
        connection: &mut LdapConn,
        filter: &str,
        cookie: Vec<u8>,
    ) -> Result<(Vec<Credential>, Vec<u8>), MigrateError> {
        let paged = PagedResults { size: PAGE, cookie };
        let LdapAddress { base, scope, .. } = &self.address;
        let attributes = [
            self.address.attribute.as_str(),
            self.user_attribute.as_str(),
        ];
        connection.with_timeout(PATIENCE);
        connection.with_controls(paged);
        let found = connection.search(base, *scope, filter, attributes);
        let SearchResult(entries, result) = found.map_err(|error| self.unavailable(&error))?;
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
            _ => return Err(self.refusal("the search", &result)),
        }
        let credentials = entries
            .into_iter()
            .flat_map(|entry| self.credentials_of(entry));
        Ok((credentials.collect(), cookie_of(&result)))
    }

    /// A credential for each value of the attribute.
    fn credentials_of(&self, entry: ResultEntry) -> Vec<Credential> {
        if entry.is_ref() || entry.is_intermediate() {
            return Vec::new();
        }
        let entry = SearchEntry::construct(entry);
        let is_asked_for = |name: &str, asked: &str| name.eq_ignore_ascii_case(asked);
        let mut user = entry.dn.clone();
        let mut stored: Vec<Secret> = Vec::new();
        for (name, values) in entry.attrs {
            if is_asked_for(&name, &self.address.attribute) {
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
            if is_asked_for(&name, &self.address.attribute) {
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

    fn modify(
        &self,
        connection: &mut LdapConn,
        change: &Change<'_>,
    ) -> Result<Replaced, MigrateError> {
        let attribute = self.address.attribute.as_bytes();
        let modifications = vec![
            Mod::Delete(
                attribute,
                HashSet::from([change.credential.stored.expose_bytes()]),
            ),
            Mod::Add(attribute, HashSet::from([change.new.expose_bytes()])),
        ];
        connection.with_timeout(PATIENCE);
        let dn = &change.credential.place.0;
        let modified = connection.modify(dn, modifications);
        let modified = modified.map_err(|error| self.unavailable(&error))?;
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
                self.address.attribute
            ))),
            _ => Err(self.refusal(&format!("the change of {dn}"), &modified)),
        }
    }

    fn reading(&self) -> MutexGuard<'_, Reading> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn writing(&self) -> MutexGuard<'_, Option<LdapConn>> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn failure(&self, reason: &str) -> MigrateError {
        MigrateError::Store {
            store: self.name(),
            reason: reason.to_owned(),
        }
    }

    fn refusal(&self, what: &str, result: &LdapResult) -> MigrateError {
        let LdapResult { rc, text, .. } = result;
        let reason = format!(
            "{what} is refused with the result code {rc}: {text}. The server's log tells more"
        );
        match *rc {
            code::BUSY | code::UNAVAILABLE => MigrateError::Unavailable {
                store: self.name(),
                reason,
            },
            _ => self.failure(&reason),
        }
    }

    fn unavailable(&self, error: &LdapError) -> MigrateError {
        MigrateError::Unavailable {
            store: self.name(),
            reason: format!(
                "the server does not answer: {error}. Check its address and certificate, and run the same command again: it goes on"
            ),
        }
    }
}

impl CredentialStore for LdapStore {
    fn name(&self) -> String {
        self.address.to_string()
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        let mut reading = self.reading();
        if after.is_none() {
            let connection = reading.connection.take();
            *reading = Reading {
                connection,
                ..Reading::default()
            };
        } else if reading.at.as_ref() != after {
            return Err(self.failure("a page of another search was asked for"));
        } else if reading.cookie.is_empty() {
            return Ok(None);
        }
        let Some(mut connection) = reading.connection.take() else {
            let connection = self.connect()?;
            reading.connection = Some(connection);
            drop(reading);
            return self.page(after);
        };
        let cookie = std::mem::take(&mut reading.cookie);
        let (credentials, cookie) = self.search(&mut connection, &self.address.filter, cookie)?;
        reading.connection = Some(connection);
        reading.cookie = cookie;
        reading.seen += credentials.len() as u64;
        if reading.seen == 0 && reading.cookie.is_empty() {
            return Err(self.failure(&format!(
                "no entry has a {} that the bind DN may read. Check the base and the filter, and its right to read it",
                self.address.attribute
            )));
        }
        let end = Place(format!("{} values", reading.seen));
        reading.at = Some(end.clone());
        Ok(Some(Page { credentials, end }))
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        let escaped: Cow<'_, str> = ldap_escape(user);
        let filter = format!(
            "(&{}({}={escaped}))",
            self.address.filter, self.user_attribute
        );
        let mut writing = self.writing();
        let mut connection = match writing.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let (found, _) = self.search(&mut connection, &filter, Vec::new())?;
        *writing = Some(connection);
        let several = |first: &Credential| found.iter().any(|other| other.place != first.place);
        if found.first().is_some_and(several) {
            return Err(self.failure(&format!(
                "several entries have the {} {user:?}. Choose a smaller base",
                self.user_attribute
            )));
        }
        Ok(found)
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        let mut writing = self.writing();
        // One that fails is not used again.
        let mut connection = match writing.take() {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let changes = changes.iter();
        let replaced: Result<Vec<Replaced>, MigrateError> = changes
            .map(|change| self.modify(&mut connection, change))
            .collect();
        *writing = Some(connection);
        replaced
    }
}

/// Where the next page begins; nothing if this was the last, or the server does not page.
fn cookie_of(result: &LdapResult) -> Vec<u8> {
    let is_paged = |control: &&Control| matches!(control.0, Some(ControlType::PagedResults));
    let control = result.ctrls.iter().find(is_paged);
    control.map_or_else(Vec::new, |control| control.1.parse::<PagedResults>().cookie)
}
