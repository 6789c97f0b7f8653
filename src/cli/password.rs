//! `keyward password`: stored passwords, whatever product stored them.

mod batch;
mod calibrate;
mod dialect_option;
mod directory_options;
mod encoder_options;
mod encoders;
mod hash;
mod hash_file;
mod hashed_as;
mod identify;
mod identify_file;
mod pepper_options;
mod pepper_source;
mod schemes;
mod stored_values;
mod user_file;
mod verify;
mod verify_file;

use clap::{Args, Subcommand};

pub(super) use dialect_option::DialectOption;
pub(super) use directory_options::DirectoryOptions;
pub(super) use pepper_source::PepperSource;

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
    Calibrate(calibrate::Calibrate),
    Encoders(encoders::Encoders),
}

impl Password {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Identify(command) => command.run(),
            Command::Verify(command) => command.run(),
            Command::Hash(command) => command.run(),
            Command::Schemes(command) => command.run(),
            Command::Calibrate(command) => command.run(),
            Command::Encoders(command) => command.run(),
        }
    }
}

impl From<PasswordError> for Failure {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::NoSuchScheme { .. } => Self::missing(error),
            PasswordError::NotAWrapping { .. }
            | PasswordError::SchemeOfSeveralDialects { .. }
            | PasswordError::NotProduced { .. } => Self::usage(error),
            error => Self::new(error),
        }
    }
}
