//! [`StoredEntry`]: one entry of a JCEKS or JKS file, with its raw bytes.

use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::cursor::Cursor;
use super::modified_utf8;
use super::object_stream::ObjectStream;
use super::sealed_object::{SealedObject, SealedRenewal};
use crate::kdf::KeyDerivation;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{Encrypted, EncryptionError, Renewal, derivation_of};
use crate::keystore::entry::{Entry, EntryKind, Protection, from_java_time, java_time};
use crate::keystore::error::KeystoreError;
use crate::keystore::password::Password;
use crate::keystore::store_type::StoreType;

const PRIVATE_KEY: u32 = 1;
const CERTIFICATE: u32 = 2;
const SECRET: u32 = 3;

/// Lengths of an entry's fixed parts, in bytes.
const TAG_LENGTH: usize = 4;
const DATE_LENGTH: usize = 8;
const LENGTH_LENGTH: usize = 4;

/// One entry: its bytes as they stand in the file, and what keyward understands of them.
pub(super) struct StoredEntry {
    /// From the tag to the last byte of the content.
    pub(super) raw: Vec<u8>,
    pub(super) alias: Alias,
    created: u64,
    pub(super) content: StoredContent,
}

/// An entry's content.
pub(super) enum StoredContent {
    /// An EncryptedPrivateKeyInfo and its X.509 certificates.
    PrivateKey(Vec<u8>, Vec<Vec<u8>>),
    /// An X.509 certificate.
    Certificate(Vec<u8>),
    Secret(SealedObject),
    /// A secret of a class that keyward does not know, and which.
    Opaque(String),
}

/// A key that is on its way from one password to another.
pub(super) enum KeyRenewal {
    Secret(SealedRenewal),
    PrivateKey(Renewal),
}

impl KeyRenewal {
    /// How the new key is derived.
    pub(super) fn derivation(&self) -> Option<KeyDerivation> {
        match self {
            Self::Secret(renewal) => Some(renewal.derivation()),
            Self::PrivateKey(renewal) => renewal.derivation(),
        }
    }
}

impl StoredEntry {
    /// Reads one entry; the error says why its end cannot be found.
    pub(super) fn read(cursor: &mut Cursor<'_>, version: u32) -> Result<Self, String> {
        let start = cursor.rest();
        let truncated = || "it ends within an entry".to_owned();
        let tag = cursor.u32().ok_or_else(truncated)?;
        let alias = Alias::new(&cursor.utf().ok_or_else(truncated)?);
        let created = cursor.u64().ok_or_else(truncated)?;
        let content = match tag {
            PRIVATE_KEY => read_private_key(cursor, version)
                .map(|(key, chain)| StoredContent::PrivateKey(key, chain))
                .ok_or_else(truncated)?,
            CERTIFICATE => read_certificate(cursor, version)
                .map(StoredContent::Certificate)
                .ok_or_else(truncated)?,
            SECRET => read_secret(cursor)?,
            other => return Err(format!("entries of the unknown kind {other}")),
        };
        let raw = start[..start.len() - cursor.rest().len()].to_vec();
        Ok(Self {
            raw,
            alias,
            created,
            content,
        })
    }

    pub(super) fn of_secret(
        alias: &Alias,
        created: SystemTime,
        sealed: SealedObject,
    ) -> Result<Self, KeystoreError> {
        let stream = sealed.to_stream();
        Self::new(
            SECRET,
            alias,
            created,
            &[&stream],
            StoredContent::Secret(sealed),
        )
    }

    pub(super) fn of_private_key(
        alias: &Alias,
        created: SystemTime,
        encrypted: &[u8],
        certificates: &[Vec<u8>],
        version: u32,
    ) -> Result<Self, KeystoreError> {
        let length = encoded_length(encrypted.len());
        let chain = encoded_chain(certificates, version);
        let parts: [&[u8]; 3] = [&length, encrypted, &chain];
        let content = StoredContent::PrivateKey(encrypted.to_vec(), certificates.to_vec());
        Self::new(PRIVATE_KEY, alias, created, &parts, content)
    }

