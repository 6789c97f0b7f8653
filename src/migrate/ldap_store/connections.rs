//! [`Connections`]: connections to a directory, and what is asked over them.
//!
//! ldap3 panics at answers that are not as RFC 4511 has them. It runs in tasks of a reactor alone, of which nobody else is
//! part: a task that panics is a connection that failed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, LdapResult};
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::address::{LdapAddress, Security};
use super::{LdapBind, code};
use crate::Secret;
use crate::migrate::MigrateError;
use crate::migrate::reactor::Reactor;

/// A connection that was idle for longer is not used again: a firewall may have forgotten it, and drop what is sent.
const IDLE: Duration = Duration::from_secs(30);

/// Connections to a directory.
pub(super) struct Connections {
    pub(super) address: LdapAddress,
    bind: Option<LdapBind>,
    patience: Duration,
    reactor: Reactor,
    /// What logins and changes share: a connection takes many questions at once.
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    ldap: Ldap,
    used: Instant,
}

/// Why there is no answer.
enum NoAnswer {
    /// The connection is closed, or was never one.
    Lost(LdapError),
    Late,
    /// ldap3 has panicked.
    NoLdap,
}

impl Connections {
    pub(super) fn new(
        address: LdapAddress,
        bind: Option<LdapBind>,
        patience: Duration,
    ) -> Result<Self, MigrateError> {
        let reactor = Reactor::new("keyward-ldap").map_err(|error| MigrateError::Store {
            store: address.to_string(),
            reason: error.to_string(),
        })?;
        Ok(Self {
            address,
            bind,
            patience,
            reactor,
            kept: Mutex::default(),
        })
    }

    pub(super) fn set_patience(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Connects and binds.
    pub(super) fn connect(&self) -> Result<Ldap, MigrateError> {
        let server = self.address.server.clone();
        let settings =
            LdapConnSettings::new().set_starttls(self.address.security == Security::StartTls);
        let bind = match &self.bind {
            Some(LdapBind { dn, password }) => Some((dn.clone(), self.text_of(password)?)),
            None => None,
        };
        let connected = self.wait(async move {
            let (connection, mut ldap) = LdapConnAsync::with_settings(settings, &server).await?;
            ldap3::drive!(connection);
            let bound = match bind {
                Some((dn, password)) => Some(ldap.simple_bind(&dn, &password).await?),
                None if server.starts_with("ldapi:") => Some(ldap.sasl_external_bind().await?),
                None => None,
            };
            Ok((ldap, bound))
        });
        let (ldap, bound) = connected.map_err(|why| self.unavailable(&why))?;
        match bound {
            None => Ok(ldap),
            Some(bound) => match bound.rc {
                code::SUCCESS => Ok(ldap),
                code::INVALID_CREDENTIALS => Err(self.failure(
                    "the bind DN or its password is wrong. Check --bind-dn and --bind-password:file",
                )),
                _ => Err(self.refusal("the bind", &bound)),
            },
        }
    }

    /// Asks over a connection of the caller's.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        question: impl Future<Output = Result<T, LdapError>> + Send + 'static,
    ) -> Result<T, MigrateError> {
        self.wait(question).map_err(|why| self.unavailable(&why))
    }

    /// Asks over the shared connection, and once more over another if that was closed meanwhile.
    pub(super) fn ask_shared<T: Send + 'static, Q>(
        &self,
        question: impl Fn(Ldap) -> Q,
    ) -> Result<T, MigrateError>
    where
        Q: Future<Output = Result<T, LdapError>> + Send + 'static,
    {
        if let Some(ldap) = self.shared() {
            match self.wait(question(ldap)) {
                Ok(answer) => {
                    if let Some(kept) = &mut *self.kept() {
                        kept.used = Instant::now();
                    }
                    return Ok(answer);
                }
                Err(why) => {
                    *self.kept() = None;
                    if !matches!(why, NoAnswer::Lost(_)) {
                        return Err(self.unavailable(&why));
                    }
                }
            }
        }
        let ldap = self.connect()?;
        let answer = self.ask(question(ldap.clone()))?;
        let used = Instant::now();
        *self.kept() = Some(Kept { ldap, used });
        Ok(answer)
    }

    pub(super) fn failure(&self, reason: &str) -> MigrateError {
        MigrateError::Store {
            store: self.address.to_string(),
            reason: reason.to_owned(),
        }
    }

    pub(super) fn not_ldap(&self) -> MigrateError {
        self.unavailable(&NoAnswer::NoLdap)
    }

    pub(super) fn refusal(&self, what: &str, result: &LdapResult) -> MigrateError {
        let LdapResult { rc, text, .. } = result;
        let reason = format!(
            "{what} is refused with the result code {rc}: {text}. The server's log tells more"
        );
        match *rc {
            code::BUSY | code::UNAVAILABLE => MigrateError::Unavailable {
                store: self.address.to_string(),
                reason,
            },
            _ => self.failure(&reason),
        }
    }

    fn shared(&self) -> Option<Ldap> {
        let mut kept = self.kept();
        if let Some(kept) = &mut *kept
            && kept.used.elapsed() < IDLE
            && !kept.ldap.is_closed()
        {
            return Some(kept.ldap.clone());
        }
        *kept = None;
        None
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<T: Send + 'static>(
        &self,
        question: impl Future<Output = Result<T, LdapError>> + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let patience = self.patience;
        match self
            .reactor
            .wait(async move { timeout(patience, question).await })
        {
            Some(Ok(answer)) => answer.map_err(NoAnswer::Lost),
            Some(Err(_elapsed)) => Err(NoAnswer::Late),
            None => Err(NoAnswer::NoLdap),
        }
    }

    fn text_of(&self, password: &Secret) -> Result<Zeroizing<String>, MigrateError> {
        let text = password.expose_text();
        let text = text.map_err(|_| self.failure("the bind password is not UTF-8"))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn unavailable(&self, why: &NoAnswer) -> MigrateError {
        let why = match why {
            NoAnswer::Lost(error) => error.to_string(),
            NoAnswer::Late => format!("nothing came in {:?}", self.patience),
            NoAnswer::NoLdap => "what comes is not LDAP".to_owned(),
        };
        MigrateError::Unavailable {
            store: self.address.to_string(),
            reason: format!(
                "the server does not answer: {why}. Check its address and certificate, and run the same command again: it goes on"
            ),
        }
    }
}
