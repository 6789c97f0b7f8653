//! [`ServiceOptions`]: what can be chosen about a service that no document says.

use std::time::Duration;

use super::hardening::Hardening;
use crate::document::Configuration;
pub use crate::document::OnStart;

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
    /// Where audit lines go if the configuration names no file for them.
    pub audit: AuditSink,
    /// What was done for the process before, to be reported.
    pub hardening: Hardening,
}

/// Where audit lines go if the configuration names no file for them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AuditSink {
    /// `tracing` events under the target `keyward::audit`, the JSON in the field `line`.
    #[default]
    Events,
    /// Standard error, a line of JSON each.
    StandardError,
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

impl ServiceOptions {
    /// The usual ones, and what the configuration says of the start.
    #[must_use]
    pub fn of(configuration: &Configuration) -> Self {
        Self {
            on_start: configuration.on_start,
            ..Self::default()
        }
    }
}

impl Default for ServiceOptions {
    fn default() -> Self {
        Self {
            settle: Duration::from_millis(200),
            watch_mode: WatchMode::default(),
            on_start: OnStart::default(),
            audit: AuditSink::default(),
            hardening: Hardening::default(),
        }
    }
}
