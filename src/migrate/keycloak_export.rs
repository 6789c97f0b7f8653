//! [`KeycloakExport`]: a realm export of Keycloak as a credential store.
//!
//! ```text
//! realm.json                      all of a realm, or a list of realms
//! folder/NAME-realm.json          a realm without its users, or with them
//!        NAME-users-0.json …      50 users each, unless `kc.sh export` was told otherwise
//!        NAME-federated-users-0.json …
//! ```
//! Only the strings `credentialData` and `secretData` of credentials of the type `password` change. A file is a page, and is
//! replaced by a whole one once that is worked off. Source: Keycloak's server guide, "Importing and exporting realms";
//! `DirExportProvider`, `SingleFileExportProvider`.

mod realm_file;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use realm_file::{Malformed, RealmFile, StoredPassword};
use zeroize::Zeroizing;

use super::{Change, Credential, CredentialStore, MigrateError, Page, Place, Replaced};
use crate::Secret;
use crate::safe_file::{FileEdit, LARGEST};

/// A realm export: one file, or a folder of them.
pub struct KeycloakExport {
    path: PathBuf,
    /// In the order in which they are read.
    files: Vec<PathBuf>,
    output: Option<PathBuf>,
    /// The one realm whose users there are; all, if none.
    realm: Option<String>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    waiting: BTreeMap<PathBuf, Vec<Waiting>>,
    has_output: bool,
    lost: u64,
}

/// A change that is held back until its file is written.
struct Waiting {
    user: String,
    old: Secret,
    new: Secret,
}

impl KeycloakExport {
    /// Whether what is at `path` looks like a realm export: a folder, or a file whose name ends with `.json`.
    #[must_use]
    pub fn is_at(path: &Path) -> bool {
        let is_json = path.extension().is_some_and(|ending| ending == "json");
        is_json || path.is_dir()
    }

    /// The export at `path`. It is changed in place, or a changed copy goes to `output`: a file, or a folder.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(path: &Path, output: Option<PathBuf>) -> Result<Self, MigrateError> {
        let path = path.to_owned();
        if !path.exists() {
            return Err(MigrateError::Missing { path });
        }
        let files = if path.is_dir() {
            files_of(&path)?
        } else {
            vec![path.clone()]
        };
        Ok(Self {
            path,
            files,
            output,
            realm: None,
            state: Mutex::default(),
        })
    }

    /// Only users of this realm: those of another may have the same names.
    #[must_use]
    pub fn of_realm(self, realm: &str) -> Self {
        Self {
            realm: Some(realm.to_owned()),
            ..self
        }
    }

    /// The credentials in a file, and the realm of each.
    fn credentials_of(&self, file: &Path) -> Result<(Vec<String>, Vec<Credential>), MigrateError> {
        let read = read(file, &bytes_of(file)?)?;
        let by_name = file.file_name().and_then(|name| order_of(name.to_str()?));
        let by_name = by_name.map(|(realm, _)| realm);
        let passwords = read.passwords.into_iter().filter_map(|password| {
            // The file of users alone does not say whose they are; its name does.
            let realm = password
                .realm
                .or_else(|| by_name.clone())
                .unwrap_or_default();
            if self.realm.as_ref().is_some_and(|wanted| *wanted != realm) {
                return None;
            }
            let place = format!("{}:{}:{}", file.display(), password.line, password.column);
            let credential = Credential {
                place: Place(place),
                user: password.user,
                stored: password.stored,
            };
            Some((realm, credential))
        });
        Ok(passwords.unzip())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a file of the export is changed.
    fn target(&self, file: &Path) -> PathBuf {
        let Some(output) = &self.output else {
            return file.to_owned();
        };
        match file.strip_prefix(&self.path) {
            Ok(name) if !name.as_os_str().is_empty() => output.join(name),
            _ => output.clone(),
        }
    }

    /// Copies the export, once, where its changed copy belongs.
    fn prepare_output(&self, state: &mut State) -> Result<(), MigrateError> {
        let Some(output) = self.output.as_ref().filter(|_| !state.has_output) else {
            return Ok(());
        };
        if self.path.is_dir() {
            let created = fs::create_dir_all(output);
            created.map_err(|reason| at(output, &format!("cannot be created: {reason}")))?;
        }
        for file in &self.files {
            let bytes = bytes_of(file)?;
            FileEdit::begin(&self.target(file))?.commit(&bytes, |written| {
                is_as_meant(written == bytes.as_slice(), &self.target(file))
            })?;
        }
        state.has_output = true;
        Ok(())
    }

    fn write_waiting(&self, state: &mut State) -> Result<(), MigrateError> {
        self.prepare_output(state)?;
        while let Some((file, waiting)) = state.waiting.pop_first() {
            state.lost += self.write(&file, &waiting)?;
        }
        Ok(())
    }

    /// Writes what was held back for a file. How many values were not there any more.
    fn write(&self, file: &Path, waiting: &[Waiting]) -> Result<u64, MigrateError> {
        let target = self.target(file);
        let edit = FileEdit::begin(&target)?;
        let Some(bytes) = edit.current() else {
            return Err(MigrateError::Missing { path: target });
        };
        let old = read(&target, bytes)?;
        let rows = old.places_of(waiting);
        let new = old.with_rows(bytes, &rows);
        let new = new.ok_or_else(|| {
            let reason = "what is to be stored is no row of Keycloak. Choose --dialect keycloak";
            at(&target, reason)
        })?;
        is_as_meant(old.becomes(&read(&target, &new)?, &rows), &target)?;
        edit.commit(&new, |written| {
            is_as_meant(written == new.as_slice(), &target)
        })?;
        Ok((waiting.len() - rows.len()) as u64)
    }
}

