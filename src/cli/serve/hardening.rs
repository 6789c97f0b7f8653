//! What `serve` does to the process before it loads a secret: memory locked, files confined.

use std::path::Path;

use tracing::{info, warn};

use crate::document::Configuration;
use crate::service::{AccessPolicy, Confinement, Hardening, MemoryLockError, Sandbox, lock_memory};

/// Whether the kernel is to confine the service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum SandboxChoice {
    Wanted,
    Off,
}

/// What has come of it.
pub(super) struct Report {
    memory: Result<(), MemoryLockError>,
    sandbox: Sandbox,
}

/// Locks the memory and confines the process to the files that it needs, as far as the system lets it. To be called
/// before any thread is started.
pub(super) fn harden(
    configuration: &Configuration,
    policy: &AccessPolicy,
    socket: Option<&Path>,
    sandbox: SandboxChoice,
) -> Report {
    Report {
        memory: lock_memory(),
        sandbox: confine(configuration, policy, socket, sandbox),
    }
}

impl Report {
    /// The same for status and metrics.
    pub(super) fn hardening(&self) -> Hardening {
        Hardening::new(self.memory.is_ok(), self.sandbox)
    }

    /// Says it in the log; whoever reads why a service did not start need not read this.
    pub(super) fn tell(&self) {
        match &self.memory {
            Ok(()) => info!("memory is locked: nothing of it is written to swap"),
            Err(reason) => warn!("memory is not locked: {reason}"),
        }
        match self.sandbox {
            Sandbox::Enforced => {
                info!("the kernel confines the service to the files that it needs");
            }
            Sandbox::Partial => warn!(
                "the kernel confines the service only in part: a newer one knows more of Landlock"
            ),
            Sandbox::Off => warn!("the service is not confined, since --no-sandbox was given"),
            _ => warn!(
                "the service is not confined: this kernel has no Landlock. Linux has it from 5.13 on, where lsm= names it"
            ),
        }
    }
}

fn confine(
    configuration: &Configuration,
    policy: &AccessPolicy,
    socket: Option<&Path>,
    sandbox: SandboxChoice,
) -> Sandbox {
    if sandbox == SandboxChoice::Off {
        return Sandbox::Off;
    }
    let mut confinement = Confinement::of(configuration);
    if let Some(socket) = socket {
        confinement = confinement.with_socket(socket);
    }
    if policy.asks_for_groups() {
        confinement = confinement.with_user_database();
    }
    confinement.enforce()
}
