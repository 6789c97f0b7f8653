//! [`JustInTime`]: whether a password is right, and a new value stored the first time that it is.
//!
//! ```text
//! user, password ──attempts left?──> target ──current value──────────────> the target decides
//!                                    ^ │ ────wrapped or old value─right──> hash_new(password) takes its place
//!                                    │ │ ────pending, or no such user
//!                                    │ └──> each legacy source in turn ──the first that knows the user decides
//!                                    │         │                    right──> hash_new(password) is stored
//!                                    └─────────┘ it calls the user otherwise than was typed
//! ```
//! A legacy store may find `jane` for `Jane` or for a whole DN. Before it decides, the target is asked under its own name, so
//! that no other spelling brings an old password back; and attempts are counted by name and by the user who was found.
//!
//! What is stored is a compare-and-swap: where the value was changed meanwhile, that change stays, and the password is
//! accepted all the same. A source that fails is a temporary error, never a wrong password. An answer "no" costs the work of
//! a current value, whether the user exists or not ([`EqualCost`]). The idea is that of the `OneWelcome` migration process.

mod account;
mod attempts;
mod hash_slots;
mod legacy;
mod login;
mod work;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

pub use account::Account;
use account::folded;
pub use attempts::Attempts;
pub use hash_slots::HashSlots;
pub use legacy::{Found, Judgement, LegacySource, LegacyStore};
use login::Login;
pub use work::Work;

use super::{CredentialStore, MigrateError};
use crate::Secret;
use crate::password::{Conventions, EqualCost, Wrapping};

/// How soon who met a failing source is to come again.
const RETRY_AFTER: Duration = Duration::from_secs(5);
/// The longest name of a user, in bytes.
const LONGEST_USER: usize = 1024;

/// Answers logins while the users move.
pub struct JustInTime {
    target: Target,
    cost: EqualCost,
    legacy: Vec<Box<dyn LegacySource>>,
    attempts: Attempts,
    slots: HashSlots,
    longest: Option<Duration>,
    storing: Mutex<()>,
    has_ended: AtomicBool,
}

/// Where new values go.
pub struct Target {
    /// The store; none where the platform that asks stores the password itself.
    pub store: Option<Box<dyn CredentialStore>>,
    /// How its values are to be read.
    pub conventions: Conventions,
    /// What users are moved to.
    pub wrapping: Wrapping,
    /// The stored text of a user who has not moved yet, beside the empty one.
    pub pending: Option<String>,
}

/// What is said to one login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The name by which the user is known, where a source calls them otherwise than was typed; else what was typed.
    pub user: String,
    /// Whether the password is right.
    pub decision: Decision,
    /// The store or API that decided, if one did.
    pub source: Option<String>,
    /// What an operator should know of it: why a value was not stored, or what failed. Never a value.
    pub note: Option<String>,
    /// The work of the functions that were computed, as [`crate::password::HashFunction::work`] counts it.
    pub work: u64,
}

/// Whether a password is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is.
    Accepted {
        /// Whether this login stored the new value.
        migrated: bool,
    },
    /// It is wrong, or there is no such user.
    Rejected,
    /// There were too many attempts.
    Limited {
        /// When the next one counts.
        retry_after: Duration,
    },
    /// Nobody can say at present.
    Unavailable {
        /// When to ask again.
        retry_after: Duration,
    },
}

impl Target {
    /// Whether a user with this stored text has not moved yet.
    #[must_use]
    pub fn is_pending(&self, stored: &Secret) -> bool {
        let pending = self.pending.as_deref().unwrap_or_default();
        stored.is_empty() || stored.expose_bytes() == pending.as_bytes()
    }
}

impl JustInTime {
    /// Moves users to `target`; `legacy` is asked in its order.
    ///
    /// # Errors
    /// When there is no randomness for a salt.
    pub fn new(
        target: Target,
        legacy: Vec<Box<dyn LegacySource>>,
        attempts: Attempts,
        slots: HashSlots,
    ) -> Result<Self, MigrateError> {
        let cost =
            EqualCost::of_wrapping(&target.wrapping).map_err(|reason| MigrateError::Store {
                store: target.wrapping.name().to_owned(),
                reason: reason.to_string(),
            })?;
        Ok(Self {
            target,
            cost,
            legacy,
            attempts,
            slots,
            longest: None,
            storing: Mutex::default(),
            has_ended: AtomicBool::new(false),
        })
    }

    /// What takes longer than this begins nothing more, and is answered [`Decision::Unavailable`]. A store that is asked is
    /// waited for: its own patience ends that.
    #[must_use]
    pub fn within(mut self, longest: Duration) -> Self {
        self.longest = Some(longest);
        self
    }

    /// Whether `password` is that of `user`. May take as long as the slowest source and the dearest function: not to be called
    /// on a thread of an async runtime.
    #[must_use]
    pub fn verify(&self, user: &str, password: &Secret) -> Answer {
        if !is_name(user) {
            return Answer {
                user: user.to_owned(),
                decision: Decision::Rejected,
                source: None,
                note: None,
                work: 0,
            };
        }
        let deadline = self.longest.map(|longest| Instant::now() + longest);
        Login::new(self, user, password, deadline).answer()
    }

    /// The name by which some source knows this user. It costs no password, and is not hidden: to be told to those alone who
    /// may ask.
    ///
    /// # Errors
    /// When a source cannot be asked.
    pub fn knows(&self, user: &str) -> Result<Option<String>, MigrateError> {
        if !is_name(user) {
            return Ok(None);
        }
        if let Some(store) = &self.target.store
            && let Some(account) = Account::find(&**store, user)?
        {
            return Ok(Some(account.name));
        }
        for source in self.legacy() {
            if let Some(name) = source.knows(user)? {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// What messages call the target, if it is a store.
    #[must_use]
    pub fn target_name(&self) -> Option<String> {
        self.target.store.as_ref().map(|store| store.name())
    }

    /// What messages call the sources that are asked, in their order.
    #[must_use]
    pub fn legacy_names(&self) -> Vec<String> {
        self.legacy().iter().map(|source| source.name()).collect()
    }

    /// Whether no legacy source is asked from now on.
    pub fn set_ended(&self, has_ended: bool) {
        self.has_ended.store(has_ended, Ordering::Release);
    }

    /// Whether the legacy sources are asked no more.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Acquire)
    }

    /// The sources that are asked.
    fn legacy(&self) -> &[Box<dyn LegacySource>] {
        if self.has_ended() {
            return &[];
        }
        &self.legacy
    }
}

/// Whether anybody may be called so.
fn is_name(user: &str) -> bool {
    !user.is_empty() && user.len() <= LONGEST_USER && !user.contains('\0')
}

#[cfg(test)]
mod tests;
