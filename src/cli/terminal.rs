//! [`Input`]: what the user types or pipes in.
//!
//! On a terminal a prompt is shown and what is typed is not; from a pipe one line is taken for
//! each question, without a prompt. Bytes are read one by one, so that no buffer keeps a secret.

use std::fmt;
use std::io::{self, IsTerminal, Read, Write};

use zeroize::Zeroizing;

use super::failure::Failure;
use crate::Secret;

/// The longest line that is taken from a pipe, in bytes.
const LONGEST_LINE: usize = 1024 * 1024 + 1;

/// Standard input.
pub(super) struct Input {
    source: Source,
}

enum Source {
    Terminal,
    Pipe(Box<dyn Read>),
}

impl Input {
    pub(super) fn standard() -> Self {
        let source = if io::stdin().is_terminal() {
            Source::Terminal
        } else {
            Source::Pipe(unbuffered_standard_input())
        };
        Self { source }
    }

    /// One secret, asked for once. `what` names it where the pipe has ended.
    pub(super) fn secret(&mut self, prompt: &str, what: &str) -> Result<Secret, Failure> {
        match &mut self.source {
            Source::Terminal => typed(prompt),
            Source::Pipe(pipe) => read_line(pipe)?.ok_or_else(|| Failure::new(ended_before(what))),
        }
    }

    /// A line that is no secret.
    pub(super) fn text(&mut self, prompt: &str, what: &str) -> Result<String, Failure> {
        let line = match &mut self.source {
            Source::Terminal => {
                eprint!("{prompt}");
                read_line(&mut unbuffered_standard_input())?
            }
            Source::Pipe(pipe) => read_line(pipe)?,
        };
        let line = line.ok_or_else(|| Failure::new(ended_before(what)))?;
        let text = line
            .expose_text()
            .map_err(|_| Failure::new(format!("{what} is not UTF-8")))?;
        Ok(text.to_owned())
    }

    /// All that is left of the input.
    pub(super) fn rest(&mut self) -> Result<Secret, Failure> {
        let mut pipe = match &mut self.source {
            Source::Terminal => unbuffered_standard_input(),
            Source::Pipe(pipe) => Box::new(pipe),
        };
        let mut text = Zeroizing::new(Vec::new());
        let mut piece = Zeroizing::new([0; 4096]);
        loop {
            let length = pipe
                .read(piece.as_mut_slice())
                .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
            if length == 0 {
                return Ok(Secret::copied_from(&text));
            }
            for &byte in &piece[..length] {
                push(&mut text, byte);
            }
        }
    }

    /// A secret that is being set: asked for twice until both are the same and `accept` has no
    /// objection, at most `tries` times on a terminal and once from a pipe.
    pub(super) fn new_secret(
        &mut self,
        prompts: [&str; 2],
        what: &str,
        tries: usize,
        accept: impl Fn(&Secret) -> Result<(), String>,
    ) -> Result<Secret, Failure> {
        let tries = if self.is_terminal() { tries } else { 1 };
        let mut objection = String::new();
        for _ in 0..tries {
            if !objection.is_empty() {
                eprintln!("{objection}. Try again");
            }
            let secret = self.secret(prompts[0], what)?;
            if let Err(reason) = accept(&secret) {
                objection = reason;
                continue;
            }
            if self
                .secret(prompts[1], "its repetition")?
                .is_same_as(&secret)
            {
                return Ok(secret);
            }
            objection = format!("{what} and its repetition are not the same");
        }
        Err(Failure::new(objection))
    }

    /// A secret as keytool asks for it: the prompt goes to standard error, pipe or not. Nothing
    /// typed, or the end of the input, is `None`.
    pub(super) fn prompted_secret(&mut self, prompt: &str) -> Result<Option<Secret>, Failure> {
        show(prompt);
        let secret = match &mut self.source {
            Source::Terminal => match rpassword::read_password() {
                Ok(text) => Some(Secret::new(text.into_bytes())),
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => None,
                Err(error) => return Err(cannot_read_terminal(&error)),
            },
            Source::Pipe(pipe) => read_line(pipe)?,
        };
        Ok(secret.filter(|secret| !secret.is_empty()))
    }

