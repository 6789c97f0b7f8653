//! `keyward password verify --batch`: a JSON line in, a JSON line out.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::hashed_as::HashedAs;
use crate::Secret;
use crate::cli::failure::Failure;
use crate::document::{TextLines, open_rows, stored_text};
use crate::password::{Conventions, Dialect, WipedText, keycloak_row};

/// A line in. Its field names are stable.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question<'a> {
    /// A string, or an object that is taken as its text.
    #[serde(borrow)]
    stored: Option<&'a RawValue>,
    credential_data: Option<WipedText>,
    secret_data: Option<WipedText>,
    password: WipedText,
    dialect: Option<String>,
}

/// A line out. Its field names are stable.
#[derive(Serialize)]
struct Answer {
    line: usize,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Answers every line of the file at `path`; `-` is standard input.
pub(super) fn verify(
    path: &Path,
    conventions: &Conventions,
    hashed_as: &HashedAs,
) -> Result<(), Failure> {
    let (name, source) = open_rows(path)?;
    let mut lines = TextLines::new(name, source);
    let mut output = BufWriter::new(io::stdout().lock());
    let mut all_ok = true;
    // What is answered is written, even where the next line cannot be read: dropping the output does.
    while let Some(line) = lines.next_whole()? {
        let answer = answer(line.number, line.text(), conventions, hashed_as);
        all_ok &= answer.ok;
        serde_json::to_writer(&mut output, &answer).map_err(io::Error::from)?;
        writeln!(output)?;
    }
    output.flush()?;
    if all_ok {
        return Ok(());
    }
    Err(Failure::silent())
}

fn answer(line: usize, text: &[u8], conventions: &Conventions, hashed_as: &HashedAs) -> Answer {
    let mut answer = Answer {
        line,
        ok: false,
        scheme: None,
        error: None,
    };
    match judge(text, conventions, hashed_as, &mut answer.scheme) {
        Ok(ok) => answer.ok = ok,
        Err(error) => answer.error = Some(error),
    }
    answer
}

fn judge(
    text: &[u8],
    conventions: &Conventions,
    hashed_as: &HashedAs,
    scheme: &mut Option<&'static str>,
) -> Result<bool, String> {
    // serde_json's own message may quote the line.
    let question: Question<'_> = serde_json::from_slice(text).map_err(|error| {
        format!(
            "it is no JSON object with stored and password, near column {}",
            error.column()
        )
    })?;
    let password = Secret::copied_from(question.password.as_bytes());
    let named = question.dialect.as_deref().map(str::parse::<Dialect>);
    let dialect = named
        .transpose()
        .map_err(|error| error.to_string())?
        .or(conventions.dialect);
    let conventions = Conventions {
        dialect,
        ..conventions.clone()
    };
    let stored = question.stored()?;
    let hash = conventions
        .recognise(&stored)
        .map_err(|error| error.to_string())?;
    *scheme = Some(hash.scheme().name);
    let verified = hashed_as.verify(&hash, &password);
    verified.map_err(|error| error.to_string())
}

impl Question<'_> {
    fn stored(&self) -> Result<Zeroizing<String>, String> {
        match (self.stored, &self.credential_data, &self.secret_data) {
            (Some(stored), None, None) => stored_text(stored)
                .ok_or_else(|| "its stored is neither a string nor an object".to_owned()),
            (None, Some(credential), Some(secret)) => Ok(keycloak_row(credential, secret).into()),
            _ => Err("it has neither stored, nor credentialData and secretData".to_owned()),
        }
    }
}