impl CredentialStore for KeycloakExport {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        let mut files = self.files.iter();
        if let Some(after) = after {
            files.by_ref().find(|file| end_of(file) == *after);
        }
        let Some(file) = files.next() else {
            return Ok(None);
        };
        Ok(Some(Page {
            credentials: self.credentials_of(file)?.1,
            end: end_of(file),
        }))
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        let mut found: Vec<Credential> = Vec::new();
        let mut realms = BTreeSet::new();
        for file in &self.files {
            let (of, credentials) = self.credentials_of(file)?;
            for (realm, credential) in of.into_iter().zip(credentials) {
                if credential.user == user {
                    realms.insert(realm);
                    found.push(credential);
                }
            }
        }
        if realms.len() > 1 {
            let realms: Vec<String> = realms.into_iter().collect();
            let reason = format!(
                "several realms have a user {user:?}: {}. Choose one: realm=\"…\"",
                realms.join(", ")
            );
            return Err(at(&self.path, &reason));
        }
        Ok(found)
    }

    fn holds_back(&self) -> bool {
        true
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        let mut state = self.state();
        for change in changes {
            let place = &change.credential.place.0;
            let is_in = |file: &&PathBuf| {
                let rest = place.strip_prefix(&end_of(file).0);
                rest.is_some_and(|rest| rest.starts_with(':'))
            };
            let file = self.files.iter().find(is_in);
            let file = file.ok_or_else(|| at(&self.path, &format!("{place} is not of it")))?;
            state
                .waiting
                .entry(file.clone())
                .or_default()
                .push(Waiting {
                    user: change.credential.user.clone(),
                    old: copy_of(&change.credential.stored),
                    new: copy_of(&change.new),
                });
        }
        Ok(vec![Replaced::Done; changes.len()])
    }

    fn finish(&self, _page: &Page) -> Result<(), MigrateError> {
        self.write_waiting(&mut self.state())
    }

    fn complete(&self) -> Result<u64, MigrateError> {
        let mut state = self.state();
        self.write_waiting(&mut state)?;
        Ok(std::mem::take(&mut state.lost))
    }
}

