//! [`UserFile`]: a file of users whose stored passwords are moved.
//!
//! LDIF, CSV and JSON lines, as [`crate::document::Rows`] reads them. A new value takes the place of the old one's bytes;
//! every other byte stays. The file is replaced once the new one reads as it was meant.

use std::fs;
use std::io::{self, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::standing::Judged;
use super::{Census, LeftAlone, MigrateError, Standing};
use crate::document::{Field, Row, RowError, RowFormat, Rows, Wanted};
use crate::password::{Conventions, PasswordError, Refusal, StoredHash, Wrapping};
use crate::safe_file::FileEdit;
use crate::side_by_side::{Threads, side_by_side};

/// How many values one thread hashes side by side.
const PIECE: usize = 32;
/// `stored` is before `password`, which then is the clear one.
const WANTED: Wanted<'static> = Wanted {
    names: &[
        "username", "user", "dn", "userid", "uid", "login", "email", "name", "id",
    ],
    values: &["stored", "password", "userPassword"],
};

/// A file of users.
pub struct UserFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its format; none where its ending tells it.
    pub format: Option<RowFormat>,
    /// How its values are to be read.
    pub conventions: Conventions,
    /// What they are moved to.
    pub wrapping: Wrapping,
}

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Old values are wrapped.
    Wrap,
    /// Passwords that can be read are hashed.
    Convert,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many values were moved.
    pub moved: u64,
    /// How all stand now.
    pub census: Census,
    /// What no function can be told of.
    pub left_alone: Vec<LeftAlone>,
}

/// A value that is to be moved.
struct Work {
    line: usize,
    span: Range<u64>,
    stored: StoredHash,
}

/// All values of a file.
#[derive(Default)]
struct Plan {
    census: Census,
    left_alone: Vec<LeftAlone>,
    work: Vec<Work>,
}

impl Task {
    fn is_for(self, standing: Standing) -> bool {
        match self {
            Self::Wrap => standing == Standing::Old,
            Self::Convert => standing == Standing::Readable,
        }
    }
}

impl UserFile {
    /// How its values stand, and which of them no scheme fits.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn census(&self) -> Result<(Census, Vec<LeftAlone>), MigrateError> {
        let mut plan = Plan::default();
        for row in Rows::open(&self.path, self.format, WANTED)? {
            plan.add(&row?, self, None);
        }
        Ok((plan.census, plan.left_alone))
    }

    /// Does `task` for at most `limit` values; the new file takes the place of the old one, or goes to `output`. `step` is
    /// called for each value that is hashed, with their number.
    ///
    /// # Errors
    /// When the file cannot be read or replaced, or a value cannot be hashed; the old file stays.
    pub fn run(
        &self,
        task: Task,
        limit: Option<usize>,
        output: Option<&Path>,
        mut step: impl FnMut(usize),
    ) -> Result<Moved, MigrateError> {
        if !self.path.exists() {
            return Err(MigrateError::Missing {
                path: self.path.clone(),
            });
        }
        let edit = FileEdit::begin(output.unwrap_or(&self.path))?;
        let elsewhere;
        let bytes = if let (None, Some(bytes)) = (output, edit.current()) {
            bytes
        } else {
            elsewhere = Zeroizing::new(self.read()?);
            elsewhere.as_slice()
        };
        let format = self.format()?;
        let mut plan = self.plan(bytes, Some(task))?;
        plan.work.truncate(limit.unwrap_or(usize::MAX));
        let values = self.values_of(&plan.work, task, &mut step)?;
        let moved = values.len() as u64;
        if moved == 0 && output.is_none() {
            return Ok(Moved {
                moved,
                census: plan.census,
                left_alone: plan.left_alone,
            });
        }
        let new = with_values(bytes, &plan.work, &values, format);
        let after = self.plan(&new, None)?;
        let is_right = after.census.all() == plan.census.all()
            && after.left_alone.len() == plan.left_alone.len()
            && self.holds(&new, &values)?;
        if !is_right {
            return Err(MigrateError::NotWrittenRight {
                path: self.path.clone(),
            });
        }
        edit.commit(&new, |written| {
            if written == new.as_slice() {
                return Ok(());
            }
            Err(MigrateError::NotWrittenRight {
                path: self.path.clone(),
            })
        })?;
        Ok(Moved {
            moved,
            census: after.census,
            left_alone: after.left_alone,
        })
    }

    fn read(&self) -> Result<Vec<u8>, MigrateError> {
        let unreadable = |reason: io::Error| RowError::Unreadable {
            path: self.path.clone(),
            reason,
        };
        Ok(fs::read(&self.path).map_err(unreadable)?)
    }

    fn format(&self) -> Result<RowFormat, MigrateError> {
        let format = self.format.or_else(|| RowFormat::of_path(&self.path));
        let unknown = || RowError::UnknownFormat {
            path: self.path.clone(),
        };
        Ok(format.ok_or_else(unknown)?)
    }

    fn rows<'a>(&'a self, bytes: &'a [u8]) -> Result<Rows<'a>, MigrateError> {
        let source = BufReader::new(bytes);
        Ok(Rows::of(&self.path, source, self.format()?, WANTED))
    }

    fn plan(&self, bytes: &[u8], task: Option<Task>) -> Result<Plan, MigrateError> {
        let mut plan = Plan::default();
        for row in self.rows(bytes)? {
            plan.add(&row?, self, task);
        }
        Ok(plan)
    }

    fn values_of(
        &self,
        work: &[Work],
        task: Task,
        step: &mut impl FnMut(usize),
    ) -> Result<Vec<String>, MigrateError> {
        let mut values = Vec::with_capacity(work.len());
        let mut failure = None;
        let pieces: Vec<&[Work]> = work.chunks(PIECE).collect();
        let hash = |piece: &&[Work]| self.values_of_piece(piece, task);
        side_by_side(&pieces, Threads::One, hash, |results| {
            for result in results {
                match result {
                    Ok(value) => values.push(value),
                    Err(error) => failure = failure.take().or(Some(error)),
                }
                step(work.len());
            }
        });
        failure.map_or(Ok(values), Err)
    }

    fn values_of_piece(&self, piece: &[Work], task: Task) -> Vec<Result<String, MigrateError>> {
        let hashed: Vec<Result<String, PasswordError>> = match task {
            Task::Wrap => {
                let stored: Vec<&StoredHash> = piece.iter().map(|work| &work.stored).collect();
                self.wrapping.wrap_all(&stored)
            }
            Task::Convert => {
                let stored = piece.iter().map(|work| &work.stored);
                stored.map(|stored| self.hash_decrypted(stored)).collect()
            }
        };
        let at = |(work, hashed): (&Work, Result<String, PasswordError>)| {
            hashed.map_err(|reason| MigrateError::Hash {
                path: self.path.clone(),
                line: work.line,
                reason,
            })
        };
        piece.iter().zip(hashed).map(at).collect()
    }

    fn hash_decrypted(&self, stored: &StoredHash) -> Result<String, PasswordError> {
        match stored.decrypt()? {
            Some(password) => self.wrapping.hash(&password),
            None => Err(stored.refused(Refusal::NotWrapped)),
        }
    }

    /// Whether a file has these values, in this order.
    fn holds(&self, bytes: &[u8], values: &[String]) -> Result<bool, MigrateError> {
        let mut expected = values.iter();
        let mut next = expected.next();
        for row in self.rows(bytes)? {
            for field in stored_fields(&row?) {
                if next.is_some_and(|value| field.value.expose_bytes() == value.as_bytes()) {
                    next = expected.next();
                }
            }
        }
        Ok(next.is_none())
    }
}

