//! [`MigrationReport`]: how many users have moved, and who has not.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::{Credential, CredentialStore, LegacySource, MigrateError, Target};
use crate::Secret;
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
    /// Those whose value in the target no password fits, as `!`: nobody waits for their login.
    pub locked: u64,
    /// Those who still need a legacy source, or whose value in the target is in an old function.
    pub left: u64,
    /// Legacy sources that cannot be listed: how many of their users have not moved nobody knows.
    pub unlisted: Vec<String>,
}

/// How far a user is. Of several values the one that has the longest way counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Pending,
    Locked,
    Moved,
    Wrapped,
    Left,
    /// Left, and told to who asked.
    Told,
}

impl MigrationReport {
    /// Looks at every user of `target` and of `legacy`; `each_left` is called for each who has not moved. Of each user 17
    /// bytes are kept in memory. Users who log in by the same name count as one.
    ///
    /// # Errors
    /// When a store cannot be read.
    pub fn of(
        target: &Target,
        legacy: &[Box<dyn LegacySource>],
        mut each_left: impl FnMut(&str),
    ) -> Result<Self, MigrateError> {
        let mut standings: HashMap<NameDigest, Standing> = HashMap::new();
        if let Some(store) = &target.store {
            each_user(&**store, |user, credential| {
                let one = standing(target, &credential.stored);
                let worst = standings.entry(digest(user)).or_insert(one);
                *worst = one.max(*worst);
            })?;
            // Only now all values of a user are known.
            each_user(&**store, |user, credential| {
                let standing = standings.entry(digest(user)).or_insert(Standing::Left);
                if matches!(standing, Standing::Pending | Standing::Left) {
                    *standing = Standing::Told;
                    each_left(&credential.user);
                }
            })?;
        }
        let mut unlisted = Vec::new();
        for source in legacy {
            let Some(store) = source.store() else {
                unlisted.push(source.name());
                continue;
            };
            each_user(store, |user, credential| {
                standings.entry(digest(user)).or_insert_with(|| {
                    each_left(&credential.user);
                    Standing::Told
                });
            })?;
        }
        let mut report = Self {
            unlisted,
            ..Self::default()
        };
        for standing in standings.into_values() {
            report.count(standing);
        }
        Ok(report)
    }

    fn count(&mut self, standing: Standing) {
        self.users += 1;
        match standing {
            Standing::Moved => self.moved += 1,
            Standing::Wrapped => self.wrapped += 1,
            Standing::Locked => self.locked += 1,
            Standing::Pending | Standing::Left | Standing::Told => self.left += 1,
        }
    }
}

fn standing(target: &Target, stored: &Secret) -> Standing {
    if target.is_pending(stored) {
        return Standing::Pending;
    }
    let text = stored.expose_text().unwrap_or_default();
    match target.conventions.recognise(text) {
        Ok(stored) if target.wrapping.is_current(&stored) => Standing::Moved,
        Ok(stored) if matches!(stored.function(), HashFunction::Wrapped(_)) => Standing::Wrapped,
        // As crypt(5) has it: no password fits, until somebody unlocks the account.
        Err(_) if text.starts_with(['!', '*']) => Standing::Locked,
        _ => Standing::Left,
    }
}

/// Each credential, with the name by which its user logs in.
fn each_user(
    store: &dyn CredentialStore,
    mut look: impl FnMut(&str, &Credential),
) -> Result<(), MigrateError> {
    let mut page = store.page(None)?;
    while let Some(read) = page {
        for credential in &read.credentials {
            look(&store.login_name(credential), credential);
        }
        page = store.page(Some(&read.end))?;
    }
    Ok(())
}

fn digest(user: &str) -> NameDigest {
    let digest: [u8; 32] = Sha256::digest(user.as_bytes()).into();
    let [start, _] = digest.as_chunks().0 else {
        return NameDigest::default();
    };
    *start
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::migrate::{LegacyStore, UserFile};
    use crate::password::{Conventions, Wrapping};

    const SHA: &str = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";

    #[test]
    fn of_several_values_the_worst_counts_and_a_locked_one_is_not_waited_for() {
        let wrapping = Wrapping::new("pbkdf2-sha256", Some(2000)).unwrap();
        let new = wrapping.hash(&Secret::copied_from(b"password")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let store = |name: &str, entries: &[(&str, &[&str])]| {
            let entry = |(dn, values): &(&str, &[&str])| {
                let value = |value: &&str| format!("userPassword: {value}\n");
                let values: String = values.iter().map(value).collect();
                format!("dn: {dn},dc=example\n{values}\n")
            };
            let path = folder.path().join(name);
            fs::write(&path, entries.iter().map(entry).collect::<String>()).unwrap();
            Box::new(UserFile::open(&path, None, None).unwrap())
        };
        let target = Target {
            store: Some(store(
                "new.ldif",
                &[
                    ("uid=moved", &[&new]),
                    ("uid=both", &[&new, SHA]),
                    ("uid=locked", &["!"]),
                    ("uid=unlocked", &["*", &new]),
                    ("cn=Doe\\, John", &[&new]),
                ],
            )),
            conventions: Conventions::default(),
            wrapping,
            pending: None,
        };
        let legacy: Vec<Box<dyn LegacySource>> = vec![Box::new(LegacyStore {
            store: store(
                "old.ldif",
                &[("cn=Doe\\2c John", &[SHA]), ("cn=Doe", &[SHA])],
            ),
            conventions: Conventions::default(),
        })];
        let mut left = Vec::new();
        let report = MigrationReport::of(&target, &legacy, |user| left.push(user.to_owned()));
        let expected = MigrationReport {
            users: 6,
            moved: 3,
            wrapped: 0,
            locked: 1,
            left: 2,
            unlisted: Vec::new(),
        };
        assert_eq!(report.unwrap(), expected);
        assert_eq!(left, ["uid=both,dc=example", "cn=Doe,dc=example"]);
    }
}
