//! [`Rewriting`]: a file of users written anew, with some of its values replaced.

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{rows_of, stored_fields};
use crate::Secret;
use crate::document::{Field, RowError, RowFormat, Rows};
use crate::migrate::{Change, MigrateError};
use crate::safe_file::{NewFile, SafeFileError, StreamedEdit};

/// How many bytes are copied at a time.
const BLOCK: usize = 64 << 10;
/// How often a file is tried that another program changes at the same time.
const MOST_TRIES: u32 = 5;

/// What is to be replaced.
#[derive(Default)]
pub(super) struct Rewriting {
    /// New values by user and old value, of which only the digest is kept.
    changes: HashMap<[u8; 32], VecDeque<Secret>>,
    count: usize,
}

/// Which file is written where.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) source: &'a Path,
    pub(super) target: &'a Path,
    /// What messages call it.
    pub(super) name: &'a Path,
    pub(super) format: RowFormat,
}

/// The file that is read, and how much of it was taken over.
struct Source<'a> {
    path: &'a Path,
    file: File,
    at: u64,
    block: Zeroizing<Vec<u8>>,
}

/// A digest over the names and values of all users, so that two files are compared without being held in memory.
#[derive(Default)]
struct Fingerprint(Sha256);

impl Rewriting {
    pub(super) fn add(&mut self, change: &Change<'_>) {
        let credential = change.credential;
        let key = key(&credential.user, &credential.stored);
        let new = Secret::copied_from(change.new.expose_bytes());
        self.changes.entry(key).or_default().push_back(new);
        self.count += 1;
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Writes the source with the new values to the target; how many found another value.
    pub(super) fn write(&self, files: Files<'_>) -> Result<u64, MigrateError> {
        let mut tries = 1;
        loop {
            match self.try_to_write(files) {
                // What was written is also wrong if the source was replaced between its rows and its bytes.
                Err(
                    MigrateError::File(SafeFileError::Conflict { .. })
                    | MigrateError::NotWrittenRight { .. },
                ) if tries < MOST_TRIES => tries += 1,
                result => return result,
            }
        }
    }

    fn try_to_write(&self, files: Files<'_>) -> Result<u64, MigrateError> {
        let edit = StreamedEdit::begin(files.target)?;
        let new_file = |new: &mut NewFile| self.write_rows(files, new);
        edit.commit(new_file, |(replaced, meant), written| {
            let rows = rows_of(written, files.name, files.format)?;
            if Fingerprint::of(rows)? != meant {
                let path = files.name.to_owned();
                return Err(MigrateError::NotWrittenRight { path });
            }
            Ok((self.count - replaced) as u64)
        })
    }

    /// How many values were replaced, and what the new file says.
    fn write_rows(
        &self,
        files: Files<'_>,
        new: &mut NewFile,
    ) -> Result<(usize, [u8; 32]), MigrateError> {
        let mut changes: HashMap<&[u8; 32], std::collections::vec_deque::Iter<'_, Secret>> = self
            .changes
            .iter()
            .map(|(key, values)| (key, values.iter()))
            .collect();
        let mut source = Source::open(files.source)?;
        let mut meant = Fingerprint::default();
        let mut replaced = 0;
        for row in rows_of(files.source, files.name, files.format)? {
            let row = row?;
            for field in stored_fields(&row) {
                let values = changes.get_mut(&key(&row.name, &field.value));
                let Some(value) = values.and_then(Iterator::next) else {
                    meant.add(&row.name, field, &field.value);
                    continue;
                };
                source.copy_until(Some(field.span.start), new)?;
                new.write(&written(value, files.format))?;
                source.skip_to(field.span.end)?;
                meant.add(&row.name, field, value);
                replaced += 1;
            }
        }
        source.copy_until(None, new)?;
        Ok((replaced, meant.0.finalize().into()))
    }
}

impl<'a> Source<'a> {
    fn open(path: &'a Path) -> Result<Self, MigrateError> {
        let opened = File::open(path).map_err(|reason| unreadable(path, reason))?;
        Ok(Self {
            path,
            file: opened,
            at: 0,
            block: Zeroizing::new(vec![0; BLOCK]),
        })
    }

    /// Copies what stands before `end`, or all that is left.
    fn copy_until(&mut self, end: Option<u64>, new: &mut NewFile) -> Result<(), MigrateError> {
        loop {
            let left = end.map_or(BLOCK as u64, |end| end.saturating_sub(self.at));
            let length = usize::try_from(left).unwrap_or(BLOCK).min(BLOCK);
            let read = self.file.read(&mut self.block[..length]);
            let read = read.map_err(|reason| unreadable(self.path, reason))?;
            if read == 0 {
                return Ok(());
            }
            new.write(&self.block[..read])?;
            self.at += read as u64;
        }
    }

