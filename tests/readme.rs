//! The README cannot lie, nor can the pages in `docs/consumers`: every command in them is run, in its order, and
//! prints what they say.
//!
//! A block of the kind `console` has commands behind `$ ` and what each of them prints, standard error included, with
//! `[exit N]` where it fails. `[..]` stands for any text within a line. A `serve` command goes on running behind the
//! commands that follow it.
#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use support::{leave_out, repository};
use tempfile::TempDir;

/// A command of the README and the lines that it prints.
struct Step {
    command: String,
    expected: Vec<String>,
}

/// A copy of what the README's commands use, and what they have left running.
struct Reader {
    folder: TempDir,
    exports: String,
    service: Option<Child>,
}

#[test]
fn every_command_of_the_readme_prints_what_the_readme_says() {
    if Command::new("curl").arg("--version").output().is_err() {
        leave_out("curl is not here; the README's tours use it");
        return;
    }
    let steps = steps(&fs::read_to_string(repository().join("README.md")).unwrap());
    assert!(steps.len() > 20, "the README has lost its commands");
    let mut reader = Reader::new();
    for step in &steps {
        reader.follow(step);
    }
}

#[test]
fn every_command_of_the_consumers_pages_prints_what_they_say() {
    if Command::new("python3").arg("--version").output().is_err() {
        leave_out("python3 is not here; the pages for consumers use it");
        return;
    }
    let pages = fs::read_dir(repository().join("docs/consumers")).unwrap();
    let pages: Vec<_> = pages.map(|page| page.unwrap().path()).collect();
    assert!(pages.len() >= 6, "{pages:?}");
    for page in pages {
        let steps = steps(&fs::read_to_string(&page).unwrap());
        assert!(!steps.is_empty(), "{} has no commands", page.display());
        let mut reader = Reader::new();
        for step in &steps {
            reader.follow(step);
        }
    }
}

#[test]
fn the_two_commands_stand_first() {
    let readme = fs::read_to_string(repository().join("README.md")).unwrap();
    let first: Vec<String> = steps(&readme)
        .into_iter()
        .take(2)
        .map(|step| step.command)
        .collect();
    assert_eq!(
        first,
        [
            "cargo run --release -- serve xml-examples/secret-service.xml",
            "cargo test"
        ]
    );
}

fn steps(readme: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut within = false;
    for line in readme.lines() {
        match line {
            "```console" => within = true,
            "```" => within = false,
            _ if !within => {}
            _ => match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => {
                    steps.push(Step {
                        command: command.to_owned(),
                        expected: Vec::new(),
                    });
                }
                (None, Some(step)) => step.expected.push(line.to_owned()),
                (None, None) => panic!("output before the first command: {line}"),
            },
        }
    }
    steps
}

impl Reader {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["xml-examples", "keystores"] {
            let copy = folder.path().join(name);
            fs::create_dir(&copy).unwrap();
            for file in fs::read_dir(repository().join(name)).unwrap() {
                let file = file.unwrap();
                if file.file_type().unwrap().is_file() {
                    fs::copy(file.path(), copy.join(file.file_name())).unwrap();
                }
            }
        }
        Self {
            folder,
            exports: String::new(),
            service: None,
        }
    }

    fn follow(&mut self, step: &Step) {
        // It is what runs this test.
        if step.command == "cargo test" {
            return;
        }
        if let Some(export) = step.command.strip_prefix("export ") {
            self.exports = format!("{}export {export}; ", self.exports);
            return;
        }
        let printed = if step.command.contains(" serve ") {
            self.serve(&step.command, step.expected.len())
        } else {
            self.run(&step.command)
        };
        assert_eq!(
            printed.len(),
            step.expected.len(),
            "{}\n{printed:#?}",
            step.command
        );
        for (line, expected) in printed.iter().zip(&step.expected) {
            assert!(
                matches(line, expected),
                "{}\nprinted:  {line}\nexpected: {expected}",
                step.command
            );
        }
    }

    fn run(&self, command: &str) -> Vec<String> {
        let output = self
            .shell(&format!("{{ {command}; }} 2>&1"))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let mut lines: Vec<String> = text
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
        if !output.status.success() {
            lines.push(format!("[exit {}]", output.status.code().unwrap()));
        }
        lines
    }

    fn serve(&mut self, command: &str, lines: usize) -> Vec<String> {
        self.end_service();
        let command = command.replace("keyward serve", "exec keyward serve");
        let command = command.replace("cargo run --release --", "exec keyward");
        let mut service = self.shell(&command).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(service.stdout.take().unwrap());
        self.service = Some(service);
        let printed = output.lines().take(lines);
        printed
            .map(|line| line.unwrap().trim_end().to_owned())
            .collect()
    }

    fn shell(&self, command: &str) -> Command {
        let program = Path::new(env!("CARGO_BIN_EXE_keyward")).parent().unwrap();
        let path = std::env::var("PATH").unwrap();
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &format!("{}{command}", self.exports)])
            .env("PATH", format!("{}:{path}", program.display()))
            .env("KEYWARD_LOG", "error")
            .env_remove("KEY_PASS")
            .current_dir(self.folder.path());
        shell
    }

    fn end_service(&mut self) {
        if let Some(mut service) = self.service.take() {
            service.kill().unwrap();
            service.wait().unwrap();
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.end_service();
    }
}

/// Whether `line` is `expected`, in which `[..]` stands for any text.
fn matches(line: &str, expected: &str) -> bool {
    let mut parts = expected.trim_end().split("[..]");
    let first = parts.next().unwrap();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let mut open = false;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        open = part.is_empty();
    }
    rest.is_empty() || open
}
