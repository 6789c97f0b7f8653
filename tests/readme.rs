//! The README cannot lie, nor can `docs/HTTP.md` and the pages in `docs/consumers`: every command in them is run, in its
//! order, and prints what they say.
//!
//! A block of the kind `console` has commands behind `$ `, their further lines behind `> `, and what each of them prints,
//! standard error included, with `[exit N]` where it fails. `[..]` stands for any text within a line, a line `...` for any
//! lines. A `serve` command goes on running behind the commands that follow it. A block of another kind that begins with
//! the comment `<!-- FILE -->` is that file.
#![cfg(all(unix, feature = "cli"))]
// All of this is test code.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::iter;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use support::{jdk, leave_out, repository};
use tempfile::TempDir;

/// A command of the README and the lines that it prints.
struct Step {
    command: String,
    expected: Vec<String>,
}

/// A document with commands of which some need more than others.
const HTTP: &str = "docs/HTTP.md";
const OVER_TCP: &str = "\n## Over TCP with mutual TLS\n";

/// A copy of what the README's commands use, and what they have left running.
struct Reader {
    folder: TempDir,
    /// Where the shell finds programs.
    path: OsString,
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
fn every_command_of_the_page_on_http_prints_what_it_says() {
    if Command::new("curl").arg("--version").output().is_err() {
        leave_out("curl is not here; the page on HTTP uses it");
        return;
    }
    let (page, over_tcp) = http_page();
    let mut reader = Reader::new();
    let steps = steps(&page.replace(&over_tcp, ""));
    assert!(steps.len() > 8, "the page has lost its commands");
    for step in &steps {
        reader.follow(step);
    }
}

#[test]
fn keystores_for_mutual_tls_are_made_as_the_page_on_http_says() {
    for (program, version) in [("curl", "--version"), ("openssl", "version")] {
        if Command::new(program).arg(version).output().is_err() {
            leave_out(&format!(
                "{program} is not here; mutual TLS is shown with it"
            ));
            return;
        }
    }
    let Some(jdk) = jdk(21) else { return };
    let keytool = jdk.keytool_command();
    let mut reader = Reader::new();
    reader.find_programs_in(Path::new(keytool.get_program()).parent().unwrap());
    // The port of the page may be taken here.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    let (_, over_tcp) = http_page();
    let over_tcp = over_tcp.replace("127.0.0.1:8443", &address.unwrap().to_string());
    let steps = steps(&over_tcp);
    assert!(steps.len() > 8, "the section has lost its commands");
    for step in &steps {
        reader.follow(step);
    }
}

/// The page, and its section on TCP.
fn http_page() -> (String, String) {
    let page = fs::read_to_string(repository().join(HTTP)).unwrap();
    let (_, rest) = page.split_once(OVER_TCP).unwrap();
    let (section, _) = rest.split_once("\n## ").unwrap();
    let section = section.to_owned();
    (page, section)
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

fn steps(page: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            continue;
        };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if language == "console" {
            steps.extend(commands(&block));
        } else {
            steps.extend(file(&block));
        }
    }
    steps
}

fn commands(block: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for &line in block {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                expected: Vec::new(),
            });
            continue;
        }
        let step = steps.last_mut();
        let step = step.unwrap_or_else(|| panic!("output before the first command: {line}"));
        match line.strip_prefix("> ") {
            Some(more) => step.command = format!("{}\n{more}", step.command),
            None => step.expected.push(line.to_owned()),
        }
    }
    steps
}

/// The command that writes a block that is a file.
fn file(block: &[&str]) -> Option<Step> {
    let name = block.first()?.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    Some(Step {
        command: format!("cat > {name} <<'END'\n{}\nEND", block.join("\n")),
        expected: Vec::new(),
    })
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
        let mut reader = Self {
            folder,
            path: std::env::var_os("PATH").unwrap(),
            exports: String::new(),
            service: None,
        };
        reader.find_programs_in(Path::new(env!("CARGO_BIN_EXE_keyward")).parent().unwrap());
        reader
    }

    /// Before it looks anywhere else.
    fn find_programs_in(&mut self, directory: &Path) {
        let others: Vec<_> = std::env::split_paths(&self.path).collect();
        let paths = iter::once(directory.to_owned()).chain(others);
        self.path = std::env::join_paths(paths).unwrap();
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
            self.serve(step)
        } else {
            self.run(&step.command)
        };
        assert!(
            agree(&printed, &step.expected),
            "{}\nprinted: {printed:#?}\nexpected: {:#?}",
            step.command,
            step.expected
        );
    }

    fn run(&self, command: &str) -> Vec<String> {
        let output = self
            .shell(&format!("{{ {command}\n}} 2>&1"))
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

    /// Starts a service and reads what it prints until that is what is expected.
    fn serve(&mut self, step: &Step) -> Vec<String> {
        self.end_service();
        let command = step.command.replace("keyward serve", "exec keyward serve");
        let command = command.replace("keyward migrate serve", "exec keyward migrate serve");
        let command = command.replace("cargo run --release --", "exec keyward");
        let mut service = self.shell(&command).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(service.stdout.take().unwrap());
        self.service = Some(service);
        let mut printed = Vec::new();
        for line in output.lines() {
            printed.push(line.unwrap().trim_end().to_owned());
            if agree(&printed, &step.expected) {
                break;
            }
        }
        printed
    }

    fn shell(&self, command: &str) -> Command {
        let mut shell = Command::new("bash");
        shell
            .args(["-c", &format!("{}{command}", self.exports)])
            .env("PATH", &self.path)
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

/// Whether these lines are the expected ones, of which `...` stands for any.
fn agree(printed: &[String], expected: &[String]) -> bool {
    let Some((first, rest)) = expected.split_first() else {
        return printed.is_empty();
    };
    if first == "..." {
        return (0..=printed.len()).any(|skipped| agree(&printed[skipped..], rest));
    }
    let line = printed.first();
    line.is_some_and(|line| matches(line, first)) && agree(&printed[1..], rest)
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
