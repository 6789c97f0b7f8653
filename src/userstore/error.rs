//! [`CiphertextError`] and [`KeyError`]: why a value or a key cannot be used, and what to do.

use std::path::PathBuf;

use thiserror::Error;

use super::transformation::Transformation;
use crate::document::{DocumentError, Place};
use crate::keystore::{Alias, EntryKind, KeystoreFileError};
use crate::safe_file::SafeFileError;

/// Why a value cannot be decrypted or encrypted. No message holds any part of a secret.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CiphertextError {
    /// It is no ciphertext in any of WSO2's layouts.
    #[error(
        "it is no ciphertext: {reason}. Compare it with a backup, or enter the password anew in the server's console"
    )]
    Malformed {
        /// What is wrong.
        reason: String,
    },
    /// None of the keys opens it.
    #[error("it cannot be decrypted with {keys}{}. Give the key that it was encrypted with, or enter the password anew", naming(named.as_deref()))]
    WrongKey {
        /// The keys that were tried.
        keys: String,
        /// The thumbprint or key id that the value names.
        named: Option<String>,
    },
    /// It is for the other kind of key.
    #[error("it was encrypted with {needed}, and only {given} was given. Give that key too")]
    OtherKind {
        /// What it needs.
        needed: &'static str,
        /// The keys that were tried.
        given: String,
    },
    /// Two keys that differ open it to something that looks like a password.
    #[error(
        "it can be decrypted with both keys, and nothing in it tells which is right. Enter the password anew in the server's console"
    )]
    Ambiguous,
    /// No such transformation.
    #[error(
        "the transformation {0} is not known. Use RSA, RSA/ECB/PKCS1Padding, RSA/ECB/OAEPwithSHA1andMGF1Padding, \
         RSA/ECB/OAEPwithSHA-256andMGF1Padding, AES, AES/ECB/PKCS5Padding or AES/GCM/NoPadding"
    )]
    UnknownTransformation(String),
    /// A transformation for the other kind of key.
    #[error(
        "the transformation {transformation} cannot be used with {key}. Name another, or another key"
    )]
    OtherTransformation {
        /// The transformation.
        transformation: Transformation,
        /// The key.
        key: String,
    },
    /// The secret does not fit into one RSA block.
    #[error(
        "a secret of {length} bytes is too long for {transformation} with this key, which takes at most {most}"
    )]
    TooLong {
        /// Its length in bytes.
        length: usize,
        /// The transformation.
        transformation: Transformation,
        /// The longest that fits, in bytes.
        most: usize,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers")]
    NoRandomNumbers,
}

/// Why a key cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The keystore cannot be opened, or the entry not be read.
    #[error(transparent)]
    Keystore(#[from] KeystoreFileError),
    /// The entry holds something else than a private key.
    #[error("{}: alias <{alias}> has no private key: it is a {kind}.{}", keystore.display(), choices(others))]
    NoPrivateKey {
        /// The keystore.
        keystore: PathBuf,
        /// The entry.
        alias: Alias,
        /// What it holds.
        kind: EntryKind,
        /// The entries that have a private key.
        others: Vec<Alias>,
    },
    /// The keystore has no such entry.
    #[error("{}: alias <{alias}> does not exist.{}", keystore.display(), choices(others))]
    NoSuchAlias {
        /// The keystore.
        keystore: PathBuf,
        /// The entry.
        alias: Alias,
        /// The entries that have a private key.
        others: Vec<Alias>,
    },
    /// The private key is for another algorithm than RSA.
    #[error("{}: the key of alias <{alias}> is no RSA key (its algorithm is {algorithm}). WSO2 encrypts with RSA keys: name another alias", keystore.display())]
    NotRsa {
        /// The keystore.
        keystore: PathBuf,
        /// The entry.
        alias: Alias,
        /// The algorithm's object identifier.
        algorithm: String,
    },
    /// The key or its certificate cannot be understood.
    #[error("{}: alias <{alias}>: {reason}. Name another alias, or make the entry anew", keystore.display())]
    Unusable {
        /// The keystore.
        keystore: PathBuf,
        /// The entry.
        alias: Alias,
        /// What is wrong.
        reason: &'static str,
    },
    /// The certificate is of another key than the private key of the same entry.
    #[error("{}: the certificate of alias <{alias}> does not belong to its private key: what is encrypted with the one cannot be decrypted with the other. Import the right certificate, or name another alias", keystore.display())]
    OtherCertificate {
        /// The keystore.
        keystore: PathBuf,
        /// The entry.
        alias: Alias,
    },
    /// A text that is no AES key.
    #[error(
        "the symmetric key has {length} characters: WSO2 takes 64 or 48 hexadecimal digits, or 16, 24 or 32 characters as they are"
    )]
    SymmetricLength {
        /// Its length in bytes.
        length: usize,
    },
    /// A text of 64 or 48 characters that are not all hexadecimal digits.
    #[error(
        "the symmetric key has {length} characters that are not all hexadecimal digits. Compare it with [encryption] key in deployment.toml"
    )]
    SymmetricDigits {
        /// Its length in bytes.
        length: usize,
    },
}

