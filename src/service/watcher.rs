//! [`Watcher`]: the thread that keeps one keystore in step with its file.
//!
//! ```text
//! sleep (retryDelay, or until the kernel or a reload rings)
//!   -> watch the path's links -> read the file, SHA-256
//!   -> as acted upon last?   done; a failed load is tried again
//!   -> seen for the first time?   state settling, look again after `settle`
//!   -> seen twice, `settle` apart   open, decrypt what is referenced, swap
//!        failed?   the last good snapshot stays; state stale or absent; try again 100 ms, 400 ms, 1 s later,
//!                  then every retryDelay
//! ```

mod holding;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use tracing::warn;

use super::alarm::Wake;
use super::error::LoadError;
use super::file_content::{Digest, FileContent};
use super::generations::Generations;
use super::options::{ServiceOptions, WatchMode};
use super::path_events::PathEvents;
use super::reload::ReloadOutcome;
use super::served_keystore::ServedKeystore;
use super::settling::{Observation, Settling, Worth};
use super::snapshot::Snapshot;
use super::state::{Freshness, State};
use crate::document::StoreFormat;
use crate::keystore::{Alias, StoreType};
use crate::secret::Secret;

/// When a failed load is tried again, before `retryDelay` takes over.
const QUICK_RETRIES: [Duration; 3] = [
    Duration::from_millis(100),
    Duration::from_millis(400),
    Duration::from_secs(1),
];
/// A document may say `retryDelay="0"`; the processor is not to be spent on it.
const SHORTEST_DELAY: Duration = Duration::from_millis(50);
/// Events come in bursts; one look serves a burst.
const EVENT_PAUSE: Duration = Duration::from_millis(10);
/// How often a file that changes while it is first read is read again.
const FIRST_READS: usize = 10;

/// Keeps one keystore in step with its file.
pub(super) struct Watcher {
    keystore: Arc<ServedKeystore>,
    generations: Arc<Generations>,
    options: ServiceOptions,
    referenced: Vec<Alias>,
    /// Aliases that change together, as they are in the file.
    groups: Vec<Vec<Alias>>,
    events: PathEvents,
    events_reported: bool,
    settling: Settling,
    /// How the keystore stands, `settling` aside.
    standing: State,
    /// What need not be opened again: it would fail again.
    failed: Option<(Digest, Secret)>,
    retries: usize,
}

impl Watcher {
    pub(super) fn new(
        keystore: Arc<ServedKeystore>,
        generations: Arc<Generations>,
        options: ServiceOptions,
    ) -> Self {
        Self {
            generations,
            referenced: keystore.referenced(),
            groups: keystore.groups(),
            events: PathEvents::new(keystore.path(), &keystore.alarm),
            events_reported: false,
            settling: Settling::new(options.settle),
            standing: keystore.published.load().state.clone(),
            failed: None,
            retries: 0,
            options,
            keystore,
        }
    }

    /// Loads the keystore before anything is served of it. A file that changes meanwhile is read again.
    pub(super) fn load_first(&mut self) -> Result<(), LoadError> {
        self.follow_links();
        let mut file = FileContent::read(self.keystore.path())?;
        let mut reads = 1;
        loop {
            self.keystore.note_check();
            let error = match self.open(&file, self.read_password()?) {
                Ok(snapshot) => {
                    self.settling.accept(Observation::Content(file.digest));
                    self.publish(snapshot);
                    return Ok(());
                }
                Err(error) => error,
            };
            thread::sleep(self.options.settle);
            let again = FileContent::read(self.keystore.path())?;
            reads += 1;
            if again.digest == file.digest || reads > FIRST_READS {
                return Err(error);
            }
            file = again;
        }
    }

    /// Notes that the keystore is not loaded yet; the thread goes on trying.
    pub(super) fn wait_for_first(&mut self, error: &LoadError) {
        self.fail(error);
    }

    /// Watches until the service ends.
    pub(super) fn run(mut self) {
        let mut delay = self.next_delay();
        loop {
            match self.keystore.alarm.sleep(delay) {
                Wake::Stop => return,
                Wake::Rung if self.keystore.alarm.open_request().is_none() => {
                    thread::sleep(EVENT_PAUSE);
                }
                Wake::Rung | Wake::Due => {}
            }
            self.let_go();
            delay = self.check().min(self.next_release());
        }
    }

    /// One look at the file. Returns how long to sleep.
    fn check(&mut self) -> Duration {
        let request = self.keystore.alarm.open_request();
        self.follow_links();
        let read = FileContent::read(self.keystore.path());
        self.keystore.note_check();
        match self.settling.weigh(Observation::of(&read), Instant::now()) {
            Worth::NotYet(remaining) => {
                self.publish_settling();
                return remaining;
            }
            Worth::New => self.retries = 0,
            Worth::Known => {}
        }
        let outcome = match read {
            Ok(file) => self.take(&file, request.is_some()),
            Err(error) => self.fail(&error),
        };
        if let Some(request) = request {
            self.keystore.alarm.answer(request, outcome);
        }
        self.next_delay()
    }

    fn publish_settling(&self) {
        let published = self.keystore.published.load();
        if published.snapshot.is_none() || published.state.freshness == Freshness::Settling {
            return;
        }
        self.keystore.restate(State::now(Freshness::Settling, None));
    }

