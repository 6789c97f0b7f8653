//! `keyward wso2`: the secrets of a WSO2 server, without the server.

mod asked_cipher;
mod decrypt;
mod definitions;
mod encrypt;
mod form_options;
mod home_keys;
mod key_options;
mod reencrypt_userstores;
mod report;
mod secrets;

use clap::{Args, Subcommand};

use super::failure::Failure;
use crate::userstore::{CiphertextError, KeyError, UserStoreError};

/// Re-encrypt, encrypt and decrypt the passwords in the user stores of a WSO2 server
#[derive(Args)]
pub(super) struct Wso2 {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    ReencryptUserstores(Box<reencrypt_userstores::ReencryptUserstores>),
    Encrypt(encrypt::Encrypt),
    Decrypt(decrypt::Decrypt),
    Secrets(secrets::Secrets),
}

impl Wso2 {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::ReencryptUserstores(command) => command.run(),
            Command::Encrypt(command) => command.run(),
            Command::Decrypt(command) => command.run(),
            Command::Secrets(command) => command.run(),
        }
    }
}

impl From<CiphertextError> for Failure {
    fn from(error: CiphertextError) -> Self {
        match &error {
            CiphertextError::UnknownTransformation(_)
            | CiphertextError::OtherTransformation { .. } => Self::usage(error),
            _ => Self::new(error),
        }
    }
}

impl From<KeyError> for Failure {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Keystore(error) => error.into(),
            KeyError::NoSuchAlias { .. } => Self::missing(error),
            error => Self::new(error),
        }
    }
}

impl From<UserStoreError> for Failure {
    fn from(error: UserStoreError) -> Self {
        match error {
            UserStoreError::Document(error) => error.into(),
            UserStoreError::AmongUserStores { .. } => Self::usage(error),
            UserStoreError::NoHome { .. } | UserStoreError::NoSuchTenant { .. } => {
                Self::missing(error)
            }
            UserStoreError::Unreadable { ref reason, .. }
                if reason.kind() == std::io::ErrorKind::NotFound =>
            {
                Self::missing(error)
            }
            error => Self::new(error),
        }
    }
}
