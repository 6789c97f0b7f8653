//! What `serve` does to the process before it loads a secret: memory locked, files confined.

use std::path::Path;

use tracing::{info, warn};

use crate::document::Configuration;
use crate::service::{AccessPolicy, Confinement, Hardening, MemoryLockError, Sandbox, lock_memory};

/// Whether the kernel is to confine the service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::cli) enum SandboxChoice {
    Wanted,
    Off,
}

/// What has come of it.
pub(in crate::cli) struct Report {
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
    harden_with(sandbox, || {
        let mut confinement = Confinement::of(configuration);
        if let Some(socket) = socket {
            confinement = confinement.with_socket(socket);
        }
        if policy.asks_for_groups() {
            confinement = confinement.with_user_database();
        }
        confinement
    })
}

/// The same, confined to what `confinement` allows.
pub(in crate::cli) fn harden_with(
    sandbox: SandboxChoice,
    confinement: impl FnOnce() -> Confinement,
) -> Report {
    Report {
        memory: lock_memory(),
        sandbox: match sandbox {
            SandboxChoice::Off => Sandbox::Off,
            SandboxChoice::Wanted => confinement().enforce(),
        },
    }
}

impl Report {
    /// The same for status and metrics.
    pub(in crate::cli) fn hardening(&self) -> Hardening {
        Hardening::new(self.memory.is_ok(), self.sandbox)
    }

    /// Says it in the log; whoever reads why a service did not start need not read this.
    pub(in crate::cli) fn tell(&self) {
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