    pub(super) fn of_certificate(
        alias: &Alias,
        created: SystemTime,
        certificate: &[u8],
        version: u32,
    ) -> Result<Self, KeystoreError> {
        let content = StoredContent::Certificate(certificate.to_vec());
        Self::new(
            CERTIFICATE,
            alias,
            created,
            &[&encoded_certificate(certificate, version)],
            content,
        )
    }

    fn new(
        tag: u32,
        alias: &Alias,
        created: SystemTime,
        parts: &[&[u8]],
        content: StoredContent,
    ) -> Result<Self, KeystoreError> {
        let created = java_time(created);
        let mut raw = tag.to_be_bytes().to_vec();
        raw.extend_from_slice(&encoded_alias(alias)?);
        raw.extend_from_slice(&created.to_be_bytes());
        for part in parts {
            raw.extend_from_slice(part);
        }
        let alias = alias.clone();
        Ok(Self {
            raw,
            alias,
            created,
            content,
        })
    }

    /// Gives the entry another name and touches nothing else.
    pub(super) fn rename(&mut self, alias: &Alias) -> Result<(), KeystoreError> {
        let mut raw = self.raw[..TAG_LENGTH].to_vec();
        raw.extend_from_slice(&encoded_alias(alias)?);
        raw.extend_from_slice(&self.raw[self.alias_end()..]);
        self.raw = raw;
        self.alias = alias.clone();
        Ok(())
    }

    /// How the entry's key is derived, where it has one.
    pub(super) fn derivation(&self) -> Option<KeyDerivation> {
        match &self.content {
            StoredContent::Secret(sealed) => sealed.derivation(),
            StoredContent::PrivateKey(encrypted, _) => derivation_of(encrypted),
            StoredContent::Certificate(_) | StoredContent::Opaque(_) => None,
        }
    }

    /// Opens the key to put it under another password; `None` where `old` does not open it, or
    /// where there is no key.
    pub(super) fn renewal(&self, old: &Password) -> Result<Option<KeyRenewal>, EncryptionError> {
        Ok(match &self.content {
            StoredContent::Secret(sealed) => sealed.renewal(old)?.map(KeyRenewal::Secret),
            StoredContent::PrivateKey(encrypted, _) => {
                Renewal::of(encrypted, old)?.map(KeyRenewal::PrivateKey)
            }
            StoredContent::Certificate(_) | StoredContent::Opaque(_) => None,
        })
    }

    /// Puts the key under `new`; it is the one that `renewal` opened.
    pub(super) fn renew(
        &mut self,
        renewal: &KeyRenewal,
        new: &Password,
    ) -> Result<(), EncryptionError> {
        let content_start = self.alias_end() + DATE_LENGTH;
        let mut raw = self.raw[..content_start].to_vec();
        match (&mut self.content, renewal) {
            (StoredContent::Secret(sealed), KeyRenewal::Secret(renewal)) => {
                *sealed = renewal.seal(new)?;
                raw.extend_from_slice(&sealed.to_stream());
            }
            (StoredContent::PrivateKey(encrypted, _), KeyRenewal::PrivateKey(renewal)) => {
                let chain = &self.raw[content_start + LENGTH_LENGTH + encrypted.len()..];
                *encrypted = renewal.seal(new)?;
                raw.extend_from_slice(&encoded_length(encrypted.len()));
                raw.extend_from_slice(encrypted);
                raw.extend_from_slice(chain);
            }
            _ => return Ok(()),
        }
        self.raw = raw;
        Ok(())
    }

    /// Gives a private key other certificates.
    pub(super) fn replace_chain(&mut self, certificates: &[Vec<u8>], version: u32) {
        let key_start = self.alias_end() + DATE_LENGTH;
        if let StoredContent::PrivateKey(encrypted, chain) = &mut self.content {
            self.raw
                .truncate(key_start + LENGTH_LENGTH + encrypted.len());
            self.raw.extend(encoded_chain(certificates, version));
            *chain = certificates.to_vec();
        }
    }

