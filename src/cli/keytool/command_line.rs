//! [`CommandLine`]: keytool's command line, taken apart as keytool takes it.
//!
//! First all arguments are searched for the command and for what is there twice; then they are
//! read one after the other. An option that belongs to another command is taken without complaint.

use std::collections::{HashMap, HashSet};

use super::command::Command;
use super::configuration_file;
use super::failure::Failure;
use super::jvm_property::JvmProperties;
use super::option::{Argument, KeytoolOption, without_dashes};
use super::password_option;
use crate::Secret;

/// What a user asks of keytool.
pub(super) struct CommandLine {
    pub(super) command: Command,
    /// What `-J-D…` says.
    pub(super) properties: JvmProperties,
    /// Options that are given twice, in words.
    pub(super) warnings: Vec<String>,
    switches: HashSet<KeytoolOption>,
    texts: HashMap<KeytoolOption, String>,
    passwords: HashMap<KeytoolOption, Secret>,
    providers: Vec<(KeytoolOption, String)>,
}

/// What is to be done.
pub(super) enum Request {
    Help(Option<Command>),
    Run(Box<CommandLine>),
}

impl CommandLine {
    /// Reads keytool's arguments, without the program's name.
    pub(super) fn parse(arguments: Vec<String>) -> Result<Request, Failure> {
        let (properties, arguments) = JvmProperties::split(arguments);
        let named = NamedCommand::find(&arguments)?;
        if let Some(command) = named.command {
            refuse_undone(command)?;
        }
        let arguments = match (&named.configuration, named.command) {
            (Some(file), Some(command)) => configuration_file::expand(file, command, arguments)?,
            _ => arguments,
        };
        let is_bare = arguments.is_empty();
        let mut reader = Reader::new(arguments, named.command);
        reader.read()?;
        let Some(command) = named.command else {
            if reader.asks_for_help || is_bare {
                return Ok(Request::Help(None));
            }
            return Err(reader.usage("Usage error: no command provided"));
        };
        if reader.asks_for_help {
            return Ok(Request::Help(Some(command)));
        }
        Ok(Request::Run(Box::new(Self {
            command,
            properties,
            warnings: named.warnings,
            switches: reader.switches,
            texts: reader.texts,
            passwords: reader.passwords,
            providers: reader.providers,
        })))
    }

    pub(super) fn has(&self, switch: KeytoolOption) -> bool {
        self.switches.contains(&switch)
    }

    pub(super) fn text(&self, option: KeytoolOption) -> Option<&str> {
        self.texts.get(&option).map(String::as_str)
    }

    pub(super) fn password(&self, option: KeytoolOption) -> Option<&Secret> {
        self.passwords.get(&option)
    }

    /// What `-addprovider` and `-providerclass` name.
    pub(super) fn providers(&self) -> &[(KeytoolOption, String)] {
        &self.providers
    }

    pub(super) fn is_verbose(&self) -> bool {
        self.has(KeytoolOption::V)
    }

    /// The alias asked for, or keytool's default.
    pub(super) fn alias(&self) -> &str {
        self.text(KeytoolOption::Alias).unwrap_or("mykey")
    }

    /// The mistake in the command line, with the command's help.
    pub(super) fn usage(&self, message: &str) -> Failure {
        Failure::Usage {
            message: message.to_owned(),
            command: Some(self.command),
        }
    }
}

fn refuse_undone(command: Command) -> Result<(), Failure> {
    let Some(instead) = command.instead() else {
        return Ok(());
    };
    let name = command.name();
    Err(Failure::unsupported(format!(
        "keyward has no {name}: {instead}"
    )))
}

/// What a first look at all arguments finds.
struct NamedCommand {
    command: Option<Command>,
    configuration: Option<String>,
    warnings: Vec<String>,
}