    /// A line that is no secret, asked for as [`Self::prompted_secret`]; an empty line is a line.
    pub(super) fn prompted_text(&mut self, prompt: &str) -> Result<Option<String>, Failure> {
        show(prompt);
        let line = match &mut self.source {
            Source::Terminal => read_line(&mut unbuffered_standard_input())?,
            Source::Pipe(pipe) => read_line(pipe)?,
        };
        let Some(line) = line else {
            return Ok(None);
        };
        let text = line
            .expose_text()
            .map_err(|_| Failure::new("the answer is not UTF-8"))?;
        Ok(Some(text.to_owned()))
    }

    pub(super) fn is_terminal(&self) -> bool {
        matches!(self.source, Source::Terminal)
    }
}

/// A text of a store or file, fit for a terminal: whoever wrote it has no say in what the terminal does.
pub(super) fn visible(text: &str) -> String {
    text.replace(char::is_control, "?")
}

/// Tells the user something beside the command's output.
pub(super) fn note(message: impl fmt::Display) {
    eprintln!("keyward: {message}");
}

fn typed(prompt: &str) -> Result<Secret, Failure> {
    match rpassword::prompt_password(prompt) {
        Ok(text) => Ok(Secret::new(text.into_bytes())),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            Err(Failure::new("nothing was typed"))
        }
        Err(error) => Err(cannot_read_terminal(&error)),
    }
}

fn cannot_read_terminal(error: &io::Error) -> Failure {
    Failure::new(format!("cannot read from the terminal: {error}"))
}

fn show(prompt: &str) {
    eprint!("{prompt}");
    let _ = io::stderr().flush();
}

/// One line without its line end, LF or CRLF; `None` at the end of the input.
fn read_line(source: &mut dyn Read) -> Result<Option<Secret>, Failure> {
    let mut line = Zeroizing::new(Vec::with_capacity(256));
    let mut byte = [0];
    loop {
        match source.read(&mut byte) {
            Ok(0) if line.is_empty() => return Ok(None),
            Ok(0) => break,
            Ok(_) if byte[0] == b'\n' => break,
            Ok(_) => push(&mut line, byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::new(format!("cannot read standard input: {error}"))),
        }
        if line.len() > LONGEST_LINE {
            return Err(Failure::new(
                "a line of more than 1 MiB: is the right file piped in?",
            ));
        }
    }
    let content = line.strip_suffix(b"\r").unwrap_or(&line);
    Ok(Some(Secret::copied_from(content)))
}

/// Appends without leaving an unwiped copy behind when the line grows.
fn push(line: &mut Zeroizing<Vec<u8>>, byte: u8) {
    if line.len() == line.capacity() {
        let mut grown = Zeroizing::new(Vec::with_capacity(2 * line.capacity().max(128)));
        grown.extend_from_slice(line);
        *line = grown;
    }
    line.push(byte);
}

fn ended_before(what: &str) -> String {
    format!("standard input ended before {what}: pipe one line for each, or run it on a terminal")
}

#[cfg(unix)]
fn unbuffered_standard_input() -> Box<dyn Read> {
    use std::os::fd::AsFd;
    match io::stdin().as_fd().try_clone_to_owned() {
        Ok(descriptor) => Box::new(std::fs::File::from(descriptor)),
        Err(_) => Box::new(io::stdin()),
    }
}

#[cfg(not(unix))]
fn unbuffered_standard_input() -> Box<dyn Read> {
    Box::new(io::stdin())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_one_by_one_with_either_line_end() {
        let mut source: &[u8] = b"store pass\r\n secret \n\nlast";
        let mut next = || read_line(&mut source).unwrap();
        let bytes = |line: Option<Secret>| line.map(|line| line.expose_bytes().to_vec());
        assert_eq!(bytes(next()), Some(b"store pass".to_vec()));
        assert_eq!(bytes(next()), Some(b" secret ".to_vec()));
        assert_eq!(bytes(next()), Some(Vec::new()));
        assert_eq!(bytes(next()), Some(b"last".to_vec()));
        assert_eq!(bytes(next()), None);
    }

    #[test]
    fn a_line_longer_than_the_first_buffer_is_whole() {
        let long = vec![b'x'; 5000];
        let line = read_line(&mut long.as_slice()).unwrap().unwrap();
        assert_eq!(line.expose_bytes(), long);
    }
}
