//! [`Reader`]: a Java program of `tests/java/tree_readers` that answers a line with a line.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::support::{self, java_classes_with, leave_out, repository};

/// What `.ci/peers` fetches for the programs.
const PEERS: [&str; 3] = ["spring-boot", "tomcat", "keycloak"];

/// Killed when dropped.
pub(crate) struct Reader {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Reader {
    /// The Java that runs a program with a peer's classes; none, and a report, if one of them is not here. Options of the
    /// JVM are to follow, then the program.
    pub(crate) fn java(peer: &str) -> Option<Command> {
        let jdk = support::jdk(21)?;
        if let Some(missing) = PEERS.iter().find(|peer| !home(peer).is_dir()) {
            leave_out(&format!("{missing} is not here (bash .ci/peers)"));
            return None;
        }
        let jars = env::join_paths(PEERS.map(|peer| home(peer).join("*"))).unwrap();
        let classes = java_classes_with("tree_readers", &jars)?;
        let class_path = env::join_paths([classes, home(peer).join("*")]).unwrap();
        let mut java = jdk.java();
        java.arg("-cp").arg(class_path);
        Some(java)
    }

    /// Starts a program.
    pub(crate) fn start(mut java: Command, program: &str, arguments: &[&OsStr]) -> Self {
        java.arg(program).args(arguments);
        let mut child = java
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self {
            questions: child.stdin.take().unwrap(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    /// The answer to a question, line ends as `\n`; none if the program has ended.
    pub(crate) fn try_ask(&mut self, question: &str) -> Option<String> {
        // Whether it still reads shows in what it answers.
        let _ = writeln!(self.questions, "{question}");
        let mut answer = String::new();
        let length = self.answers.read_line(&mut answer).unwrap();
        (length > 0).then(|| answer.trim_end_matches('\n').to_owned())
    }

    #[track_caller]
    pub(crate) fn ask(&mut self, question: &str) -> String {
        self.try_ask(question)
            .unwrap_or_else(|| panic!("the program ended before it answered {question}"))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn home(peer: &str) -> PathBuf {
    repository().join("target/peers").join(peer)
}
