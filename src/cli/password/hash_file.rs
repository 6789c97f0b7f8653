//! `keyward password hash --file`: new stored passwords for the clear ones of a file.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::hashed_as::HashedAs;
use super::user_file::{UserFile, UserValue};
use crate::Secret;
use crate::cli::failure::Failure;
use crate::password::{HashFunction, Scheme, recognise};

/// A line of the JSON form. Its field names are stable.
#[derive(Serialize)]
struct Hashed<'a> {
    line: usize,
    name: &'a str,
    attribute: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Hashes every password of the file in `scheme`.
pub(super) fn run(
    file: &UserFile,
    scheme: &Scheme,
    (hashed_as, cost): (&HashedAs, Option<u32>),
    json: bool,
) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut all_made = true;
    let mut is_empty = true;
    let read = file.for_each_clear(|value| {
        is_empty = false;
        let (stored, error) = match hashed(&value, scheme, hashed_as, cost) {
            Ok(stored) => (Some(stored), None),
            Err(error) => (None, Some(error)),
        };
        all_made &= stored.is_some();
        if json {
            let line = Hashed {
                line: value.line,
                name: &value.name,
                attribute: &value.attribute,
                stored,
                error,
            };
            serde_json::to_writer(&mut output, &line).map_err(io::Error::from)?;
            writeln!(output)?;
        } else {
            let said = stored.or(error).unwrap_or_default();
            writeln!(output, "{value}: {said}")?;
        }
        Ok(())
    });
    output.flush()?;
    read?;
    if is_empty {
        return Err(file.without_clear_values());
    }
    if all_made {
        return Ok(());
    }
    Err(Failure::silent())
}

fn hashed(
    value: &UserValue,
    scheme: &Scheme,
    hashed_as: &HashedAs,
    cost: Option<u32>,
) -> Result<String, String> {
    let Some(password) = &value.stored else {
        return Err("its password is not UTF-8. Convert the file".to_owned());
    };
    if let Some(stored) = stored_already(password) {
        return Err(format!(
            "it is no password but a stored one, {stored}. `keyward migrate wrap` moves it, or the user's next login"
        ));
    }
    let password = Secret::copied_from(password.as_bytes());
    let hashed = hashed_as.hash(scheme, &password, cost);
    hashed.map_err(|error| error.to_string())
}

/// The scheme of a value that says of itself that it is a hash.
fn stored_already(value: &str) -> Option<&'static str> {
    let stored = recognise(value, None).ok()?;
    let is_hash = !stored.is_without_mark() && *stored.function() != HashFunction::Clear;
    is_hash.then(|| stored.scheme().name)
}
