//! [`MigrationReport`]: how many users have moved, and who has not.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};

use super::{CredentialStore, LegacySource, MigrateError, Target};
use crate::password::HashFunction;

/// The start of a name's digest: names themselves would take several times the memory.
type NameDigest = [u8; 16];

/// How many users have moved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MigrationReport {
    /// All users of the target and of the legacy stores; who is in both counts once.
    pub users: u64,
    /// Those whose value in the target is in the new function.
    pub moved: u64,
    /// Those whose value in the target is wrapped: it is out of the old function, and moves at the next login.
    pub wrapped: u64,
    /// Those who still need a legacy source, or whose value in the target is in an old function.
    pub left: u64,
    /// Legacy sources that cannot be listed: how many of their users have not moved nobody knows.
    pub unlisted: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    Moved,
    Wrapped,
    Left,
}

impl MigrationReport {
    /// Looks at every user of `target` and of `legacy`; `each_left` is called for each who has not moved. Of each user 16
    /// bytes are kept in memory.
    ///
    /// # Errors
    /// When a store cannot be read.
    pub fn of(
        target: &Target,
        legacy: &[Box<dyn LegacySource>],
        mut each_left: impl FnMut(&str),
    ) -> Result<Self, MigrateError> {
        let mut report = Self::default();
        let mut seen = HashSet::new();
        if let Some(store) = &target.store {
            each_user(&**store, |user, stored| {
                if target.is_pending(stored) || !seen.insert(digest(user)) {
                    return;
                }
                let standing = standing(target, stored);
                report.count(standing);
                if standing == Standing::Left {
                    each_left(user);
                }
            })?;
            // Who is pending is counted last: another value of the same user may have moved.
            each_user(&**store, |user, stored| {
                if target.is_pending(stored) && seen.insert(digest(user)) {
                    report.count(Standing::Left);
                    each_left(user);
                }
            })?;
        }
        for source in legacy {
            let Some(store) = source.store() else {
                report.unlisted.push(source.name());
                continue;
            };
            each_user(store, |user, _| {
                if seen.insert(digest(user)) {
                    report.count(Standing::Left);
                    each_left(user);
                }
            })?;
        }
        Ok(report)
    }

    fn count(&mut self, standing: Standing) {
        self.users += 1;
        match standing {
            Standing::Moved => self.moved += 1,
            Standing::Wrapped => self.wrapped += 1,
            Standing::Left => self.left += 1,
        }
    }
}

fn standing(target: &Target, stored: &crate::Secret) -> Standing {
    let text = stored.expose_text().ok();
    let read = text.and_then(|text| target.conventions.recognise(text).ok());
    match read {
        Some(stored) if target.wrapping.is_current(&stored) => Standing::Moved,
        Some(stored) if matches!(stored.function(), HashFunction::Wrapped(_)) => Standing::Wrapped,
        _ => Standing::Left,
    }
}

fn login_name(user: &str) -> &str {
    let Some((first, _)) = user.split_once(',') else {
        return user;
    };
    first.split_once('=').map_or(user, |(_, value)| value)
}

fn each_user(
    store: &dyn CredentialStore,
    mut look: impl FnMut(&str, &crate::Secret),
) -> Result<(), MigrateError> {
    let mut page = store.page(None)?;
    while let Some(read) = page {
        for credential in &read.credentials {
            look(&credential.user, &credential.stored);
        }
        page = store.page(Some(&read.end))?;
    }
    Ok(())
}

/// Of the name that is typed at a login: a directory's user is known by the first part of the DN.
fn digest(user: &str) -> NameDigest {
    let user = login_name(user);
    let digest: [u8; 32] = Sha256::digest(user.as_bytes()).into();
    let [start, _] = digest.as_chunks().0 else {
        return NameDigest::default();
    };
    *start
}
