//! [`Peer`]: who asks. The kernel says so, or a certificate; nothing else does.
//!
//! The kernel reports user and group of the process at the other end of a Unix socket, as they were when it
//! connected. A process is never recognised by its number or its program.

use std::ffi::CString;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use nix::unistd::{self, Gid, Uid, User};

use super::client_certificate::ClientCertificate;

/// Linux shows users and groups that a user namespace does not map as this number (`user_namespaces(7)`): it
/// is nobody in particular, and must not match a rule.
pub(super) const OVERFLOW_ID: u32 = 65_534;

/// Who asks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Peer {
    /// A process at the other end of a Unix socket.
    Process(Process),
    /// Who proved, at the other end of a TLS connection, to have the key of a certificate.
    Certificate(Arc<ClientCertificate>),
    /// Who shows no certificate, at the other end of a TLS connection: known by what it sends, or not at all.
    Address(IpAddr),
}

/// A process, as the kernel reports it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Process {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
    /// The other groups of this user in the system's user database.
    pub groups: Vec<u32>,
}

impl Peer {
    /// Whether the kernel cannot say which user it is, so that no rule can allow it.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        matches!(self, Self::Process(process) if process.is_nobody())
    }
}

impl fmt::Display for Peer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process(process) => write!(formatter, "uid {}", process.uid),
            Self::Certificate(certificate) if certificate.has_subject() => {
                write!(formatter, "the certificate {}", certificate.subject())
            }
            Self::Certificate(certificate) => {
                write!(formatter, "the certificate {}", certificate.fingerprint())
            }
            Self::Address(address) => write!(formatter, "{address}"),
        }
    }
}

impl Process {
    /// The other groups of this user in the system's user database; none if it does not know the user.
    #[must_use]
    pub fn with_groups(mut self) -> Self {
        self.groups = groups_of(self.uid, self.gid).unwrap_or_default();
        self
    }

    /// Whether the number stands for all users that the kernel cannot name.
    #[must_use]
    pub fn stands_for_many(uid: u32) -> bool {
        uid == OVERFLOW_ID
    }

    pub(super) fn is_nobody(&self) -> bool {
        Self::stands_for_many(self.uid)
    }

    pub(super) fn is_in(&self, gid: u32) -> bool {
        gid != OVERFLOW_ID && (self.gid == gid || self.groups.contains(&gid))
    }
}

#[cfg(not(target_vendor = "apple"))]
fn groups_of(uid: u32, gid: u32) -> Option<Vec<u32>> {
    let user = User::from_uid(Uid::from_raw(uid)).ok()??;
    let name = CString::new(user.name).ok()?;
    let groups = unistd::getgrouplist(&name, Gid::from_raw(gid)).ok()?;
    Some(groups.into_iter().map(Gid::as_raw).collect())
}

/// `getgrouplist(3)` has another signature there, and nix leaves it out.
#[cfg(target_vendor = "apple")]
fn groups_of(_uid: u32, _gid: u32) -> Option<Vec<u32>> {
    None
}
