//! `keyward password hash`: a new stored password.

use std::io::{self, Write};

use clap::Args;
use serde::Serialize;

use super::calibrate::chosen_cost;
use super::dialect_option::DialectOption;
use super::encoder_options::{EncoderOptions, ReadList};
use super::hash_file;
use super::hashed_as::{HashedAs, HashedAsOptions};
use super::user_file::UserFile;
use crate::Secret;
use crate::cli::failure::Failure;
use crate::cli::terminal::Input;
use crate::password::{PasswordError, Scheme, scheme};

/// Make a stored password, with a fresh salt
#[derive(Args)]
#[command(
    after_help = "The password is asked for without echo, twice on a terminal; from a pipe it is the first line.\n\
                  --file has the clear passwords of many users; a line each is the answer.\n\
                  Obsolete schemes are verified, and not made.\n\
                  Example: keyward password hash --scheme argon2 --dialect keycloak"
)]
pub(super) struct Hash {
    /// The scheme, as `keyward password schemes` lists it
    #[arg(long, value_name = "NAME", default_value = "argon2id")]
    #[arg(conflicts_with = "encoders")]
    scheme: String,

    #[command(flatten)]
    dialect: DialectOption,

    /// Iterations (PBKDF2), rounds (crypt), logarithm (bcrypt, scrypt) or passes (Argon2) [default: OWASP's figure]
    #[arg(long, value_name = "NUMBER", conflicts_with = "encoders")]
    cost: Option<u32>,

    /// Measure which cost takes so many milliseconds on this machine, and take that; up to 10000
    #[arg(long, value_name = "N", conflicts_with_all = ["cost", "encoders"])]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=10_000))]
    target_ms: Option<u32>,

    #[command(flatten)]
    hashed_as: HashedAsOptions,

    #[command(flatten)]
    encoders: EncoderOptions,

    #[command(flatten)]
    users: UserFile,

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
        let encoders = self.encoders.read()?;
        let mut input = Input::standard();
        if self.users.is_given() {
            return self.hash_file(encoders.is_some(), &mut input);
        }
        let made = match &encoders {
            Some(read) => self.by_encoder(read, &mut input)?,
            None => self.in_scheme(&mut input)?,
        };
        let mut output = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut output, &made).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            writeln!(output, "{}", made.stored)?;
        }
        Ok(output.flush()?)
    }

    /// The clear passwords of a file, one after the other.
    fn hash_file(&self, has_encoders: bool, input: &mut Input) -> Result<(), Failure> {
        if has_encoders {
            return Err(Failure::usage(
                "--encoders is for one password; leave out --file",
            ));
        }
        let scheme = self.sound_scheme()?;
        let hashed_as = self.hashed_as.read(input)?;
        let measured = self.target_ms.map(|target| chosen_cost(scheme, target));
        let cost = measured.transpose()?.or(self.cost);
        hash_file::run(&self.users, scheme, (&hashed_as, cost), self.json)
    }

    fn sound_scheme(&self) -> Result<&'static Scheme, Failure> {
        let scheme = scheme(&self.scheme, self.dialect.dialect)?;
        if scheme.produces() {
            return Ok(scheme);
        }
        Err(Failure::usage(format!(
            "{} is obsolete: it is verified, and not made. Choose a sound scheme",
            scheme.name
        )))
    }

    fn in_scheme(&self, input: &mut Input) -> Result<Made, Failure> {
        let scheme = self.sound_scheme()?;
        let hashed_as = self.hashed_as.read(input)?;
        hashed_as.warn_of_little_room(&scheme.new_function(self.cost)?);
        let password = new_password(input, &hashed_as)?;
        let measured = self.target_ms.map(|target| chosen_cost(scheme, target));
        let cost = measured.transpose()?.or(self.cost);
        Ok(Made {
            scheme: scheme.name,
            stored: hashed_as.hash(scheme, &password, cost)?,
        })
    }

    /// As the current encoder of a list makes it.
    fn by_encoder(&self, read: &ReadList, input: &mut Input) -> Result<Made, Failure> {
        let encoder = read.list.current();
        let scheme = encoder.scheme().ok_or_else(|| {
            let id = encoder.id().to_owned();
            Failure::from(PasswordError::UnknownEncoder { id })
        })?;
        let hashed_as = self.hashed_as.read(input)?;
        // Nobody should type a password for a value that would never verify.
        let pepper = hashed_as.check_pepper_of(&read.list);
        pepper.map_err(|error| Failure::usage(error.to_string()))?;
        hashed_as.warn_of_little_room(&scheme.new_function(None)?);
        let password = new_password(input, &hashed_as)?;
        Ok(Made {
            scheme: scheme.name,
            stored: hashed_as.encode_by(&read.list, &password)?,
        })
    }
}

/// The password or answer, asked for twice on a terminal.
fn new_password(input: &mut Input, hashed_as: &HashedAs) -> Result<Secret, Failure> {
    let (prompt, what) = match hashed_as {
        HashedAs::Answer => ("Enter the answer:  ", "the answer"),
        _ => ("Enter the new password:  ", "the new password"),
    };
    if input.is_terminal() {
        let prompts = [prompt, "Re-enter it:  "];
        return input.new_secret(prompts, what, 3, |_| Ok(()));
    }
    input.secret(prompt, what)
}