    fn skip_to(&mut self, place: u64) -> Result<(), MigrateError> {
        let sought = self.file.seek(SeekFrom::Start(place));
        self.at = sought.map_err(|reason| unreadable(self.path, reason))?;
        Ok(())
    }
}

impl Fingerprint {
    fn of(rows: Rows<'_>) -> Result<[u8; 32], MigrateError> {
        let mut all = Self::default();
        for row in rows {
            let row = row?;
            for field in stored_fields(&row) {
                all.add(&row.name, field, &field.value);
            }
        }
        Ok(all.0.finalize().into())
    }

    fn add(&mut self, user: &str, field: &Field, value: &Secret) {
        for part in [
            user.as_bytes(),
            field.attribute.as_bytes(),
            value.expose_bytes(),
        ] {
            self.0.update((part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
    }
}

/// What a value of a user is found by.
fn key(user: &str, stored: &Secret) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update((user.len() as u64).to_le_bytes());
    digest.update(user);
    digest.update(stored.expose_bytes());
    digest.finalize().into()
}

fn unreadable(path: &Path, reason: io::Error) -> MigrateError {
    let path = path.to_owned();
    RowError::Unreadable { path, reason }.into()
}

/// A value as its format has it. An envelope needs no escapes; a row of Keycloak has quotes.
fn written(value: &Secret, format: RowFormat) -> Zeroizing<Vec<u8>> {
    let bytes = value.expose_bytes();
    // As long as the longest escapes: it does not grow and leave a copy behind.
    let mut written = Zeroizing::new(Vec::with_capacity(6 * bytes.len() + 8));
    match format {
        RowFormat::Ldif if is_safe(bytes) => {
            written.extend_from_slice(b": ");
            written.extend_from_slice(bytes);
        }
        RowFormat::Ldif => {
            written.extend_from_slice(b":: ");
            let text = Zeroizing::new(Base64::encode_string(bytes));
            written.extend_from_slice(text.as_bytes());
        }
        RowFormat::Csv => {
            written.push(b'"');
            for &byte in bytes {
                let quote = (byte == b'"').then_some(byte);
                written.extend(quote.into_iter().chain([byte]));
            }
            written.push(b'"');
        }
        RowFormat::JsonLines => {
            written.push(b'"');
            for &byte in bytes {
                match byte {
                    b'"' | b'\\' => written.extend([b'\\', byte]),
                    0..b' ' => written.extend(format!("\\u{byte:04x}").bytes()),
                    byte => written.push(byte),
                }
            }
            written.push(b'"');
        }
    }
    written
}

/// Whether LDIF may have it as it is: `SAFE-STRING` of RFC 2849, without a space at its end.
fn is_safe(value: &[u8]) -> bool {
    let is_safe = |byte: &u8| byte.is_ascii() && !matches!(byte, 0 | b'\n' | b'\r');
    let starts_well = !matches!(value.first(), Some(b' ' | b':' | b'<'));
    starts_well && !value.ends_with(b" ") && value.iter().all(is_safe)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Row, Wanted};

    const WANTED: Wanted<'static> = Wanted {
        names: &["username"],
        values: &["password", "userPassword"],
    };

    #[test]
    fn every_format_says_any_value() {
        for value in [
            "$argon2id$v=19$m=7,t=1,p=1$c2FsdA$ZGlnZXN0",
            r#"{"credentialData":"{\"algorithm\":\"argon2\"}","secretData":"{}"}"#,
            " begins, and ends; with spaces\t ",
            ":<\"",
            "ö\nline",
        ] {
            for (format, before, after) in [
                (RowFormat::Ldif, "dn: cn=a\nuserPassword", "\nsn: b\n"),
                (RowFormat::Csv, "username,password\na,", "\nb,c\n"),
                (
                    RowFormat::JsonLines,
                    "{\"username\":\"a\",\"password\":",
                    "}\n",
                ),
            ] {
                let stored = Secret::copied_from(value.as_bytes());
                let text = written(&stored, format);
                let file = [before.as_bytes(), text.as_slice(), after.as_bytes()].concat();
                let mut rows = Rows::of(Path::new("a"), file.as_slice(), format, WANTED);
                let row: Row = rows.next().unwrap().unwrap();
                assert_eq!(row.fields[0].value.expose_bytes(), value.as_bytes());
            }
        }
    }
}
