//! [`State`]: how well what is served agrees with the file.

use std::fmt;
use std::sync::Arc;
use std::time::{Instant, SystemTime};

use serde::Serialize;

/// How well what is served agrees with the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Freshness {
    /// The served values are the file's.
    Fresh,
    /// The file has changed; its new content is not yet known to be whole.
    Settling,
    /// The file cannot be loaded; the last good values are served.
    Stale,
    /// The file is missing; the last good values are served.
    Absent,
    /// The file has the alias no more; its last value is served for `vanishGrace`.
    Vanished,
    /// The alias has a new value, which is not served before the rest of its group has one too, or
    /// `vanishGrace` is over.
    HeldBack,
    /// The file could not be loaded since the service started; nothing of it is served.
    NeverLoaded,
}

impl Freshness {
    /// All states that a keystore can be in; `Vanished` and `HeldBack` are states of one alias.
    pub const OF_KEYSTORES: [Self; 5] = [
        Self::Fresh,
        Self::Settling,
        Self::Stale,
        Self::Absent,
        Self::NeverLoaded,
    ];

    /// The word for it: `fresh`, `settling`, `stale`, `absent`, `vanished`, `held-back`, `never-loaded`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Settling => "settling",
            Self::Stale => "stale",
            Self::Absent => "absent",
            Self::Vanished => "vanished",
            Self::HeldBack => "held-back",
            Self::NeverLoaded => "never-loaded",
        }
    }
}

impl fmt::Display for Freshness {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A freshness, why, and since when.
#[derive(Clone, Debug)]
pub struct State {
    /// How well what is served agrees with the file.
    pub freshness: Freshness,
    /// Why it is not fresh: file, problem, next step. Never a value.
    pub reason: Option<Arc<str>>,
    /// When it became so. A second failure in a row does not move it.
    pub since: SystemTime,
    /// The same on a clock that nobody sets.
    pub(super) entered: Instant,
}

impl State {
    pub(super) fn fresh() -> Self {
        Self::now(Freshness::Fresh, None)
    }

    /// It has just become so.
    pub(super) fn now(freshness: Freshness, reason: Option<Arc<str>>) -> Self {
        Self {
            freshness,
            reason,
            since: SystemTime::now(),
            entered: Instant::now(),
        }
    }
}
