//! [`AccessPolicy`]: who may read which aliases. Nothing is allowed that no rule allows.
//!
//! The kernel says who asks: user and group of the process at the other end of a Unix socket, as they were
//! when it connected. A process is never recognised by its number or its program.

use std::ffi::CString;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::{self, Gid, Group, Uid, User};
use thiserror::Error;

use super::alias_pattern::AliasPattern;
use crate::document::{AllowRule, SocketSettings};
use crate::keystore::Alias;

/// Linux shows users and groups that a user namespace does not map as this number (`user_namespaces(7)`): it
/// is nobody in particular, and must not match a rule.
const OVERFLOW_ID: u32 = 65_534;

/// Who asks, as the kernel reports it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Peer {
    /// The effective user.
    pub uid: u32,
    /// The effective group.
    pub gid: u32,
    /// The other groups of this user in the system's user database.
    pub groups: Vec<u32>,
}

/// Who may read which aliases.
#[derive(Clone, Debug)]
pub struct AccessPolicy {
    rules: Vec<Rule>,
}

/// Holds for who has both, the user and the group, where both are named.
#[derive(Clone, Debug)]
struct Rule {
    uid: Option<u32>,
    gid: Option<u32>,
    aliases: Vec<AliasPattern>,
}

/// Why a rule cannot be applied.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AccessError {
    /// There is no such user.
    #[error("{}:{line}: this system has no user {user}. Correct the name in <allow user=\"{user}\">, or create the user", document.display())]
    UnknownUser {
        /// The configuration.
        document: PathBuf,
        /// The rule's line, from 1.
        line: usize,
        /// The name in the rule.
        user: String,
    },
    /// There is no such group.
    #[error("{}:{line}: this system has no group {group}. Correct the name in <allow group=\"{group}\">, or create the group", document.display())]
    UnknownGroup {
        /// The configuration.
        document: PathBuf,
        /// The rule's line, from 1.
        line: usize,
        /// The name in the rule.
        group: String,
    },
    /// The user or group is the one that stands for all that are not mapped.
    #[error("{}:{line}: {name} is number {OVERFLOW_ID}, which the kernel also reports for users that it cannot name, so that no rule may allow it. Give the program a user of its own", document.display())]
    Overflow {
        /// The configuration.
        document: PathBuf,
        /// The rule's line, from 1.
        line: usize,
        /// The name in the rule.
        name: String,
    },
    /// The system's user database cannot be asked.
    #[error("{}:{line}: cannot look up {name}: {reason}. Name the number instead", document.display())]
    Lookup {
        /// The configuration.
        document: PathBuf,
        /// The rule's line, from 1.
        line: usize,
        /// The name in the rule.
        name: String,
        /// What the system said.
        #[source]
        reason: Errno,
    },
}

impl AccessPolicy {
    /// The policy of a configuration's socket element; without one, the user who runs the service may read
    /// everything.
    ///
    /// # Errors
    /// When a rule names a user or a group that this system does not have.
    pub fn from_settings(
        socket: Option<&SocketSettings>,
        document: &Path,
    ) -> Result<Self, AccessError> {
        let Some(socket) = socket else {
            return Ok(Self::own_user());
        };
        let rule = |allow| Rule::new(allow, document);
        let rules = socket.rules.iter().map(rule).collect::<Result<_, _>>()?;
        Ok(Self { rules })
    }

    /// The user who runs the service may read everything, nobody else anything.
    #[must_use]
    pub fn own_user() -> Self {
        let rule = Rule {
            uid: Some(unistd::geteuid().as_raw()),
            gid: None,
            aliases: vec![AliasPattern::new("*")],
        };
        Self { rules: vec![rule] }
    }

    /// Whether `peer` may read `alias`.
    #[must_use]
    pub fn may_read(&self, peer: &Peer, alias: &str) -> bool {
        let alias = Alias::new(alias);
        let mut rules = self.rules.iter().filter(|rule| rule.holds_for(peer));
        rules.any(|rule| rule.aliases.iter().any(|pattern| pattern.matches(&alias)))
    }

    /// Whether some rule lets `peer` read some alias.
    #[must_use]
    pub fn knows(&self, peer: &Peer) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| rule.holds_for(peer) && !rule.aliases.is_empty())
    }

    /// Whether a rule asks for groups, so that [`Peer::groups`] matters.
    #[must_use]
    pub fn asks_for_groups(&self) -> bool {
        self.rules.iter().any(|rule| rule.gid.is_some())
    }

    /// Whether there is no rule at all, so that nobody may read anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }
}

impl Rule {
    fn new(allow: &AllowRule, document: &Path) -> Result<Self, AccessError> {
        let uid = allow
            .user
            .as_deref()
            .map(|user| uid_of(user, allow.line, document));
        let gid = allow
            .group
            .as_deref()
            .map(|group| gid_of(group, allow.line, document));
        let (mut uid, gid) = (uid.transpose()?, gid.transpose()?);
        if uid.is_none() && gid.is_none() {
            uid = Some(unistd::geteuid().as_raw());
        }
        Ok(Self {
            uid,
            gid,
            aliases: allow
                .aliases
                .iter()
                .map(|pattern| AliasPattern::new(pattern))
                .collect(),
        })
    }

    fn holds_for(&self, peer: &Peer) -> bool {
        if peer.is_nobody() {
            return false;
        }
        self.uid.is_none_or(|uid| uid == peer.uid) && self.gid.is_none_or(|gid| peer.is_in(gid))
    }
}

