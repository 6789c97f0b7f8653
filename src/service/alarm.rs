//! [`Alarm`]: wakes the thread that watches a keystore, and lets others wait for what it finds.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::reload::ReloadOutcome;

/// Wakes one watching thread.
#[derive(Default)]
pub(super) struct Alarm {
    state: Mutex<AlarmState>,
    changed: Condvar,
}

#[derive(Default)]
struct AlarmState {
    rung: bool,
    stopped: bool,
    /// How many reloads were asked for.
    requested: u64,
    /// How many of these have their answer.
    answered: u64,
    outcome: Option<ReloadOutcome>,
}

/// Why the watching thread goes on.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Wake {
    /// Its time has come.
    Due,
    /// Something happened to the file, or a reload was asked for.
    Rung,
    /// The service ends.
    Stop,
}

impl Alarm {
    fn lock(&self) -> MutexGuard<'_, AlarmState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the thread soon.
    pub(super) fn ring(&self) {
        self.lock().rung = true;
        self.changed.notify_all();
    }

    /// Ends the thread, and the waiting of those who asked for a reload.
    pub(super) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    /// Sleeps until something happens, at most `longest`.
    pub(super) fn sleep(&self, longest: Duration) -> Wake {
        let quiet = |state: &mut AlarmState| !state.rung && !state.stopped;
        let (mut state, _) = self
            .changed
            .wait_timeout_while(self.lock(), longest, quiet)
            .unwrap_or_else(PoisonError::into_inner);
        if state.stopped {
            return Wake::Stop;
        }
        if std::mem::take(&mut state.rung) {
            return Wake::Rung;
        }
        Wake::Due
    }

    /// The number of the last reload that was asked for and has no answer yet.
    pub(super) fn open_request(&self) -> Option<u64> {
        let state = self.lock();
        (state.requested > state.answered).then_some(state.requested)
    }

    /// Answers all reloads up to this number.
    pub(super) fn answer(&self, request: u64, outcome: ReloadOutcome) {
        let mut state = self.lock();
        state.answered = request;
        state.outcome = Some(outcome);
        self.changed.notify_all();
    }

    /// Asks for a reload; its number.
    pub(super) fn request(&self) -> u64 {
        let mut state = self.lock();
        state.requested += 1;
        state.rung = true;
        self.changed.notify_all();
        state.requested
    }

    /// Waits for the answer to this reload, or a later one. `None` when the time is up or the service ends.
    pub(super) fn wait_for_answer(&self, request: u64, longest: Duration) -> Option<ReloadOutcome> {
        let open = |state: &mut AlarmState| state.answered < request && !state.stopped;
        let (state, _) = self
            .changed
            .wait_timeout_while(self.lock(), longest, open)
            .unwrap_or_else(PoisonError::into_inner);
        if state.answered < request {
            return None;
        }
        state.outcome.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_before_the_sleep_is_not_lost() {
        let alarm = Alarm::default();
        alarm.ring();
        assert_eq!(alarm.sleep(Duration::from_mins(1)), Wake::Rung);
        assert_eq!(alarm.sleep(Duration::ZERO), Wake::Due);
    }

    #[test]
    fn one_answer_serves_all_who_asked_before() {
        let alarm = Alarm::default();
        let (first, second) = (alarm.request(), alarm.request());
        assert_eq!(alarm.open_request(), Some(second));
        alarm.answer(second, ReloadOutcome::Unchanged { generation: 1 });
        assert_eq!(alarm.open_request(), None);
        for request in [first, second] {
            let outcome = alarm.wait_for_answer(request, Duration::ZERO);
            assert_eq!(outcome, Some(ReloadOutcome::Unchanged { generation: 1 }));
        }
    }

    #[test]
    fn a_stop_frees_those_who_wait() {
        let alarm = Alarm::default();
        let request = alarm.request();
        alarm.stop();
        assert_eq!(alarm.wait_for_answer(request, Duration::from_mins(1)), None);
        assert_eq!(alarm.sleep(Duration::from_mins(1)), Wake::Stop);
    }
}
