//! [`Folder`]: a keystore in a folder of its own, and keyward beside it.

use std::fs;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use keyward::deliver::{Origin, Secrets};
use keyward::keystore::{Alias, Keystore, StoreType};
use keyward::{Secret, SecretSource};
use tempfile::TempDir;

use crate::support::{Output, STORE_PASSWORD, STORE_PASSWORD_VARIABLE, keyward_command};

const KEYSTORE: &str = "store.p12";

/// Alias and value of each secret.
pub(crate) type Values<'v> = &'v [(&'v str, &'v str)];

pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn with(values: Values<'_>) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.replace_keystore(values);
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// A new keystore in the place of the old one; not one byte of an entry stays the same.
    pub(crate) fn replace_keystore(&self, values: Values<'_>) {
        let password = Secret::copied_from(STORE_PASSWORD.as_bytes());
        let mut store = Keystore::new(StoreType::Pkcs12, &password).unwrap();
        for (alias, value) in values {
            let secret = Secret::copied_from(value.as_bytes());
            store.add_secret(&Alias::new(alias), &secret).unwrap();
        }
        fs::write(self.path("new"), store.to_bytes()).unwrap();
        fs::rename(self.path("new"), self.path(KEYSTORE)).unwrap();
    }

    pub(crate) fn secrets(&self, aliases: &[&str]) -> Secrets {
        let origin = Origin::Keystore {
            path: self.path(KEYSTORE),
            password: SecretSource::Inline(Secret::copied_from(STORE_PASSWORD.as_bytes())),
        };
        origin.fetch(aliases).unwrap()
    }

    /// keyward with a command, its options, the keystore, and what stands behind `--`.
    pub(crate) fn command(&self, options: &[&str], program: &[&str]) -> Command {
        let mut command = keyward_command();
        self.complete(&mut command, options, program);
        command
    }

    /// The same under another program, such as strace.
    pub(crate) fn command_under(&self, under: &[&str], options: &[&str]) -> Command {
        let mut command = Command::new(under[0]);
        command
            .args(&under[1..])
            .arg(env!("CARGO_BIN_EXE_keyward"))
            .env(STORE_PASSWORD_VARIABLE, STORE_PASSWORD);
        self.complete(&mut command, options, &[]);
        command
    }

    pub(crate) fn run(&self, options: &[&str], program: &[&str]) -> Output {
        end(self.command(options, program).stdin(Stdio::null()))
    }

    fn complete(&self, command: &mut Command, options: &[&str], program: &[&str]) {
        command
            .args(options)
            .args(["-keystore", KEYSTORE])
            .args(["-storepass:env", STORE_PASSWORD_VARIABLE])
            .current_dir(self.0.path());
        if !program.is_empty() {
            command.arg("--").args(program);
        }
    }

    /// A command that goes on running behind the test.
    pub(crate) fn start(&self, options: &[&str], program: &[&str]) -> Running {
        let mut command = self.command(options, program);
        // Its own process group: what reaches it came from the test.
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).process_group(0);
        Running(command.spawn().unwrap())
    }

    /// Waits until `name` has this text.
    #[track_caller]
    pub(crate) fn eventually_reads(&self, name: &str, expected: &str) {
        let start = Instant::now();
        while self.read(name) != expected {
            let waited = start.elapsed();
            let found = self.read(name);
            assert!(waited < Duration::from_secs(15), "{name}: {found:?}");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

pub(crate) fn end(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    Output {
        status: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A program that is killed when the test ends before it.
pub(crate) struct Running(Child);

impl Running {
    /// Sends it a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let number = self.0.id().to_string();
        let status = Command::new("kill").args(["-s", name, &number]).status();
        assert!(status.unwrap().success());
    }

    /// Its exit code; it has ten seconds to end.
    #[track_caller]
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            assert!(start.elapsed() < Duration::from_secs(10), "it never ends");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Killed, it could not end the program that it supervises.
        if matches!(self.0.try_wait(), Ok(None)) {
            self.signal("TERM");
            thread::sleep(Duration::from_millis(300));
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Removes a directory of which keyward has closed a part.
pub(crate) fn remove_closed(path: &Path) {
    let removed = Command::new("sh")
        .args(["-c", "chmod -R u+w \"$0\" && rm -r \"$0\""])
        .arg(path)
        .status();
    assert!(removed.unwrap().success());
}
