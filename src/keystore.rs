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
mod certificate_names;
mod copy;
mod der;
mod distinguished_name;
mod edits;
mod encryption;
mod entry;
mod error;
mod file;
mod integrity;
mod jceks;
mod new_protection;
mod oid;
mod password;
mod password_encoding;
mod pkcs12;
mod private_key;
mod provenance;
mod public_key_info;
mod secret_key;
mod store_protection;
mod store_type;
mod tbs_certificate;
mod unverified;
mod validity;

use std::collections::BTreeMap;

use crate::Secret;
use jceks::Jceks;
use pkcs12::Pkcs12;

pub use alias::Alias;
pub use certificate_names::CertificateNames;
pub use distinguished_name::{DistinguishedName, DistinguishedNameError};
pub use entry::{Entry, EntryKind, Protection};
pub use error::KeystoreError;
pub use file::{KeystoreFile, KeystoreFileError};
pub use integrity::Integrity;
pub use new_protection::NewProtection;
pub use private_key::PrivateKey;
pub use public_key_info::public_key_info;
pub use secret_key::{KeyPasswords, SecretKey, StoredAs};
pub use store_protection::{ProtectionChoice, StoreProtection};
pub use store_type::{StoreType, UnknownStoreType};
pub use unverified::UnverifiedKeystore;
pub use validity::Validity;

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
        Self::open_expecting(bytes, password, &[])
    }

    /// As [`Self::open`], for who will read the `expected` entries, which are under the store
    /// password: their keys are derived side by side, in a PKCS12 store beside the integrity check
    /// as well, and reading them costs no derivation any more.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_expecting(
        bytes: &[u8],
        password: &Secret,
        expected: &[Alias],
    ) -> Result<Self, KeystoreError> {
        let format = match StoreType::of_file(bytes)? {
            StoreType::Pkcs12 => Format::Pkcs12(Pkcs12::open(bytes, password, expected)?),
            store_type => {
                let mut store = Jceks::open(store_type, bytes, password)?;
                store.derive_ahead(expected);
                Format::Jceks(store)
            }
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

    /// The entry that Java finds under `alias`; where it finds none, what it does not show.
    #[must_use]
    pub fn entry(&self, alias: &Alias) -> Option<Entry> {
        let mut of_name = self.entries();
        of_name.retain(|entry| entry.alias == *alias);
        let shown = of_name
            .iter()
            .position(|entry| !matches!(entry.kind, EntryKind::Opaque(_)));
        match shown {
            Some(index) => Some(of_name.swap_remove(index)),
            None => of_name.pop(),
        }
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

    /// Derives the keys of entries under the store password that will be read, side by side on all
    /// processors. Reading each of them then costs no derivation; one after the other takes longer.
    pub fn derive_ahead(&mut self, aliases: &[Alias]) {
        match &mut self.format {
            Format::Pkcs12(store) => store.derive_ahead(aliases),
            Format::Jceks(store) => store.derive_ahead(aliases),
        }
    }

    /// As [`Self::derive_ahead`] for every key and secret.
    pub fn derive_all_ahead(&mut self) {
        let has_key =
            |entry: &Entry| matches!(entry.kind, EntryKind::Secret | EntryKind::PrivateKey);
        let entries = self.entries().into_iter();
        let aliases: Vec<Alias> = entries.filter(has_key).map(|entry| entry.alias).collect();
        self.derive_ahead(&aliases);
    }

    /// Wipes the keys that [`Self::derive_ahead`] and [`Self::open_expecting`] derived.
    pub fn forget_derived_keys(&mut self) {
        match &mut self.format {
            Format::Pkcs12(store) => store.forget_derived_keys(),
            Format::Jceks(store) => store.forget_derived_keys(),
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
        let added: Vec<Alias> = self.added.keys().cloned().collect();
        let reopened = Self::open_expecting(written, &self.password, &added)?;
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
