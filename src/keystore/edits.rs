//! Edits of a [`Keystore`]: entries are added, renamed, removed, put under other passwords.

use super::alias::Alias;
use super::entry::EntryKind;
use super::error::KeystoreError;
use super::new_protection::NewProtection;
use super::private_key::PrivateKey;
use super::provenance::Provenance;
use super::secret_key::{KeyPasswords, SecretKey, StoredAs};
use super::store_protection::{ProtectionChoice, StoreProtection};
use super::{Format, Keystore};
use crate::Secret;

impl Keystore {
    /// Says how what is added from now on is protected. What is there already stays as it is, the
    /// MAC too: for that see [`Self::replace_mac`].
    ///
    /// # Errors
    /// When the store type knows no such protection.
    pub fn protect_additions(&mut self, protection: &StoreProtection) -> Result<(), KeystoreError> {
        match &mut self.format {
            Format::Pkcs12(store) => store.protect_additions(protection.clone()),
            Format::Jceks(store) => store.protect_additions(&protection.keys),
        }
    }

    /// Gives a PKCS12 store another MAC, or none; the digest of JCEKS and JKS is always the same.
    ///
    /// # Errors
    /// When there is no such MAC, or the store type has none.
    pub fn replace_mac(&mut self, mac: &ProtectionChoice) -> Result<(), KeystoreError> {
        match &mut self.format {
            Format::Pkcs12(store) => store.replace_mac(mac),
            Format::Jceks(_) if *mac == ProtectionChoice::default() => Ok(()),
            Format::Jceks(store) => Err(mac.unknown_in(store.store_type())),
        }
    }

