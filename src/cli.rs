//! The command line: one file a command.
//!
//! keytool's options keep keytool's spelling, with one dash or two: `-alias`, `-storepass:env`.
//! Exit codes: 0 done, 1 it failed, 2 wrong usage, 3 something asked for does not exist.

mod alias_argument;
mod argv;
mod audit;
mod certificate;
mod changealias;
mod convert;
mod delete;
mod diff;
mod entry_copy;
#[cfg(unix)]
mod exec;
mod exportcert;
mod failure;
mod generate;
mod genseckey;
mod get;
mod hexadecimal;
mod importcert;
mod importkeystore;
mod importpass;
mod key_algorithm;
mod keypasswd;
mod keytool;
mod list;
mod migrate;
mod new_password;
mod origin_options;
mod password;
mod password_option;
mod passwordless;
mod printcert;
mod progress;
mod protection_options;
mod render;
mod resolution_table;
mod resolve;
#[cfg(unix)]
mod serve;
mod set;
mod store_options;
mod store_password;
mod storepasswd;
mod terminal;
#[cfg(unix)]
mod tree;
mod wso2;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Java keystores without a JVM.
#[derive(Parser)]
#[command(
    name = "keyward",
    version,
    arg_required_else_help = true,
    after_help = "keytool's options may be written with one dash, as keytool writes them: -alias, -keystore, -storepass:env.\n\
                  Exit codes: 0 done, 1 it failed, 2 wrong usage, 3 something asked for does not exist."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Importpass(importpass::Importpass),
    Delete(delete::Delete),
    List(list::List),
    Get(get::Get),
    Set(set::Set),
    Changealias(changealias::Changealias),
    Storepasswd(storepasswd::Storepasswd),
    Keypasswd(keypasswd::Keypasswd),
    Genseckey(genseckey::Genseckey),
    Importkeystore(importkeystore::Importkeystore),
    Exportcert(exportcert::Exportcert),
    Importcert(importcert::Importcert),
    Printcert(printcert::Printcert),
    Audit(audit::Audit),
    Diff(diff::Diff),
    Convert(convert::Convert),
    #[cfg(unix)]
    Serve(serve::Serve),
    Resolve(resolve::Resolve),
    #[cfg(unix)]
    Exec(exec::Exec),
    Render(render::Render),
    #[cfg(unix)]
    Tree(tree::TreeCommand),
    Wso2(wso2::Wso2),
    Password(password::Password),
    Migrate(Box<migrate::Migrate>),
    Completions(generate::Completions),
    Man(generate::Man),
}

/// Runs the program with the arguments that it was started with.
#[must_use]
pub fn run() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match keytool::arguments_in(&arguments) {
        Some(for_keytool) => keytool::run(for_keytool),
        None => run_with(arguments.into_iter()),
    }
}

fn run_with(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(argv::with_two_dashes(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let outcome = match arguments.command {
        Command::Importpass(command) => command.run(),
        Command::Delete(command) => command.run(),
        Command::List(command) => command.run(),
        Command::Get(command) => command.run(),
        Command::Set(command) => command.run(),
        Command::Changealias(command) => command.run(),
        Command::Storepasswd(command) => command.run(),
        Command::Keypasswd(command) => command.run(),
        Command::Genseckey(command) => command.run(),
        Command::Importkeystore(command) => command.run(),
        Command::Exportcert(command) => command.run(),
        Command::Importcert(command) => command.run(),
        Command::Printcert(command) => command.run(),
        Command::Audit(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Convert(command) => command.run(),
        #[cfg(unix)]
        Command::Serve(command) => command.run(),
        Command::Resolve(command) => command.run(),
        #[cfg(unix)]
        Command::Exec(command) => command.run(),
        Command::Render(command) => command.run(),
        #[cfg(unix)]
        Command::Tree(command) => command.run(),
        Command::Wso2(command) => command.run(),
        Command::Password(command) => command.run(),
        Command::Migrate(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Man(command) => command.run(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Help and version go to standard output and succeed; a mistake goes to standard error.
fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}
