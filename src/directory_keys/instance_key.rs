//! [`InstanceKey`]: the RSA key of one server, which other keys are wrapped for.

use std::fmt::Write as _;
use std::path::Path;

use md5::{Digest, Md5};
use pkcs8::PrivateKeyInfoRef;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::rand_core::OsRng;
use rsa::{Oaep, RsaPrivateKey};
use sha1_for_rsa::Sha1;

use super::DirectoryKeysError;
use super::admin_data::WrappedKey;
use crate::Secret;
use crate::keystore::{Alias, EntryKind, Keystore, KeystoreError, KeystoreFile, KeystoreFileError};

/// A private key and the ID that its certificate has in the admin data.
pub(super) struct InstanceKey {
    id: String,
    key: RsaPrivateKey,
}

/// Every RSA key of the truststore at `path`; there is one at least.
pub(super) fn read(path: &Path, pin: &Secret) -> Result<Vec<InstanceKey>, DirectoryKeysError> {
    let store = KeystoreFile::at(path).open(pin)?;
    let mut keys = Vec::new();
    for entry in store.entries() {
        if entry.kind == EntryKind::PrivateKey {
            let key = InstanceKey::of_entry(&store, &entry.alias, pin);
            keys.extend(key.map_err(|error| KeystoreFileError::Keystore {
                path: path.to_owned(),
                error,
            })?);
        }
    }
    if keys.is_empty() {
        let path = path.to_owned();
        return Err(DirectoryKeysError::NoInstanceKey { path });
    }
    Ok(keys)
}

impl InstanceKey {
    /// None for a key of another algorithm.
    fn of_entry(
        store: &Keystore,
        alias: &Alias,
        pin: &Secret,
    ) -> Result<Option<Self>, KeystoreError> {
        let entry = store.private_key(alias, pin)?;
        let key = PrivateKeyInfoRef::try_from(entry.key_info.expose_bytes())
            .ok()
            .and_then(|info| RsaPrivateKey::from_pkcs1_der(info.private_key.as_bytes()).ok());
        let instance = |(certificate, key): (&Vec<u8>, RsaPrivateKey)| Self {
            id: id_of(certificate),
            key,
        };
        Ok(entry.certificates.first().zip(key).map(instance))
    }

    /// Whether `wrapped` is meant for it.
    pub(super) fn unwraps(&self, wrapped: &WrappedKey) -> bool {
        wrapped.instance.eq_ignore_ascii_case(&self.id)
    }

    /// The key in `block`, opened with OAEP; none if the block is not for this key. Blinded, so that the time it takes says
    /// less about the key.
    pub(super) fn unwrap(&self, block: &[u8]) -> Option<Secret> {
        let key = self
            .key
            .decrypt_blinded(&mut OsRng, Oaep::new::<Sha1>(), block);
        key.ok().map(Secret::new)
    }
}

/// MD5 of the certificate in hexadecimal digits.
fn id_of(certificate: &[u8]) -> String {
    Md5::digest(certificate)
        .iter()
        .fold(String::with_capacity(32), |mut text, byte| {
            let _ = write!(text, "{byte:02X}");
            text
        })
}
