//! `keyward password verify --batch`: a JSON line in, a JSON line out.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::hashed_as::HashedAs;
use crate::Secret;
use crate::cli::failure::Failure;
use crate::password::{Conventions, Dialect, keycloak_row};

/// The longest line, in bytes.
const LONGEST_LINE: u64 = 1024 * 1024;

/// A line in. Its field names are stable.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Question {
    stored: Option<String>,
    credential_data: Option<String>,
    secret_data: Option<String>,
    password: String,
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
    let source: Box<dyn Read> = if path.as_os_str() == "-" {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(path).map_err(|error| unreadable(path, &error))?)
    };
    let mut lines = BufReader::new(source);
    let mut output = BufWriter::new(io::stdout().lock());
    let mut all_ok = true;
    for number in 1.. {
        let mut line = Zeroizing::new(Vec::with_capacity(4096));
        let mut limited = lines.by_ref().take(LONGEST_LINE);
        let length = limited.read_until(b'\n', &mut line);
        let length = length.map_err(|error| unreadable(path, &error))?;
        if length == 0 {
            break;
        }
        if length as u64 == LONGEST_LINE && !line.ends_with(b"\n") {
            output.flush()?;
            return Err(Failure::new(format!(
                "{}: line {number} has more than 1 MiB: is it the right file?",
                path.display()
            )));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = answer(number, &line, conventions, hashed_as);
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
    let mut question: Question = serde_json::from_slice(text).map_err(|error| {
        format!(
            "it is no JSON object with stored and password, near column {}",
            error.column()
        )
    })?;
    let password = Secret::new(std::mem::take(&mut question.password).into_bytes());
    let named = question.dialect.as_deref().map(str::parse::<Dialect>);
    let dialect = named
        .transpose()
        .map_err(|error| error.to_string())?
        .or(conventions.dialect);
    let conventions = Conventions {
        dialect,
        ..conventions.clone()
    };
    let mut stored = question.stored()?;
    let hash = conventions
        .recognise(&stored)
        .map_err(|error| error.to_string());
    stored.zeroize();
    let hash = hash?;
    *scheme = Some(hash.scheme().name);
    let verified = hashed_as.verify(&hash, &password);
    verified.map_err(|error| error.to_string())
}

impl Question {
    fn stored(&mut self) -> Result<String, String> {
        match (self.stored.take(), &self.credential_data, &self.secret_data) {
            (Some(stored), None, None) => Ok(stored),
            (None, Some(credential), Some(secret)) => Ok(keycloak_row(credential, secret)),
            _ => Err("it has neither stored, nor credentialData and secretData".to_owned()),
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let message = format!("{}: cannot be read: {error}", path.display());
    if error.kind() == io::ErrorKind::NotFound {
        return Failure::missing(message);
    }
    Failure::new(message)
}
