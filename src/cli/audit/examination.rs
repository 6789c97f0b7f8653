//! [`Examination`]: one keystore, looked at from all sides.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::expiry::ExaminedCertificate;
use super::finding::Findings;
use super::grade::Rule;
use super::key_check::{Readability, check_keys, without_decrypting};
use super::weakness::{of_iterations, of_protection};
use crate::Secret;
use crate::kdf::DigestAlgorithm;
use crate::keystore::{
    Alias, Entry, EntryKind, Integrity, Keystore, KeystoreFile, KeystoreFileError, Protection,
    StoreType,
};

/// What is looked at, and when.
pub(super) struct Scope {
    pub(super) now: SystemTime,
    /// How near the end of a certificate has to be.
    pub(super) notice: Duration,
    pub(super) keys: Keys,
}

/// Whether keys are decrypted, which takes a derivation each.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    Decrypted,
    Closed,
}

/// One keystore and what there is to say against it.
pub(super) struct Examination {
    pub(super) path: PathBuf,
    pub(super) store_type: StoreType,
    pub(super) integrity: Option<Integrity>,
    /// How the certificates of a PKCS12 keystore are encrypted.
    pub(super) containers: Vec<Protection>,
    /// The file's permission bits, where the system has them.
    pub(super) mode: Option<u32>,
    pub(super) entries: Vec<ExaminedEntry>,
    pub(super) findings: Findings,
}

pub(super) struct ExaminedEntry {
    pub(super) entry: Entry,
    pub(super) readable: Readability,
    pub(super) certificates: Vec<ExaminedCertificate>,
}

impl Examination {
    pub(super) fn of_file(
        path: &Path,
        password: &Secret,
        scope: &Scope,
    ) -> Result<Self, KeystoreFileError> {
        let store = KeystoreFile::at(path).open(password)?;
        let mut examination = Self {
            path: path.to_owned(),
            store_type: store.store_type(),
            integrity: store.integrity(),
            containers: store.container_protections(),
            mode: mode_of(path),
            entries: examined_entries(&store, password, scope),
            findings: Findings::default(),
        };
        examination.judge_integrity();
        examination.judge_mode();
        examination.judge_containers();
        examination.judge_entries();
        Ok(examination)
    }

    fn judge_integrity(&mut self) {
        let findings = &mut self.findings;
        let Some(integrity) = &self.integrity else {
            findings.add(
                Rule::NoMac,
                "no MAC: a change of the file cannot be noticed",
            );
            return;
        };
        let Some(iterations) = integrity.iterations else {
            let reason = "one SHA-1 pass over the store password guards the file";
            findings.add(Rule::PlainDigest, reason);
            return;
        };
        if integrity.digest == DigestAlgorithm::Sha1 {
            findings.add(Rule::Sha1Mac, integrity.algorithm.clone());
        }
        let rules = [Rule::VeryFewMacIterations, Rule::FewMacIterations];
        if let Some(rule) = of_iterations(iterations.get(), rules) {
            findings.add(rule, format!("{iterations} iterations for the MAC"));
        }
    }

    fn judge_mode(&mut self) {
        let Some(mode) = self.mode else {
            return;
        };
        if mode & 0o007 != 0 {
            let reason = format!("mode {mode:04o} lets every user in; chmod 600 it");
            self.findings.add(Rule::OthersMayRead, reason);
        } else if mode & 0o070 != 0 {
            let reason =
                format!("mode {mode:04o} lets the group in; chmod 600 it if none needs it");
            self.findings.add(Rule::GroupMayRead, reason);
        }
    }

    fn judge_containers(&mut self) {
        for (rule, reason) in self.containers.iter().flat_map(of_protection) {
            let reason = format!("{reason} for the certificates");
            self.findings.add(rule, reason);
        }
    }

    fn judge_entries(&mut self) {
        let shown: HashSet<&Alias> = self
            .entries
            .iter()
            .filter(|examined| !examined.is_opaque())
            .map(|examined| &examined.entry.alias)
            .collect();
        for examined in &self.entries {
            let alias = &examined.entry.alias;
            let mut add = |rule, reason: &str| self.findings.add_entry(rule, reason, alias);
            for (rule, reason) in examined.entry.protection.iter().flat_map(of_protection) {
                add(rule, &reason);
            }
            match &examined.readable {
                Readability::Unreadable(reason)
                    if examined.is_opaque() && shown.contains(alias) =>
                {
                    add(Rule::DuplicateAlias, reason);
                }
                Readability::Unreadable(reason) => add(Rule::UnreadableEntry, reason),
                Readability::OwnPassword => add(
                    Rule::OwnPassword,
                    "under another password than the keystore, or damaged",
                ),
                Readability::Readable | Readability::NotChecked => {}
            }
            for certificate in &examined.certificates {
                if let Some((rule, reason)) = certificate.broken_rule() {
                    add(rule, &reason);
                }
            }
        }
    }
}

impl ExaminedEntry {
    fn is_opaque(&self) -> bool {
        matches!(self.entry.kind, EntryKind::Opaque(_))
    }
}

fn examined_entries(store: &Keystore, password: &Secret, scope: &Scope) -> Vec<ExaminedEntry> {
    let mut entries = store.entries();
    entries.sort_by(|one, other| one.alias.cmp(&other.alias));
    let readability = match scope.keys {
        Keys::Decrypted => check_keys(store, &entries, password),
        Keys::Closed => entries.iter().map(without_decrypting).collect(),
    };
    let examined = entries.into_iter().zip(readability);
    examined
        .map(|(entry, readable)| ExaminedEntry {
            certificates: examined_certificates(store, &entry, scope),
            entry,
            readable,
        })
        .collect()
}

fn examined_certificates(
    store: &Keystore,
    entry: &Entry,
    scope: &Scope,
) -> Vec<ExaminedCertificate> {
    if !matches!(
        entry.kind,
        EntryKind::PrivateKey | EntryKind::TrustedCertificate
    ) {
        return Vec::new();
    }
    let certificates = store.certificates(&entry.alias).unwrap_or_default();
    certificates
        .iter()
        .map(|certificate| ExaminedCertificate::of(certificate, scope.now, scope.notice))
        .collect()
}

#[cfg(unix)]
fn mode_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = std::fs::metadata(path).ok()?;
    Some(metadata.permissions().mode() & 0o7777)
}

#[cfg(not(unix))]
fn mode_of(_path: &Path) -> Option<u32> {
    None
}
