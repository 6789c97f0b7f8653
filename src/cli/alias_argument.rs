//! [`AliasArgument`]: the one entry that a command is about.

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

use crate::keystore::Alias;

/// The alias, as an argument or in keytool's spelling.
#[derive(Args)]
#[group(required = true, multiple = false)]
pub(super) struct AliasArgument {
    /// The alias; case does not matter
    #[arg(value_name = "ALIAS")]
    alias: Option<String>,

    /// The same, in keytool's spelling
    #[arg(
        long = "alias",
        id = "alias_option",
        value_name = "ALIAS",
        allow_hyphen_values = true
    )]
    alias_option: Option<String>,
}

impl AliasArgument {
    /// The alias; one of the two is given.
    pub(super) fn alias(&self) -> Alias {
        let given = self.alias.as_ref().or(self.alias_option.as_ref());
        Alias::new(given.map_or("", String::as_str))
    }
}

/// The same for a command that can do without it.
pub(super) struct OptionalAlias(Option<AliasArgument>);

impl OptionalAlias {
    pub(super) fn alias(&self) -> Option<Alias> {
        self.0.as_ref().map(AliasArgument::alias)
    }
}

impl FromArgMatches for OptionalAlias {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let is_given = ["alias", "alias_option"].map(|id| matches.contains_id(id));
        if !is_given.contains(&true) {
            return Ok(Self(None));
        }
        AliasArgument::from_arg_matches(matches).map(|alias| Self(Some(alias)))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for OptionalAlias {
    fn augment_args(command: Command) -> Command {
        let command = AliasArgument::augment_args(command);
        command.mut_group("AliasArgument", |group| group.required(false))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
