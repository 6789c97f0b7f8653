//! [`ReloadReport`]: what a reload that was asked for has come to.

use serde::Serialize;

use super::state::Freshness;

/// What a reload of one keystore has come to.
#[derive(Clone, Debug, Serialize)]
pub struct ReloadReport {
    /// The keystore's name in the configuration.
    pub keystore: String,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: ReloadOutcome,
}

/// What came of a reload.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum ReloadOutcome {
    /// New content is served.
    Reloaded {
        /// Its generation.
        generation: u64,
    },
    /// The file holds what is served already.
    Unchanged {
        /// The generation that is served.
        generation: u64,
    },
    /// The file cannot be loaded; what was served goes on being served.
    Failed {
        /// `stale`, `absent` or `never-loaded`.
        state: Freshness,
        /// File, problem, next step.
        reason: String,
    },
    /// The file is still being changed, or the service ends.
    Unfinished,
}
