//! [`NewPassword`]: the password that a store or a key gets.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::terminal::Input;
use crate::{Secret, SecretSource};

/// keytool's rule for new passwords, in characters.
const SHORTEST: usize = 6;
/// How often a password is asked for, as keytool does.
const TRIES: usize = 3;

#[derive(Args)]
pub(super) struct NewPassword {
    /// The new password itself; other users can see it in the list of processes
    #[arg(long, value_name = "PASSWORD", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["new_env", "new_file"])]
    new: Option<String>,

    /// The environment variable that holds the new password
    #[arg(long = "new:env", id = "new_env", value_name = "NAME")]
    #[arg(conflicts_with = "new_file")]
    new_env: Option<String>,

    /// The file whose first line is the new password
    #[arg(long = "new:file", id = "new_file", value_name = "FILE")]
    new_file: Option<PathBuf>,
}

impl NewPassword {
    /// The password, asked for twice where no option gives it. It differs from `old`.
    pub(super) fn read(
        self,
        prompts: [&str; 2],
        old: &Secret,
        input: &mut Input,
    ) -> Result<Secret, Failure> {
        let accept = |password: &Secret| {
            if password.is_same_as(old) {
                return Err("the new password is the old one".to_owned());
            }
            has_enough_characters(password)
        };
        let Some(source) = self.source() else {
            return input.new_secret(prompts, "the new password", TRIES, accept);
        };
        let password = source.read()?;
        accept(&password).map_err(Failure::new)?;
        Ok(password)
    }

    /// The password that an option gives, if one does.
    pub(super) fn given(self) -> Result<Option<Secret>, Failure> {
        let password = self.source().map(|source| source.read()).transpose()?;
        if let Some(password) = &password {
            has_enough_characters(password).map_err(Failure::new)?;
        }
        Ok(password)
    }

    fn source(self) -> Option<SecretSource> {
        if let Some(password) = self.new {
            return Some(SecretSource::Inline(Secret::new(password.into_bytes())));
        }
        let variable = self.new_env.map(SecretSource::Environment);
        variable.or_else(|| self.new_file.map(SecretSource::File))
    }
}

/// keytool's rule: six characters at least.
pub(super) fn has_enough_characters(password: &Secret) -> Result<(), String> {
    let characters = match password.expose_text() {
        Ok(text) => text.chars().count(),
        Err(_) => password.len(),
    };
    if characters >= SHORTEST {
        return Ok(());
    }
    Err(format!(
        "a new password must have at least {SHORTEST} characters"
    ))
}
