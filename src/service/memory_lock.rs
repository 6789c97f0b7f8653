//! Locked memory: pages that hold secrets are never written to swap.
//!
//! `mlockall(2)` with `MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT`: whatever is mapped, now or later, is locked as soon as it
//! is used. Under a limit (`RLIMIT_MEMLOCK`) every later allocation beyond it would fail, and the kernel counts address
//! space, not use; so it is done only where there is no limit.

use thiserror::Error;

/// Why memory is not locked. The service works all the same.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MemoryLockError {
    /// So many bytes may be locked: too few for all that may yet be allocated.
    #[error(
        "no more than {limit} bytes of memory may be locked (RLIMIT_MEMLOCK). Set LimitMEMLOCK=infinity in the service's unit, or allow CAP_IPC_LOCK"
    )]
    Limited {
        /// The limit in bytes.
        limit: u64,
    },
    /// The system does not do it.
    #[error("the system does not lock the memory: {reason}")]
    Refused {
        /// What it said.
        #[source]
        reason: std::io::Error,
    },
    /// Not on this system.
    #[error("memory can be locked on Linux alone")]
    NotLinux,
}

/// Locks all memory of this process, now and in future.
///
/// # Errors
/// When there is a limit, or the system refuses; nothing is locked then.
#[cfg(target_os = "linux")]
pub fn lock_memory() -> Result<(), MemoryLockError> {
    use nix::libc;
    use nix::sys::mman::{MlockAllFlags, mlockall};
    use nix::sys::resource::{Resource, getrlimit};

    let refused = |reason: nix::errno::Errno| MemoryLockError::Refused {
        reason: reason.into(),
    };
    let (limit, _) = getrlimit(Resource::RLIMIT_MEMLOCK).map_err(refused)?;
    if limit != libc::RLIM_INFINITY && !is_above_the_limit() {
        return Err(MemoryLockError::Limited { limit });
    }
    let on_fault = MlockAllFlags::from_bits_retain(libc::MCL_ONFAULT);
    let flags = MlockAllFlags::MCL_CURRENT | MlockAllFlags::MCL_FUTURE | on_fault;
    mlockall(flags).map_err(refused)
}

/// Whether the process has `CAP_IPC_LOCK`, which counts only where user ids are the machine's own
/// (`user_namespaces(7)`).
#[cfg(target_os = "linux")]
fn is_above_the_limit() -> bool {
    let read = |path| std::fs::read_to_string(path).unwrap_or_default();
    is_capable(&read("/proc/self/status")) && is_whole_machine(&read("/proc/self/uid_map"))
}

#[cfg(target_os = "linux")]
fn is_capable(status: &str) -> bool {
    /// Its bit, from `linux/capability.h`.
    const CAP_IPC_LOCK: u32 = 14;
    let effective = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    let effective = effective.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    effective.is_some_and(|bits| bits >> CAP_IPC_LOCK & 1 == 1)
}

#[cfg(target_os = "linux")]
fn is_whole_machine(uid_map: &str) -> bool {
    uid_map
        .split_ascii_whitespace()
        .eq(["0", "0", "4294967295"])
}

/// Locks all memory of this process, where the system can.
///
/// # Errors
/// Always: this is not Linux.
#[cfg(not(target_os = "linux"))]
pub fn lock_memory() -> Result<(), MemoryLockError> {
    Err(MemoryLockError::NotLinux)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_one_bit() {
        let status = |bits| format!("Name:\tkeyward\nCapEff:\t{bits}\nCapBnd:\tffffffffffffffff\n");
        assert!(is_capable(&status("000001ffffffffff")));
        assert!(is_capable(&status("0000000000004000")));
        assert!(!is_capable(&status("ffffffffffffbfff")));
        assert!(!is_capable(&status("0000000000000000")));
        assert!(!is_capable("Name:\tkeyward\n"));
    }

    #[test]
    fn root_of_a_user_namespace_is_not_root() {
        assert!(is_whole_machine("         0          0 4294967295\n"));
        assert!(!is_whole_machine("         0       1000          1\n"));
        assert!(!is_whole_machine("0 100000 65536\n"));
        assert!(!is_whole_machine(""));
    }
}
