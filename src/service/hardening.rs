//! [`Hardening`]: what stands around the secrets of a running service, as it is reported.

use serde::Serialize;

/// What the process did for the secrets in its memory before it loaded them. The service itself does none of it, since
/// it concerns the whole process: see [`lock_memory`](super::lock_memory) and [`Confinement`](super::Confinement).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Hardening {
    /// Whether no page of memory is ever written to swap.
    pub memory_locked: bool,
    /// Whether the kernel keeps the process from all files but those that it needs.
    pub sandbox: Sandbox,
}

/// How far the kernel (Landlock) confines the process.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Sandbox {
    /// All that was asked for is enforced.
    Enforced,
    /// An older kernel enforces a part of it.
    Partial,
    /// The kernel has no Landlock, or does not let it be used.
    Unavailable,
    /// Nobody asked for it.
    #[default]
    Off,
}

impl Hardening {
    /// What has come of both.
    #[must_use]
    pub fn new(memory_locked: bool, sandbox: Sandbox) -> Self {
        Self {
            memory_locked,
            sandbox,
        }
    }
}
