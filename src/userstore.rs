//! WSO2: the user stores of an Identity Server, and the ciphertexts in them.
//!
//! ```text
//! UserStoreFile ── Property encrypted="true" ── Ciphertext ──┬ KeyPair       RSA, from a keystore entry
//!                                                            └ SymmetricKey  AES, from a text
//! Reencryption ── every UserStoreFile of a home, from the keys of a KeyRing to one EncryptionKey
//! ```
//! A secondary user store is an XML file; its passwords stand in it under the server's RSA or AES key. A value is read in
//! each of the layouts that WSO2's products wrote since Carbon 4, and written back in the one that it had. Only the bytes
//! of a value are replaced; what cannot be read is reported and left alone.
//!
//! ```
//! use keyward::Secret;
//! use keyward::userstore::{Ciphertext, EncryptionKey, KeyRing, Provider, SymmetricKey};
//!
//! let key = SymmetricKey::from_text(&Secret::copied_from(b"22b97077751bc066067ffeefb83a1c16"))?;
//! let keys = KeyRing::new(vec![EncryptionKey::Symmetric(key)]);
//! let ciphertext = Ciphertext::parse("nQ2r9QHRYJP+i88JDsyOpA==")?;
//! let opened = keys.open(&ciphertext, Provider::BouncyCastle)?;
//! assert_eq!(opened.secret.expose_bytes(), b"wso2carbon");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod backup;
mod base64;
mod ciphertext;
mod destination;
mod drop_in;
mod encryption_key;
mod error;
mod form;
mod home;
mod key_choice;
mod key_pair;
mod key_ring;
mod location;
mod outcome;
mod reencryption;
mod rsa_key;
mod rsa_padding;
mod secure_vault;
mod symmetric_key;
mod transformation;
mod user_store_file;

pub use ciphertext::Ciphertext;
pub use destination::Destination;
pub use drop_in::DropInFile;
pub use encryption_key::EncryptionKey;
pub use error::{CiphertextError, KeyError, UserStoreError};
pub use form::{Form, Layout};
pub use home::{
    AppliedDefault, EncryptionSettings, HomeError, HomeKeystore, HomeText, StartOptions, Wso2Home,
};
pub use key_pair::KeyPair;
pub use key_ring::{KeyRing, Opened};
pub use location::{Tenant, UserStoreLocation, UserStoreLocations};
pub use outcome::{FileOutcome, FileState, PropertyOutcome, PropertyState};
pub use reencryption::Reencryption;
pub use rsa_padding::{OaepDigest, RsaPadding};
pub use secure_vault::{
    CipherToolEntry, Decrypted, EncryptionMode, KeySource, OpenVault, OpenVaultError,
    PasswordCandidate, SecretConf, SecureVault, Stored, VaultCipher, VaultError, VaultKeystore,
    VaultSecret,
};
pub use symmetric_key::SymmetricKey;
pub use transformation::{Cipher, Provider, Transformation};
pub use user_store_file::{EncryptedProperty, PropertyValue, UserStoreFile};
