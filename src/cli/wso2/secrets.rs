//! `keyward wso2 secrets`: Secure Vault, without WSO2's cipher tool and without a server.

mod check;
mod get;
mod home_options;
mod list;
mod reencrypt;
mod set;

use clap::{Args, Subcommand};

use crate::cli::failure::Failure;
use crate::userstore::{HomeError, VaultError};

/// List, read, store and encrypt the secrets of a server's own configuration (Secure Vault)
#[derive(Args)]
#[command(
    after_help = "The secrets are those of [secrets] in repository/conf/deployment.toml; in packs without that file those of \
                  cipher-text.properties. The keystore is the one that secret-conf.properties names, or else the internal \
                  keystore. Its password is taken from the options, from the files password, password-tmp and \
                  password-persist of the home, or from the configuration; otherwise it is asked for."
)]
pub(super) struct Secrets {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
    Get(get::Get),
    Set(set::Set),
    Reencrypt(reencrypt::Reencrypt),
    Check(check::Check),
}

impl Secrets {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::List(command) => command.run(),
            Command::Get(command) => command.run(),
            Command::Set(command) => command.run(),
            Command::Reencrypt(command) => command.run(),
            Command::Check(command) => command.run(),
        }
    }
}

impl From<HomeError> for Failure {
    fn from(error: HomeError) -> Self {
        match error {
            HomeError::NoConfiguration { .. } => Self::missing(error),
            HomeError::Document(error) => error.into(),
            error => Self::new(error),
        }
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NoSuchAlias { .. } => Self::missing(error),
            VaultError::Document(error) => error.into(),
            VaultError::Key(error) => error.into(),
            error => Self::new(error),
        }
    }
}
