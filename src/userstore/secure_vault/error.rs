//! [`VaultError`]: why a secret of Secure Vault cannot be read or stored, and what to do.

use std::path::PathBuf;

use thiserror::Error;

use crate::document::{DocumentError, Place};
use crate::safe_file::SafeFileError;
use crate::userstore::error::{CiphertextError, KeyError};

/// Why a secret cannot be read or stored. No message holds a value.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum VaultError {
    /// A file cannot be read in its format.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The file cannot be replaced; it is as it was.
    #[error(transparent)]
    File(#[from] SafeFileError),
    /// The keystore has no usable key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// There is no secret of that alias.
    #[error(
        "{}: there is no secret {alias}. `keyward wso2 secrets list` shows those that are there",
        file.display()
    )]
    NoSuchAlias {
        /// The file with the secrets.
        file: PathBuf,
        /// The alias asked for.
        alias: String,
    },
    /// There is an alias without a value.
    #[error("{at}: the secret {alias} has no value. Give it one: keyward wso2 secrets set {alias}")]
    Empty {
        /// Its line.
        at: Place,
        /// The alias.
        alias: String,
    },
    /// A value that the key does not open.
    #[error("{at}: the secret {alias}: {error}")]
    Undecryptable {
        /// Its line.
        at: Place,
        /// The alias.
        alias: String,
        /// What is wrong.
        error: CiphertextError,
    },
    /// A secret that the key cannot hold.
    #[error("the secret {alias}: {error}")]
    Unencryptable {
        /// The alias.
        alias: String,
        /// What is wrong.
        error: CiphertextError,
    },
    /// A plain value that two programs would read differently.
    #[error(
        "{at}: the value of {alias} has characters beyond ASCII, which Java reads as ISO 8859-1 here, whatever the \
         editor wrote. Store it with: keyward wso2 secrets set {alias}"
    )]
    AmbiguousText {
        /// Its line.
        at: Place,
        /// The alias.
        alias: String,
    },
    /// Another program changed the secret since it was read.
    #[error(
        "{}: nothing was changed: another program has changed the secret {alias} meanwhile. Run the command again",
        file.display()
    )]
    Conflict {
        /// The file with the secrets.
        file: PathBuf,
        /// The alias.
        alias: String,
    },
    /// None of the passwords opens the keystore or the key.
    #[error("{error}. Tried: {tried}")]
    NoPassword {
        /// What the last one came to.
        error: KeyError,
        /// Where the passwords were from.
        tried: String,
    },
    /// No password is known.
    #[error(
        "{}: the password of Secure Vault's keystore is not known. Give it with -storepass:env NAME or -storepass:file FILE",
        keystore.display()
    )]
    PasswordNeeded {
        /// The keystore.
        keystore: PathBuf,
    },
    /// A line of a properties file that cannot be followed.
    #[error("{at}: {setting}: {problem}")]
    Setting {
        /// The line.
        at: Place,
        /// Its key.
        setting: String,
        /// What is wrong, and what to write.
        problem: String,
    },
}
