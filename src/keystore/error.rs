//! [`KeystoreError`]: why a keystore, or one entry of it, cannot be used.

use thiserror::Error;

use super::alias::Alias;
use super::ber::BerError;
use super::encryption::EncryptionError;
use super::entry::EntryKind;
use super::store_type::StoreType;

/// Why a keystore, or one entry of it, cannot be used. The messages do not name the file: who
/// opened it puts its path in front.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeystoreError {
    /// The file has no bytes.
    #[error(
        "the keystore is empty (0 bytes): restore it from a backup, or remove it to begin anew"
    )]
    Empty,
    /// The first bytes are those of no known store type.
    #[error("not a keystore: it is neither PKCS12 nor JCEKS nor JKS. Is it the right file?")]
    UnknownFormat,
    /// The structure is damaged in a way that no password explains.
    #[error("the {store_type} keystore is damaged: {reason}. Restore it from a backup")]
    Damaged {
        /// What the first bytes say it is.
        store_type: StoreType,
        /// What is wrong.
        reason: String,
    },
    /// The password opens entries, yet the integrity check fails.
    #[error(
        "the {store_type} keystore is damaged: the password is right, but the integrity check over \
         the file fails. Restore it from a backup"
    )]
    Tampered {
        /// The store type.
        store_type: StoreType,
    },
    /// The integrity check fails; the format does not tell why.
    #[error(
        "wrong store password, or the file is damaged: its {check} does not match. \
         Check the password (-storepass:env NAME, -storepass:file FILE), or compare the file with its backup"
    )]
    WrongPassword {
        /// What did not match: `MAC` or `digest`.
        check: &'static str,
    },
    /// The store is guarded by something that keyward does not know.
    #[error("the {store_type} keystore cannot be checked: {reason}")]
    UnsupportedIntegrity {
        /// The store type.
        store_type: StoreType,
        /// What is not supported.
        reason: String,
    },
    /// No entry has that alias.
    #[error("alias <{alias}> does not exist. `keyward list` shows the aliases that do")]
    NoSuchAlias {
        /// The alias asked for.
        alias: Alias,
    },
    /// The alias is taken.
    #[error("alias <{alias}> already exists: delete it first, or choose another alias")]
    AliasExists {
        /// The alias asked for.
        alias: Alias,
    },
    /// The entry holds something else.
    #[error("alias <{alias}> is not a secret: it is a {kind}")]
    NotASecret {
        /// The alias asked for.
        alias: Alias,
        /// What it is.
        kind: EntryKind,
    },
    /// The entry holds something else.
    #[error("alias <{alias}> is not a private key: it is a {kind}")]
    NotAPrivateKey {
        /// The alias asked for.
        alias: Alias,
        /// What it is.
        kind: EntryKind,
    },
    /// The store password does not open this entry.
    #[error(
        "alias <{alias}> cannot be decrypted: it is under another password than the store, or damaged"
    )]
    WrongKeyPassword {
        /// The alias asked for.
        alias: Alias,
    },
    /// The entry is there, but not in a form that keyward reads.
    #[error("alias <{alias}> cannot be read: {reason}")]
    UnreadableEntry {
        /// The alias asked for.
        alias: Alias,
        /// Why.
        reason: String,
    },
    /// Java stores an empty secret and can never read it back.
    #[error(
        "the secret for alias <{alias}> is empty: Java could not read it back, so it is not stored. \
         Type it, or pipe it in"
    )]
    EmptySecret {
        /// The alias.
        alias: Alias,
    },
    /// The alias does not fit into the format.
    #[error("the alias of {length} bytes is too long for a {store_type} keystore")]
    AliasTooLong {
        /// Its length in the store's encoding.
        length: usize,
        /// The store type.
        store_type: StoreType,
    },
    /// PKCS12 names algorithms by identifiers, and there is none for this one.
    #[error(
        "a PKCS12 keystore cannot hold a {algorithm} key: the algorithm has no identifier. Use a JCEKS keystore"
    )]
    NoKeyIdentifier {
        /// Java's name of the algorithm.
        algorithm: String,
    },
    /// No store of this type can be protected like that.
    #[error(
        "a {store_type} keystore cannot protect an entry with {algorithm}: leave the algorithm out, or name another"
    )]
    NoProtection {
        /// The algorithm that was asked for.
        algorithm: String,
        /// The store type.
        store_type: StoreType,
    },
    /// JKS has no secrets.
    #[error(
        "a JKS keystore cannot hold secrets, only private keys and certificates: use a PKCS12 or JCEKS keystore"
    )]
    NoSecretsInJks,
    /// An edited part cannot be decrypted or encrypted.
    #[error("cannot rewrite the encrypted part of the keystore: {reason}")]
    CannotRewrite {
        /// Why.
        reason: String,
    },
}

impl EncryptionError {
    /// What it means for a store that is being written.
    pub(super) fn while_writing(self) -> KeystoreError {
        KeystoreError::CannotRewrite {
            reason: self.to_string(),
        }
    }
}

impl KeystoreError {
    pub(super) fn damaged(store_type: StoreType, reason: &impl ToString) -> Self {
        Self::Damaged {
            store_type,
            reason: reason.to_string(),
        }
    }

    pub(super) fn of_entry(alias: &Alias, error: &EncryptionError) -> Self {
        let alias = alias.clone();
        match error {
            EncryptionError::WrongPassword => Self::WrongKeyPassword { alias },
            other => Self::UnreadableEntry {
                alias,
                reason: other.to_string(),
            },
        }
    }

    pub(super) fn no_protection(algorithm: &str, store_type: StoreType) -> Self {
        let algorithm = algorithm.to_owned();
        Self::NoProtection {
            algorithm,
            store_type,
        }
    }
}

/// Every encoding error while a PKCS12 file is taken apart means that the file is damaged.
impl From<BerError> for KeystoreError {
    fn from(error: BerError) -> Self {
        Self::damaged(StoreType::Pkcs12, &error)
    }
}
