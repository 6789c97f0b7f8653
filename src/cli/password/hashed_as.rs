//! [`HashedAs`]: what is hashed of a password or an answer that was typed.

use clap::Args;

use super::pepper_options::PepperOptions;
use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::terminal::{Input, note};
use crate::password::{
    EncoderList, HashFunction, LayerKey, MadeBy, PasswordError, Pepper, Scheme, StoredHash,
    normalised_answer,
};

/// With fewer bytes for the password a pepper is warned of.
const FEW_BYTES: usize = 24;

#[derive(Args)]
pub(super) struct HashedAsOptions {
    /// It is the answer to a security question: lower case, without white space, without a pepper
    #[arg(long, conflicts_with_all = ["pepper", "pepper_position", "config"])]
    answer: bool,

    #[command(flatten)]
    pepper: PepperOptions,
}

/// What is hashed of what was typed.
pub(super) enum HashedAs {
    Password,
    Peppered(Pepper),
    Answer,
}

impl HashedAsOptions {
    pub(super) fn read(&self, input: &mut Input) -> Result<HashedAs, Failure> {
        let pepper = self.pepper.read(input)?;
        if self.answer {
            return Ok(HashedAs::Answer);
        }
        Ok(HashedAs::with(pepper))
    }
}

impl HashedAs {
    /// A password, with a pepper or without.
    pub(super) fn with(pepper: Option<Pepper>) -> Self {
        pepper.map_or(Self::Password, Self::Peppered)
    }

    /// The pepper as the key of the layer in wrapped hashes.
    pub(super) fn layer_key(&self) -> Option<LayerKey> {
        match self {
            Self::Peppered(pepper) => pepper.layer_key().cloned(),
            Self::Password | Self::Answer => None,
        }
    }

    pub(super) fn verify(
        &self,
        stored: &StoredHash,
        typed: &Secret,
    ) -> Result<bool, PasswordError> {
        match self {
            Self::Password => stored.verify(typed),
            Self::Peppered(pepper) => stored.verify_peppered(&pepper.with(typed)),
            Self::Answer => stored.verify(&normalised_answer(typed)?),
        }
    }

    pub(super) fn hash(
        &self,
        scheme: &Scheme,
        typed: &Secret,
        cost: Option<u32>,
    ) -> Result<String, PasswordError> {
        match self {
            Self::Password => scheme.hash(typed, cost),
            Self::Peppered(pepper) => scheme.hash_peppered(&pepper.with(typed), cost),
            Self::Answer => scheme.hash(&normalised_answer(typed)?, cost),
        }
    }

    /// By the encoder of the list that made it; the pepper goes to those that have one.
    pub(super) fn verify_by<'l>(
        &self,
        list: &'l EncoderList,
        stored: &str,
        typed: &Secret,
    ) -> Result<(MadeBy<'l>, bool), PasswordError> {
        match self {
            Self::Password => list.verify(stored, typed, None),
            Self::Peppered(pepper) => list.verify(stored, typed, Some(pepper)),
            Self::Answer => list.verify(stored, &normalised_answer(typed)?, None),
        }
    }

    /// That there is a pepper where the current encoder names one.
    pub(super) fn check_pepper_of(&self, list: &EncoderList) -> Result<(), PasswordError> {
        match self {
            Self::Answer => Ok(()),
            _ => list.check_pepper(self.pepper()),
        }
    }

    /// By the current encoder of the list.
    pub(super) fn encode_by(
        &self,
        list: &EncoderList,
        typed: &Secret,
    ) -> Result<String, PasswordError> {
        match self {
            Self::Password => list.encode(typed, None),
            Self::Peppered(pepper) => list.encode(typed, Some(pepper)),
            Self::Answer => list.encode_answer(typed),
        }
    }

    /// Warns of a pepper that leaves few bytes for passwords.
    pub(super) fn warn_of_little_room(&self, function: &HashFunction) {
        let Self::Peppered(pepper) = self else {
            return;
        };
        let (longest, taken) = (function.longest_password(), pepper.len());
        let left = longest.saturating_sub(taken);
        if left < FEW_BYTES {
            note(format!(
                "warning: the pepper has {taken} of the {longest} bytes that are taken, and {left} are left for the password; a \
                 longer one is refused"
            ));
        }
    }

    /// What was typed, in messages.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Self::Answer => "the answer",
            _ => "the password",
        }
    }

    /// The pepper, where there is one.
    pub(super) fn pepper(&self) -> Option<&Pepper> {
        match self {
            Self::Peppered(pepper) => Some(pepper),
            _ => None,
        }
    }
}
