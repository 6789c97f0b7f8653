//! Private keys and certificates of a JCEKS or JKS store.

use std::time::SystemTime;

use super::Jceks;
use super::stored_entry::{StoredContent, StoredEntry};
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{Encrypted, Encryption, EncryptionError, JceksProtection};
use crate::keystore::error::KeystoreError;
use crate::keystore::private_key::PrivateKey;
use crate::keystore::store_type::StoreType;

impl Jceks {
    /// The certificates of an entry, a private key's own first.
    pub(in crate::keystore) fn certificates(
        &self,
        alias: &Alias,
    ) -> Result<Vec<Vec<u8>>, KeystoreError> {
        Ok(match &self.find(alias)?.content {
            StoredContent::PrivateKey(_, certificates) => certificates.clone(),
            StoredContent::Certificate(certificate) => vec![certificate.clone()],
            StoredContent::Secret(_) | StoredContent::Opaque(_) => Vec::new(),
        })
    }

    pub(in crate::keystore) fn private_key(
        &self,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<PrivateKey, KeystoreError> {
        let entry = self.find(alias)?;
        let StoredContent::PrivateKey(encrypted, certificates) = &entry.content else {
            let (alias, kind) = (alias.clone(), entry.kind());
            return Err(KeystoreError::NotAPrivateKey { alias, kind });
        };
        let key_info = Encrypted::parse(encrypted)
            .and_then(|sealed| sealed.open(key_password))
            .map_err(|error| KeystoreError::of_entry(alias, &error))?;
        Ok(PrivateKey {
            key_info: Secret::copied_from(&key_info),
            certificates: certificates.clone(),
        })
    }

    pub(in crate::keystore) fn add_private_key(
        &mut self,
        alias: &Alias,
        key: &PrivateKey,
        created: SystemTime,
    ) -> Result<(), KeystoreError> {
        let encrypted = self
            .new_encryption()
            .and_then(|new| Encrypted::seal(&new, &self.password, key.key_info.expose_bytes()))
            .map_err(|error| KeystoreError::cannot_rewrite(&error))?;
        let entry = StoredEntry::of_private_key(alias, created, &encrypted, &key.certificates)?;
        self.entries.push(entry);
        Ok(())
    }

    pub(in crate::keystore) fn add_trusted_certificate(
        &mut self,
        alias: &Alias,
        certificate: &[u8],
        created: SystemTime,
    ) -> Result<(), KeystoreError> {
        self.entries
            .push(StoredEntry::of_certificate(alias, created, certificate)?);
        Ok(())
    }

    /// What the JDK protects a new private key with.
    fn new_encryption(&self) -> Result<Encryption, EncryptionError> {
        Ok(match self.store_type {
            StoreType::Jks => Encryption::Jks,
            _ => Encryption::Jceks(JceksProtection::java_default()?),
        })
    }
}
