//! Everything that keyward writes about itself: no canary in any form, at the most talkative log level.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Command, Stdio};

use keyward::keystore::StoreType;

use super::canaries::{Canary, NEW_SECRET, OTHER_PASSWORD, SECRET, STORE_PASSWORD};
use super::fixture::eventually;
use super::needles::Needles;
use super::stage::Stage;

/// What was written, and by what.
struct Written(Vec<(String, Vec<u8>)>);

impl Written {
    /// Runs keyward in the folder of the stage.
    fn run(&mut self, stage: &Stage, arguments: &str, stdin: &[&str]) -> Option<i32> {
        let mut command = keyward(stage);
        command.args(arguments.split(' ')).stdin(Stdio::piped());
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        for line in stdin {
            // Who does not want it closes the pipe.
            let _ = writeln!(pipe, "{line}");
        }
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        self.0.push((format!("{arguments}: stdout"), output.stdout));
        self.0.push((format!("{arguments}: stderr"), output.stderr));
        output.status.code()
    }

    fn file(&mut self, path: &Path) {
        self.0
            .push((path.display().to_string(), fs::read(path).unwrap()));
    }

    #[track_caller]
    fn assert_clean(&self) {
        let needles = Needles::of_text();
        for (source, bytes) in &self.0 {
            let found = needles.find_in(bytes);
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(found, None, "{source}:\n{text}");
        }
        let all: usize = self.0.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(
            all > 1000,
            "too little was written to be looked at: {all} bytes"
        );
    }
}

fn keyward(stage: &Stage) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
    command
        .current_dir(stage.path(""))
        .env("KEYWARD_LOG", "trace")
        .env("RUST_BACKTRACE", "full");
    command
}

#[test]
fn the_commands_write_no_secret() {
    for store_type in [StoreType::Pkcs12, StoreType::Jceks] {
        let stage = Stage::new(store_type);
        stage
            .fixture
            .write("wrong", OTHER_PASSWORD.text().as_bytes());
        let _written = stage.configuration(r#"<password file="password"/>"#, super::fixture::NEVER);
        let mut written = Written(Vec::new());
        let (secret, new) = (SECRET.text(), NEW_SECRET.text());
        for (arguments, stdin, code) in [
            (
                "importpass -alias other -keystore store -storepass:file password",
                vec![&**new],
                0,
            ),
            (
                "importpass -alias other -keystore store -storepass:file password",
                vec![&**new],
                1,
            ),
            (
                "set other -keystore store -storepass:file password",
                vec![&**secret],
                0,
            ),
            (
                "set other -keystore store -storepass:file wrong",
                vec![&**secret],
                1,
            ),
            ("list -keystore store -storepass:file password", vec![], 0),
            (
                "list -keystore store -storepass:file password --json",
                vec![],
                0,
            ),
            ("list -keystore store -storepass:file wrong", vec![], 1),
            (
                "get none -keystore store -storepass:file password",
                vec![],
                3,
            ),
            (
                "get db1pass -keystore store -storepass:file wrong",
                vec![],
                1,
            ),
            ("audit store -storepass:file password --json", vec![], 0),
            ("resolve service.xml", vec![], 1),
            ("resolve service.xml --json", vec![], 1),
            (
                "changealias -alias other -destalias renamed -keystore store -storepass:file password",
                vec![],
                0,
            ),
            (
                "keytool -list -v -keystore store -storepass:file password",
                vec![],
                0,
            ),
            (
                "keytool -list -keystore store -storepass:file wrong",
                vec![],
                1,
            ),
            (
                "keytool -importpass -alias again -keystore store -storepass:file password",
                vec![&**new, &**new],
                0,
            ),
            (
                "storepasswd -keystore store -storepass:file password -new:file wrong",
                vec![],
                0,
            ),
            (
                "delete -alias renamed -keystore store -storepass:file wrong",
                vec![],
                0,
            ),
        ] {
            let found = written.run(&stage, arguments, &stdin);
            let last = written.0.last().unwrap();
            let problem = String::from_utf8_lossy(&last.1);
            // `audit` answers 1 where it finds a weakness.
            if !arguments.starts_with("audit") {
                assert_eq!(found, Some(code), "{arguments}: {problem}");
            }
        }
        written.assert_clean();
    }
}

#[test]
fn the_service_writes_no_secret() {
    for store_type in [StoreType::Pkcs12, StoreType::Jceks] {
        let stage = Stage::new(store_type);
        let _written = stage.fixture.load(
            r#"<secret-service auditFile="audit.jsonl">
                 <keystore name="main" path="store" retryDelay="50" vanishGrace="0"><password file="password"/></keystore>
                 <document path="datasource.xml"/>
               </secret-service>"#,
        );
        let mut written = Written(Vec::new());
        let log = stage.path("log");
        let mut child = keyward(&stage)
            .args(["serve", "service.xml"])
            .stdout(File::create(stage.path("stdout")).unwrap())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let socket = stage.path("keyward.sock");
        eventually("it serves", || secret_is(&socket, SECRET));
        stage.replace(store_type, OTHER_PASSWORD, NEW_SECRET);
        eventually("the other password is reported", || {
            ask(&socket, "GET", "/v1/status").contains("\"state\":\"stale\"")
        });
        for (method, path) in [
            ("GET", "/v1/status"),
            ("GET", "/metrics"),
            ("GET", "/v1/aliases"),
            ("GET", "/v1/secrets/none"),
            ("GET", "/v1/watch?timeout=0"),
            ("GET", "/nowhere"),
            ("PUT", "/v1/secrets/db1pass"),
            ("POST", "/v1/reload"),
        ] {
            let answer = ask(&socket, method, path);
            assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
            written
                .0
                .push((format!("{method} {path}"), answer.into_bytes()));
        }
        stage.replace(store_type, STORE_PASSWORD, NEW_SECRET);
        eventually("the new secret is served", || {
            secret_is(&socket, NEW_SECRET)
        });
        let id = child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(child.wait().unwrap().success());
        for name in ["log", "stdout", "audit.jsonl"] {
            written.file(&stage.path(name));
        }
        written.assert_clean();
    }
}

fn ask(socket: &Path, method: &str, path: &str) -> String {
    let Ok(mut stream) = UnixStream::connect(socket) else {
        return String::new();
    };
    let request =
        format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn secret_is(socket: &Path, expected: Canary) -> bool {
    ask(socket, "GET", "/v1/secrets/db1pass").ends_with(expected.text().as_str())
}
