//! Running a program to its end.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// What a program wrote, and how it ended.
#[derive(Debug)]
pub(crate) struct Output {
    /// The exit code; none when a signal ended the program.
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Output {
    /// This output, if the exit code is 0.
    #[track_caller]
    pub(crate) fn of_success(self) -> Self {
        assert_eq!(self.status, Some(0), "{self:#?}");
        self
    }
}

/// Runs `command` with `stdin` on its standard input, which then ends.
pub(crate) fn run(mut command: Command, stdin: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|e| panic!("{command:?} does not start: {e}"));
    let mut pipe = child.stdin.take().unwrap();
    let text = stdin.to_owned();
    // A program that ends without reading closes the pipe: that is its right.
    let writer = thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Output {
        status: output.status.code(),
        stdout: utf8(output.stdout),
        stderr: utf8(output.stderr),
    }
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("programs under test write UTF-8")
}
