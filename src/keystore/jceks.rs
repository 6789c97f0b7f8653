//! JCEKS and JKS: one container, two magic numbers.
//!
//! ```text
//! magic u32 | version u32 (1, 2) | count u32 | entry… | SHA-1( password UTF-16BE | "Mighty Aphrodite" | all before )
//! entry = tag u32 | alias UTF | created u64 ms | content
//!   tag 1, private key   length u32, EncryptedPrivateKeyInfo | chain: count u32, certificate…
//!   tag 2, certificate   type UTF ("X.509") | length u32, DER
//!   tag 3, secret        a Java serialization stream, JCEKS only
//! ```
//! Numbers are big-endian; UTF is Java's modified UTF-8 behind a u16 length; version 1 has no
//! certificate types. The digest is checked before any entry is looked at.
//!
//! Source: `com.sun.crypto.provider.JceKeyStore`, `sun.security.provider.JavaKeyStore` (JDK 17).

mod addition;
mod certificates;
mod cursor;
mod modified_utf8;
mod object_stream;
mod passwords;
mod sealed_object;
mod secret_object;
mod stored_entry;
mod stream_writer;

use std::collections::HashSet;
use std::time::SystemTime;

use sha1::{Digest, Sha1};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::alias::Alias;
use super::encryption::{EncryptionError, JceksProtection};
use super::entry::{Entry, EntryKind};
use super::error::KeystoreError;
use super::password::Password;
use super::password_encoding;
use super::provenance::Provenance;
use super::secret_key::SecretKey;
use super::store_type::{JCEKS_MAGIC, JKS_MAGIC, StoreType};
use crate::Secret;
use crate::kdf::Iterations;
use cursor::Cursor;
use stored_entry::{StoredContent, StoredEntry};

const DIGEST_LENGTH: usize = 20;
const HEADER_LENGTH: usize = 12;
/// What the digest mixes in between password and content.
const WHITENER: &[u8] = b"Mighty Aphrodite";

/// An opened JCEKS or JKS file: its entries as they stand in it.
pub(super) struct Jceks {
    store_type: StoreType,
    version: u32,
    entries: Vec<StoredEntry>,
    /// Entries from the first one on whose end cannot be found; kept as they are.
    unparsed: Option<UnparsedTail>,
    password: Password,
    /// How often the derivation of new keys repeats its inner step, if not as in the JDK.
    iterations: Option<Iterations>,
    /// Protections for keys to come, whose keys are derived already.
    prepared: Vec<JceksProtection>,
}

struct UnparsedTail {
    raw: Vec<u8>,
    count: u32,
    alias: Alias,
    reason: String,
}

impl Jceks {
    pub(super) fn new(store_type: StoreType, password: &Secret) -> Self {
        Self {
            store_type,
            version: 2,
            entries: Vec::new(),
            unparsed: None,
            password: Password::of(password),
            iterations: None,
            prepared: Vec::new(),
        }
    }

    /// Checks the digest, then finds where each entry begins and ends. Nothing is decrypted.
    pub(super) fn open(
        store_type: StoreType,
        bytes: &[u8],
        password: &Secret,
    ) -> Result<Self, KeystoreError> {
        let mut store = Self::parse(store_type, bytes, |content, digest| {
            if bool::from(digest_of(password, content).ct_eq(digest)) {
                return Ok(());
            }
            Err(KeystoreError::WrongPassword { check: "digest" })
        })?;
        store.password = Password::of(password);
        Ok(store)
    }

    /// What can be seen without a password, unchecked.
    pub(super) fn open_unverified(
        store_type: StoreType,
        bytes: &[u8],
    ) -> Result<Self, KeystoreError> {
        Self::parse(store_type, bytes, |_content, _digest| Ok(()))
    }

    fn parse(
        store_type: StoreType,
        bytes: &[u8],
        check: impl FnOnce(&[u8], &[u8; DIGEST_LENGTH]) -> Result<(), KeystoreError>,
    ) -> Result<Self, KeystoreError> {
        let damaged = |reason: &str| KeystoreError::damaged(store_type, &reason);
        let Some((content, digest)) = bytes.split_last_chunk::<DIGEST_LENGTH>() else {
            return Err(damaged("it is shorter than its digest"));
        };
        let mut cursor = Cursor::new(content);
        let header = cursor
            .u32()
            .and_then(|_magic| Some((cursor.u32()?, cursor.u32()?)));
        let (version, count) = header.ok_or_else(|| damaged("it ends within its header"))?;
        if !matches!(version, 1 | 2) {
            return Err(damaged(&format!("it has version {version}, not 1 or 2")));
        }
        check(content, digest)?;
        let mut store = Self {
            version,
            ..Self::new(store_type, &Secret::copied_from(&[]))
        };
        for index in 0..count {
            let rest = cursor.rest();
            match StoredEntry::read(&mut cursor, version) {
                Ok(entry) => store.entries.push(entry),
                Err(reason) => {
                    let unparsed = UnparsedTail::new(rest, count - index, reason);
                    store.unparsed = Some(unparsed.map_err(damaged)?);
                    return Ok(store);
                }
            }
        }
        if !cursor.rest().is_empty() {
            return Err(damaged("there is more in it than its entries"));
        }
        Ok(store)
    }