/// Why a user store, or the folder of all of them, cannot be read or written. Nothing was changed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum UserStoreError {
    /// The folder is no home of a server.
    #[error("{}: is no home of a WSO2 server: there is no folder repository in it. Name the folder that holds bin and repository", path.display())]
    NoHome {
        /// The folder.
        path: PathBuf,
    },
    /// There is no such tenant.
    #[error("{}: there is no tenant of the number {tenant}: its folder does not exist. Leave -tenant out for all of them", path.display())]
    NoSuchTenant {
        /// Where its folder would be.
        path: PathBuf,
        /// Its number.
        tenant: u32,
    },
    /// The system refuses to read a folder or a file.
    #[error("{}: cannot be read: {reason}. Check its owner and mode", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// A folder cannot be made.
    #[error("{}: the folder cannot be made: {reason}. Check the owner and mode of the folder that it is in", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// It is no XML document that can be read.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// It is XML, but no user store.
    #[error(
        "{at}: <{root}> is no user store. Its root must be <UserStoreManager>; move other files out of the folder"
    )]
    OtherRoot {
        /// Where the root element begins.
        at: Place,
        /// Its local name.
        root: String,
    },
    /// Copies or backups would lie on, among or around the user stores themselves.
    #[error("{}: is the home itself, or a folder of its user stores, which would be overwritten. Name a folder elsewhere", path.display())]
    AmongUserStores {
        /// The folder.
        path: PathBuf,
    },
    /// The backup is there, and it is of another state of the file.
    #[error("{}: a backup that differs from the file is there already: name an empty folder with -backup", path.display())]
    OtherBackup {
        /// The backup.
        path: PathBuf,
    },
    /// The file cannot be replaced safely.
    #[error(transparent)]
    Replace(#[from] SafeFileError),
    /// What was written to the temporary file cannot be decrypted.
    #[error("{}: nothing was changed: what was written does not decrypt to the same passwords. Report this", path.display())]
    NotWrittenRight {
        /// The user store.
        path: PathBuf,
    },
    /// A value cannot be encrypted.
    #[error("{at}: property {property}: {error}")]
    Property {
        /// Where the property begins.
        at: Place,
        /// Its name.
        property: String,
        /// What is wrong.
        error: CiphertextError,
    },
    /// The new user store would take the place of a file.
    #[error("{}: exists already: name another file with -output, or move it away", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// A drop-in file has nothing to encrypt.
    #[error(
        "{}: there is nothing to encrypt: no property carries encrypt=\"true\", and none is the password of its class. \
         Add encrypt=\"true\" to the property", path.display()
    )]
    NothingToEncrypt {
        /// The drop-in file.
        path: PathBuf,
    },
}

fn naming(named: Option<&str>) -> String {
    named.map_or_else(String::new, |named| format!("; the value names {named}"))
}

fn choices(others: &[Alias]) -> String {
    if others.is_empty() {
        return " The keystore has no private key at all: name another keystore".to_owned();
    }
    let others: Vec<String> = others.iter().map(ToString::to_string).collect();
    format!(" Private keys are there under {}", others.join(", "))
}
