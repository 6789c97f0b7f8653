//! [`UserFile`]: a file of users as a credential store.
//!
//! LDIF, CSV and JSON lines, as [`crate::document::Rows`] reads them, however long the file is. A new value takes the place
//! of the old one's bytes; every other byte stays. Changes are held back for a minute, and then the whole file is written
//! anew and takes the place of the old one once it reads as it was meant.

mod rewriting;

use std::borrow::Cow;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rewriting::{Files, Rewriting};

use super::login_name::login_name;
use super::{Change, Credential, CredentialStore, MigrateError, Page, Place, Replaced};
use crate::document::{Field, Row, RowError, RowFormat, Rows, Wanted, open_row_file};

/// How many users are read at a time.
const PAGE: usize = 4096;
/// So many changes are held back, or those of a minute.
const MOST_WAITING: usize = 100_000;
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// `stored` is before `password`, which then is the clear one.
const WANTED: Wanted<'static> = Wanted {
    names: &[
        "username", "user", "dn", "userid", "uid", "login", "email", "name", "id",
    ],
    values: &["stored", "password", "userPassword"],
};

/// A file of users.
pub struct UserFile {
    path: PathBuf,
    format: RowFormat,
    output: Option<PathBuf>,
    state: Mutex<State>,
}

/// How far the file was read, and what is to be written.
struct State {
    reading: Option<Reading>,
    waiting: Rewriting,
    last_written: Instant,
    /// Whether the other file that is to be written is there.
    has_output: bool,
    lost: u64,
}

struct Reading {
    rows: Rows<'static>,
    /// The end of the page before.
    at: Option<Place>,
}

impl UserFile {
    /// The file at `path`; without a format its ending tells it. It is changed in place, or goes changed to `output`.
    ///
    /// # Errors
    /// When there is no such file, or its ending tells no format.
    pub fn open(
        path: &Path,
        format: Option<RowFormat>,
        output: Option<PathBuf>,
    ) -> Result<Self, MigrateError> {
        let path = path.to_owned();
        if !path.exists() {
            return Err(MigrateError::Missing { path });
        }
        let Some(format) = format.or_else(|| RowFormat::of_path(&path)) else {
            return Err(RowError::UnknownFormat { path }.into());
        };
        let state = State {
            reading: None,
            waiting: Rewriting::default(),
            last_written: Instant::now(),
            has_output: false,
            lost: 0,
        };
        Ok(Self {
            path,
            format,
            output,
            state: Mutex::new(state),
        })
    }

    /// Its format.
    #[must_use]
    pub fn format(&self) -> RowFormat {
        self.format
    }

    fn rows(&self) -> Result<Rows<'static>, MigrateError> {
        rows_of(&self.path, &self.path, self.format)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what was held back.
    fn write(&self, state: &mut State) -> Result<(), MigrateError> {
        let waiting = std::mem::take(&mut state.waiting);
        state.last_written = Instant::now();
        let target = self.output.as_ref().unwrap_or(&self.path);
        // What was written there before is gone on with.
        let source = if state.has_output { target } else { &self.path };
        state.lost += waiting.write(Files {
            source,
            target,
            name: &self.path,
            format: self.format,
        })?;
        state.has_output = self.output.is_some();
        Ok(())
    }
}

impl Reading {
    /// Reads on after `after`.
    fn page(&mut self) -> Result<Option<Page>, MigrateError> {
        let mut credentials = Vec::new();
        let mut end = None;
        for row in self.rows.by_ref().take(PAGE) {
            let row = row?;
            end = Some(place(row.line));
            credentials.extend(credentials_of(row));
        }
        let Some(end) = end else { return Ok(None) };
        self.at = Some(end.clone());
        Ok(Some(Page { credentials, end }))
    }
}

impl CredentialStore for UserFile {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn count(&self) -> Result<Option<u64>, MigrateError> {
        let mut count = 0;
        for row in self.rows()? {
            count += stored_fields(&row?).count() as u64;
        }
        Ok(Some(count))
    }

