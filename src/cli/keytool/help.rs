//! The help texts, in keytool's form. They go to standard error, as keytool's do.

use std::fmt::Write as _;

use super::command::Command;
use super::option::{Argument, KeytoolOption};

/// The help of one command, or that of the whole program.
pub(super) fn text(command: Option<Command>) -> String {
    command.map_or_else(of_program, of_command)
}

fn of_program() -> String {
    let mut text = String::from("Key and Certificate Management Tool\n\nCommands:\n\n");
    for command in Command::done_here() {
        let _ = writeln!(text, " {:<20}{}", command.name(), command.help());
    }
    text.push_str(
        "\nUse \"keytool -?, -h, or --help\" for this help message\n\
         Use \"keytool -command_name --help\" for usage of command_name.\n\
         Use the -conf <url> option to specify a pre-configured options file.\n",
    );
    text
}

fn of_command(command: Command) -> String {
    let mut text = format!(
        "keytool {} [OPTION]...\n\n{}\n\nOptions:\n\n",
        command.name(),
        command.help()
    );
    let lines: Vec<(String, &str)> = command.options().into_iter().flat_map(lines_of).collect();
    let width = lines
        .iter()
        .map(|(option, _)| option.trim_start().len())
        .max()
        .unwrap_or(0);
    for (option, help) in lines {
        let indented = option.len() - option.trim_start().len();
        let _ = writeln!(text, " {option:<0$}  {help}", width + indented);
    }
    text.push_str("\nUse \"keytool -?, -h, or --help\" for this help message\n");
    text
}

/// An option's line, and for a provider the line of its argument.
fn lines_of(option: KeytoolOption) -> Vec<(String, &'static str)> {
    let (name, argument, help) = option.described();
    let shown = match argument {
        Argument::None => format!("-{name}"),
        Argument::Text(what) => format!("-{name} {what}"),
        Argument::Password => format!("-{name} <arg>"),
    };
    let configure = match option {
        KeytoolOption::Addprovider => "configure argument for -addprovider",
        KeytoolOption::Providerclass => "configure argument for -providerclass",
        _ => return vec![(shown, help)],
    };
    vec![
        (shown, help),
        ("  [-providerarg <arg>]".to_owned(), configure),
    ]
}
