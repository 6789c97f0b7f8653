//! [`PasswordOption`]: the three options that give one password: `-X`, `-X:env` and `-X:file`.

use std::marker::PhantomData;
use std::path::PathBuf;

use clap::builder::ValueParser;
use clap::{Arg, ArgMatches, Args, Command, Error, FromArgMatches};

use super::failure::Failure;
use super::store_password::warn_of_visible_password;
use crate::{Secret, SecretSource};

/// Which password it is.
pub(super) trait Named {
    /// The option itself, without dashes, then with `:env`, then with `:file`.
    const OPTIONS: [&'static str; 3];
    /// What the help calls it.
    const WHAT: &'static str;
}

/// A password that may be given by one of three options.
pub(super) struct PasswordOption<Name> {
    source: Option<SecretSource>,
    name: PhantomData<Name>,
}

impl<Name: Named> PasswordOption<Name> {
    /// Whether an option gives it.
    pub(super) fn is_given(&self) -> bool {
        self.source.is_some()
    }

    /// The password, if an option gives it.
    pub(super) fn given(&self) -> Result<Option<Secret>, Failure> {
        let source = self.source.as_ref();
        if matches!(source, Some(SecretSource::Inline(_))) {
            warn_of_visible_password();
        }
        Ok(source.map(SecretSource::read).transpose()?)
    }
}

impl<Name: Named> FromArgMatches for PasswordOption<Name> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let [inline, variable, file] = Name::OPTIONS;
        let text = |option| matches.get_one::<String>(option);
        let inline = text(inline)
            .map(|password| SecretSource::Inline(Secret::copied_from(password.as_bytes())));
        let variable = text(variable).cloned().map(SecretSource::Environment);
        let file = matches.get_one::<PathBuf>(file).cloned();
        Ok(Self {
            source: inline.or(variable).or(file.map(SecretSource::File)),
            name: PhantomData,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl<Name: Named> Args for PasswordOption<Name> {
    fn augment_args(command: Command) -> Command {
        let [inline, variable, file] = Name::OPTIONS;
        let what = Name::WHAT;
        let option = |id: &'static str, value: &'static str, help: String| {
            let others = Name::OPTIONS.into_iter().filter(move |other| *other != id);
            Arg::new(id)
                .long(id)
                .value_name(value)
                .help(help)
                .conflicts_with_all(others)
        };
        command
            .arg(
                option(
                    inline,
                    "PASSWORD",
                    format!("{what} itself; other users can see it in the list of processes"),
                )
                .allow_hyphen_values(true),
            )
            .arg(option(
                variable,
                "NAME",
                format!("The environment variable that holds {}", lower(what)),
            ))
            .arg(
                option(
                    file,
                    "FILE",
                    format!("The file whose first line is {}", lower(what)),
                )
                .value_parser(ValueParser::path_buf()),
            )
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// With a small first letter, for the middle of a sentence.
fn lower(what: &str) -> String {
    what.replacen("The ", "the ", 1)
}
