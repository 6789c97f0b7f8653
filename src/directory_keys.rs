//! The keys that an OpenDJ directory encrypts passwords with, from what its servers keep of them.
//!
//! ```text
//! cn=admin data (LDIF)                                    ads-truststore (JKS) and its PIN
//!   ds-cfg-key-id=UUID,cn=secret keys                       ads-certificate: certificate, RSA private key
//!     ds-cfg-cipher-transformation-name: AES/CFB/NoPadding     │ MD5 of the certificate, in hexadecimal digits:
//!     ds-cfg-symmetric-key: ID:WRAPPING:AES:HEX ◄──────────────┘ the ID of the instance key
//!     ds-cfg-symmetric-key: … of each other server
//! ```
//! Each symmetric key is wrapped for each server with the RSA key of its instance, so that one server's truststore is
//! enough. A key that was compromised is still read: values that are under it have to be decrypted too. Source: OpenDJ's
//! `CryptoManagerImpl` and `ADSContext`; the admin data is `config/admin-backend.ldif` of a server, or an export.

mod admin_data;
mod error;
mod instance_key;

use std::path::Path;

use crate::Secret;
use crate::password::{CipherKey, CipherKeys, PasswordCipher};

use admin_data::{KeyEntry, WrappedKey};
pub use error::DirectoryKeysError;
use instance_key::InstanceKey;

/// Every key for passwords in the admin data at `admin_data`, opened with the private keys in the truststore at
/// `truststore`, whose store and key password is `pin`. A key that none of them opens is noted with the reason.
///
/// # Errors
/// When one of the files cannot be read, the truststore has no RSA key, or none of the keys can be opened.
pub fn read(
    admin_data: &Path,
    truststore: &Path,
    pin: &Secret,
) -> Result<CipherKeys, DirectoryKeysError> {
    let instance_keys = instance_key::read(truststore, pin)?;
    let entries = admin_data::read(admin_data)?;
    let mut keys = CipherKeys::default();
    for entry in &entries {
        match opened(entry, &instance_keys, truststore) {
            Ok(key) => keys.insert(entry.id, key),
            Err(reason) => keys.note_withheld(entry.id, reason),
        }
    }
    if keys.ids().next().is_some() {
        return Ok(keys);
    }
    let path = admin_data.to_owned();
    if entries.is_empty() {
        return Err(DirectoryKeysError::NoKeys { path });
    }
    let reasons = entries.iter().filter_map(|entry| {
        let reason = opened(entry, &instance_keys, truststore).err()?;
        Some(format!("{}: {reason}", entry.id))
    });
    Err(DirectoryKeysError::NoneOpened {
        path,
        reasons: reasons.collect(),
    })
}

/// The key of an entry, or why there is none.
fn opened(
    entry: &KeyEntry,
    instance_keys: &[InstanceKey],
    truststore: &Path,
) -> Result<CipherKey, String> {
    let transformation = &entry.transformation;
    let cipher = PasswordCipher::of_transformation(transformation).ok_or_else(|| {
        format!("it is a key for {transformation}, which no password scheme uses")
    })?;
    let mut reason = None;
    for wrapped in &entry.wrapped {
        let Some(instance_key) = instance_keys.iter().find(|key| key.unwraps(wrapped)) else {
            continue;
        };
        match unwrapped(wrapped, instance_key, cipher) {
            Ok(key) => return Ok(key),
            Err(refusal) => reason = Some(refusal),
        }
    }
    Err(reason.unwrap_or_else(|| {
        let ids = entry.wrapped.iter().map(|wrapped| wrapped.instance.as_str());
        let ids: Vec<&str> = ids.collect();
        let path = truststore.display();
        match ids.as_slice() {
            [] => "its entry has no ds-cfg-symmetric-key".to_owned(),
            ids => format!(
                "it is wrapped for the instance keys {}, none of which is in {path}. Give the ads-truststore of one of these servers",
                ids.join(", ")
            ),
        }
    }))
}

fn unwrapped(
    wrapped: &WrappedKey,
    instance_key: &InstanceKey,
    cipher: PasswordCipher,
) -> Result<CipherKey, String> {
    if !wrapped.is_oaep_with_sha1() {
        return Err(format!(
            "it is wrapped with {}, and only RSA/ECB/OAEPWITHSHA-1ANDMGF1PADDING is opened",
            wrapped.transformation
        ));
    }
    let key = instance_key.unwrap(&wrapped.bytes).ok_or_else(|| {
        format!(
            "its value for the instance key {} is damaged: it does not open. Compare it with a backup",
            wrapped.instance
        )
    })?;
    let length = key.len();
    CipherKey::new(cipher, key).ok_or_else(|| {
        format!(
            "it has {length} bytes, which {} does not take",
            cipher.transformation()
        )
    })
}