impl Plan {
    fn add(&mut self, row: &Row, file: &UserFile, task: Option<Task>) {
        for field in stored_fields(row) {
            let judged = match field.value.expose_text() {
                Ok(text) => Judged::of(text, &file.conventions, &file.wrapping),
                Err(_) => Judged::Unknown(PasswordError::Unknown {
                    dialect: file.conventions.dialect,
                }),
            };
            self.census.count(&judged);
            match judged {
                Judged::Unknown(reason) => self.left_alone.push(LeftAlone {
                    line: field.line,
                    name: row.name.clone(),
                    reason: reason.to_string(),
                }),
                Judged::Stored(stored, standing) => {
                    if task.is_some_and(|task| task.is_for(standing)) {
                        self.work.push(Work {
                            line: field.line,
                            span: field.span.clone(),
                            stored: *stored,
                        });
                    }
                }
            }
        }
    }
}

/// The fields of a row that hold stored passwords.
fn stored_fields(row: &Row) -> impl Iterator<Item = &Field> {
    let is_called = |field: &Field, name: &str| field.name().eq_ignore_ascii_case(name);
    let has_stored = row.fields.iter().any(|field| is_called(field, "stored"));
    let fields = row.fields.iter();
    fields.filter(move |field| !has_stored || is_called(field, "stored"))
}

fn with_values(
    bytes: &[u8],
    work: &[Work],
    values: &[String],
    format: RowFormat,
) -> Zeroizing<Vec<u8>> {
    let longer: usize = values.iter().map(|value| value.len() + 8).sum();
    let mut new = Zeroizing::new(Vec::with_capacity(bytes.len() + longer));
    let mut at = 0;
    for (one, value) in work.iter().zip(values) {
        let [start, end] = [one.span.start, one.span.end].map(|place| {
            // The file is in memory, so its places fit.
            usize::try_from(place).unwrap_or(bytes.len())
        });
        new.extend_from_slice(&bytes[at..start]);
        new.extend_from_slice(written(value, format).as_bytes());
        at = end;
    }
    new.extend_from_slice(&bytes[at..]);
    new
}

/// A value as it stands in a file. It has letters, digits and a few signs, none of them a quote or a backslash.
fn written(value: &str, format: RowFormat) -> String {
    match format {
        RowFormat::Ldif => format!(": {value}"),
        RowFormat::Csv | RowFormat::JsonLines => format!("\"{value}\""),
    }
}