    pub(super) fn store_type(&self) -> StoreType {
        self.store_type
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let tail = self.unparsed.as_ref();
        let unparsed = tail.map_or(0, |tail| tail.count);
        let count = u32::try_from(self.entries.len())
            .unwrap_or(u32::MAX)
            .saturating_add(unparsed);
        let magic = match self.store_type {
            StoreType::Jks => JKS_MAGIC,
            _ => JCEKS_MAGIC,
        };
        let length: usize = self.entries.iter().map(|entry| entry.raw.len()).sum();
        let mut bytes = Vec::with_capacity(HEADER_LENGTH + length + DIGEST_LENGTH);
        for number in [magic, self.version, count] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        for entry in &self.entries {
            bytes.extend_from_slice(&entry.raw);
        }
        bytes.extend_from_slice(tail.map_or(&[], |tail| &tail.raw));
        let digest = digest_of(&self.password, &bytes);
        bytes.extend_from_slice(&digest);
        bytes
    }

    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.entries.iter().map(StoredEntry::summary).collect();
        let mut seen = HashSet::new();
        for entry in entries.iter_mut().rev() {
            if !seen.insert(entry.alias.clone()) {
                let reason = "hidden by a later entry of the same alias";
                entry.kind = EntryKind::Opaque(reason.to_owned());
            }
        }
        entries.extend(self.unparsed.as_ref().map(UnparsedTail::summary));
        entries
    }

    /// What Java finds under `alias`.
    pub(super) fn kind_of(&self, alias: &Alias) -> Option<EntryKind> {
        let known = self
            .entries
            .iter()
            .rev()
            .find(|entry| entry.alias == *alias);
        let tail = self.unparsed.as_ref().filter(|tail| tail.alias == *alias);
        known
            .map(StoredEntry::kind)
            .or_else(|| tail.map(|tail| tail.summary().kind))
    }

    pub(super) fn secret_key(
        &self,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<SecretKey, KeystoreError> {
        let entry = self.find(alias)?;
        let sealed = match &entry.content {
            StoredContent::Secret(sealed) => sealed,
            StoredContent::Opaque(reason) => {
                let (alias, reason) = (alias.clone(), reason.clone());
                return Err(KeystoreError::UnreadableEntry { alias, reason });
            }
            StoredContent::PrivateKey(..) | StoredContent::Certificate(_) => {
                let kind = entry.kind();
                return Err(KeystoreError::NotASecret {
                    alias: alias.clone(),
                    kind,
                });
            }
        };
        let of_entry = |error: EncryptionError| KeystoreError::of_entry(alias, &error);
        let password = self.password.or(key_password);
        let plaintext = sealed.open(&password).map_err(of_entry)?;
        secret_object::decode(&plaintext).map_err(|reason| KeystoreError::UnreadableEntry {
            alias: alias.clone(),
            reason,
        })
    }

    /// When an entry was made.
    pub(super) fn provenance(&self, alias: &Alias) -> Option<Provenance> {
        let created = self.find(alias).ok()?.summary().created;
        Some(Provenance::at(created.unwrap_or_else(SystemTime::now)))
    }

    pub(super) fn change_alias(&mut self, from: &Alias, to: &Alias) -> Result<(), KeystoreError> {
        self.entry_mut(from)?.rename(to)
    }

    /// The entry that Java finds: the last one of that name.
    fn find(&self, alias: &Alias) -> Result<&StoredEntry, KeystoreError> {
        let found = self
            .entries
            .iter()
            .rev()
            .find(|entry| entry.alias == *alias);
        found.ok_or_else(|| self.why_missing(alias))
    }

    fn entry_mut(&mut self, alias: &Alias) -> Result<&mut StoredEntry, KeystoreError> {
        match self.entries.iter().rposition(|entry| entry.alias == *alias) {
            Some(index) => Ok(&mut self.entries[index]),
            None => Err(self.why_missing(alias)),
        }
    }

    pub(super) fn delete(&mut self, alias: &Alias) -> Result<(), KeystoreError> {
        let count = self.entries.len();
        self.entries.retain(|entry| entry.alias != *alias);
        if self.entries.len() == count {
            return Err(self.why_missing(alias));
        }
        Ok(())
    }

    fn why_missing(&self, alias: &Alias) -> KeystoreError {
        let alias = alias.clone();
        match &self.unparsed {
            // The tail may hold it: saying that it does not exist would be a guess.
            Some(tail) if tail.alias == alias || tail.count > 1 => KeystoreError::UnreadableEntry {
                alias,
                reason: tail.reason.clone(),
            },
            _ => KeystoreError::NoSuchAlias { alias },
        }
    }
}

impl UnparsedTail {
    /// `raw` begins with an entry of which at least tag and alias can be read.
    fn new(raw: &[u8], count: u32, reason: String) -> Result<Self, &'static str> {
        let mut cursor = Cursor::new(raw);
        let alias = cursor.u32().and_then(|_tag| cursor.utf());
        let alias = Alias::new(&alias.ok_or("it ends within an entry's alias")?);
        Ok(Self {
            raw: raw.to_vec(),
            count,
            alias,
            reason,
        })
    }

    fn summary(&self) -> Entry {
        let following = self.count - 1;
        let reason = match following {
            0 => self.reason.clone(),
            _ => format!(
                "{}; {following} entries behind it cannot be told apart",
                self.reason
            ),
        };
        Entry {
            alias: self.alias.clone(),
            kind: EntryKind::Opaque(reason),
            created: None,
            protection: None,
            fingerprint: sha2::Sha256::digest(&self.raw).into(),
        }
    }
}

fn digest_of(password: &Secret, content: &[u8]) -> [u8; DIGEST_LENGTH] {
    let password: Zeroizing<Vec<u8>> = password_encoding::utf16(password);
    Sha1::new()
        .chain_update(&*password)
        .chain_update(WHITENER)
        .chain_update(content)
        .finalize()
        .into()
}
