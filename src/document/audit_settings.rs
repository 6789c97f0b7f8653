//! [`AuditSettings`]: where audit lines go, and what happens when they cannot be written.

use std::path::PathBuf;

/// Where audit lines go, and what happens when they cannot be written.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct AuditSettings {
    /// The file that they are appended to. Without one they go where the log goes.
    pub path: Option<PathBuf>,
    /// What happens when a line cannot be written.
    pub duty: AuditDuty,
}

/// What happens when an audit line cannot be written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AuditDuty {
    /// The answer is given all the same, and the log says what was lost.
    #[default]
    BestEffort,
    /// No secret is handed out.
    Required,
}