    /// Derives the keys of `count` entries that will be added with the default protection, side by
    /// side on all processors; one after the other takes longer.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn prepare_additions(&mut self, count: usize) -> Result<(), KeystoreError> {
        match &mut self.format {
            Format::Pkcs12(store) => store.prepare_additions(count),
            Format::Jceks(store) => store.prepare_additions(count),
        }
    }

    /// Adds a private key with its certificates, protected by the store password.
    ///
    /// # Errors
    /// When the alias is taken, or the store cannot be written anew.
    pub fn add_private_key(
        &mut self,
        alias: &Alias,
        key: &PrivateKey,
    ) -> Result<(), KeystoreError> {
        self.check_free(alias)?;
        let now = Provenance::now();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_private_key(alias, key, &now),
            Format::Jceks(store) => store.add_private_key(alias, key, &now),
        }
    }

    /// Adds an X.509 certificate (DER) as a trusted one.
    ///
    /// # Errors
    /// When the alias is taken, or the store cannot be written anew.
    pub fn add_trusted_certificate(
        &mut self,
        alias: &Alias,
        certificate: &[u8],
    ) -> Result<(), KeystoreError> {
        self.check_free(alias)?;
        let now = Provenance::now();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_trusted_certificate(alias, certificate, &now),
            Format::Jceks(store) => store.add_trusted_certificate(alias, certificate, &now),
        }
    }

    /// Gives the private key under `alias` other certificates (DER), its own first. The key stays as
    /// it is.
    ///
    /// # Errors
    /// When there is no such key, or the store cannot be written anew.
    pub fn replace_certificates(
        &mut self,
        alias: &Alias,
        certificates: &[Vec<u8>],
    ) -> Result<(), KeystoreError> {
        match &mut self.format {
            Format::Pkcs12(store) => store.replace_certificates(alias, certificates),
            Format::Jceks(store) => store.replace_certificates(alias, certificates),
        }
    }

    /// Adds a secret as `keytool -importpass` does, protected by the store password. Says in which
    /// form it was stored.
    ///
    /// # Errors
    /// When the alias is taken, the secret is empty, or the store cannot hold secrets.
    pub fn add_secret(
        &mut self,
        alias: &Alias,
        secret: &Secret,
    ) -> Result<StoredAs, KeystoreError> {
        self.add_secret_protected(alias, secret, &NewProtection::default())
    }

    /// As [`Self::add_secret`], protected in a way of its own.
    ///
    /// # Errors
    /// As [`Self::add_secret`], and when the store cannot protect an entry like that.
    pub fn add_secret_protected(
        &mut self,
        alias: &Alias,
        secret: &Secret,
        protection: &NewProtection<'_>,
    ) -> Result<StoredAs, KeystoreError> {
        let stored_as = StoredAs::for_secret(secret);
        let key = SecretKey {
            algorithm: stored_as.label().to_owned(),
            secret: Secret::copied_from(secret.expose_bytes()),
        };
        self.add_secret_key(alias, &key, protection)?;
        Ok(stored_as)
    }

    /// Adds a secret key under the algorithm that it names.
    ///
    /// # Errors
    /// When the alias is taken, the key is empty, or the store cannot hold such a key or protect it
    /// like that.
    pub fn add_secret_key(
        &mut self,
        alias: &Alias,
        key: &SecretKey,
        protection: &NewProtection<'_>,
    ) -> Result<(), KeystoreError> {
        let alias = alias.clone();
        if key.secret.is_empty() {
            return Err(KeystoreError::EmptySecret { alias });
        }
        self.check_free(&alias)?;
        let now = Provenance::now();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_secret_key(&alias, key, protection, &now)?,
            Format::Jceks(store) => store.add_secret_key(&alias, key, protection, &now)?,
        }
        // `verify_written` reads with the store password alone.
        if protection.key_password.is_none() {
            let added = Secret::copied_from(key.secret.expose_bytes());
            self.added.insert(alias, added);
        }
        Ok(())
    }

    /// Stores a secret under `alias` whether there is one already or not. What is there and is no
    /// secret stays.
    ///
    /// # Errors
    /// When the alias holds a key or certificate, the secret is empty, or the store cannot hold
    /// secrets.
    pub fn set_secret(
        &mut self,
        alias: &Alias,
        secret: &Secret,
    ) -> Result<StoredAs, KeystoreError> {
        match self.kind_of(alias) {
            None => {}
            Some(EntryKind::Opaque(_)) if self.check_free(alias).is_ok() => {}
            Some(EntryKind::Secret) if secret.is_empty() => {
                let alias = alias.clone();
                return Err(KeystoreError::EmptySecret { alias });
            }
            Some(EntryKind::Secret) => self.delete(alias)?,
            Some(kind) => {
                let alias = alias.clone();
                return Err(KeystoreError::NotASecret { alias, kind });
            }
        }
        self.add_secret(alias, secret)
    }

    /// Renames an entry; nothing is decrypted.
    ///
    /// # Errors
    /// When there is no entry `from`, or there is one `to`.
    pub fn change_alias(&mut self, from: &Alias, to: &Alias) -> Result<(), KeystoreError> {
        if self.kind_of(from).is_none() {
            let alias = from.clone();
            return Err(KeystoreError::NoSuchAlias { alias });
        }
        self.check_free(to)?;
        match &mut self.format {
            Format::Pkcs12(store) => store.change_alias(from, to)?,
            Format::Jceks(store) => store.change_alias(from, to)?,
        }
        if let Some(secret) = self.added.remove(from) {
            self.added.insert(to.clone(), secret);
        }
        Ok(())
    }

    /// Gives the store a new password. What the present password opens goes under the new one with
    /// its own algorithm, cost and date; the entries that are under another password stay there
    /// and are given back.
    ///
    /// # Errors
    /// When an encrypted part of the file cannot be written anew.
    pub fn change_store_password(
        &mut self,
        new: &Secret,
        keys: KeyPasswords,
    ) -> Result<Vec<Alias>, KeystoreError> {
        let left = match &mut self.format {
            Format::Pkcs12(store) => store.change_store_password(new)?,
            Format::Jceks(store) => store.change_store_password(new, keys)?,
        };
        self.password = Secret::copied_from(new.expose_bytes());
        Ok(left)
    }

    /// Puts one key or secret under a password of its own. Of a PKCS12 store keytool expects that
    /// all are under the store password; Java programs can read it all the same.
    ///
    /// # Errors
    /// When there is no such key, or `old` does not open it.
    pub fn change_key_password(
        &mut self,
        alias: &Alias,
        old: &Secret,
        new: &Secret,
    ) -> Result<(), KeystoreError> {
        match &mut self.format {
            Format::Pkcs12(store) => store.change_key_password(alias, old, new)?,
            Format::Jceks(store) => store.change_key_password(alias, old, new)?,
        }
        // It is no longer readable with the store password, by which `verify_written` reads.
        self.added.remove(alias);
        Ok(())
    }

    /// Whether a new entry may have `alias`.
    ///
    /// # Errors
    /// When Java finds an entry under it.
    pub fn check_free(&self, alias: &Alias) -> Result<(), KeystoreError> {
        let taken = match &self.format {
            // What Java does not show does not take an alias.
            Format::Pkcs12(store) => store.shows(alias),
            Format::Jceks(store) => store.kind_of(alias).is_some(),
        };
        if taken {
            let alias = alias.clone();
            return Err(KeystoreError::AliasExists { alias });
        }
        Ok(())
    }

    /// Removes the entry under `alias`, a private key together with its certificates.
    ///
    /// # Errors
    /// When there is none, or an encrypted part of the file cannot be written anew.
    pub fn delete(&mut self, alias: &Alias) -> Result<(), KeystoreError> {
        match &mut self.format {
            Format::Pkcs12(store) => store.delete(alias)?,
            Format::Jceks(store) => store.delete(alias)?,
        }
        self.added.remove(alias);
        Ok(())
    }
}
