//! [`Both`]: the same command line through the real keytool and through keyward.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::support::{Jdk, Output, fixture, jdk, keyward, repository};

/// Two folders with the same files: keytool works in one, keyward in the other.
pub(crate) struct Both {
    pub(crate) jdk: Jdk,
    pub(crate) by_keytool: TempDir,
    pub(crate) by_keyward: TempDir,
}

/// One for every JDK of these versions that is here.
pub(crate) fn both(versions: &[u32]) -> Vec<Both> {
    let found = versions.iter().filter_map(|version| jdk(*version));
    found
        .map(|jdk| Both {
            jdk,
            by_keytool: tempfile::tempdir().unwrap(),
            by_keyward: tempfile::tempdir().unwrap(),
        })
        .collect()
}

/// What is said on a terminal or into a pipe changed in 22 and later.
pub(crate) const SAME_PROMPTS: [u32; 2] = [17, 21];
pub(crate) const ALL: [u32; 4] = [11, 17, 21, 25];

impl Both {
    /// The same JDK with empty folders.
    pub(crate) fn again(&self) -> Self {
        Self {
            jdk: self.jdk.clone(),
            by_keytool: tempfile::tempdir().unwrap(),
            by_keyward: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn with_copy(self, name: &str) -> Self {
        for folder in [&self.by_keytool, &self.by_keyward] {
            fs::copy(fixture(name), folder.path().join(name)).unwrap();
        }
        self
    }

    /// With a copy of every file in `tests/keytool_dialect/certificates`.
    pub(crate) fn with_certificates(self) -> Self {
        let from = repository().join("tests/keytool_dialect/certificates");
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            for folder in [&self.by_keytool, &self.by_keyward] {
                fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
            }
        }
        self
    }

    /// What is in a file of the folder.
    pub(crate) fn text(&self, name: &str) -> String {
        fs::read_to_string(self.by_keyward.path().join(name)).unwrap()
    }

    pub(crate) fn with_file(self, name: &str, content: &str) -> Self {
        for folder in [&self.by_keytool, &self.by_keyward] {
            fs::write(folder.path().join(name), content).unwrap();
        }
        self
    }

    /// Runs a command line in both, where `DIR` stands for the folder, and compares what comes out.
    #[track_caller]
    pub(crate) fn run(&self, command: &str, stdin: &str) -> Output {
        let by_keytool = self.keytool(command, stdin);
        let by_keyward = self.keyward(command, stdin);
        self.assert_same(command, &by_keytool, by_keyward)
    }

    /// As [`Both::run`], whatever the creation dates are: keytool makes a key that gets other
    /// certificates one of today, keyward leaves its date alone.
    #[track_caller]
    pub(crate) fn run_undated(&self, command: &str, stdin: &str) {
        let [mut by_keytool, mut by_keyward] =
            [self.keytool(command, stdin), self.keyward(command, stdin)];
        for output in [&mut by_keytool, &mut by_keyward] {
            let is_date = |line: &&str| line.starts_with("Creation date: ");
            let lines = output.stdout.lines().filter(|line| !is_date(line));
            output.stdout = lines.collect::<Vec<_>>().join("\n");
        }
        self.assert_same(command, &by_keytool, by_keyward);
    }

    #[track_caller]
    fn assert_same(&self, command: &str, by_keytool: &Output, by_keyward: Output) -> Output {
        let version = self.jdk.version;
        let said = |output: &Output| {
            format!(
                "exit code {:?}\n--- stdout\n{}--- stderr\n{}",
                output.status, output.stdout, output.stderr
            )
        };
        let (expected, found) = (said(by_keytool), said(&by_keyward));
        assert!(
            expected == found,
            "keytool {command}\n=== JDK {version}\n{expected}\n=== keyward\n{found}"
        );
        by_keyward
    }

    pub(crate) fn keytool(&self, command: &str, stdin: &str) -> Output {
        let folder = self.by_keytool.path();
        let arguments = in_folder(command, folder);
        let output = self.jdk.keytool(&as_texts(&arguments), stdin);
        without_folder(output, folder)
    }

    pub(crate) fn keyward(&self, command: &str, stdin: &str) -> Output {
        let folder = self.by_keyward.path();
        let arguments = in_folder(&format!("keytool {command}"), folder);
        without_folder(keyward(&as_texts(&arguments), stdin), folder)
    }

    /// Both files hold the same entries for Java.
    #[track_caller]
    pub(crate) fn assert_same_entries(&self, name: &str) {
        let entries = |folder: &TempDir| self.jdk.entries(&folder.path().join(name), "-");
        assert_eq!(entries(&self.by_keyward), entries(&self.by_keytool));
    }

    /// keyward's copy has not changed.
    #[track_caller]
    pub(crate) fn assert_untouched(&self, name: &str) {
        let copy = fs::read(self.by_keyward.path().join(name)).unwrap();
        assert!(copy == fs::read(fixture(name)).unwrap(), "{name} changed");
    }

    pub(crate) fn has(&self, name: &str) -> [bool; 2] {
        [&self.by_keytool, &self.by_keyward].map(|folder| folder.path().join(name).exists())
    }
}

fn in_folder(command: &str, folder: &Path) -> Vec<String> {
    let folder = folder.to_str().unwrap();
    let words = command.split_whitespace();
    words.map(|word| word.replace("DIR", folder)).collect()
}

fn as_texts(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

fn without_folder(mut output: Output, folder: &Path) -> Output {
    let folder = folder.to_str().unwrap();
    output.stdout = output.stdout.replace(folder, "DIR");
    output.stderr = output.stderr.replace(folder, "DIR");
    output
}