impl NamedCommand {
    fn find(arguments: &[String]) -> Result<Self, Failure> {
        let mut found = Self {
            command: None,
            configuration: None,
            warnings: Vec::new(),
        };
        let mut seen = HashSet::new();
        let mut following = arguments.iter();
        while let Some(argument) = following.next() {
            if !argument.starts_with('-') {
                continue;
            }
            let option = KeytoolOption::spelled(without_modifier(argument).0);
            if option == Some(KeytoolOption::Conf) {
                let file = following
                    .next()
                    .ok_or_else(|| needs_argument(argument, found.command))?;
                found.configuration = Some(file.clone());
                continue;
            }
            let lower = argument.to_lowercase();
            let is_new = seen.insert(lower.clone());
            if !is_new && option.is_some_and(|option| !option.repeats()) {
                found.warnings.push(format!(
                    "The {lower} option is specified multiple times. All except the last one will be ignored."
                ));
            }
            found.add(Command::called(argument))?;
        }
        Ok(found)
    }

    fn add(&mut self, command: Option<Command>) -> Result<(), Failure> {
        match (self.command, command) {
            (Some(first), Some(second)) => Err(Failure::new(format!(
                "Only one command is allowed: both {} and {} were specified.",
                first.name(),
                second.name()
            ))),
            (None, Some(command)) => {
                self.command = Some(command);
                Ok(())
            }
            (_, None) => Ok(()),
        }
    }
}

/// Reads the arguments one after the other.
struct Reader {
    arguments: std::vec::IntoIter<String>,
    command: Option<Command>,
    asks_for_help: bool,
    switches: HashSet<KeytoolOption>,
    texts: HashMap<KeytoolOption, String>,
    passwords: HashMap<KeytoolOption, Secret>,
    providers: Vec<(KeytoolOption, String)>,
}

impl Reader {
    fn new(arguments: Vec<String>, command: Option<Command>) -> Self {
        Self {
            arguments: arguments.into_iter(),
            command,
            asks_for_help: false,
            switches: HashSet::new(),
            texts: HashMap::new(),
            passwords: HashMap::new(),
            providers: Vec::new(),
        }
    }

    fn read(&mut self) -> Result<(), Failure> {
        while let Some(argument) = self.arguments.next() {
            let (flag, modifier) = without_modifier(&argument);
            if !argument.starts_with('-') {
                return Err(self.usage(&format!("Illegal option:  {argument}")));
            }
            if Command::called(flag).is_some() {
                continue;
            }
            if ["help", "h", "?"].contains(&without_dashes(flag).as_str()) {
                self.asks_for_help = true;
                continue;
            }
            let Some(option) = KeytoolOption::spelled(flag) else {
                return Err(self.usage(&format!("Illegal option:  {flag}")));
            };
            self.take(option, &argument, modifier)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        option: KeytoolOption,
        argument: &str,
        modifier: Option<&str>,
    ) -> Result<(), Failure> {
        let meaning = option.meaning();
        match option.argument() {
            Argument::None => {
                self.switches.insert(meaning);
            }
            Argument::Text(_) => {
                let text = self.argument_of(argument)?;
                self.add_text(meaning, text)?;
            }
            Argument::Password => {
                let text = self.argument_of(argument)?;
                let password = password_option::read(modifier, text)
                    .map_err(|message| self.usage(&message))?;
                self.passwords.insert(meaning, password);
            }
        }
        Ok(())
    }

    fn add_text(&mut self, option: KeytoolOption, text: String) -> Result<(), Failure> {
        if option == KeytoolOption::Keysize && text.parse::<i32>().is_err() {
            return Err(Failure::of(
                "java.lang.NumberFormatException",
                format!("For input string: \"{text}\""),
            ));
        }
        if matches!(
            option,
            KeytoolOption::Addprovider | KeytoolOption::Providerclass
        ) {
            self.providers.push((option, text));
            return Ok(());
        }
        self.texts.insert(option, text);
        Ok(())
    }

    fn argument_of(&mut self, flag: &str) -> Result<String, Failure> {
        self.arguments
            .next()
            .ok_or_else(|| needs_argument(flag, self.command))
    }

    fn usage(&self, message: &str) -> Failure {
        Failure::Usage {
            message: message.to_owned(),
            command: self.command,
        }
    }
}

fn needs_argument(flag: &str, command: Option<Command>) -> Failure {
    Failure::Usage {
        message: format!("Command option {flag} needs an argument."),
        command,
    }
}

/// The option, and what follows its colon.
fn without_modifier(argument: &str) -> (&str, Option<&str>) {
    match argument.split_once(':') {
        Some((flag, modifier)) if !flag.is_empty() => (flag, Some(modifier)),
        _ => (argument, None),
    }
}