impl Peer {
    /// The other groups of this user in the system's user database; none if it does not know the user.
    #[must_use]
    pub fn with_groups(mut self) -> Self {
        self.groups = groups_of(self.uid, self.gid).unwrap_or_default();
        self
    }

    /// Whether the kernel cannot say which user it is, so that no rule can allow it.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.uid == OVERFLOW_ID
    }

    fn is_in(&self, gid: u32) -> bool {
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

fn uid_of(user: &str, line: usize, document: &Path) -> Result<u32, AccessError> {
    let found = User::from_name(user).map_err(|reason| lookup(user, line, document, reason))?;
    let number = found
        .map(|found| found.uid.as_raw())
        .or_else(|| user.parse().ok());
    let uid = number.ok_or_else(|| AccessError::UnknownUser {
        document: document.to_owned(),
        line,
        user: user.to_owned(),
    })?;
    refuse_overflow(uid, user, line, document)
}

fn gid_of(group: &str, line: usize, document: &Path) -> Result<u32, AccessError> {
    let found = Group::from_name(group).map_err(|reason| lookup(group, line, document, reason))?;
    let number = found
        .map(|found| found.gid.as_raw())
        .or_else(|| group.parse().ok());
    let gid = number.ok_or_else(|| AccessError::UnknownGroup {
        document: document.to_owned(),
        line,
        group: group.to_owned(),
    })?;
    refuse_overflow(gid, group, line, document)
}

fn lookup(name: &str, line: usize, document: &Path, reason: Errno) -> AccessError {
    AccessError::Lookup {
        document: document.to_owned(),
        line,
        name: name.to_owned(),
        reason,
    }
}

fn refuse_overflow(id: u32, name: &str, line: usize, document: &Path) -> Result<u32, AccessError> {
    if id != OVERFLOW_ID {
        return Ok(id);
    }
    Err(AccessError::Overflow {
        document: document.to_owned(),
        line,
        name: name.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(rules: Vec<AllowRule>) -> Result<AccessPolicy, AccessError> {
        let socket = SocketSettings {
            path: PathBuf::from("keyward.sock"),
            mode: 0o600,
            rules,
            line: 1,
        };
        AccessPolicy::from_settings(Some(&socket), Path::new("service.xml"))
    }

    fn rule(user: Option<&str>, group: Option<&str>, aliases: &[&str]) -> AllowRule {
        AllowRule {
            user: user.map(str::to_owned),
            group: group.map(str::to_owned),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            line: 7,
        }
    }

    fn peer(uid: u32, gid: u32, groups: &[u32]) -> Peer {
        Peer {
            uid,
            gid,
            groups: groups.to_vec(),
        }
    }

    #[test]
    fn a_rule_holds_for_its_user_and_its_aliases_alone() {
        let policy = policy(vec![rule(Some("1234"), None, &["db*", "PepperKey"])]).unwrap();
        let tomcat = peer(1234, 1234, &[]);
        assert!(policy.may_read(&tomcat, "DB1pass"));
        assert!(policy.may_read(&tomcat, "pepperkey"));
        assert!(!policy.may_read(&tomcat, "emailpass"));
        assert!(!policy.may_read(&peer(1235, 1234, &[1234]), "db1pass"));
        assert!(policy.knows(&tomcat) && !policy.knows(&peer(0, 0, &[])));
    }

    #[test]
    fn a_group_rule_holds_for_members_and_both_must_hold_where_both_are_named() {
        let by_group = policy(vec![rule(None, Some("4321"), &["*"])]).unwrap();
        assert!(by_group.may_read(&peer(1, 4321, &[]), "db1"));
        assert!(by_group.may_read(&peer(1, 2, &[3, 4321]), "db1"));
        assert!(!by_group.may_read(&peer(4321, 2, &[3]), "db1"));
        let by_both = policy(vec![rule(Some("1"), Some("4321"), &["*"])]).unwrap();
        assert!(by_both.may_read(&peer(1, 4321, &[]), "db1"));
        assert!(!by_both.may_read(&peer(1, 2, &[]), "db1"));
        assert!(!by_both.may_read(&peer(2, 4321, &[]), "db1"));
    }

    #[test]
    fn a_rule_without_user_and_group_is_the_service_s_own_user_s() {
        let own = unistd::geteuid().as_raw();
        let policy = policy(vec![rule(None, None, &["*"])]).unwrap();
        assert!(policy.may_read(&peer(own, 0, &[]), "db1"));
        assert!(!policy.may_read(&peer(own + 1, 0, &[]), "db1"));
    }

    #[test]
    fn no_rule_allows_nothing() {
        let policy = policy(Vec::new()).unwrap();
        assert!(!policy.knows(&peer(unistd::geteuid().as_raw(), 0, &[])));
    }

    #[test]
    fn the_overflow_user_and_group_never_match() {
        let everyone_in_7 = policy(vec![rule(None, Some("7"), &["*"])]).unwrap();
        assert!(!everyone_in_7.may_read(&peer(OVERFLOW_ID, 7, &[]), "db1"));
        for overflow in [
            rule(Some("65534"), None, &["*"]),
            rule(None, Some("65534"), &["*"]),
        ] {
            let refused = policy(vec![overflow]);
            assert!(matches!(refused, Err(AccessError::Overflow { .. })));
        }
    }

    #[test]
    fn an_unknown_user_is_named_with_the_document_and_the_line() {
        let refused = policy(vec![rule(Some("no-such-user"), None, &["*"])]);
        let message = refused.err().unwrap().to_string();
        assert!(message.contains("service.xml:7"), "{message}");
        assert!(message.contains("no-such-user"), "{message}");
    }
}
