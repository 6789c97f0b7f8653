//! `keyward completions` and `keyward man`: what a package installs beside the program.

use std::io::{self, Write};

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Arguments;
use super::failure::Failure;

/// Print the completions for a shell
#[derive(Args)]
#[command(after_help = "Example: keyward completions bash > /etc/bash_completion.d/keyward")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Print the manual page (roff)
#[derive(Args)]
#[command(after_help = "Example: keyward man > keyward.1 && man ./keyward.1")]
pub(super) struct Man {
    /// The command whose page it is; without one, the program's
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Completions {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "keyward",
            &mut script,
        );
        Ok(io::stdout().lock().write_all(&script)?)
    }
}

impl Man {
    pub(super) fn run(self) -> Result<(), Failure> {
        let mut program = Arguments::command();
        program.build();
        let command = match &self.command {
            None => &program,
            Some(name) => program.find_subcommand(name).ok_or_else(|| {
                Failure::usage(format!("there is no command {name}. Try: keyward help"))
            })?,
        };
        let mut page = Vec::new();
        clap_mangen::Man::new(command.clone()).render(&mut page)?;
        Ok(io::stdout().lock().write_all(&page)?)
    }
}