impl RealmFile {
    /// Which passwords are to be replaced by what, in their order.
    fn places_of<'w>(&self, waiting: &'w [Waiting]) -> Vec<(usize, &'w Secret)> {
        let mut rows = Vec::with_capacity(waiting.len());
        let mut by_user: BTreeMap<&str, Vec<&Waiting>> = BTreeMap::new();
        for change in waiting {
            by_user.entry(&change.user).or_default().push(change);
        }
        for (index, password) in self.passwords.iter().enumerate() {
            let Some(changes) = by_user.get_mut(password.user.as_str()) else {
                continue;
            };
            let is_of = |change: &&Waiting| change.old.is_same_as(&password.stored);
            if let Some(at) = changes.iter().position(is_of) {
                rows.push((index, &changes.swap_remove(at).new));
            }
        }
        rows
    }

    /// Whether `new` has the same passwords, but for these.
    fn becomes(&self, new: &Self, rows: &[(usize, &Secret)]) -> bool {
        let mut rows = rows.iter().peekable();
        let is_meant = |(index, (old, new)): (usize, (&StoredPassword, &StoredPassword))| {
            let meant = match rows.next_if(|(changed, _)| *changed == index) {
                Some((_, row)) => row,
                None => &old.stored,
            };
            old.user == new.user && new.stored.is_same_as(meant)
        };
        let pairs = self.passwords.iter().zip(&new.passwords);
        self.passwords.len() == new.passwords.len() && pairs.enumerate().all(is_meant)
    }
}

/// The files of an export in `folder`: realms first, then users, by number.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, MigrateError> {
    let unreadable = |reason: std::io::Error| at(folder, &format!("cannot be read: {reason}"));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let order = path.file_name().and_then(|name| order_of(name.to_str()?));
        files.extend(order.map(|order| (order, path)));
    }
    if files.is_empty() {
        let reason = "no realm export is in it: no NAME-realm.json and no NAME-users-0.json. `kc.sh export --dir` makes them";
        return Err(at(folder, reason));
    }
    files.sort();
    Ok(files.into_iter().map(|(_, path)| path).collect())
}

/// Realm and number by which a file is in its place; none for one that is not of an export.
fn order_of(name: &str) -> Option<(String, u64)> {
    let name = name.strip_suffix(".json")?;
    if let Some(realm) = name.strip_suffix("-realm") {
        return Some((realm.to_owned(), 0));
    }
    let (kind, number) = name.rsplit_once('-')?;
    let realm = kind.strip_suffix("-users")?;
    Some((
        realm.to_owned(),
        number.parse::<u64>().ok()?.checked_add(1)?,
    ))
}

fn read(file: &Path, bytes: &[u8]) -> Result<RealmFile, MigrateError> {
    RealmFile::read(bytes).map_err(|Malformed { line, reason }| MigrateError::Store {
        store: format!("{}:{line}", file.display()),
        reason: format!("{reason}. Export the realm again, or compare the file with a backup"),
    })
}

/// Files are in memory as a whole while they are worked off.
fn bytes_of(file: &Path) -> Result<Zeroizing<Vec<u8>>, MigrateError> {
    let unreadable = |reason: std::io::Error| at(file, &format!("cannot be read: {reason}"));
    let length = fs::metadata(file).map_err(unreadable)?.len();
    if length > LARGEST {
        let reason = format!(
            "it has {length} bytes, and more than {LARGEST} are not read at once. Export the realm to a folder: kc.sh export --dir"
        );
        return Err(at(file, &reason));
    }
    Ok(Zeroizing::new(fs::read(file).map_err(unreadable)?))
}

/// The end of the page that a file is.
fn end_of(file: &Path) -> Place {
    Place(file.display().to_string())
}

fn copy_of(secret: &Secret) -> Secret {
    Secret::copied_from(secret.expose_bytes())
}

fn at(path: &Path, reason: &str) -> MigrateError {
    MigrateError::Store {
        store: path.display().to_string(),
        reason: reason.to_owned(),
    }
}

fn is_as_meant(is_so: bool, path: &Path) -> Result<(), MigrateError> {
    if is_so {
        return Ok(());
    }
    Err(MigrateError::NotWrittenRight {
        path: path.to_owned(),
    })
}