    fn page(&self, after: Option<&Place>) -> Result<Option<Page>, MigrateError> {
        let mut state = self.state();
        let going_on = state
            .reading
            .as_ref()
            .filter(|reading| reading.at.as_ref() == after);
        if going_on.is_none() || after.is_none() {
            let mut rows = self.rows()?;
            if let Some(after) = after {
                let is_before = |row: &Result<Row, RowError>| {
                    row.as_ref().is_ok_and(|row| place(row.line) != *after)
                };
                rows.by_ref().find(|row| !is_before(row)).transpose()?;
            }
            let at = after.cloned();
            state.reading = Some(Reading { rows, at });
        }
        state.reading.as_mut().map_or(Ok(None), Reading::page)
    }

    fn of_user(&self, user: &str) -> Result<Vec<Credential>, MigrateError> {
        let mut found: Option<(usize, Vec<Credential>)> = None;
        for row in self.rows()? {
            let row = row?;
            if !is_of_user(&row.name, user) {
                continue;
            }
            if let Some((line, _)) = found {
                return Err(MigrateError::Store {
                    store: self.name(),
                    reason: format!(
                        "lines {line} and {} are both of the user {user:?}. Remove one, or use the whole DN",
                        row.line
                    ),
                });
            }
            found = Some((row.line, credentials_of(row)));
        }
        Ok(found
            .map(|(_, credentials)| credentials)
            .unwrap_or_default())
    }

    fn login_name<'c>(&self, credential: &'c Credential) -> Cow<'c, str> {
        login_name(&credential.user)
    }

    fn holds_back(&self) -> bool {
        true
    }

    fn replace(&self, changes: &[Change<'_>]) -> Result<Vec<Replaced>, MigrateError> {
        let mut state = self.state();
        for change in changes {
            state.waiting.add(change);
        }
        if state.waiting.len() >= MOST_WAITING || state.last_written.elapsed() >= LONGEST_WAIT {
            self.write(&mut state)?;
        }
        Ok(vec![Replaced::Done; changes.len()])
    }

    fn complete(&self) -> Result<u64, MigrateError> {
        let mut state = self.state();
        let is_output_due = self.output.is_some() && !state.has_output;
        if state.waiting.len() > 0 || is_output_due {
            self.write(&mut state)?;
        }
        Ok(std::mem::take(&mut state.lost))
    }
}

fn place(line: usize) -> Place {
    Place(format!("line {line}"))
}

/// The rows of the file at `path`, which messages call `name`.
fn rows_of(path: &Path, name: &Path, format: RowFormat) -> Result<Rows<'static>, MigrateError> {
    let source: BufReader<_> = open_row_file(path)?;
    Ok(Rows::of(name, source, format, WANTED))
}

/// Whether a row is of `user`: the name itself, or the value of the first part of a DN.
fn is_of_user(name: &str, user: &str) -> bool {
    if name == user {
        return true;
    }
    login_name(name) == user
}

/// The fields of a row that hold stored passwords.
fn stored_fields(row: &Row) -> impl Iterator<Item = &Field> {
    let is_wanted = stored_filter(row);
    row.fields.iter().filter(move |field| is_wanted(field))
}

fn stored_filter(row: &Row) -> impl Fn(&Field) -> bool + use<> {
    let is_called = |field: &Field, name: &str| field.name().eq_ignore_ascii_case(name);
    let has_stored = row.fields.iter().any(|field| is_called(field, "stored"));
    move |field| !has_stored || is_called(field, "stored")
}

fn credentials_of(row: Row) -> Vec<Credential> {
    let is_wanted = stored_filter(&row);
    let fields = row.fields.into_iter().filter(|field| is_wanted(field));
    let credential = |field: Field| Credential {
        place: place(field.line),
        user: row.name.clone(),
        stored: field.value,
    };
    fields.map(credential).collect()
}
