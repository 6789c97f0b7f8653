//! `keyward password`: stored passwords, whatever product stored them.

mod batch;
mod dialect_option;
mod directory_options;
mod hash;
mod identify;
mod identify_file;
mod schemes;
mod user_file;
mod verify;
mod verify_file;

use clap::{Args, Subcommand};

use super::failure::Failure;
use crate::password::PasswordError;

/// Identify, verify and make stored passwords: LDAP, Keycloak, Spring, Django, crypt, PHC
#[derive(Args)]
pub(super) struct Password {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Identify(identify::Identify),
    Verify(verify::Verify),
    Hash(hash::Hash),
    Schemes(schemes::Schemes),
}

impl Password {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Identify(command) => command.run(),
            Command::Verify(command) => command.run(),
            Command::Hash(command) => command.run(),
            Command::Schemes(command) => command.run(),
        }
    }
}

impl From<PasswordError> for Failure {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::NoSuchScheme { .. } => Self::missing(error),
            PasswordError::SchemeOfSeveralDialects { .. } | PasswordError::NotProduced { .. } => {
                Self::usage(error)
            }
            error => Self::new(error),
        }
    }
}