    /// Whether there is a key in it that a password protects.
    pub(super) fn has_password(&self) -> bool {
        !matches!(self.content, StoredContent::Certificate(_))
    }

    /// Where the alias ends: tag, length, bytes.
    fn alias_end(&self) -> usize {
        let length = self.raw[TAG_LENGTH..]
            .first_chunk()
            .map_or(0, |two| u16::from_be_bytes(*two));
        TAG_LENGTH + size_of::<u16>() + usize::from(length)
    }

    pub(super) fn kind(&self) -> EntryKind {
        match &self.content {
            StoredContent::PrivateKey(..) => EntryKind::PrivateKey,
            StoredContent::Certificate(_) => EntryKind::TrustedCertificate,
            StoredContent::Secret(_) => EntryKind::Secret,
            StoredContent::Opaque(reason) => EntryKind::Opaque(reason.clone()),
        }
    }

    pub(super) fn summary(&self) -> Entry {
        Entry {
            alias: self.alias.clone(),
            kind: self.kind(),
            created: from_java_time(self.created),
            protection: self.content.protection(),
            fingerprint: Sha256::digest(&self.raw).into(),
        }
    }
}

impl StoredContent {
    fn protection(&self) -> Option<Protection> {
        match self {
            Self::PrivateKey(encrypted, _) => {
                Some(Encrypted::parse(encrypted).ok()?.encryption.protection())
            }
            Self::Secret(sealed) => sealed.protection(),
            Self::Certificate(_) | Self::Opaque(_) => None,
        }
    }
}

/// Modified UTF-8 behind its length.
fn encoded_alias(alias: &Alias) -> Result<Vec<u8>, KeystoreError> {
    let name = modified_utf8::encode(alias.as_str());
    let length = u16::try_from(name.len()).map_err(|_| KeystoreError::AliasTooLong {
        length: name.len(),
        store_type: StoreType::Jceks,
    })?;
    Ok([&length.to_be_bytes(), name.as_slice()].concat())
}

fn read_private_key(cursor: &mut Cursor<'_>, version: u32) -> Option<(Vec<u8>, Vec<Vec<u8>>)> {
    let encrypted = cursor.block()?.to_vec();
    let mut certificates = Vec::new();
    for _ in 0..cursor.u32()? {
        certificates.push(read_certificate(cursor, version)?);
    }
    Some((encrypted, certificates))
}

fn read_certificate(cursor: &mut Cursor<'_>, version: u32) -> Option<Vec<u8>> {
    if version == 2 {
        cursor.utf()?;
    }
    Some(cursor.block()?.to_vec())
}

/// A private key's certificates behind their number.
fn encoded_chain(certificates: &[Vec<u8>], version: u32) -> Vec<u8> {
    let mut bytes = encoded_length(certificates.len()).to_vec();
    for certificate in certificates {
        bytes.extend_from_slice(&encoded_certificate(certificate, version));
    }
    bytes
}

/// `X.509` (not in version 1) and the certificate, each behind its length.
fn encoded_certificate(certificate: &[u8], version: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    if version == 2 {
        bytes.extend_from_slice(&[0, 5]);
        bytes.extend_from_slice(b"X.509");
    }
    bytes.extend_from_slice(&encoded_length(certificate.len()));
    bytes.extend_from_slice(certificate);
    bytes
}

fn encoded_length(length: usize) -> [u8; LENGTH_LENGTH] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn read_secret(cursor: &mut Cursor<'_>) -> Result<StoredContent, String> {
    let mut stream = ObjectStream::open(cursor)?;
    let object = stream.read_object()?;
    Ok(match SealedObject::matching(&object) {
        Ok(sealed) => StoredContent::Secret(sealed),
        Err(reason) => StoredContent::Opaque(reason),
    })
}
