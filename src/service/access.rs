//! [`AccessPolicy`]: who may read which aliases. Nothing is allowed that no rule allows.
//!
//! A rule means a process by its user or group, or the owner of a certificate; never one as the other.

use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::unistd::{self, Group, User};
use thiserror::Error;

use super::alias_pattern::AliasPattern;
use super::peer::{OVERFLOW_ID, Peer};
use crate::document::{
    AllowRule, CertificateRule, CertificateSubject, HttpsSettings, SocketSettings,
};
use crate::keystore::Alias;

/// Who may read which aliases.
#[derive(Clone, Debug)]
pub struct AccessPolicy {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    subject: Subject,
    aliases: Vec<AliasPattern>,
}

/// Whom a rule means.
#[derive(Clone, Debug)]
enum Subject {
    /// Who has both, the user and the group, where both are named.
    Process { uid: Option<u32>, gid: Option<u32> },
    /// Who has the key of such a certificate.
    Certificate(CertificateSubject),
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

    /// The policy of an https element.
    #[must_use]
    pub fn of_https(https: &HttpsSettings) -> Self {
        Self {
            rules: https.rules.iter().map(Rule::of_certificate).collect(),
        }
    }

    /// Nobody may read anything.
    #[must_use]
    pub fn nobody() -> Self {
        Self { rules: Vec::new() }
    }

    /// The user who runs the service may read everything, nobody else anything.
    #[must_use]
    pub fn own_user() -> Self {
        let own = Subject::Process {
            uid: Some(unistd::geteuid().as_raw()),
            gid: None,
        };
        let rule = Rule {
            subject: own,
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

    /// Whether a rule asks for groups, so that [`Process::groups`](super::Process::groups) matters.
    #[must_use]
    pub fn asks_for_groups(&self) -> bool {
        let asks = |rule: &Rule| matches!(rule.subject, Subject::Process { gid: Some(_), .. });
        self.rules.iter().any(asks)
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
            subject: Subject::Process { uid, gid },
            aliases: patterns(&allow.aliases),
        })
    }

    fn of_certificate(allow: &CertificateRule) -> Self {
        Self {
            subject: Subject::Certificate(allow.subject.clone()),
            aliases: patterns(&allow.aliases),
        }
    }

    fn holds_for(&self, peer: &Peer) -> bool {
        match (&self.subject, peer) {
            (Subject::Process { uid, gid }, Peer::Process(process)) => {
                !process.is_nobody()
                    && uid.is_none_or(|uid| uid == process.uid)
                    && gid.is_none_or(|gid| process.is_in(gid))
            }
            (Subject::Certificate(subject), Peer::Certificate(certificate)) => {
                certificate.is(subject)
            }
            _ => false,
        }
    }
}

fn patterns(aliases: &[String]) -> Vec<AliasPattern> {
    let patterns = aliases.iter();
    patterns.map(|alias| AliasPattern::new(alias)).collect()
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
    use crate::service::Process;

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
        Peer::Process(Process {
            uid,
            gid,
            groups: groups.to_vec(),
        })
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
