//! [`Revocations`]: which entries were removed to be gone at once, without grace.
//!
//! `keyward delete` writes them down beside the keystore, in `.NAME.keyward-revoked` with the keystore's mode, one
//! line each:
//!
//! ```text
//! milliseconds since 1970 | ' ' | fingerprint of the removed entry's stored bytes, hexadecimal
//! milliseconds since 1970 | ' ' | SHA-256 of "alias " and the folded alias
//! ```
//!
//! A fingerprint fits one version of the entry: whatever is imported later under the same alias is not meant. The second
//! line is for a service that had not loaded that version: it revokes what was loaded before that moment. Services only read the file, since several may serve one keystore; the next
//! `keyward delete` drops the lines that are older than a day, the longest `vanishGrace`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

use crate::keystore::Alias;

/// How long a line matters: as long as the longest `vanishGrace`.
const LONGEST_MEMORY: Duration = Duration::from_hours(24);
/// How much of the file is read; 800 lines.
const LARGEST_FILE: u64 = 64 * 1024;
const MOST_LINES: usize = 700;

type Fingerprint = [u8; 32];

/// Entries that are gone for good.
#[derive(Default)]
pub(super) struct Revocations(HashMap<Fingerprint, u64>);

impl Revocations {
    /// Those of the keystore at `path`; none if there is no such file beside it.
    pub(super) fn of(path: &Path) -> Self {
        let lines = marker_of(path).and_then(|marker| read(&marker));
        let revoked = lines.unwrap_or_default();
        let entry = |(removed, entry)| (entry, removed);
        Self(revoked.into_iter().map(entry).collect())
    }

    pub(super) fn contains(&self, fingerprint: &Fingerprint) -> bool {
        self.0.contains_key(fingerprint)
    }

    /// Whether the alias was removed after `loaded_at`.
    pub(super) fn revokes(&self, alias: &Alias, loaded_at: SystemTime) -> bool {
        let loaded = loaded_at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let removed = self.0.get(&mark_of(alias));
        removed.is_some_and(|removed| u128::from(*removed) > loaded.as_millis())
    }
}

/// Writes down that these entries of the keystore at `path` are being removed for good. To be called before
/// the keystore without them takes its place, and under its lock.
///
/// # Errors
/// When the file beside the keystore cannot be written.
pub fn note_revocation(path: &Path, removed: &[(Alias, Fingerprint)]) -> io::Result<()> {
    let marker = marker_of(path)?;
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let oldest = milliseconds(now.saturating_sub(LONGEST_MEMORY));
    let now = milliseconds(now);
    let mut lines = read(&marker).unwrap_or_default();
    lines.retain(|(removed, _)| *removed >= oldest);
    for (alias, fingerprint) in removed {
        lines.push((now, *fingerprint));
        lines.push((now, mark_of(alias)));
    }
    let surplus = lines.len().saturating_sub(MOST_LINES);
    let mut text = String::new();
    for (removed, fingerprint) in &lines[surplus..] {
        // Writing to a String does not fail.
        let _ = write!(text, "{removed} ");
        for byte in fingerprint {
            let _ = write!(text, "{byte:02x}");
        }
        text.push('\n');
    }
    replace(&marker, &fs::metadata(path)?, text.as_bytes())
}

fn mark_of(alias: &Alias) -> Fingerprint {
    let digest = Sha256::new_with_prefix("alias ");
    digest.chain_update(alias.as_str()).finalize().into()
}

/// Beside the keystore itself, wherever links lead.
fn marker_of(path: &Path) -> io::Result<PathBuf> {
    let keystore = fs::canonicalize(path)?;
    let name = keystore.file_name().unwrap_or_default().to_string_lossy();
    Ok(keystore.with_file_name(format!(".{name}.keyward-revoked")))
}

/// The lines that are whole; the others mean nothing.
fn read(marker: &Path) -> io::Result<Vec<(u64, Fingerprint)>> {
    let mut text = String::new();
    File::open(marker)?
        .take(LARGEST_FILE)
        .read_to_string(&mut text)?;
    Ok(text.lines().filter_map(parse).collect())
}

fn parse(line: &str) -> Option<(u64, Fingerprint)> {
    let (removed, digits) = line.split_once(' ')?;
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    let mut fingerprint = [0; 32];
    for (index, byte) in fingerprint.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * index..2 * index + 2], 16).ok()?;
    }
    Some((removed.parse().ok()?, fingerprint))
}

