//! `keyward password hash`: a new stored password.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::dialect_option::DialectOption;
use crate::cli::failure::Failure;
use crate::cli::terminal::Input;
use crate::password::scheme;

/// Make a stored password, with a fresh salt
#[derive(Args)]
#[command(
    after_help = "The password is asked for without echo, twice on a terminal; from a pipe it is the first line.\n\
                  Obsolete schemes are verified, and not made.\n\
                  Example: keyward password hash --scheme argon2 --dialect keycloak"
)]
pub(super) struct Hash {
    /// The scheme, as `keyward password schemes` lists it
    #[arg(long, value_name = "NAME", default_value = "argon2id")]
    scheme: String,

    #[command(flatten)]
    dialect: DialectOption,

    /// Iterations (PBKDF2), rounds (crypt), logarithm (bcrypt, scrypt) or passes (Argon2) [default: OWASP's figure]
    #[arg(long, value_name = "NUMBER")]
    cost: Option<u32>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The JSON form. Its field names are stable.
#[derive(Serialize)]
struct Made {
    scheme: &'static str,
    stored: String,
}

impl Hash {
    pub(super) fn run(self) -> Result<(), Failure> {
        let scheme = scheme(&self.scheme, self.dialect.dialect)?;
        if !scheme.produces() {
            return Err(Failure::usage(format!(
                "{} is obsolete: it is verified, and not made. Choose a sound scheme",
                scheme.name
            )));
        }
        let mut input = Input::standard();
        let prompt = "Enter the new password:  ";
        let password = if input.is_terminal() {
            let prompts = [prompt, "Re-enter it:  "];
            input.new_secret(prompts, "the new password", 3, |_| Ok(()))?
        } else {
            input.secret(prompt, "the new password")?
        };
        let stored = scheme.hash(&password, self.cost)?;
        let mut output = io::stdout().lock();
        if self.json {
            let made = Made {
                scheme: scheme.name,
                stored,
            };
            serde_json::to_writer(&mut output, &made).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            writeln!(output, "{stored}")?;
        }
        Ok(output.flush()?)
    }
}
