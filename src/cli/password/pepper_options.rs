//! [`PepperOptions`]: the pepper that is hashed side by side with each password.

use clap::{Args, ValueEnum};

use super::pepper_source::{PepperSource, no_alias};
use crate::cli::failure::Failure;
use crate::cli::terminal::Input;
use crate::password::{Pepper, PepperPosition};

#[derive(Args)]
pub(super) struct PepperOptions {
    #[command(flatten)]
    source: PepperSource,

    /// On which side of the password the pepper stands [default: after]
    #[arg(long, value_name = "SIDE")]
    pepper_position: Option<Position>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Position {
    After,
    Before,
}

impl PepperOptions {
    /// Whether an option names it, or what belongs to it.
    pub(super) fn is_given(&self) -> bool {
        let Self {
            source,
            pepper_position,
        } = self;
        source.is_named() || source.keystore().names_keystore() || pepper_position.is_some()
    }

    /// The pepper, if an option names one; the store password is asked for where nothing gives it.
    pub(super) fn read(&self, input: &mut Input) -> Result<Option<Pepper>, Failure> {
        let Some(pepper) = self.source.read(input)? else {
            return match self.pepper_position {
                Some(_) => Err(no_alias()),
                None => Ok(None),
            };
        };
        let position = match self.pepper_position {
            None | Some(Position::After) => PepperPosition::After,
            Some(Position::Before) => PepperPosition::Before,
        };
        Ok(Some(Pepper::of_entry(pepper, position)))
    }
}
