//! [`StoredEntry`]: one entry of a JCEKS or JKS file, with its raw bytes.

use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::cursor::Cursor;
use super::modified_utf8;
use super::object_stream::ObjectStream;
use super::sealed_object::SealedObject;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::Encrypted;
use crate::keystore::entry::{Entry, EntryKind, Protection, from_java_time, java_time};
use crate::keystore::error::KeystoreError;
use crate::keystore::store_type::StoreType;

const PRIVATE_KEY: u32 = 1;
const CERTIFICATE: u32 = 2;
const SECRET: u32 = 3;

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
    /// An EncryptedPrivateKeyInfo and its certificates.
    PrivateKey(Vec<u8>),
    Certificate,
    Secret(SealedObject),
    /// A secret of a class that keyward does not know, and which.
    Opaque(String),
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
                .map(StoredContent::PrivateKey)
                .ok_or_else(truncated)?,
            CERTIFICATE => skip_certificate(cursor, version)
                .map(|()| StoredContent::Certificate)
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
        let name = modified_utf8::encode(alias.as_str());
        let length = u16::try_from(name.len()).map_err(|_| KeystoreError::AliasTooLong {
            length: name.len(),
            store_type: StoreType::Jceks,
        })?;
        let created = java_time(created);
        let mut raw = SECRET.to_be_bytes().to_vec();
        raw.extend_from_slice(&length.to_be_bytes());
        raw.extend_from_slice(&name);
        raw.extend_from_slice(&created.to_be_bytes());
        raw.extend_from_slice(&sealed.to_stream());
        let content = StoredContent::Secret(sealed);
        Ok(Self {
            raw,
            alias: alias.clone(),
            created,
            content,
        })
    }

    pub(super) fn summary(&self) -> Entry {
        Entry {
            alias: self.alias.clone(),
            kind: match &self.content {
                StoredContent::PrivateKey(_) => EntryKind::PrivateKey,
                StoredContent::Certificate => EntryKind::TrustedCertificate,
                StoredContent::Secret(_) => EntryKind::Secret,
                StoredContent::Opaque(reason) => EntryKind::Opaque(reason.clone()),
            },
            created: from_java_time(self.created),
            protection: self.content.protection(),
            fingerprint: Sha256::digest(&self.raw).into(),
        }
    }
}

impl StoredContent {
    fn protection(&self) -> Option<Protection> {
        match self {
            Self::PrivateKey(encrypted) => {
                Some(Encrypted::parse(encrypted).ok()?.encryption.protection())
            }
            Self::Secret(sealed) => sealed.protection(),
            Self::Certificate | Self::Opaque(_) => None,
        }
    }
}

fn read_private_key(cursor: &mut Cursor<'_>, version: u32) -> Option<Vec<u8>> {
    let encrypted = cursor.block()?.to_vec();
    for _ in 0..cursor.u32()? {
        skip_certificate(cursor, version)?;
    }
    Some(encrypted)
}

fn skip_certificate(cursor: &mut Cursor<'_>, version: u32) -> Option<()> {
    if version == 2 {
        cursor.utf()?;
    }
    cursor.block().map(|_| ())
}

fn read_secret(cursor: &mut Cursor<'_>) -> Result<StoredContent, String> {
    let mut stream = ObjectStream::open(cursor)?;
    let object = stream.read_object()?;
    Ok(match SealedObject::matching(&object) {
        Ok(sealed) => StoredContent::Secret(sealed),
        Err(reason) => StoredContent::Opaque(reason),
    })
}
