//! The keytool dialect: keytool's own command lines, prompts, messages and exit codes, so that
//! scripts written for keytool go on working.
//!
//! ```text
//! keyward keytool -importpass …     keyward -importpass …     a link named keytool to keyward
//! ```
//!
//! Prompts, warnings and help go to standard error, listings and `keytool error: …` to standard
//! output; the exit code is 0 or 1. Where keytool loses data keyward does not: an empty secret is
//! refused, a command that fails leaves the file alone, a file that another program has changed
//! meanwhile is not overwritten, entries that Java does not understand stay.
//!
//! Source: keytool of JDK 17, whose output the tests compare with keyward's.

mod changealias;
mod command;
mod command_line;
mod configuration_file;
mod delete;
mod exportcert;
mod failure;
mod genseckey;
mod help;
mod importcert;
mod importkeystore;
mod importpass;
mod jvm_property;
mod keypasswd;
mod list;
mod opening;
mod option;
mod password_option;
mod printcert;
mod prompts;
mod provider;
mod readable_store;
mod store_file;
mod storepasswd;
mod trust;
mod warning;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use command::Command;
use command_line::{CommandLine, Request};
use failure::Failure;
use option::KeytoolOption;

use super::terminal::Input;

/// keytool's arguments, if this command line is for keytool: the program is called so, or its first
/// argument is the word `keytool`, a command of keytool's, or an option of keytool's with one dash.
pub(super) fn arguments_in(arguments: &[OsString]) -> Option<Vec<OsString>> {
    let (program, rest) = arguments.split_first()?;
    let program = Path::new(program).file_stem()?;
    if program.eq_ignore_ascii_case("keytool") {
        return Some(rest.to_vec());
    }
    let first = rest.first()?.to_str()?;
    if first == "keytool" {
        return Some(rest[1..].to_vec());
    }
    is_keytools(first).then(|| rest.to_vec())
}

fn is_keytools(argument: &str) -> bool {
    // `keyward -V` asks for keyward's version, though keytool takes its -v in any case.
    if !argument.starts_with('-') || argument.starts_with("--") || argument == "-V" {
        return false;
    }
    let flag = argument.split(':').next().unwrap_or(argument);
    argument.starts_with("-J")
        || Command::called(flag).is_some()
        || KeytoolOption::spelled(flag).is_some()
}

/// Runs one keytool command.
pub(super) fn run(arguments: Vec<OsString>) -> ExitCode {
    match request(arguments) {
        Ok(Request::Help(command)) => {
            eprint!("{}", help::text(command));
            ExitCode::SUCCESS
        }
        Ok(Request::Run(line)) => run_command(&line),
        Err(failure) => failure.report(),
    }
}

fn request(arguments: Vec<OsString>) -> Result<Request, Failure> {
    let texts: Result<Vec<String>, OsString> =
        arguments.into_iter().map(OsString::into_string).collect();
    let texts = texts.map_err(|argument| {
        Failure::new(format!(
            "an argument is not UTF-8: {}",
            argument.to_string_lossy()
        ))
    })?;
    CommandLine::parse(texts)
}

/// Does it, and warns at the end, as keytool does.
fn run_command(line: &CommandLine) -> ExitCode {
    let mut warnings = line.warnings.clone();
    let outcome = dispatch(line, &mut Input::standard()).map(|more| warnings.extend(more));
    if matches!(outcome, Ok(()) | Err(Failure::GivenUp)) && !line.has(KeytoolOption::Nowarn) {
        warning::print(&warnings);
    }
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// Runs the command; what it gives back are warnings.
fn dispatch(line: &CommandLine, input: &mut Input) -> Result<Vec<String>, Failure> {
    provider::check(line)?;
    match line.command {
        Command::Changealias => changealias::run(line, input),
        Command::Delete => delete::run(line, input),
        Command::Exportcert => exportcert::run(line, input),
        Command::Genseckey => genseckey::run(line, input),
        Command::Importcert => importcert::run(line, input),
        Command::Importkeystore => importkeystore::run(line, input),
        Command::Importpass => importpass::run(line, input),
        Command::Keypasswd => keypasswd::run(line, input),
        Command::List => list::run(line, input),
        Command::Printcert => printcert::run(line, input),
        Command::Storepasswd => storepasswd::run(line, input),
        other => Err(Failure::unsupported(format!(
            "keyward has no {}",
            other.name()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn for_keytool(arguments: &[&str]) -> Option<Vec<OsString>> {
        let all: Vec<OsString> = arguments.iter().map(OsString::from).collect();
        arguments_in(&all)
    }

    #[test]
    fn a_program_called_keytool_speaks_keytool() {
        for program in ["keytool", "/usr/local/bin/keytool", "keytool.exe"] {
            assert_eq!(for_keytool(&[program, "list"]), Some(vec!["list".into()]));
            assert_eq!(for_keytool(&[program]), Some(Vec::new()));
        }
    }

    #[test]
    fn a_first_argument_of_keytools_makes_it_keytools() {
        for first in ["-importpass", "-LIST", "-v", "-storepass:env", "-J-Xmx1g"] {
            assert_eq!(
                for_keytool(&["keyward", first, "x"]),
                Some(vec![first.into(), "x".into()])
            );
        }
        assert_eq!(
            for_keytool(&["keyward", "keytool", "-list"]),
            Some(vec!["-list".into()])
        );
    }

    #[test]
    fn everything_else_is_keywards_own() {
        for first in ["list", "--list", "-h", "-V", "--version", "get", "-help"] {
            assert_eq!(for_keytool(&["keyward", first]), None, "{first}");
        }
        assert_eq!(for_keytool(&["keyward"]), None);
    }
}
