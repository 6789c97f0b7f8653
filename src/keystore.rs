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
mod private_key;
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
pub use private_key::PrivateKey;
pub use secret_key::{KeyPasswords, SecretKey, StoredAs};
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

    /// What Java finds under `alias`, without looking at the entry more closely.
    #[must_use]
    pub fn kind_of(&self, alias: &Alias) -> Option<EntryKind> {
        match &self.format {
            Format::Pkcs12(store) => store.kind_of(alias),
            Format::Jceks(store) => store.kind_of(alias),
        }
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

    /// The private key under `alias` with its certificates; `key_password` is mostly the store's.
    ///
    /// # Errors
    /// When there is no such key, or it is under another password.
    pub fn private_key(
        &self,
        alias: &Alias,
        key_password: &Secret,
    ) -> Result<PrivateKey, KeystoreError> {
        match &self.format {
            Format::Pkcs12(store) => store.private_key(alias, key_password),
            Format::Jceks(store) => store.private_key(alias, key_password),
        }
    }

    /// The certificates of the entry under `alias` (DER), a private key's own first; none for a
    /// secret.
    ///
    /// # Errors
    /// When there is no such entry.
    pub fn certificates(&self, alias: &Alias) -> Result<Vec<Vec<u8>>, KeystoreError> {
        match &self.format {
            Format::Pkcs12(store) => store.certificates(alias),
            Format::Jceks(store) => store.certificates(alias),
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
        self.refuse_taken(alias)?;
        let now = SystemTime::now();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_private_key(alias, key, now),
            Format::Jceks(store) => store.add_private_key(alias, key, now),
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
        self.refuse_taken(alias)?;
        match &mut self.format {
            Format::Pkcs12(store) => store.add_trusted_certificate(alias, certificate),
            Format::Jceks(store) => {
                store.add_trusted_certificate(alias, certificate, SystemTime::now())
            }
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
        let stored_as = StoredAs::for_secret(secret);
        let key = SecretKey {
            algorithm: stored_as.label().to_owned(),
            secret: Secret::copied_from(secret.expose_bytes()),
        };
        self.add_secret_key(alias, &key)?;
        Ok(stored_as)
    }

    /// Adds a secret key under the algorithm that it names, protected by the store password.
    ///
    /// # Errors
    /// When the alias is taken, the key is empty, or the store cannot hold such a key.
    pub fn add_secret_key(&mut self, alias: &Alias, key: &SecretKey) -> Result<(), KeystoreError> {
        let alias = alias.clone();
        if key.secret.is_empty() {
            return Err(KeystoreError::EmptySecret { alias });
        }
        self.refuse_taken(&alias)?;
        let now = SystemTime::now();
        match &mut self.format {
            Format::Pkcs12(store) => store.add_secret_key(&alias, key, now)?,
            Format::Jceks(store) => store.add_secret_key(&alias, key, now)?,
        }
        let added = Secret::copied_from(key.secret.expose_bytes());
        self.added.insert(alias, added);
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
        self.refuse_taken(to)?;
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

    fn refuse_taken(&self, alias: &Alias) -> Result<(), KeystoreError> {
        match self.kind_of(alias) {
            Some(_) => Err(KeystoreError::AliasExists {
                alias: alias.clone(),
            }),
            None => Ok(()),
        }
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
