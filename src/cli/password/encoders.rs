//! `keyward password encoders`: the list of encoders in a document.

mod census;
mod check;
mod disable;
mod list;

use clap::{Args, Subcommand};

use crate::cli::failure::Failure;

/// List the password encoders of a document, count their stored values, disable one
#[derive(Args)]
pub(super) struct Encoders {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(list::List),
    Check(check::Check),
    Disable(disable::Disable),
}

impl Encoders {
    pub(super) fn run(self) -> Result<(), Failure> {
        match self.command {
            Command::List(command) => command.run(),
            Command::Check(command) => command.run(),
            Command::Disable(command) => command.run(),
        }
    }
}
