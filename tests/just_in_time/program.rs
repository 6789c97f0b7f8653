//! A running `keyward migrate serve`, and what curl gets from it.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use super::fixture::{Fixture, Secrets};
use super::support::{leave_out, repository};

/// All are of `password`.
pub(crate) const SHA: &str = "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=";
pub(crate) const SSHA: &str = "{SSHA}yrht1iYXEIkejLVu42JWkadd80RzYWx0c2FsdA==";
pub(crate) const TOKEN: &str = "t0ken-of-kratos";
/// Quick, and a function all the same.
pub(crate) const TARGET: &str = r#"<target store="users.csv" to="pbkdf2-sha256" cost="1000"/>"#;
pub(crate) const LEGACY: &str = r#"<legacy><store store="old.ldif" dialect="openldap"/></legacy>"#;

/// A folder with keystores, and the users of a target and of a legacy store.
pub(crate) fn folder() -> Fixture {
    let fixture = folder_with(&[("kratos-token", TOKEN), ("api-token", "api-t0ken")]);
    fixture.write("users.csv", "username,password\njane,\nmax,\neve,\n");
    let mut ldif = String::new();
    for (user, stored) in [("jane", SHA), ("max", SSHA)] {
        let dn = format!("uid={user},ou=people,dc=example,dc=org");
        writeln!(ldif, "dn: {dn}\nuid: {user}\nuserPassword: {stored}\n").unwrap();
    }
    fixture.write("old.ldif", ldif);
    fixture
}

/// A folder with keystores, one of which has these secrets.
pub(crate) fn folder_with(secrets: Secrets<'_>) -> Fixture {
    let fixture = Fixture::new(secrets);
    for name in ["server.p12", "trust.p12"] {
        fixture.write(name, fs::read(certificate(name)).unwrap());
    }
    fixture
}

/// A file of the certificates for tests.
pub(crate) fn certificate(name: &str) -> PathBuf {
    repository().join("tests/https/certificates").join(name)
}

/// The document of a service with these parts beside its keystores and clients.
pub(crate) fn document(parts: &str) -> String {
    format!(
        r#"<migration-service auditFile="audit.jsonl">
  <keystore name="main" path="secure.jks" retryDelay="50"><password file="password"/></keystore>
  <keystore name="tls" path="server.p12"><password>changeit</password></keystore>
  <keystore name="trust" path="trust.p12"><password>changeit</password></keystore>
  <https address="127.0.0.1:0" keystore="tls" keyAlias="server" truststore="trust">
    <client name="kratos" tokenAlias="kratos-token"/>
    <client name="tomcat" dns="tomcat.example.org"/>
  </https>
  {parts}
</migration-service>
"#
    )
}

/// A running service; killed when dropped.
pub(crate) struct Program {
    pub(crate) fixture: Fixture,
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    /// Who closes it ends the service when it next prints.
    _output: BufReader<ChildStdout>,
}

/// What curl came back with.
#[derive(Debug)]
pub(crate) struct Answer {
    /// 0 if there was no answer.
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Program {
    pub(crate) fn start(fixture: Fixture, parts: &str) -> Self {
        fixture.write("migration.xml", document(parts));
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyward"));
        command
            .args(["migrate", "serve"])
            .arg(fixture.path("migration.xml"));
        command.stdout(Stdio::piped());
        command.stderr(File::create(fixture.path("log")).unwrap());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line
            .strip_prefix("Listening at https://")
            .and_then(|rest| rest.split_once(". "))
            .and_then(|(address, _)| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            let log = fs::read_to_string(fixture.path("log")).unwrap();
            panic!("{line}{log}");
        };
        Self {
            fixture,
            child,
            address,
            _output: output,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    /// Posts `body` with the token of a client.
    pub(crate) fn post(&self, path: &str, body: &str) -> Answer {
        self.curl(path, Some(body), &["--oauth2-bearer", TOKEN])
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.curl(path, None, &["--oauth2-bearer", TOKEN])
    }

    /// What `POST /v1/verify` says.
    pub(crate) fn verify(&self, user: &str, password: &str) -> Answer {
        let body = serde_json::json!({ "username": user, "password": password });
        self.post("/v1/verify", &body.to_string())
    }

    pub(crate) fn curl(&self, path: &str, body: Option<&str>, options: &[&str]) -> Answer {
        let mut command = Command::new("curl");
        command.args(["--silent", "--include", "--max-time", "30", "--http1.1"]);
        command.arg("--cacert").arg(certificate("authority.pem"));
        command.args(options);
        if body.is_some() {
            command.args([
                "--header",
                "Content-Type: application/json",
                "--data-binary",
                "@-",
            ]);
        }
        command.arg(self.url(path));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let _ = stdin.write_all(body.unwrap_or_default().as_bytes());
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        Answer {
            status: status.unwrap_or_default(),
            head: head.to_ascii_lowercase(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([name, &id]).status().unwrap();
        assert!(sent.success());
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.fixture.path("log")).unwrap()
    }

    pub(crate) fn audit(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.fixture.path("audit.jsonl")).unwrap();
        let lines = text.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Of the lines about logins: user and outcome.
    pub(crate) fn logins(&self) -> Vec<(String, String)> {
        let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let lines = self.audit().into_iter();
        lines
            .filter(|line| line["action"] == "login")
            .map(|line| (text(&line, "user"), text(&line, "outcome")))
            .collect()
    }

    /// The stored value of a user of `users.csv`.
    pub(crate) fn stored(&self, user: &str) -> String {
        let text = fs::read_to_string(self.fixture.path("users.csv")).unwrap();
        let start = format!("{user},");
        let line = text.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap().trim_matches('"').to_owned()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Seconds.
    pub(crate) fn retry_after(&self) -> u64 {
        let lines = self.head.lines();
        let mut values = lines.filter_map(|line| line.strip_prefix("retry-after: "));
        values.next().unwrap().trim().parse().unwrap()
    }
}

/// Whether curl is here; a report if it is not.
pub(crate) fn has(program: &str) -> bool {
    let is_there = Command::new(program).arg("--version").output().is_ok();
    if !is_there {
        leave_out(&format!("{program} is not here"));
    }
    is_there
}
