//! Private keys and certificates of a JCEKS or JKS store.

use super::Jceks;
use super::stored_entry::{StoredContent, StoredEntry};
use crate::Secret;
use crate::keystore::alias::Alias;
use crate::keystore::encryption::{Encrypted, Encryption, EncryptionError};
use crate::keystore::error::KeystoreError;
use crate::keystore::private_key::PrivateKey;
use crate::keystore::provenance::Provenance;
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
            .and_then(|sealed| sealed.open(&self.password.or(key_password)))
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
        provenance: &Provenance,
    ) -> Result<(), KeystoreError> {
        let encryption = self.new_encryption()?;
        let encrypted = Encrypted::seal(&encryption, &self.password, key.key_info.expose_bytes())
            .map_err(EncryptionError::while_writing)?;
        let entry = StoredEntry::of_private_key(
            alias,
            provenance.created,
            &encrypted,
            &key.certificates,
            self.version,
        )?;
        self.entries.push(entry);
        Ok(())
    }

    /// Gives a private key other certificates; the key keeps its bytes.
    pub(in crate::keystore) fn replace_certificates(
        &mut self,
        alias: &Alias,
        certificates: &[Vec<u8>],
    ) -> Result<(), KeystoreError> {
        let version = self.version;
        let entry = self.entry_mut(alias)?;
        if !matches!(entry.content, StoredContent::PrivateKey(..)) {
            let (alias, kind) = (alias.clone(), entry.kind());
            return Err(KeystoreError::NotAPrivateKey { alias, kind });
        }
        entry.replace_chain(certificates, version);
        Ok(())
    }

    pub(in crate::keystore) fn add_trusted_certificate(
        &mut self,
        alias: &Alias,
        certificate: &[u8],
        provenance: &Provenance,
    ) -> Result<(), KeystoreError> {
        let entry =
            StoredEntry::of_certificate(alias, provenance.created, certificate, self.version)?;
        self.entries.push(entry);
        Ok(())
    }

    /// What the JDK protects a new private key with.
    fn new_encryption(&mut self) -> Result<Encryption, KeystoreError> {
        Ok(match self.store_type {
            StoreType::Jks => Encryption::Jks,
            _ => Encryption::Jceks(self.protection_for_key(None)?),
        })
    }
}
