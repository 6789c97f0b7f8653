//! `keyward migrate`: stored passwords of many users moved to a new function.

mod fleet;
mod history;
mod interruption;
mod just_in_time;
mod ldap_options;
mod plot;
mod report;
mod run;
mod sql_options;
mod status;
mod store_options;

use clap::{Args, Subcommand};

use super::failure::Failure;
use crate::migrate::{MigrateError, Task};

/// Move the stored passwords of many users to a new function, without their passwords
#[derive(Args)]
pub(super) struct Migrate {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Hash stored hashes again, so that none is in an old function alone
    Wrap(run::Run),
    /// Hash passwords that are kept clear or encrypted
    Convert(run::Run),
    Status(status::Status),
    Serve(just_in_time::serve::Serve),
    Report(just_in_time::report::Report),
    End(just_in_time::end::End),
    Fleet(fleet::FleetCommand),
}

impl Migrate {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::Wrap(command) => command.run(Task::Wrap),
            Command::Convert(command) => command.run(Task::Convert),
            Command::Status(command) => command.run(),
            Command::Serve(command) => command.run(),
            Command::Report(command) => command.run(),
            Command::End(command) => command.run(),
            Command::Fleet(command) => command.run(),
        }
    }
}

impl From<MigrateError> for Failure {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Row(error) => error.into(),
            MigrateError::Document(error) => error.into(),
            MigrateError::Missing { .. } => Self::missing(error),
            error => Self::new(error),
        }
    }
}