    /// Acts on a content that counts.
    fn take(&mut self, file: &FileContent, forced: bool) -> ReloadOutcome {
        if let Some(served) = self.keystore.snapshot()
            && served.digest == file.digest
        {
            return self.confirm();
        }
        let password = match self.read_password() {
            Ok(password) => password,
            Err(error) => return self.fail(&error),
        };
        if !forced && self.would_fail_again(file, &password) {
            return self.still_failed();
        }
        let attempted = Secret::copied_from(password.expose_bytes());
        match self.open(file, password) {
            Ok(snapshot) => self.publish(snapshot),
            Err(error) => {
                self.failed = Some((file.digest, attempted));
                self.fail(&error)
            }
        }
    }

    fn read_password(&self) -> Result<Secret, LoadError> {
        let source = &self.keystore.settings().password;
        source.read().map_err(|reason| LoadError::Password {
            path: self.keystore.path().to_owned(),
            reason,
        })
    }

    fn open(&self, file: &FileContent, password: Secret) -> Result<Snapshot, LoadError> {
        let previous = self.keystore.snapshot();
        let settings = self.keystore.settings();
        Snapshot::load(
            settings,
            file,
            password,
            &self.referenced,
            previous.as_deref(),
        )
    }

    /// Whether a vault opens depends on more files than its own: it is always tried again.
    fn would_fail_again(&self, file: &FileContent, password: &Secret) -> bool {
        if self.keystore.settings().format != StoreFormat::Keystore {
            return false;
        }
        let failed = self.failed.as_ref();
        failed.is_some_and(|(digest, attempted)| {
            *digest == file.digest && attempted.is_same_as(password)
        })
    }

    fn still_failed(&self) -> ReloadOutcome {
        self.keystore.restate(self.standing.clone());
        ReloadOutcome::Failed {
            state: self.standing.freshness,
            reason: self
                .standing
                .reason
                .as_deref()
                .unwrap_or_default()
                .to_owned(),
        }
    }

    /// The file holds what is served.
    fn confirm(&mut self) -> ReloadOutcome {
        let generation = self.keystore.published.load().generation;
        if self.standing.freshness != Freshness::Fresh {
            self.record(&ReloadOutcome::Reloaded { generation });
            self.standing = State::fresh();
        }
        self.failed = None;
        self.keystore.restate(self.standing.clone());
        ReloadOutcome::Unchanged { generation }
    }

    fn publish(&mut self, mut snapshot: Snapshot) -> ReloadOutcome {
        if let Some(found) = snapshot.store_type() {
            self.report_other_type(found);
        }
        self.standing = State::fresh();
        self.failed = None;
        self.keystore.loads.fetch_add(1, Ordering::Relaxed);
        let generations = Arc::clone(&self.generations);
        let turn = generations.take_turn();
        let generation = turn.generation();
        snapshot.generation = generation;
        let snapshot = Arc::new(snapshot);
        let held = self.held_after(&snapshot);
        let state = self.standing.clone();
        self.report_holds(&held);
        self.keystore.publish(turn, snapshot, held, state);
        let outcome = ReloadOutcome::Reloaded { generation };
        self.record(&outcome);
        outcome
    }

    fn record(&self, outcome: &ReloadOutcome) {
        let name = &self.keystore.settings().name;
        self.generations.audit.reload(name, outcome);
    }

    fn report_other_type(&self, found: StoreType) {
        let settings = self.keystore.settings();
        let Some(expected) = settings.store_type.as_deref() else {
            return;
        };
        if expected
            .parse::<StoreType>()
            .is_ok_and(|expected| expected == found)
        {
            return;
        }
        warn!(
            "{}: is a {found} keystore, although {}:{} says {expected}; it is read as what it is",
            settings.path.display(),
            settings.document.display(),
            settings.line,
        );
    }

    /// What is served stays; says why it is not the file's.
    fn fail(&mut self, error: &LoadError) -> ReloadOutcome {
        let snapshot = self.keystore.snapshot();
        let freshness = match error {
            _ if snapshot.is_none() => Freshness::NeverLoaded,
            LoadError::Missing { .. } => Freshness::Absent,
            _ => Freshness::Stale,
        };
        let reason: Arc<str> = Arc::from(error.to_string());
        let outcome = ReloadOutcome::Failed {
            state: freshness,
            reason: reason.to_string(),
        };
        if self.standing.reason.as_ref() != Some(&reason) {
            self.record(&outcome);
        }
        self.keystore.failures.fetch_add(1, Ordering::Relaxed);
        let now = State::now(freshness, Some(reason));
        self.standing = match self.standing.freshness {
            Freshness::Fresh => now,
            _ => State {
                since: self.standing.since,
                entered: self.standing.entered,
                ..now
            },
        };
        self.keystore.restate(self.standing.clone());
        outcome
    }

    fn next_delay(&mut self) -> Duration {
        let regular = self.keystore.settings().retry_delay.max(SHORTEST_DELAY);
        if self.standing.freshness == Freshness::Fresh {
            return regular;
        }
        let quick = QUICK_RETRIES.get(self.retries).copied().unwrap_or(regular);
        self.retries += 1;
        quick.min(regular)
    }

    fn follow_links(&mut self) {
        if self.options.watch_mode == WatchMode::PollOnly {
            return;
        }
        let followed = self.events.follow();
        self.keystore
            .events_active
            .store(followed.is_ok(), Ordering::Relaxed);
        let Err(error) = followed else {
            self.events_reported = false;
            return;
        };
        if !std::mem::replace(&mut self.events_reported, true) {
            warn!(
                "{}: the kernel gives no events for it ({error}); it is looked at every {} ms instead",
                self.keystore.path().display(),
                self.keystore.settings().retry_delay.as_millis(),
            );
        }
    }
}
