//! [`SharedJob`]: a table of stored passwords that any number of processes, on any number of hosts, work on together.
//!
//! Each leases one part after the other, reads and replaces the rows of its part, and says how far it has come. One that
//! is ended gives its part back; one that is killed loses it when its lease expires, and another goes on where it was.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use std::{fs, process, thread};

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::lease_table::{Claim, Job, LeaseTable, Part, Progress, State};
use super::{SqlStore, refused};
use crate::migrate::{Change, Credential, CredentialStore, MigrateError, Page, Place, Replaced};

/// How long a process that waits for others waits before it looks again.
const PATIENCE: Duration = Duration::from_millis(500);
/// So often a lease is renewed before it expires.
const RENEWALS: u32 = 3;

/// Whether a job that others have begun is gone on with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// A job is begun only where there is none.
    GoOn,
    /// What others have begun is forgotten: whoever works on it ends, or joins the new job.
    Anew,
}

/// A job that others have begun, as it was when this process joined it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedJob {
    /// Its number.
    pub number: String,
    /// When it was begun, as the server writes it.
    pub begun: String,
    /// How many parts it has.
    pub parts: u64,
    /// How many of them are done.
    pub done: u64,
}

/// How a job is shared.
#[derive(Debug, Clone)]
pub struct Sharing {
    /// The table of leases, perhaps behind its schema and a dot. It is created.
    pub table: String,
    /// What is done, with all settings that count: processes with the same words, on the same columns, share one job.
    pub task: String,
    /// Whether it is begun anew.
    pub beginning: Beginning,
    /// How long a process may be silent before its part is taken over.
    pub lease: Duration,
}

impl Sharing {
    /// The usual table of leases.
    pub const TABLE: &'static str = "keyward_lease";
    /// The usual time of a lease.
    pub const LEASE: Duration = Duration::from_mins(1);
}

/// A process's share of a job.
pub struct SharedJob {
    store: SqlStore,
    leases: LeaseTable,
    job: String,
    joined: Option<JoinedJob>,
    owner: String,
    lease: Duration,
    held: Mutex<Option<Held>>,
    renewal: JoinHandle<()>,
}

/// The part that this process works on.
struct Held {
    part: Part,
    /// Since it was noted last.
    progress: Progress,
}

impl SqlStore {
    /// Joins the job of this table and task that others have begun, or begins one.
    ///
    /// # Errors
    /// When the database is not PostgreSQL, or the table of leases cannot be created.
    pub fn share(self, sharing: &Sharing) -> Result<SharedJob, MigrateError> {
        let leases = LeaseTable::of(&self.database, &sharing.table);
        let leases = leases.map_err(|reason| refused(&self.address, reason))?;
        let task = format!("{}: {}", self.layout.described(), sharing.task);
        let (table, layout) = (leases.clone(), Arc::clone(&self.layout));
        let beginning = sharing.beginning;
        let job = self.ask(async move { table.job(&layout, &task, beginning).await })?;
        let (job, joined) = match job {
            Job::New(number) => (number, None),
            Job::Joined(joined) => (joined.number.clone(), Some(joined)),
        };
        let owner = owner().map_err(|reason| refused(&self.address, reason))?;
        let renewal = renewal(leases.clone(), job.clone(), owner.clone(), sharing.lease);
        Ok(SharedJob {
            renewal: self.reactor.handle().spawn(renewal),
            store: self,
            leases,
            job,
            joined,
            owner,
            lease: sharing.lease,
            held: Mutex::new(None),
        })
    }
}

impl SharedJob {
    /// The job as others had begun it; none if this process has.
    #[must_use]
    pub fn joined(&self) -> Option<&JoinedJob> {
        self.joined.as_ref()
    }

    /// Whether the table has a stored password at all.
    ///
    /// # Errors
    /// When the table cannot be read.
    pub fn has_rows(&self) -> Result<bool, MigrateError> {
        Ok(self.store.count()? != Some(0))
    }

