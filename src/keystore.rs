//! Java keystore files: open, look up, edit, save.
//!
//! [`Keystore`] is one store in memory; [`KeystoreFile`] is one on disk, replaced so that the old
//! or the new file survives whatever happens. The model is the file's own: bags and entries as raw
//! bytes with a parsed view beside them. What is not edited is written back byte for byte, and
//! nothing is decrypted before somebody asks for it.
//!
//! ```
//! use keyward::keystore::{Alias, Keystore, StoreType};
//! use keyward::Secret;
//!
//! let password = Secret::copied_from(b"changeit");
//! let mut store = Keystore::new(StoreType::Pkcs12, &password)?;
//! store.add_secret(&Alias::new("db1pass"), &Secret::copied_from(b"x34!2axf"))?;
//!
//! let reopened = Keystore::open(&store.to_bytes(), &password)?;
//! let secret = reopened.secret(&Alias::new("DB1PASS"))?;
//! assert_eq!(secret.expose_bytes(), b"x34!2axf");
//! # Ok::<(), keyward::keystore::KeystoreError>(())
//! ```

mod alias;
mod ber;
mod der;
mod encryption;
mod entry;
mod error;
mod file;
mod jceks;
mod oid;
mod password_encoding;
mod pkcs12;
mod secret_key;
mod store_type;

use std::collections::BTreeMap;
use std::time::SystemTime;

use crate::Secret;
use jceks::Jceks;
use pkcs12::Pkcs12;

pub use alias::Alias;
pub use entry::{Entry, EntryKind, Protection};
pub use error::KeystoreError;
pub use file::{KeystoreFile, KeystoreFileError};
pub use secret_key::{SecretKey, StoredAs};
pub use store_type::{StoreType, UnknownStoreType};

/// One keystore in memory.
pub struct Keystore {
    format: Format,
    password: Secret,
    /// What was added since the store was opened, so that a written file can be checked.
    added: BTreeMap<Alias, Secret>,
}

enum Format {
    Pkcs12(Pkcs12),
    Jceks(Jceks),
}

impl Keystore {
    /// An empty store with the JDK's present defaults.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new(store_type: StoreType, password: &Secret) -> Result<Self, KeystoreError> {
        let format = match store_type {
            StoreType::Pkcs12 => Format::Pkcs12(Pkcs12::new(password)?),
            StoreType::Jceks | StoreType::Jks => Format::Jceks(Jceks::new(store_type, password)),
        };
        Ok(Self::of(format, password))
    }

    /// Opens the bytes of a keystore file: tells its type, checks its integrity, and only then
    /// looks at its entries. Costs one key derivation (PKCS12) or one digest (JCEKS, JKS).
    ///
    /// # Errors
    /// When the bytes are no keystore, are damaged, or the password is wrong.
    pub fn open(bytes: &[u8], password: &Secret) -> Result<Self, KeystoreError> {
        if bytes.is_empty() {
            return Err(KeystoreError::Empty);
        }
        let format = match StoreType::sniff(bytes) {
            None => return Err(KeystoreError::UnknownFormat),
            Some(StoreType::Pkcs12) => Format::Pkcs12(Pkcs12::open(bytes, password)?),
            Some(store_type) => Format::Jceks(Jceks::open(store_type, bytes, password)?),
        };
        Ok(Self::of(format, password))
    }

    fn of(format: Format, password: &Secret) -> Self {
        let password = Secret::copied_from(password.expose_bytes());
        Self {
            format,
            password,
            added: BTreeMap::new(),
        }
    }

    /// The store's type, as its bytes say.
    #[must_use]
    pub fn store_type(&self) -> StoreType {
        match &self.format {
            Format::Pkcs12(_) => StoreType::Pkcs12,
            Format::Jceks(store) => store.store_type(),
        }
    }

    /// All entries in the order of the file. Costs one key derivation where certificates are
    /// encrypted, otherwise none.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        match &self.format {
            Format::Pkcs12(store) => store.entries(),
            Format::Jceks(store) => store.entries(),
        }
    }

    /// The entry that Java finds under `alias`: the last one of that name.
    #[must_use]
    pub fn entry(&self, alias: &Alias) -> Option<Entry> {
        self.entries()
            .into_iter()
            .rev()
            .find(|entry| entry.alias == *alias)
    }

    /// The secret under `alias`, for which the store password is the key password too. Costs one
    /// key derivation.
    ///
    /// # Errors
    /// When there is no such entry, it is no secret, or it is under another password.
    pub fn secret(&self, alias: &Alias) -> Result<Secret, KeystoreError> {
        Ok(self.secret_key(alias, &self.password)?.secret)
    }

    /// The secret under `alias` with the algorithm that the store names, under its own password.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub fn secret_key(
        &self,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<SecretKey, KeystoreError> {
        match &self.format {
            Format::Pkcs12(store) => store.secret_key(alias, key_password),
            Format::Jceks(store) => store.secret_key(alias, key_password),
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
        let alias = alias.clone();
        if secret.is_empty() {
            return Err(KeystoreError::EmptySecret { alias });
        }
        if self.entry(&alias).is_some() {
            return Err(KeystoreError::AliasExists { alias });
        }
        let stored_as = StoredAs::for_secret(secret);
        let now = SystemTime::now();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_secret(&alias, secret, stored_as, now)?,
            Format::Jceks(store) => store.add_secret(&alias, secret, stored_as, now)?,
        }
        self.added
            .insert(alias, Secret::copied_from(secret.expose_bytes()));
        Ok(stored_as)
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

    /// The bytes of the keystore file. Costs one key derivation (PKCS12).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        match &self.format {
            Format::Pkcs12(store) => store.to_bytes(),
            Format::Jceks(store) => store.to_bytes(),
        }
    }

    /// Checks that `written` holds what this store holds: the same entries, the untouched ones byte
    /// for byte, and the added secrets readable.
    ///
    /// # Errors
    /// When it does not; the file that was there must then stay.
    fn verify_written(&self, written: &[u8]) -> Result<(), KeystoreError> {
        let reopened = Self::open(written, &self.password)?;
        let differs = |reason| KeystoreError::CannotRewrite { reason };
        if reopened.entries() != self.entries() {
            return Err(differs(
                "the written file does not hold the same entries".to_owned(),
            ));
        }
        for (alias, secret) in &self.added {
            if !reopened.secret(alias)?.is_same_as(secret) {
                return Err(differs(format!(
                    "the written secret <{alias}> reads back differently"
                )));
            }
        }
        Ok(())
    }
}
