//! [`ServiceOptions`]: what can be chosen about a service that no document says.

use std::time::Duration;

/// How a [`SecretService`](super::SecretService) starts and watches.
#[derive(Clone, Debug)]
pub struct ServiceOptions {
    /// How long a changed file must keep the same content before it counts: a writer that
    /// truncates and writes is not read half way. Default 200 ms; zero is allowed.
    pub settle: Duration,
    /// What notices that a file has changed.
    pub watch_mode: WatchMode,
    /// What happens when a keystore cannot be loaded at start.
    pub on_start: OnStart,
}

/// What notices that a file has changed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum WatchMode {
    /// The kernel's events wake the poll, which decides.
    #[default]
    EventsAndPoll,
    /// The poll alone, every `retryDelay`.
    PollOnly,
}

/// What happens when a keystore cannot be loaded at start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum OnStart {
    /// The service does not start; the error names the file and the next step.
    #[default]
    Fail,
    /// The service starts, the keystore's state is `never-loaded`, and it is loaded once it can be.
    Wait,
}

impl Default for ServiceOptions {
    fn default() -> Self {
        Self {
            settle: Duration::from_millis(200),
            watch_mode: WatchMode::default(),
            on_start: OnStart::default(),
        }
    }
}