    fn held(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn claim(&self) -> Result<Claim, MigrateError> {
        let (leases, job, owner) = (self.leases.clone(), self.job.clone(), self.owner.clone());
        let lease = self.lease;
        self.store
            .ask(async move { leases.claim(&job, &owner, lease).await })
    }

    /// Notes what was done; the part is lost if another process has it by now.
    fn note(&self, held: &mut Held, state: State) -> Result<bool, MigrateError> {
        let progress = std::mem::take(&mut held.progress);
        let (leases, job, owner) = (self.leases.clone(), self.job.clone(), self.owner.clone());
        let part = held.part.number.clone();
        self.store.ask(async move {
            let of = (job.as_str(), owner.as_str(), part.as_str());
            leases.note(of, &progress, state).await
        })
    }

    /// Whoever cannot reach the database cannot give a part back: its lease expires.
    fn or_lost<T>(&self, done: Result<T, MigrateError>) -> Result<T, MigrateError> {
        if let Err(MigrateError::Unavailable { .. }) = done {
            self.held().take();
        }
        done
    }

    fn leave(&self, state: State) -> Result<(), MigrateError> {
        match self.held().take() {
            Some(mut held) => self.note(&mut held, state).map(|_| ()),
            None => Ok(()),
        }
    }
}

impl CredentialStore for SharedJob {
    fn name(&self) -> String {
        self.store.name()
    }

    /// The next rows of this process's part, or of the next part. Without rows where others hold all that is left: one of
    /// them may be killed yet.
    fn page(&self, _after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        loop {
            let bounds = self.held().as_ref().map(|held| {
                let after = held.part.after.clone().map(Place);
                (after, held.part.until.clone())
            });
            let Some((after, until)) = bounds else {
                match self.claim()? {
                    Claim::Done => return Ok(None),
                    Claim::Part(part) => {
                        let progress = Progress::default();
                        *self.held() = Some(Held { part, progress });
                    }
                    Claim::Wait => {
                        thread::sleep(PATIENCE);
                        return Ok(Some(Page {
                            credentials: Vec::new(),
                            end: Place(String::new()),
                        }));
                    }
                }
                continue;
            };
            let page = self.store.page_of(after.as_ref(), until.as_deref());
            match self.or_lost(page)? {
                Some(page) => return Ok(Some(page)),
                None => self.leave(State::Done)?,
            }
        }
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        self.store.of_user(user)
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        let replaced = self.or_lost(self.store.replace(changes))?;
        if let Some(held) = self.held().as_mut() {
            let done = replaced.iter().filter(|one| **one == Replaced::Done);
            held.progress.replaced += done.count() as u64;
        }
        Ok(replaced)
    }

    fn count(&self) -> Result<Option<u64>, MigrateError> {
        // How many of them come to this process nobody knows.
        Ok(None)
    }

    fn finish(&self, page: &Page) -> Result<(), MigrateError> {
        if page.credentials.is_empty() {
            return Ok(());
        }
        self.store.finish(page)?;
        let mut guard = self.held();
        let Some(held) = guard.as_mut() else {
            return Ok(());
        };
        held.part.after = Some(page.end.0.clone());
        held.progress.reached = Some(page.end.0.clone());
        held.progress.seen += page.credentials.len() as u64;
        if !self.note(held, State::Leased)? {
            *guard = None;
        }
        Ok(())
    }

    fn complete(&self) -> Result<u64, MigrateError> {
        self.leave(State::Free)?;
        Ok(0)
    }
}

impl Drop for SharedJob {
    fn drop(&mut self) {
        self.renewal.abort();
        // After an error: at worst the lease expires.
        let _ = self.leave(State::Free);
    }
}

async fn renewal(leases: LeaseTable, job: String, owner: String, lease: Duration) {
    let mut ticks = interval(lease / RENEWALS);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // The next one may succeed; and a lease that has expired does no harm.
        let _ = leases.renew(&job, &owner, lease).await;
    }
}

/// `host:pid`, and what tells it apart from a process of that number in another container of the same name.
fn owner() -> Result<String, String> {
    let host = fs::read_to_string("/proc/sys/kernel/hostname");
    let host = host.ok().or_else(|| std::env::var("HOSTNAME").ok());
    let host = host.unwrap_or_else(|| "host".to_owned());
    let mut nonce = [0; 4];
    getrandom::fill(&mut nonce).map_err(|error| format!("there is no randomness: {error}"))?;
    let mut owner = format!("{}:{}#", host.trim(), process::id());
    for byte in nonce {
        let _ = write!(owner, "{byte:02x}");
    }
    Ok(owner)
}