/// Whoever may read the keystore may read the file beside it.
fn replace(marker: &Path, keystore: &fs::Metadata, content: &[u8]) -> io::Result<()> {
    let mut passing = marker.as_os_str().to_owned();
    passing.push(".new");
    let passing = PathBuf::from(passing);
    // Left by a run that was killed; the keystore's lock is held.
    let _ = fs::remove_file(&passing);
    let mut file = private(&passing)?;
    let written = file
        .write_all(content)
        .and_then(|()| adopt(&file, keystore))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&passing, marker));
    if written.is_err() {
        let _ = fs::remove_file(&passing);
    }
    written
}

#[cfg(unix)]
fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

#[cfg(not(unix))]
fn private(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

#[cfg(unix)]
fn adopt(file: &File, keystore: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    // Only root may give a file away; a member of the group may give it to the group.
    if fchown(file, Some(keystore.uid()), Some(keystore.gid())).is_err() {
        let _ = fchown(file, None, Some(keystore.gid()));
    }
    file.set_permissions(keystore.permissions())
}

#[cfg(not(unix))]
fn adopt(_file: &File, _keystore: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn removed(byte: u8) -> (Alias, Fingerprint) {
        (Alias::new(&format!("alias{byte}")), [byte; 32])
    }

    #[test]
    fn an_alias_is_revoked_for_those_who_loaded_it_before() {
        let folder = tempfile::tempdir().unwrap();
        let keystore = folder.path().join("secure.p12");
        fs::write(&keystore, "store").unwrap();
        let before = SystemTime::now() - Duration::from_secs(5);
        note_revocation(&keystore, &[removed(1)]).unwrap();
        let revocations = Revocations::of(&keystore);
        assert!(revocations.revokes(&Alias::new("ALIAS1"), before));
        assert!(!revocations.revokes(&Alias::new("alias2"), before));
        let later = SystemTime::now() + Duration::from_secs(5);
        assert!(!revocations.revokes(&Alias::new("alias1"), later));
    }

    #[test]
    fn what_was_recorded_is_found_again_and_lines_that_are_not_whole_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let keystore = folder.path().join("secure.p12");
        fs::write(&keystore, "store").unwrap();
        assert!(!Revocations::of(&keystore).contains(&[1; 32]));
        note_revocation(&keystore, &[removed(1)]).unwrap();
        note_revocation(&keystore, &[removed(0xab)]).unwrap();
        let marker = folder.path().join(".secure.p12.keyward-revoked");
        let mut text = fs::read_to_string(&marker).unwrap();
        assert_eq!(text.lines().count(), 4);
        text.push_str("0 zz\n12 abcd");
        fs::write(&marker, text).unwrap();
        let revocations = Revocations::of(&keystore);
        assert!(revocations.contains(&[1; 32]) && revocations.contains(&[0xab; 32]));
        assert!(!revocations.contains(&[2; 32]));
    }

    #[test]
    fn lines_older_than_a_day_are_dropped_and_their_number_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let keystore = folder.path().join("secure.p12");
        fs::write(&keystore, "store").unwrap();
        let marker = folder.path().join(".secure.p12.keyward-revoked");
        fs::write(&marker, format!("1000 {}\n", "07".repeat(32))).unwrap();
        note_revocation(&keystore, &[removed(1)]).unwrap();
        assert!(!Revocations::of(&keystore).contains(&[7; 32]));
        let many: Vec<_> = (0..2 * MOST_LINES).map(|_| removed(9)).collect();
        note_revocation(&keystore, &many).unwrap();
        assert!(fs::metadata(&marker).unwrap().len() < LARGEST_FILE);
        assert!(!Revocations::of(&keystore).contains(&[1; 32]));
        assert!(Revocations::of(&keystore).contains(&[9; 32]));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_has_the_keystore_s_mode_and_lies_beside_the_file_that_a_link_leads_to() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("real")).unwrap();
        let keystore = folder.path().join("real/secure.p12");
        fs::write(&keystore, "store").unwrap();
        fs::set_permissions(&keystore, fs::Permissions::from_mode(0o640)).unwrap();
        let link = folder.path().join("link.p12");
        symlink(&keystore, &link).unwrap();
        note_revocation(&link, &[removed(1)]).unwrap();
        let marker = folder.path().join("real/.secure.p12.keyward-revoked");
        let mode = fs::metadata(marker).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        assert!(Revocations::of(&keystore).contains(&[1; 32]));
    }
}
